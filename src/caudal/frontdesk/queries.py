"""What the staff pages show, gathered from the rooms below. Nothing is written."""

from datetime import date
from typing import Any

from django.db.models import Sum

from caudal.billing.models import BillingRun, HeldBill
from caudal.cashier.models import Receipt
from caudal.frontdesk.finding import FoundRow as FoundRow
from caudal.frontdesk.finding import resolve as resolve
from caudal.frontdesk.finding import search as search


def day(*, on: date) -> dict[str, Any]:
    """Today at a glance: collected, payments, the month's billing, what waits for a person."""
    of_day = Receipt.objects.filter(business_on=on)
    of_month = Receipt.objects.filter(business_on__year=on.year, business_on__month=on.month)
    runs = list(
        BillingRun.objects.exclude(state="discarded").select_related("cycle").order_by("-period", "-id")[:3]
    )
    return {
        "collected_cents": of_day.aggregate(total=Sum("total_cents"))["total"] or 0,
        "n_payments": of_day.count(),
        "month_cents": of_month.aggregate(total=Sum("total_cents"))["total"] or 0,
        "n_month": of_month.count(),
        "runs": runs,
        "held": {run.pk: HeldBill.objects.filter(run=run, decision="").count() for run in runs},
        "payments": [
            {
                "folio": receipt.folio,
                "account": receipt.payments.all()[0].account.number,
                "at": receipt.paid_at,
                "tender": receipt.tender_words,
                "amount_cents": receipt.total_cents,
            }
            for receipt in Receipt.objects.prefetch_related("payments__account", "tenders").order_by(
                "-paid_at", "-id"
            )[:8]
        ],
    }
