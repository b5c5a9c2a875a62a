"""Questions about months paid ahead: which rule reduces them, what a run must know, what is left of an account's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils.timezone import get_default_timezone

from caudal.campaigns.models import Campaign, PrepaidMonth, PrepaymentPolicy
from caudal.campaigns.prepaid_policy import Payer, largest
from caudal.kernel import copying
from caudal.ledger.models import Charge, Credit, DocumentKind
from caudal.registry.models import Locality
from caudal.rules.bounds import Int64

COLUMNS: Final = {
    "account_id": "int4",
    "ppm": "int4",
    "campaign_id": "int4",
    "book_id": "int4",
    "honors": "int2",
}
# the policy that holds for a month is the one of the day on which it was paid; without any, the difference is owed
_OF_PERIOD: Final = """
    SELECT month.account_id, month.ppm, COALESCE(month.campaign_id, 0)::int AS campaign_id, month.book_id::int,
        COALESCE((SELECT (policy.on_tariff_change = 'honor')::int FROM campaigns_prepaymentpolicy AS policy
                  WHERE policy.effective_from <= credit.on
                  ORDER BY policy.effective_from DESC, policy.id DESC LIMIT 1), 0)::int2 AS honors
    FROM campaigns_prepaidmonth AS month JOIN ledger_credit AS credit ON credit.id = month.credit_id
    WHERE month.period = %(period)s
      AND NOT EXISTS (SELECT FROM campaigns_prepaidmonthend AS ending WHERE ending.month_id = month.id)
"""
_RESERVED: Final = """
    SELECT month.account_id, sum(month.paid_cents)::bigint FROM campaigns_prepaidmonth AS month
    WHERE month.account_id = ANY(%(accounts)s::int[]) AND month.period > %(after)s
      AND NOT EXISTS (SELECT FROM campaigns_prepaidmonthend AS ending WHERE ending.month_id = month.id)
      AND NOT EXISTS (SELECT FROM ledger_charge AS charge WHERE charge.period = month.period
                      AND charge.account_id = month.account_id AND charge.document_kind = %(bill)s)
    GROUP BY month.account_id
"""


@dataclass(frozen=True, slots=True)
class PrepaymentRule:
    """The campaign that reduces the months an account pays ahead."""

    campaign_id: int
    code: str
    name: str
    ppm: int
    cap_cents: int | None


@dataclass(frozen=True, slots=True)
class PrepaidRow:
    """A month paid ahead and what became of it: waiting for its bill, billed, or ended."""

    month: PrepaidMonth
    is_billed: bool

    @property
    def is_ended(self) -> bool:
        return hasattr(self.month, "end")

    @property
    def is_waiting(self) -> bool:
        return not (self.is_billed or self.is_ended)


def prepayment_rule(*, payer: Payer, months: int, on: date) -> PrepaymentRule | None:
    """The campaign in force on a day that reduces most the months of somebody, if any does.

    What is owed is paid first with the same receipt, so that whoever pays ahead is up to date by paying.
    """
    found = largest(campaigns=list(_in_force(on=on)), payer=payer, months=months)
    if found is None:
        return None
    return PrepaymentRule(found.pk, found.code, found.name, found.ppm, found.cap_cents or None)


def _in_force(*, on: date) -> QuerySet[Campaign]:
    """Campaigns on prepayment whose window covers a day: windows begin and end with local days."""
    morning = datetime.combine(on, time(), get_default_timezone())
    return Campaign.objects.filter(
        on_prepayment=True, ppm__gt=0, published_at__isnull=False, withdrawn_at__isnull=True,
        starts_at__lte=morning, ends_at__gt=morning,
    )  # fmt: skip


def locality_code(*, name: str) -> str:
    """The code of a locality that an account's card names."""
    return Locality.objects.filter(name=name).values_list("code", flat=True).first() or ""


def prepaid_ppm(*, period: int, account_ids: Sequence[int] | None = None) -> dict[str, Int64]:
    """Months paid ahead of a period, as columns: account, ppm, campaign (0: none), book, whether its price holds."""
    sql, params = _OF_PERIOD, dict[str, Any](period=int(period))
    if account_ids is not None:
        sql += " AND month.account_id = ANY(%(only)s::int[])"
        params["only"] = list(account_ids)
    return copying.copy_out(sql=f"{sql} ORDER BY month.account_id", types=COLUMNS, params=params)


def prepayment_campaigns() -> dict[int, dict[str, str]]:
    """What the working of a reduction says of each campaign on prepayment, by id."""
    found = Campaign.objects.filter(on_prepayment=True, published_at__isnull=False)
    return {each.pk: {"rule": each.code, "campaign": each.name} for each in found.only("code", "name")}


def prepaid_reserved(*, account_ids: Sequence[int], after: int = 0) -> dict[int, int]:
    """Money in favor (centavos) that waits for months paid ahead after a period and not billed yet, by account."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RESERVED, {"accounts": list(account_ids), "after": int(after), "bill": DocumentKind.BILL}
        )
        return {account: int(cents) for account, cents in cursor.fetchall()}


def last_prepaid_period(*, account_id: int) -> int:
    """The last month an account has paid ahead; 0 if none holds."""
    last = _live(account_id=account_id).aggregate(last=Max("period"))["last"]
    return int(last or 0)


def prepaid_rows(*, account_id: int) -> list[PrepaidRow]:
    """Every month an account ever paid ahead, in order, and what became of it."""
    months = list(
        PrepaidMonth.objects.filter(account_id=account_id)
        .select_related("campaign", "book", "credit", "end")
        .order_by("period", "id")
    )
    if not months:
        return []
    billed = billed_periods(account_id=account_id, periods=[int(month.period) for month in months])
    return [PrepaidRow(month, int(month.period) in billed and not hasattr(month, "end")) for month in months]


def billed_periods(*, account_id: int, periods: Sequence[int]) -> set[int]:
    """Which of some periods have a bill that stands."""
    bills = (
        Charge.objects.filter(account_id=account_id, period__in=periods, document_kind=DocumentKind.BILL)
        .values_list("period", "sequence")
        .distinct()
    )
    # `010117/201901/1` names a bill that was taken back: account, period, revision
    taken_back = {
        tuple(document.split("/")[1:])
        for document in Credit.objects.filter(
            account_id=account_id, kind=Credit.Kind.BILL_CANCELLATION
        ).values_list("document", flat=True)
    }
    return {int(period) for period, sequence in bills if (str(int(period)), str(sequence)) not in taken_back}


def prepayment_policy(*, on: date) -> PrepaymentPolicy | None:
    """The policy of prepayment in force on a day."""
    return PrepaymentPolicy.objects.filter(effective_from__lte=on).order_by("-effective_from", "-pk").first()


def prepayment_policies() -> QuerySet[PrepaymentPolicy]:
    """Every policy of prepayment, the newest first."""
    return PrepaymentPolicy.objects.order_by("-effective_from", "-pk")


def _live(*, account_id: int) -> QuerySet[PrepaidMonth]:
    return PrepaidMonth.objects.filter(account_id=account_id, end__isnull=True)
