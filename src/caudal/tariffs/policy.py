"""What a book says besides prices: surcharges, order of payment, due days, estimates. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from caudal.rules import surcharges
from caudal.rules.allocation import AllocationOrder
from caudal.rules.periods import Period
from caudal.rules.surcharges import SurchargeRates
from caudal.tariffs.format.schema import BOOK

LAST_RATED_YEAR: Final = 2150  # a book without successor goes on charging its last rate
_PRINCIPAL: Final = "principal"


@dataclass(frozen=True, slots=True)
class Due:
    """Last day to pay without surcharge: so many days after issue, or a day of the next month."""

    days: int | None
    day_of_next_month: int | None

    def on(self, *, issued_on: date) -> date:
        """The due day of what is issued on a day."""
        if self.day_of_next_month is not None:
            following = Period.of(issued_on).next()
            return date(following.year, following.month, self.day_of_next_month)
        return issued_on + timedelta(days=self.days or 0)


@dataclass(frozen=True, slots=True)
class Estimates:
    """How a consumption that nobody saw is estimated: mean of the last `mean_of` real ones."""

    mean_of: int
    at_least: int
    most_consecutive: int


@dataclass(frozen=True, slots=True)
class Prepayment:
    """Early-payment reduction of months paid in advance, by the month in which they are paid."""

    ppm_by_month: Mapping[int, int]
    article: str

    def ppm(self, *, paid_on: date) -> int:
        """The reduction of what is paid ahead on a day; 0 outside the windows."""
        return self.ppm_by_month.get(paid_on.month, 0)


@dataclass(frozen=True, slots=True)
class Installments:
    """Limits of a payment arrangement; the centavos that do not divide go to the first installment."""

    most: int
    down_payment_ppm: int


@dataclass(frozen=True, slots=True)
class EnforcementCost:
    """Cost of an act of collection as a share of the debt, with a floor and a ceiling (centavos)."""

    in_seat_ppm: int
    elsewhere_ppm: int
    floor_cents: int
    ceiling_cents: int | None


@dataclass(frozen=True, slots=True)
class Anomalies:
    """When a bill waits for a person. `above_mean_percent` 100 holds what passes twice the mean."""

    above_mean_percent: int
    ordinary_m3: int
    largest_total_cents: int
    holds_first_bill: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one book. `surcharge_rates` and `allocation_order` are what the ledger asks for.

    The positions of `allocation_order.ranks` are those of the ledger's kinds of concept; fees are paid
    with the principal.
    """

    book: str
    prorates_by_days: bool
    period_days: int
    surcharge_rates: SurchargeRates
    surcharge_article: str
    allocation_order: AllocationOrder
    applies_inflation_update: bool
    due: Due
    estimates: Estimates
    anomalies: Anomalies
    installments: Installments
    prepayment: Prepayment | None
    enforcement_cost: EnforcementCost | None

    def tier_days(self, *, days: int, months: int) -> int:
        """Days by which prices scale: the real ones, or those of whole months where the law is monthly."""
        return days if self.prorates_by_days else self.period_days * months


def terms(document: Mapping[str, Any], *, kinds: Sequence[str]) -> Terms:
    """Read the terms of a document; `kinds` are the ledger's kinds of concept, in its order."""
    proration, inflation = _section(document, "proration"), _section(document, "inflation_update")
    due, anomalies = _section(document, "due"), _section(document, "anomalies")
    estimates, installments = _section(document, "estimates"), _section(document, "installments")
    return Terms(
        book=document["code"],
        prorates_by_days=proration["policy"] == "days",
        period_days=proration["period_days"],
        surcharge_rates=_surcharge_rates(document["surcharge"]),
        surcharge_article=document["surcharge"]["article"],
        allocation_order=_allocation_order(document["allocation"], kinds),
        applies_inflation_update=inflation["applies"],
        due=Due(due["days"], due["day_of_next_month"]),
        estimates=Estimates(estimates["mean_of"], estimates["at_least"], estimates["most_consecutive"]),
        anomalies=Anomalies(
            above_mean_percent=anomalies["above_mean"] // 10_000,
            ordinary_m3=anomalies["ordinary"] // 1000,
            largest_total_cents=anomalies["largest_total"],
            holds_first_bill=anomalies["first_bill"],
        ),
        installments=Installments(installments["most"], installments["down_payment"]),
        prepayment=_prepayment(document),
        enforcement_cost=_enforcement_cost(document),
    )


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A table of the document with its defaults filled in."""
    section = BOOK.section(name)
    assert section is not None
    defaults = {parameter.name: parameter.default for parameter in section.parameters}
    written: Mapping[str, Any] = document.get(name, {})
    return {**defaults, **written}


def _surcharge_rates(row: Mapping[str, Any]) -> SurchargeRates:
    monthly: dict[int, int] = {}
    for step in row["monthly"]:
        monthly.update(dict.fromkeys(range(step["year"], LAST_RATED_YEAR + 1), step["percent"]))
    return surcharges.surcharge_rates(monthly_ppm=monthly, cap_ppm=row.get("cap"))


def _allocation_order(row: Mapping[str, Any], kinds: Sequence[str]) -> AllocationOrder:
    order = row["order"]
    ranks = tuple(order.index(kind if kind in order else _PRINCIPAL) for kind in kinds)
    return AllocationOrder(ranks, oldest_first=row.get("oldest_period_first", True))


def _prepayment(document: Mapping[str, Any]) -> Prepayment | None:
    if "prepayment" not in document:
        return None
    row = document["prepayment"]
    by_month = {month: window["percent"] for window in row["windows"] for month in window["months"]}
    return Prepayment(by_month, row["article"])


def _enforcement_cost(document: Mapping[str, Any]) -> EnforcementCost | None:
    if "enforcement_cost" not in document:
        return None
    row = document["enforcement_cost"]
    return EnforcementCost(row["in_seat"], row["elsewhere"], row.get("floor", 0), row.get("ceiling"))
