"""What was paid: the receipt of a payment, and payments by account or day."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from caudal.cashier.models import Payment
from caudal.ledger import commands as ledger
from caudal.ledger import queries
from caudal.ledger.models import Concept, DocumentKind


def receipt(*, payment: Payment, posted: ledger.PostedCredit) -> dict[str, Any]:
    """The receipt as data (JSON values, amounts in centavos): what the payment paid, and what remains."""
    names = dict(Concept.objects.values_list("id", "name"))
    allocations = [
        {
            "period": share.period,
            "document": DocumentKind(share.document_kind).name.lower(),
            "concept_id": share.concept_id,
            "concept": names[share.concept_id],
            "amount_cents": share.amount_cents,
        }
        for share in sorted(posted.shares, key=lambda share: (share.period, share.concept_id, share.sequence))
    ]
    return {
        "receipt_folio": payment.receipt_folio,
        "account": payment.account.number,
        "amount_cents": payment.amount_cents,
        "tender": payment.tender,
        "business_on": payment.business_on.isoformat(),
        "paid_at": payment.paid_at.isoformat(),
        "received_by": payment.received_by,
        "channel": payment.channel,
        "external_reference": payment.external_reference,
        "allocations": allocations,
        "surcharge_cents": posted.surcharge_cents,
        "unallocated_cents": posted.unallocated_cents,
        "balance_cents": queries.balance(account_id=payment.account_id),
    }


def payments(*, account_id: int | None = None, business_on: date | None = None) -> QuerySet[Payment]:
    """Payments and their cancellations, newest first."""
    found = Payment.objects.select_related("account").order_by("-paid_at", "-id")
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return found if business_on is None else found.filter(business_on=business_on)


def payment_by_folio(*, receipt_folio: str) -> Payment | None:
    """The payment of a receipt, such as `A-000123`; None if there is none."""
    series, _, number = receipt_folio.strip().upper().rpartition("-")
    if not series or not number.isdigit():
        return None
    return (
        Payment.objects.select_related("account", "credit").filter(series=series, number=int(number)).first()
    )
