"""Canceling a payment: the receipt keeps its folio, a reversing payment with its own takes the money back."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from caudal.cashier import policy
from caudal.cashier.commands.payments import Folio
from caudal.cashier.models import Payment
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger


class CannotCancelPayment(Refusal): ...


@transaction.atomic
def cancel_payment(
    *, payment: Payment, reason: str, business_on: date, at: datetime, by: str
) -> dict[str, Any]:
    """Cancel a payment: its debts are open again and both receipts stay. Returns the cancellation.

    :raises CannotCancelPayment: if it was canceled before, is itself a cancellation, or the day is before
        the payment's
    :raises CannotReverseCredit: without a reason
    """
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise CannotCancelPayment(
            f"El recibo {payment.receipt_folio} ya está cancelado.", "Consulte los movimientos de la cuenta."
        )
    if business_on < payment.business_on:
        raise CannotCancelPayment(
            "No se cancela con fecha anterior al pago.", "Use la fecha de hoy.", field="business_on"
        )
    taken = Folio(policy.cancellation_series(series=payment.series))
    reversal = ledger.reverse_credit(
        credit=payment.credit, on=business_on, at=at, by=by, document=taken, reason=reason
    )
    canceled = Payment.objects.create(
        account_id=payment.account_id,
        credit=reversal.credit,
        amount_cents=-payment.amount_cents,
        tender=payment.tender,
        series=taken.series,
        number=taken.number,
        business_on=business_on,
        paid_at=at,
        received_by=by,
        channel=payment.channel,
        reverses=payment,
    )
    audit.record(
        act="cashier.cancel_payment",
        by=by,
        at=at,
        object_kind="payment",
        object_id=payment.receipt_folio,
        after={"cancellation": canceled.receipt_folio},
        reason=reason,
    )
    return {
        "receipt_folio": payment.receipt_folio,
        "cancellation_folio": canceled.receipt_folio,
        "account": payment.account.number,
        "amount_cents": payment.amount_cents,
        "reason": reason,
    }
