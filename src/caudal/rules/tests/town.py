"""A small book for the tests of this room: the home of Doña Lupita and La Espiga's tortilla shop.

Prices of the demo tariff, in ten-thousandths of a peso.
"""

from datetime import date
from typing import Any, Final

from caudal.rules import columns, statement
from caudal.rules.book import RateBook, rate_book
from caudal.rules.discounts import Benefit, EarlyPayment
from caudal.rules.percentages import Percentage
from caudal.rules.schedules import Schedule, Tier
from caudal.rules.statement import Statement
from caudal.rules.taxes import VatRule

USES: Final = ("HAB", "COM")
CHARGES: Final = ("water", "wastewater_treatment", "infrastructure_charge")

HOME: Final = Schedule(
    "HAB-GEN",
    fixed_price=700_000,
    allowance_thousandths=10_000,
    tiers=(Tier(20_000, 71_000), Tier(30_000, 76_000), Tier(None, 82_000)),
)
SHOP: Final = Schedule(
    "COM-SEC",
    fixed_price=1_100_000,
    allowance_thousandths=10_000,
    tiers=(Tier(20_000, 112_000), Tier(None, 120_000)),
)
HOME_FLAT: Final = Schedule("HAB-FLAT", flat_price=1_100_000)

SENIOR: Final = Benefit("senior", "benefit", 500_000, reduces=CHARGES, uses=("HAB",), cap_thousandths=10_000)
COUNCIL: Final = Benefit("council", "council_reduction", 250_000, reduces=("water",))


def book(**changes: Any) -> RateBook:
    """The book of 2019; ``changes`` replace arguments of ``rate_book``."""
    values: dict[str, Any] = {
        "on": date(2019, 1, 1),
        "uses": USES,
        "schedules": [HOME, SHOP, HOME_FLAT],
        "percentages": [
            Percentage("wastewater_treatment", 200_000, requires=("has_sewerage",)),
            Percentage("infrastructure_charge", 30_000),
        ],
        "benefits": [SENIOR, COUNCIL],
        "early_payment": EarlyPayment("early_payment", CHARGES, uses=("HAB",)),
        "vat": [
            *(VatRule(concept, "HAB", 0) for concept in CHARGES),
            *(VatRule(concept, "COM", 160_000) for concept in CHARGES),
        ],
    }
    return rate_book(**(values | changes))


def bill(rates: RateBook, **facts: Any) -> Statement:
    """The bill of one account, a metered home unless said otherwise."""
    return statement.compute(columns=columns.one(**({"schedule": 0, "use": 0} | facts)), book=rates)


def amounts(stated: Statement, row: int = 0) -> dict[tuple[str, str | None], int]:
    """Lines of one row that are not zero: (concept, what it reduces) → centavos."""
    return {
        (line.concept, line.reduces): int(line.amount_cents[row])
        for line in stated.lines
        if line.amount_cents[row]
    }
