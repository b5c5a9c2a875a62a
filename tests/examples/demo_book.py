"""The demo tariff, written as the rules read it: invented prices in the shape of a real law."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from caudal.rules.book import RateBook, rate_book
from caudal.rules.discounts import AboveCap, Benefit, EarlyPayment
from caudal.rules.percentages import Percentage
from caudal.rules.schedules import Schedule, Tier
from caudal.rules.taxes import VatRule

USES: Final = ("HAB", "MIX-RUR", "MIX-COM", "COM", "HOT", "IND", "PUB")
ACCESSORIES: Final = ("wastewater_treatment", "infrastructure_charge")
CHARGES: Final = ("water", *ACCESSORIES)

_LIMITS: Final = (20, 30, 50, 70, 100, 150, None)

# use: flat, base for 0–10 m³, then the price of each tier (pesos × 100).
_PRICES: Final[dict[str, tuple[int, int, Sequence[int]]]] = {
    "HAB": (11000, 7000, (710, 760, 820, 900, 1010, 1140, 1300)),
    "MIX-RUR": (12500, 7800, (780, 830, 900, 990, 1100, 1240, 1400)),
    "MIX-COM": (15000, 9000, (890, 950, 1030, 1130, 1260, 1420, 1600)),
    "COM": (13000, 11000, (1120, 1200, 1300, 1420, 1570, 1750, 1950)),
    "HOT": (65000, 12500, (1250, 1340, 1450, 1580, 1740, 1930, 2150)),
    "IND": (95000, 15000, (1500, 1600, 1730, 1880, 2060, 2270, 2500)),
    "PUB": (12000, 8500, (850, 910, 980, 1070, 1180, 1310, 1460)),
}


def schedules() -> list[Schedule]:
    """One tariff per use; the flat price serves whoever has no meter."""
    return [metered(use) for use in USES]


def metered(use: str) -> Schedule:
    """The tariff of one use, with both its metered and its flat price."""
    flat, base, prices = _PRICES[use]
    tiers = tuple(
        Tier(None if limit is None else limit * 1000, price * 100)
        for limit, price in zip(_LIMITS, prices, strict=True)
    )
    return Schedule(code=use, fixed_price=base * 100, allowance_thousandths=10_000, tiers=tiers, flat_price=0)


def flat(use: str) -> Schedule:
    """The tariff of a use without meters."""
    return Schedule(code=f"{use}-FLAT", flat_price=_PRICES[use][0] * 100)


def senior(*, above_cap: AboveCap = AboveCap.FIRST_UNITS_ONLY) -> Benefit:
    """Half of the first 10 m³ of a home, accessories included."""
    return Benefit(
        code="senior",
        concept="benefit_senior",
        ppm=500_000,
        reduces=CHARGES,
        uses=("HAB",),
        cap_thousandths=10_000,
        above_cap=above_cap,
    )


COUNCIL: Final = Benefit(code="council", concept="benefit_council", ppm=250_000, reduces=("water",))


def demo_book(**changes: Any) -> RateBook:
    """The demo book of 2019; ``changes`` replace arguments of ``rate_book``."""
    values: dict[str, Any] = {
        "on": date(2019, 1, 1),
        "uses": USES,
        "schedules": [*schedules(), *(flat(use) for use in USES)],
        "percentages": [
            Percentage("wastewater_treatment", 200_000, requires=("has_sewerage",)),
            Percentage("infrastructure_charge", 30_000),
        ],
        "benefits": [senior(), COUNCIL],
        "early_payment": EarlyPayment("early_payment", CHARGES, uses=("HAB",)),
        "vat": [
            *(VatRule(concept, "HAB", 0) for concept in CHARGES),
            *(VatRule(concept, None, 160_000) for concept in CHARGES),
        ],
    }
    return rate_book(**(values | changes))
