"""What the old system charged, what it was paid, and what it says is owed: consistent to the centavo."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from caudal.intake.town.people import Household
from caudal.intake.town.prices import Amounts
from caudal.rules import money

SURCHARGE_PPM = 10_000  # 1 % of the water charge per month or fraction
HALF_PPM = 500_000


@dataclass(frozen=True, slots=True)
class Debt:
    period: int
    concept: str
    cents: int


@dataclass(frozen=True, slots=True)
class PastPayment:
    paid_on: date
    hour: str
    cents: int
    tender: str
    till: str
    is_canceled: bool


def debts(*, household: Household, bills: dict[int, Amounts], last: int) -> list[Debt]:
    """The unpaid months, latest first, each with its concepts; surcharges run to the cut-off date."""
    rows: list[Debt] = []
    for period in sorted(bills, reverse=True)[: household.owed_months]:
        amounts = bills[period]
        months_late = (last // 100 - period // 100) * 12 + last % 100 - period % 100 + 1
        late = money.share_of(amounts.water, ppm=SURCHARGE_PPM * months_late)
        named = (
            ("AGUA", amounts.water), ("SANEA", amounts.treatment), ("INFRA", amounts.infrastructure),
            ("RECARGO", late),
        )  # fmt: skip
        rows += [Debt(period, concept, cents) for concept, cents in named if cents]
    return rows


def payments(*, rng: Random, household: Household, bills: dict[int, Amounts]) -> list[PastPayment]:
    """Each month that is not owed was paid, alone or with the month before it."""
    made: list[PastPayment] = []
    pending = 0
    paid_periods = sorted(bills)[: max(0, len(bills) - household.owed_months)]
    for period in paid_periods:
        due = bills[period].total
        pending += money.share_of(due, ppm=HALF_PPM) if household.discount else due
        is_last = period == paid_periods[-1]
        if not pending or (rng.random() < 0.18 and not is_last):
            continue
        paid_on = date(period // 100, period % 100, 1) + timedelta(days=rng.randrange(28))
        hour = f"{rng.randrange(8, 15):02d}:{rng.randrange(60):02d}"
        tender = rng.choices("ETDC", weights=(78, 14, 6, 2))[0]
        made.append(PastPayment(paid_on, hour, pending, tender, rng.choice("12"), False))
        if rng.random() < 0.004:  # charged twice by mistake, and canceled at once
            made.append(PastPayment(paid_on, hour, pending, tender, rng.choice("12"), True))
        pending = 0
    return made
