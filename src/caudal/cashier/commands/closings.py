"""Closing a session: stop taking payments, count blind, compare, freeze; dispute what does not agree."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.cashier import policy, queries
from caudal.cashier.models import (
    CashCount,
    DifferenceDispute,
    DisputeAnswer,
    Receipt,
    TenderBalance,
    TenderKind,
    TillClosing,
    TillSession,
    TillSessionStep,
)
from caudal.cashier.models.tills import CLOSINGS
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger

LONGEST_TEXT = 500


class CannotCloseSession(Refusal): ...


class CannotDispute(Refusal): ...


@transaction.atomic
def begin_balancing(*, session: TillSession, at: datetime, by: str, reason: str = "") -> None:
    """Stop taking payments: from here on the session only corrects. There is no way back to open.

    :param reason: why somebody else does it, who then may not close the session
    :raises CannotCloseSession: if it is not open, or somebody else asks without a reason
    """
    held = locked(session=session)
    if held.state != TillSession.State.OPEN:
        raise CannotCloseSession("Ese turno ya no está abierto.", "Revise qué turno es.", field="session")
    _require_reason_of_another(held, by, reason)
    move(session=held, state=TillSession.State.BALANCING, at=at, by=by, reason=reason)
    audit.record(
        act="cashier.begin_balancing", by=by, at=at, object_kind="till_session", object_id=held.pk,
        reason=reason,
    )  # fmt: skip


@transaction.atomic
def declare_count(
    *,
    session: TillSession,
    pieces: Mapping[str, int],
    others: Mapping[str, int],
    at: datetime,
    by: str,
    reason: str = "",
) -> CashCount:
    """Write down the blind count, once: cash piece by piece, and the total of each other kind of tender (centavos).

    :param reason: why somebody else counts, who then may not close the session
    :raises CannotCloseSession: if the session is not in balancing, was counted before, or somebody else counts
        without a reason
    :raises BadCount: if a denomination or a kind of tender does not exist, or a number makes no sense
    """
    held = locked(session=session)
    if held.state != TillSession.State.BALANCING:
        raise CannotCloseSession("El turno no está en arqueo.", "Empiece el corte primero.", field="session")
    _require_reason_of_another(held, by, reason)
    if held.counts.filter(purpose=CashCount.Purpose.CLOSING).exists():
        raise CannotCloseSession(
            "Este turno ya se contó.", "Llame a quien supervisa para cerrarlo.", field="session"
        )
    policy.require_declared(others=others, kinds=set(TenderKind.values) - {TenderKind.CASH})
    count = CashCount.objects.create(
        session=held, purpose=CashCount.Purpose.CLOSING, pieces=dict(pieces), others=dict(others),
        total_cents=policy.total_of_pieces(pieces=pieces), counted_by=by, at=at,
    )  # fmt: skip
    audit.record(
        act="cashier.declare_count", by=by, at=at, object_kind="till_session", object_id=held.pk,
        after={"pieces": count.pieces, "cash": count.total_cents, **count.others}, reason=reason,
    )  # fmt: skip
    return count


@transaction.atomic
def close_session(
    *, session: TillSession, at: datetime, by: str, note: str = "", approval: Approval | None = None
) -> TillClosing:
    """Balance a counted session against its receipts and freeze it; what is over or short goes to the journal.

    Whoever supervises closes from their own page; or, at the cashier's, with `approval` of `SUPERVISE_TILLS`.

    :raises CannotCloseSession: if it was not counted, is closed, or whoever counted or took the money would close
    :raises NeedsApproval: if the approval is not for this session
    """
    held = locked(session=session)
    count = held.counts.filter(purpose=CashCount.Purpose.CLOSING).first()
    if held.state == TillSession.State.BALANCED:
        raise CannotCloseSession(
            "Ese turno ya está cerrado.", "Consulte su corte; un corte no se reabre.", field="session"
        )
    if held.state != TillSession.State.BALANCING or count is None:
        raise CannotCloseSession(
            "El turno todavía no se ha contado.", "Haga el arqueo primero.", field="session"
        )
    if approval is not None:
        approvals.use(
            approval=approval, act=acts.SUPERVISE_TILLS, object_kind="till_session", object_id=held.pk,
            asked_by=by, at=at,
        )  # fmt: skip
    closed_by = approval.approver if approval else by
    if closed_by in (held.cashier, count.counted_by):
        raise CannotCloseSession(
            "Nadie cierra su propio turno ni el que contó.", "Pídalo a otra persona que supervise cajas.", field="session"
        )  # fmt: skip
    closing = _written(held, count, at, closed_by, note.strip()[:300])
    move(session=held, state=TillSession.State.BALANCED, at=at, by=closed_by, reason=note)
    audit.record(
        act="cashier.close_session", by=closed_by, at=at, object_kind="till_session", object_id=held.pk,
        after={
            "folio": closing.folio, "approval": approval.pk if approval else None,
            **{each.kind: [each.expected_cents, each.declared_cents] for each in closing.balances.all()},
        },
        reason=note,
    )  # fmt: skip
    return closing


def _written(held: TillSession, count: CashCount, at: datetime, closed_by: str, note: str) -> TillClosing:
    series = held.till.series_id
    numbers = held.receipts.filter(series=series).order_by("number")
    first, last = numbers.first(), numbers.last()
    expected = queries.expected(session=held)
    closing = TillClosing.objects.create(
        session=held, number=folios.take(series=CLOSINGS), at=at, declared_by=count.counted_by,
        closed_by=closed_by, n_receipts=held.receipts.filter(reverses__isnull=True).count(),
        n_canceled=held.receipts.filter(reverses__isnull=False).count(),
        first_folio=first.folio if first else "", last_folio=last.folio if last else "",
        chain_head=_head(series), cancellation_head=_head(policy.cancellation_series(series=series)), note=note,
    )  # fmt: skip
    balances = [
        TenderBalance(
            closing=closing, kind=kind, expected_cents=expected.get(kind, 0),
            declared_cents=count.total_cents if kind == TenderKind.CASH else count.others.get(kind, 0),
        )
        for kind in TenderKind.values
    ]  # fmt: skip
    TenderBalance.objects.bulk_create(balances)
    for each in balances:
        _journal_difference(closing, each, at, closed_by)
    return closing


def _head(series: str) -> str:
    """The seal of the last receipt of a series: printed, so that the chain has a witness outside."""
    last = Receipt.objects.filter(series=series).order_by("number").last()
    return bytes(last.hash).hex() if last else ""


def _journal_difference(closing: TillClosing, balance: TenderBalance, at: datetime, by: str) -> None:
    """What is over is other revenue; what is short is owed by nobody until somebody finds out why."""
    if balance.difference_cents:
        ledger.post_difference(
            document=f"{closing.folio}/{balance.kind}", cents=balance.difference_cents,
            funds=ledger.Funds.CASH if balance.kind == TenderKind.CASH else ledger.Funds.BANKS,
            on=closing.session.business_on, at=at, by=by,
        )  # fmt: skip


@transaction.atomic
def dispute_difference(*, balance: TenderBalance, text: str, at: datetime, by: str) -> DifferenceDispute:
    """Write down what the cashier says about a difference of their own closing; it stays beside it.

    :raises CannotDispute: if there is no difference, it is not their closing, or they say nothing
    """
    if balance.closing.session.cashier != by:
        raise CannotDispute("Ese corte es de otra persona.", "Aclare los de sus turnos.", field="text")
    if not balance.difference_cents:
        raise CannotDispute("Ahí no hay diferencia.", "No hace falta aclarar nada.", field="text")
    said = _said(text)
    dispute = DifferenceDispute.objects.create(balance=balance, text=said, at=at, by=by)
    audit.record(
        act="cashier.dispute_difference", by=by, at=at, object_kind="till_closing",
        object_id=balance.closing.folio, after={balance.kind: balance.difference_cents}, reason=said,
    )  # fmt: skip
    return dispute


@transaction.atomic
def answer_dispute(*, dispute: DifferenceDispute, text: str, at: datetime, by: str) -> DisputeAnswer:
    """Write down what was found out about a dispute, once.

    :raises CannotDispute: if it was answered, whoever disputed answers, or nothing is said
    """
    if dispute.by == by:
        raise CannotDispute(
            "Nadie responde su propia aclaración.", "La responde quien supervisa.", field="text"
        )
    said = _said(text)
    answer, is_new = DisputeAnswer.objects.get_or_create(
        dispute=dispute, defaults={"text": said, "at": at, "by": by}
    )
    if not is_new:
        raise CannotDispute("Esa aclaración ya se respondió.", "Léala en el corte.", field="text")
    audit.record(
        act="cashier.answer_dispute", by=by, at=at, object_kind="till_closing",
        object_id=dispute.balance.closing.folio, reason=said,
    )  # fmt: skip
    return answer


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_TEXT:
        raise CannotDispute(
            "La aclaración está vacía o pasa de 500 letras.", "Diga en pocas palabras qué pasó.", field="text"
        )  # fmt: skip
    return said


def _require_reason_of_another(held: TillSession, by: str, reason: str) -> None:
    if held.cashier != by and not reason.strip():
        raise CannotCloseSession(
            f"El turno es de {held.cashier}.", "Diga por qué lo hace usted.", field="reason"
        )


def locked(*, session: TillSession) -> TillSession:
    """The session as it is now, held until the transaction ends; payments under way have ended."""
    return TillSession.objects.select_for_update(of=("self",)).select_related("till").get(pk=session.pk)


def move(*, session: TillSession, state: str, at: datetime, by: str, reason: str = "") -> None:
    """Move a held session to its next state, with who and when."""
    TillSession.objects.filter(pk=session.pk).update(state=state)
    TillSessionStep.objects.create(session=session, state=state, at=at, by=by, reason=reason.strip()[:200])
