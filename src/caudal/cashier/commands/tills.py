"""Tills: put one to use; begin a session at it."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from caudal.cashier import policy
from caudal.cashier.commands.series import open_series
from caudal.cashier.models import CashCount, ReceiptSeries, Till, TillSession, TillSessionStep
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal


class CannotOpenTill(Refusal): ...


class CannotOpenSession(Refusal): ...


@transaction.atomic
def open_till(
    *, code: str, name: str, series: str, at: datetime, by: str, printer: str = "", cash_limit_cents: int = 0
) -> Till:
    """Put a till to use, with a series of receipts of its own (made now if it does not exist).

    :raises CannotOpenTill: if the code is not 1 to 8 letters or digits or exists, or the series belongs to another
    :raises CannotChangeSeries: if the series code cannot be used
    """
    if not re.fullmatch(r"[A-Z0-9]{1,8}", code) or Till.objects.filter(code=code).exists():
        raise CannotOpenTill(
            f"La clave «{code}» no sirve o ya existe.",
            "Use de 1 a 8 letras mayúsculas o números.",
            field="code",
        )
    if Till.objects.filter(series_id=series).exists():
        raise CannotOpenTill(f"La serie {series} es de otra caja.", "Elija otra serie.", field="series")
    on = timezone.localdate(at)
    if not ReceiptSeries.objects.filter(code=series).exists():
        open_series(code=series, name=name, on=on, at=at, by=by)
    till = Till.objects.create(
        code=code,
        name=name,
        series_id=series,
        printer=printer,
        cash_limit_cents=cash_limit_cents,
        opened_on=on,
    )
    audit.record(act="cashier.open_till", by=by, at=at, object_kind="till", object_id=code)
    return till


@transaction.atomic
def open_session(*, till: Till, cashier: str, pieces: Mapping[str, int], at: datetime) -> TillSession:
    """Begin a session at a till with its float, counted piece by piece.

    :param pieces: denomination in centavos → how many, such as `{"10000": 5, "500": 20}`
    :raises CannotOpenSession: if the till or the cashier has a session, or the till is out of use
    """
    on = timezone.localdate(at)
    if till.closed_on is not None and till.closed_on <= on:
        raise CannotOpenSession(f"{till.name} está fuera de uso.", "Elija otra caja.", field="till")
    total = policy.total_of_pieces(pieces=pieces)
    try:
        with transaction.atomic():
            session = TillSession.objects.create(
                till=till, cashier=cashier, business_on=on, opened_at=at, float_cents=total
            )
    except IntegrityError:
        other = TillSession.objects.exclude(state=TillSession.State.BALANCED).filter(till=till).first()
        raise CannotOpenSession(
            f"{till.name} tiene abierto el turno de {other.cashier}."
            if other
            else "Usted ya tiene un turno abierto.",
            "Haga primero el corte de ese turno.",
            field="till",
        ) from None
    TillSessionStep.objects.create(session=session, state=TillSession.State.OPEN, at=at, by=cashier)
    CashCount.objects.create(
        session=session, purpose=CashCount.Purpose.FLOAT, pieces=dict(pieces), total_cents=total,
        counted_by=cashier, at=at,
    )  # fmt: skip
    audit.record(
        act="cashier.open_session", by=cashier, at=at, object_kind="till_session", object_id=session.pk,
        after={"till": till.code, "float_cents": total},
    )  # fmt: skip
    return session
