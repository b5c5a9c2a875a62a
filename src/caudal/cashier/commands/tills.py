"""Tills: put one to use, change it, retire it; begin a session at it."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from caudal.cashier import policy
from caudal.cashier.commands.series import close_series, open_series
from caudal.cashier.models import CashCount, ReceiptSeries, Till, TillSession, TillSessionStep
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal


class CannotOpenTill(Refusal): ...


class CannotChangeTill(Refusal): ...


class CannotOpenSession(Refusal): ...


@transaction.atomic
def open_till(
    *,
    code: str,
    name: str,
    series: str,
    at: datetime,
    by: str,
    printer: str = "",
    cash_limit_cents: int = 0,
    shows_expected: bool = False,
) -> Till:
    """Put a till to use, with a series of receipts of its own (made now if it does not exist).

    :raises CannotOpenTill: if the code is not 1 to 8 letters or digits or exists, or the series is closed or of
        another till
    :raises CannotChangeTill: if its name, printer or limit cannot be used
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
    if ReceiptSeries.objects.filter(code=series, closed_on__isnull=False).exists():
        raise CannotOpenTill(f"La serie {series} está cerrada.", "Elija otra serie.", field="series")
    _require_sound(name, printer, cash_limit_cents)
    on = timezone.localdate(at)
    if not ReceiptSeries.objects.filter(code=series).exists():
        open_series(code=series, name=name, on=on, at=at, by=by)
    till = Till.objects.create(
        code=code, name=name.strip(), series_id=series, printer=printer.strip(), opened_on=on,
        cash_limit_cents=cash_limit_cents, shows_expected=shows_expected,
    )  # fmt: skip
    audit.record(
        act="cashier.open_till", by=by, at=at, object_kind="till", object_id=code, after=_settings(till)
    )
    return till


@transaction.atomic
def change_till(
    *,
    till: Till,
    name: str,
    printer: str,
    cash_limit_cents: int,
    shows_expected: bool,
    at: datetime,
    by: str,
) -> Till:
    """Change the name, printer and cash limit of a till in use, and whether its cashier sees what is expected.

    :raises CannotChangeTill: if it is out of use, or a value cannot be used
    """
    held = Till.objects.select_for_update().get(pk=till.pk)
    if held.closed_on is not None:
        raise CannotChangeTill(f"{held.name} está fuera de uso.", "Ponga en uso otra caja.", field="name")
    _require_sound(name, printer, cash_limit_cents)
    before = _settings(held)
    held.name, held.printer = name.strip(), printer.strip()
    held.cash_limit_cents, held.shows_expected = cash_limit_cents, shows_expected
    held.save(update_fields=["name", "printer", "cash_limit_cents", "shows_expected"])
    audit.record(
        act="cashier.change_till", by=by, at=at, object_kind="till", object_id=held.code, before=before,
        after=_settings(held),
    )  # fmt: skip
    return held


@transaction.atomic
def close_till(*, till: Till, at: datetime, by: str) -> Till:
    """Take a till out of use, and its series with it, for ever. Its receipts and closings stay.

    :raises CannotChangeTill: if it is out of use already, or its session is not closed
    """
    held = Till.objects.select_for_update().get(pk=till.pk)
    live = held.sessions.exclude(state=TillSession.State.BALANCED).first()
    if held.closed_on is not None:
        raise CannotChangeTill(f"{held.name} ya está fuera de uso.", "No hay nada que hacer.", field="till")
    if live is not None:
        raise CannotChangeTill(
            f"{held.name} tiene el turno de {live.cashier} sin cerrar.", "Cierre ese turno primero.", field="till"
        )  # fmt: skip
    held.closed_on, held.closed_by = timezone.localdate(at), by
    held.save(update_fields=["closed_on", "closed_by"])
    close_series(code=held.series_id, on=held.closed_on, at=at, by=by)
    audit.record(act="cashier.close_till", by=by, at=at, object_kind="till", object_id=held.code)
    return held


@transaction.atomic
def open_session(*, till: Till, cashier: str, pieces: Mapping[str, int], at: datetime) -> TillSession:
    """Begin a session at a till with its float, counted piece by piece.

    :param pieces: denomination in centavos → how many, such as `{"10000": 5, "500": 20}`
    :raises CannotOpenSession: if the till or the cashier has a session, or the till is out of use
    :raises BadCount: if a denomination does not exist or a number makes no sense
    """
    on = timezone.localdate(at)
    # a till that is being retired waits, and then has a session; or retires first, and is seen so
    held = Till.objects.select_for_update(no_key=True).get(pk=till.pk)
    if held.closed_on is not None and held.closed_on <= on:
        raise CannotOpenSession(f"{held.name} está fuera de uso.", "Elija otra caja.", field="till")
    total = policy.total_of_pieces(pieces=pieces)
    try:
        with transaction.atomic():
            session = TillSession.objects.create(
                till=held, cashier=cashier, business_on=on, opened_at=at, float_cents=total
            )
    except IntegrityError:
        raise _taken(held) from None
    TillSessionStep.objects.create(session=session, state=TillSession.State.OPEN, at=at, by=cashier)
    CashCount.objects.create(
        session=session, purpose=CashCount.Purpose.FLOAT, pieces=dict(pieces), total_cents=total,
        counted_by=cashier, at=at,
    )  # fmt: skip
    audit.record(
        act="cashier.open_session", by=cashier, at=at, object_kind="till_session", object_id=session.pk,
        after={"till": held.code, "float_cents": total},
    )  # fmt: skip
    return session


def _taken(till: Till) -> CannotOpenSession:
    other = TillSession.objects.exclude(state=TillSession.State.BALANCED).filter(till=till).first()
    if other is None:
        return CannotOpenSession(
            "Usted ya tiene un turno abierto en otra caja.", "Haga primero el corte de ese turno.", field="till"
        )  # fmt: skip
    return CannotOpenSession(
        f"{till.name} tiene abierto el turno de {other.cashier}.",
        "Elija otra caja, o que se haga primero el corte de ese turno.",
        field="till",
    )


def _settings(till: Till) -> dict[str, object]:
    return {
        "name": till.name, "printer": till.printer, "cash_limit_cents": till.cash_limit_cents,
        "shows_expected": till.shows_expected,
    }  # fmt: skip


def _require_sound(name: str, printer: str, cash_limit_cents: int) -> None:
    if not name.strip():
        raise CannotChangeTill("La caja no tiene nombre.", "Escriba cómo la llaman: Caja 1.", field="name")
    if printer.strip() and not re.fullmatch(r"[A-Za-z0-9.-]{1,60}:\d{1,5}", printer.strip()):
        raise CannotChangeTill(
            "La dirección de la impresora no se entiende.",
            "Escríbala como 192.168.1.50:9100, o déjela en blanco para imprimir desde la página.",
            field="printer",
            value=printer.strip(),
        )
    if not 0 <= cash_limit_cents <= policy.LARGEST_PAYMENT_CENTS:
        raise CannotChangeTill(
            "El tope de efectivo no sirve.", "Escriba un importe, o 0 para no tener tope.", field="cash_limit"
        )  # fmt: skip
