"""Canceling a receipt: it keeps its folio, and a reversing receipt with its own takes the money back.

Nobody cancels alone. In the session that took it, whoever supervises the tills says yes; once that session is
closed, the manager does, and the cancellation is of the session that gives the money back.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.cashier import policy, printing, queries, reversing
from caudal.cashier.commands.parts import TenderPart
from caudal.cashier.commands.payments import funds_of
from caudal.cashier.models import CashCount, Receipt, TenderKind, TillSession
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger


class CannotCancelReceipt(Refusal): ...


@transaction.atomic
def cancel_receipt(
    *,
    receipt: Receipt,
    session: TillSession,
    reason: str,
    approval: Approval | None,
    at: datetime,
    by: str,
    detail: str = "",
) -> dict[str, Any]:
    """Cancel a receipt in a session that is open or in balancing: its debts are open again, both receipts stay.

    :param reason: a key of `policy.CANCELLATION_REASONS`; `detail` says more, and must for the last one
    :param approval: of `act_of_cancellation`, on the receipt, asked by `by`
    :raises CannotCancelReceipt: without a reason, if it was canceled before, is itself a cancellation, is of
        another session that is still open, or the session is closed, counted, of somebody else, of a day before
        the receipt's, or has less cash than must be given back
    :raises NeedsApproval: unless another person who may approves
    :raises CannotReverseCredit: if the ledger took it back already
    """
    words = policy.cancellation_reason(code=reason, detail=detail)
    if words is None:
        raise CannotCancelReceipt(
            "Falta el motivo.", "Elija uno de la lista; en «otro motivo», escriba cuál.", field="reason"
        )
    held = TillSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    act = act_of_cancellation(receipt=receipt, session=held)
    _require_possible(receipt, held, by)
    payments = list(receipt.payments.select_related("account", "credit").order_by("account_id"))
    ledger.lock_accounts(account_ids=[payment.account_id for payment in payments])
    if receipt.reverses_id or Receipt.objects.filter(reverses=receipt).exists():
        raise CannotCancelReceipt(
            f"El comprobante {receipt.folio} ya está cancelado.",
            "Consulte los movimientos de la cuenta.",
            field="folio",
        )
    approvals.use(
        approval=approval, act=act, object_kind="receipt", object_id=receipt.folio, asked_by=by, at=at
    )  # fmt: skip
    tenders = [TenderPart(each.kind, each.amount_cents) for each in receipt.tenders.all()]
    canceled = reversing.reverse_receipt(
        receipt=receipt,
        by=by,
        at=at,
        session_id=held.pk,
        funds=funds_of(tenders=tenders),
        on=held.business_on,
        reason=words,
    )
    printing.enqueue(receipt_id=canceled.receipt_id, till=held.till, at=at, by=by)
    audit.record(
        act="cashier.cancel_receipt",
        by=by,
        at=at,
        object_kind="receipt",
        object_id=receipt.folio,
        after={
            "cancellation": canceled.folio, "session": held.pk, "asked_by": by,
            "approved_by": approval.approver if approval else "", "approval": approval.pk if approval else None,
        },
        reason=words,
    )  # fmt: skip
    return {
        "receipt_folio": receipt.folio,
        "cancellation_folio": canceled.folio,
        "accounts": [payment.account.number for payment in payments],
        "total_cents": receipt.total_cents,
        "reason": words,
    }


def act_of_cancellation(*, receipt: Receipt, session: TillSession) -> str:
    """The act that another person must approve for a receipt to be canceled in a session.

    :raises CannotCancelReceipt: if it is of another session that is not closed: there it is canceled
    """
    home = receipt.session
    if home is None or home.state == TillSession.State.BALANCED:
        return acts.APPROVE_CLOSED_CANCELLATIONS
    if home.pk == session.pk:
        return acts.APPROVE_CANCELLATIONS
    raise CannotCancelReceipt(
        f"El comprobante {receipt.folio} es del turno de {home.cashier} en {home.till.name}, que sigue sin cerrar.",
        "Cancélelo en esa caja.",
        field="folio",
    )


def _require_possible(receipt: Receipt, held: TillSession, by: str) -> None:
    cash = sum(each.amount_cents for each in receipt.tenders.all() if each.kind == TenderKind.CASH)
    problems = (
        (
            receipt.settlement_id is not None,
            f"El comprobante {receipt.folio} llegó por un canal: su dinero está en el banco.",
            "Retírelo de la cuenta en «Por identificar».",
            "folio",
        ),
        (
            held.state == TillSession.State.BALANCED,
            "El turno ya está cerrado.",
            "Cancele desde un turno abierto.",
            "session",
        ),
        (held.cashier != by, f"El turno es de {held.cashier}.", "Cancele con un turno propio.", "session"),
        (
            held.counts.filter(purpose=CashCount.Purpose.CLOSING).exists(),
            "El turno ya se contó.",
            "Espere a que se cierre y cancele en otro turno.",
            "session",
        ),
        (
            held.business_on < receipt.business_on,
            "No se cancela con fecha anterior al pago.",
            "Use un turno de hoy.",
            "session",
        ),
        (
            cash > queries.expected(session=held)[TenderKind.CASH],
            "En la caja no debe haber tanto efectivo para devolver.",
            "Cancele en una caja que lo tenga.",
            "folio",
        ),
    )
    for is_wrong, what, remedy, field in problems:
        if is_wrong:
            raise CannotCancelReceipt(what, remedy, field=field)
