"""Canceling a receipt: it keeps its folio, and a reversing receipt with its own takes the money back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from caudal.cashier import policy, posting
from caudal.cashier.commands.payments import TenderPart, funds_of
from caudal.cashier.events import ReceiptCanceled
from caudal.cashier.models import Receipt, TillSession
from caudal.kernel import audit, events
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger


class CannotCancelReceipt(Refusal): ...


@transaction.atomic
def cancel_receipt(
    *, receipt: Receipt, session: TillSession, reason: str, at: datetime, by: str
) -> dict[str, Any]:
    """Cancel a receipt in a session that is open or in balancing: its debts are open again, both receipts stay.

    :raises CannotCancelReceipt: without a reason, if it was canceled before, is itself a cancellation, or the
        session's day is before the receipt's or it is closed
    :raises CannotReverseCredit: if the ledger took it back already
    """
    if not reason.strip():
        raise CannotCancelReceipt("Falta el motivo.", "Diga por qué se cancela.", field="reason")
    held = TillSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.state == TillSession.State.BALANCED:
        raise CannotCancelReceipt(
            "El turno ya está cerrado.", "Cancele desde un turno abierto.", field="session"
        )
    payments = list(receipt.payments.select_related("account", "credit").order_by("account_id"))
    ledger.lock_accounts(account_ids=[payment.account_id for payment in payments])
    if receipt.reverses_id or Receipt.objects.filter(reverses=receipt).exists():
        raise CannotCancelReceipt(
            f"El comprobante {receipt.folio} ya está cancelado.", "Consulte los movimientos de la cuenta."
        )
    if held.business_on < receipt.business_on:
        raise CannotCancelReceipt(
            "No se cancela con fecha anterior al pago.", "Use un turno de hoy.", field="session"
        )
    run = posting.FolioRun(series=policy.cancellation_series(series=receipt.series))
    tenders = [
        TenderPart(each.kind, each.amount_cents, reference=each.reference) for each in receipt.tenders.all()
    ]
    reversals = ledger.reverse_payments(
        credits=[payment.credit for payment in payments],
        funds=funds_of(tenders=tenders),
        on=held.business_on,
        at=at,
        by=by,
        documents=lambda: (run.names * len(payments), run.names[0]),
        reason=reason,
    )
    [canceled] = posting.write_receipts(
        control=posting.Control(series=run.series, channel=receipt.channel, by=by, at=at, session_id=held.pk),
        run=run,
        business_on=[held.business_on],
        totals=[-receipt.total_cents],
        paid=[
            posting.Paid(0, payment.account_id, reversal.credit.pk, -payment.amount_cents)
            for payment, reversal in zip(payments, reversals, strict=True)
        ],
        tendered=[
            posting.Tendered(0, each.kind, -each.amount_cents, reference=each.reference) for each in tenders
        ],
        reversed_by=posting.Reversed(receipt.pk, receipt.folio, reason.strip()),
    )
    audit.record(
        act="cashier.cancel_receipt",
        by=by,
        at=at,
        object_kind="receipt",
        object_id=receipt.folio,
        after={"cancellation": canceled.folio},
        reason=reason,
    )
    events.announce(
        ReceiptCanceled(
            receipt_id=receipt.pk, cancellation_id=canceled.receipt_id, on=held.business_on, at=at, by=by,
            account_ids=tuple(payment.account_id for payment in payments),
        )
    )  # fmt: skip
    return {
        "receipt_folio": receipt.folio,
        "cancellation_folio": canceled.folio,
        "accounts": [payment.account.number for payment in payments],
        "total_cents": receipt.total_cents,
        "reason": reason,
    }
