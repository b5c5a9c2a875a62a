"""Random books and accounts as plain dictionaries, and the same ones in the product's types."""

from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from tests.oracle.bill import Account, Book

from caudal.rules import columns
from caudal.rules.book import RateBook, rate_book
from caudal.rules.columns import BillColumns
from caudal.rules.discounts import AboveCap, Benefit, EarlyPayment
from caudal.rules.percentages import Percentage
from caudal.rules.schedules import AreaBand, Schedule, Tier, WhileInterrupted
from caudal.rules.taxes import VatRule

USES = ["HAB", "COM", "PUB"]
FAMILIES = [
    ("m3", "m3"),
    ("m3", "m3"),
    ("L", "m3"),
    ("gal", "kgal"),
    ("ft3", "ccf"),
    ("m3", "kgal"),
    ("ccf", "m3"),
]


def price(dice: Random, most: int) -> Fraction:
    """A price in ten-thousandths of a peso; often zero, often round."""
    if dice.random() < 0.25:
        return Fraction(0)
    return (
        Fraction(dice.randint(1, most * 100), 100)
        if dice.random() < 0.7
        else Fraction(dice.randint(1, most * 10_000), 10_000)
    )


def limits(dice: Random, count: int, most: int, step: Fraction) -> list[Fraction]:
    return sorted({dice.randint(1, most) * step for _ in range(count)})


def schedule(dice: Random) -> dict[str, Any]:
    step = Fraction(1) if dice.random() < 0.8 else Fraction(1, 1000)
    ends = [*limits(dice, dice.randint(0, 7), int(60 / step), step), None]
    table = sorted(price(dice, 300) for _ in range(dice.randint(1, 30))) if dice.random() < 0.3 else []
    bands = [*map(int, limits(dice, dice.randint(0, 3), 600, Fraction(1))), None]
    return {
        "fixed": price(dice, 200),
        "allowance": Fraction(dice.randint(0, 15)) if dice.random() < 0.6 else Fraction(0),
        "uniform": price(dice, 20) if dice.random() < 0.3 else Fraction(0),
        "tiers": [(end, price(dice, 40)) for end in ends] if dice.random() < 0.8 else [],
        "table": table,
        "excess": price(dice, 20) if table else Fraction(0),
        "flat": price(dice, 300),
        "minimum": price(dice, 100) if dice.random() < 0.4 else Fraction(0),
        "bands": [(end, price(dice, 2)) for end in bands] if dice.random() < 0.3 else [],
    }


def book(dice: Random, *, unit: str = "m3") -> Book:
    """A book whose parts are there or not, by chance."""
    percentages = []
    known = ["water"]
    for concept in ["sewerage", "wastewater_treatment", "infrastructure_charge"]:
        if dice.random() < 0.75:
            gross = [
                each
                for each in known
                if each == "water" or not any(p["after"] and p["concept"] == each for p in percentages)
            ]
            after = dice.random() < 0.2
            percentages.append(
                {
                    "concept": concept,
                    "of": sorted(
                        dice.sample(
                            known if after else gross, dice.randint(1, len(known if after else gross))
                        )
                    ),
                    "rates": {
                        use: Fraction(dice.randint(0, 400_000), 10**6) for use in USES if dice.random() < 0.8
                    },
                    "needs": [need for need in ("has_sewerage", "is_metered") if dice.random() < 0.3],
                    "after": after,
                }
            )
            known.append(concept)
    reducible = ["water", *(each["concept"] for each in percentages if not each["after"])]
    return {
        "unit": unit,
        "period_days": dice.choice([30, 30, 30, 1, 61, 365]),
        "interrupted": dice.choice(["as_usual", "minimum", "flat", "nothing"]),
        "schedules": [schedule(dice) for _ in range(dice.randint(1, 5))],
        "percentages": percentages,
        "benefits": {
            f"benefit-{number}": benefit(dice, number, reducible) for number in range(dice.randint(0, 3))
        },
        "early": {**reduction(dice, "early_payment", reducible), "stacks": dice.random() < 0.5}
        if dice.random() < 0.6
        else None,
        "vat": {
            (concept, use): dice.choice([Fraction(0), Fraction(16, 100), Fraction(8, 100)])
            for concept in known
            for use in USES
        },
    }


def reduction(dice: Random, concept: str, reducible: list[str]) -> dict[str, Any]:
    return {
        "concept": concept,
        "touches": sorted(dice.sample(reducible, dice.randint(1, len(reducible)))),
        "uses": sorted(dice.sample(USES, dice.randint(1, len(USES)))),
    }


def benefit(dice: Random, number: int, reducible: list[str]) -> dict[str, Any]:
    return {
        **reduction(dice, f"reduction-{number % 2}", reducible),
        "rate": Fraction(dice.choice([500_000, 250_000, 1_000_000, dice.randint(1, 10**6)]), 10**6),
        "cap": Fraction(dice.randint(0, 20)) if dice.random() < 0.7 else None,
        "above": dice.choice(["first_units_only", "void", "whole"]),
    }


def account(dice: Random, book: Book, *, unit: str = "m3") -> Account:
    names = [None, *book["benefits"]]
    volume = Fraction(dice.choice([0, 10, 20, dice.randint(0, 80), dice.randint(0, 900)]))
    if unit in ("L", "gal"):
        volume *= 1000
    if dice.random() < 0.2:
        volume += Fraction(dice.randint(0, 999), 1000)
    return {
        "schedule": dice.randrange(len(book["schedules"])),
        "use": dice.choice(USES),
        "volume": volume,
        "unit": unit,
        "days": dice.choice([book["period_days"], 2 * book["period_days"], dice.randint(1, 70), 30]),
        "metered": dice.random() < 0.8,
        "sewerage": dice.random() < 0.8,
        "interrupted": dice.random() < 0.2,
        "benefit": dice.choice(names),
        "rival": dice.choice(names),
        "area": dice.choice([0, dice.randint(0, 900)]),
        "prepaid": Fraction(dice.choice([0, 50_000, 150_000]), 10**6) if book["early"] else Fraction(0),
    }


def ten_thousandths(pesos: Fraction) -> int:
    return whole(pesos * 10_000)


def whole(value: Fraction) -> int:
    assert value.denominator == 1
    return value.numerator


def product_schedule(number: int, plain: dict[str, Any]) -> Schedule:
    return Schedule(
        code=f"S{number}",
        fixed_price=ten_thousandths(plain["fixed"]),
        allowance_thousandths=whole(plain["allowance"] * 1000),
        uniform_price=ten_thousandths(plain["uniform"]),
        tiers=tuple(
            Tier(None if end is None else whole(end * 1000), ten_thousandths(each))
            for end, each in plain["tiers"]
        ),
        table_prices=tuple(map(ten_thousandths, plain["table"])),
        table_excess_price=ten_thousandths(plain["excess"]),
        flat_price=ten_thousandths(plain["flat"]),
        minimum_price=ten_thousandths(plain["minimum"]),
        area_bands=tuple(AreaBand(end, ten_thousandths(each)) for end, each in plain["bands"]),
    )


def product_book(plain: Book) -> RateBook:
    """The same book, as the rules read it."""
    early = plain["early"]
    return rate_book(
        on=date(2019, 1, 1),
        uses=USES,
        unit=plain["unit"],
        period_days=plain["period_days"],
        while_interrupted=WhileInterrupted[plain["interrupted"].upper()],
        schedules=[product_schedule(number, each) for number, each in enumerate(plain["schedules"])],
        percentages=[
            Percentage(
                rule["concept"],
                whole(rate * 10**6),
                of=tuple(rule["of"]),
                uses=(use,),
                requires=tuple(rule["needs"]),
                after_benefits=rule["after"],
            )
            for rule in plain["percentages"]
            for use, rate in ({use: Fraction(0) for use in USES} | rule["rates"]).items()
        ],
        benefits=[
            Benefit(
                code=name,
                concept=each["concept"],
                ppm=whole(each["rate"] * 10**6),
                reduces=tuple(each["touches"]),
                uses=tuple(each["uses"]),
                cap_thousandths=None if each["cap"] is None else whole(each["cap"] * 1000),
                above_cap=AboveCap[each["above"].upper()],
            )
            for name, each in plain["benefits"].items()
        ],
        early_payment=early
        and EarlyPayment(early["concept"], tuple(early["touches"]), tuple(early["uses"]), early["stacks"]),
        vat=[VatRule(concept, use, whole(rate * 10**6)) for (concept, use), rate in plain["vat"].items()],
    )


def product_columns(accounts: list[Account], book: RateBook) -> BillColumns:
    """The same accounts, as columns."""
    rows = [
        {
            "schedule": each["schedule"],
            "use": book.use(each["use"]),
            "consumption_thousandths": whole(each["volume"] * 1000),
            "tier_days": each["days"],
            "is_metered": each["metered"],
            "has_sewerage": each["sewerage"],
            "is_interrupted": each["interrupted"],
            "benefit": book.benefit(each["benefit"]),
            "rival_benefit": book.benefit(each["rival"]),
            "lot_area_m2": each["area"],
            "prepaid_reduction_ppm": whole(each["prepaid"] * 10**6),
        }
        for each in accounts
    ]
    return columns.from_rows(rows, unit=accounts[0]["unit"])
