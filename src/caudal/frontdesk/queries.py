"""What the staff pages show, gathered from the rooms below. Nothing is written."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Sum

from caudal.billing.models import BillingRun, HeldBill
from caudal.cashier.models import Receipt
from caudal.kernel.wording import in_reading_case
from caudal.ledger.models import PeriodBalance
from caudal.metering import queries as metering
from caudal.registry import queries as registry

METERS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One account of a search, with what it owes (centavos)."""

    number: str
    holder: str
    address: str
    place: str
    tariff_class: str
    regime: str
    owed_cents: int


def search(*, text: str, limit: int = 50) -> list[FoundRow]:
    """Accounts that match, best first, with their open principal and accessories; those of that meter before all."""
    with_meter = (
        metering.accounts_with_meter(serial=text, limit=METERS_SHOWN) if _may_be_a_serial(text) else []
    )
    found = [each for number in with_meter for each in registry.search_accounts(text=number, limit=1)]
    known = {each.account_id for each in found}
    found += [
        each for each in registry.search_accounts(text=text, limit=limit) if each.account_id not in known
    ]
    owed = {
        row["account_id"]: row["principal"] + row["accessory"]
        for row in PeriodBalance.objects.filter(account_id__in=[each.account_id for each in found])
        .values("account_id")
        .annotate(principal=Sum("open_principal_cents"), accessory=Sum("open_accessory_cents"))
    }
    return [
        FoundRow(
            number=each.number,
            holder=in_reading_case(each.holder),
            address=in_reading_case(each.address),
            place=in_reading_case(each.locality),
            tariff_class=each.tariff_class,
            regime="activa" if each.is_active else "baja",
            owed_cents=owed.get(each.account_id, 0),
        )
        for each in found
    ]


def _may_be_a_serial(text: str) -> bool:
    """Letters and digits together, in one word: no name and no telephone is written so."""
    word = text.strip()
    return " " not in word and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


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
