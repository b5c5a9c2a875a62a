"""Closing a session: stop taking payments, count blind, compare, freeze."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from caudal.cashier import policy, queries
from caudal.cashier.models import (
    CashCount,
    Receipt,
    TenderBalance,
    TenderKind,
    TillClosing,
    TillSession,
    TillSessionStep,
)
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger

CLOSINGS = "CORTE"


class CannotCloseSession(Refusal): ...


@transaction.atomic
def begin_balancing(*, session: TillSession, at: datetime, by: str) -> None:
    """Stop taking payments: from here on the session only corrects.

    :raises CannotCloseSession: if it is not open or not of who asks
    """
    held = locked(session=session)
    if held.state != TillSession.State.OPEN or held.cashier != by:
        raise CannotCloseSession(
            "Ese turno no está abierto o no es suyo.", "Revise qué turno es.", field="session"
        )
    move(session=held, state=TillSession.State.BALANCING, at=at, by=by)


@transaction.atomic
def declare_count(
    *, session: TillSession, pieces: Mapping[str, int], others: Mapping[str, int], at: datetime, by: str
) -> CashCount:
    """Write down the blind count, once: cash piece by piece, and the total of each other kind of tender (centavos).

    :raises CannotCloseSession: if the session is not in balancing, or was counted before
    """
    held = locked(session=session)
    if held.state != TillSession.State.BALANCING:
        raise CannotCloseSession("El turno no está en arqueo.", "Empiece el corte primero.", field="session")
    if held.counts.filter(purpose=CashCount.Purpose.CLOSING).exists():
        raise CannotCloseSession(
            "Este turno ya se contó.", "Llame a quien supervisa para cerrarlo.", field="session"
        )
    kept = {**pieces, **{kind: cents for kind, cents in others.items() if cents}}
    return CashCount.objects.create(
        session=held, purpose=CashCount.Purpose.CLOSING, pieces=kept,
        total_cents=policy.total_of_pieces(pieces=pieces), counted_by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def close_session(*, session: TillSession, at: datetime, by: str, note: str = "") -> TillClosing:
    """Balance a counted session against its receipts and freeze it; what is over or short goes to the journal.

    :raises CannotCloseSession: if it was not counted, is closed, or the cashier would close their own
    """
    held = locked(session=session)
    count = held.counts.filter(purpose=CashCount.Purpose.CLOSING).first()
    if held.state != TillSession.State.BALANCING or count is None:
        raise CannotCloseSession(
            "El turno todavía no se ha contado.", "Haga el arqueo primero.", field="session"
        )
    if held.cashier == by:
        raise CannotCloseSession(
            "Nadie cierra su propio turno.", "Pídalo a quien supervisa las cajas.", field="session"
        )
    expected = queries.expected(session=held)
    receipts = held.receipts.order_by("series", "number")
    last = receipts.filter(series=held.till.series_id).last()
    first = receipts.filter(series=held.till.series_id).first()
    head = Receipt.objects.filter(series=held.till.series_id).order_by("number").last()
    closing = TillClosing.objects.create(
        session=held, number=folios.take(series=CLOSINGS), at=at, declared_by=count.counted_by, closed_by=by,
        n_receipts=receipts.filter(reverses__isnull=True).count(),
        n_canceled=receipts.filter(reverses__isnull=False).count(),
        first_folio=first.folio if first else "", last_folio=last.folio if last else "",
        chain_head=bytes(head.hash).hex() if head else "", note=note.strip(),
    )  # fmt: skip
    balances = [
        TenderBalance(
            closing=closing, kind=kind, expected_cents=expected.get(kind, 0),
            declared_cents=count.total_cents if kind == TenderKind.CASH else count.pieces.get(kind, 0),
        )
        for kind in TenderKind.values
    ]  # fmt: skip
    TenderBalance.objects.bulk_create(balances)
    _journal(closing, balances, at, by)
    move(session=held, state=TillSession.State.BALANCED, at=at, by=by, reason=note)
    audit.record(
        act="cashier.close_session", by=by, at=at, object_kind="till_session", object_id=held.pk,
        after={each.kind: [each.expected_cents, each.declared_cents] for each in balances}, reason=note,
    )  # fmt: skip
    return closing


def _journal(closing: TillClosing, balances: list[TenderBalance], at: datetime, by: str) -> None:
    """What is over is other revenue; what is short is owed by nobody until somebody finds out why."""
    for each in balances:
        difference = each.difference_cents
        if difference:
            ledger.post_difference(
                document=f"{CLOSINGS}-{closing.number:06d}/{each.kind}", cents=difference,
                funds=ledger.Funds.CASH if each.kind == TenderKind.CASH else ledger.Funds.BANKS,
                on=closing.session.business_on, at=at, by=by,
            )  # fmt: skip


def locked(*, session: TillSession) -> TillSession:
    """The session as it is now, held until the transaction ends; payments under way have ended."""
    return TillSession.objects.select_for_update().get(pk=session.pk)


def move(*, session: TillSession, state: str, at: datetime, by: str, reason: str = "") -> None:
    """Move a held session to its next state, with who and when."""
    TillSession.objects.filter(pk=session.pk).update(state=state)
    TillSessionStep.objects.create(session=session, state=state, at=at, by=by, reason=reason.strip()[:200])
