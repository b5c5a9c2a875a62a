"""From a validated document to the frozen tables that `caudal.rules` computes with."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from caudal.rules import book as rules_book
from caudal.rules.discounts import AboveCap, Benefit, EarlyPayment
from caudal.rules.percentages import Percentage
from caudal.rules.schedules import AreaBand, Schedule, Tier, WhileInterrupted
from caudal.rules.taxes import Treatment, VatRule
from caudal.tariffs.format.schema import USES

WATER: Final = "water"


def rate_book(document: Mapping[str, Any]) -> rules_book.RateBook:
    """Freeze a document. Uses are always all of `schema.USES`, in that order: their numbers never move.

    :raises OutOfBounds: if the document was not validated
    """
    billed = billed_concepts(document)
    return rules_book.rate_book(
        on=date.fromisoformat(document["effective_from"]),
        uses=USES,
        schedules=[_schedule(row) for row in document["schedules"]],
        percentages=[_percentage(row) for row in document.get("percentages", ())],
        benefits=[_benefit(row) for row in document.get("benefits", ())],
        early_payment=_early_payment(document.get("prepayment")),
        vat=[rule for row in document["vat"] for rule in _vat(row) if rule.concept in billed],
        unit=document.get("volume_unit", "m3"),
        period_days=document.get("proration", {}).get("period_days", 30),
        while_interrupted=WhileInterrupted[document.get("while_interrupted", "as_usual").upper()],
    )


def billed_concepts(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The concepts of every bill, the water first."""
    return tuple(dict.fromkeys([WATER, *(row["concept"] for row in document.get("percentages", ()))]))


def _schedule(row: Mapping[str, Any]) -> Schedule:
    return Schedule(
        code=row["code"],
        fixed_price=row.get("fixed", 0),
        allowance_thousandths=row.get("allowance", 0),
        uniform_price=row.get("uniform", 0),
        tiers=tuple(Tier(tier.get("up_to"), tier["price"]) for tier in row.get("tiers", ())),
        table_prices=tuple(row.get("table", ())),
        table_excess_price=row.get("table_excess", 0),
        flat_price=row.get("flat", 0),
        minimum_price=row.get("minimum", 0),
        area_bands=tuple(AreaBand(band.get("up_to_m2"), band["price"]) for band in row.get("area_bands", ())),
    )


def _percentage(row: Mapping[str, Any]) -> Percentage:
    return Percentage(
        concept=row["concept"],
        ppm=row["percent"],
        of=tuple(row.get("of", (WATER,))),
        uses=_uses(row),
        requires=tuple(row.get("requires", ())),
        after_benefits=row.get("after_benefits", False),
    )


def _benefit(row: Mapping[str, Any]) -> Benefit:
    return Benefit(
        code=row["category"],
        concept=row.get("concept", "benefit"),
        ppm=row["percent"],
        reduces=tuple(row["reduces"]),
        uses=_uses(row),
        cap_thousandths=row.get("cap"),
        above_cap=AboveCap[row.get("above_cap", "first_units_only").upper()],
    )


def _early_payment(row: Mapping[str, Any] | None) -> EarlyPayment | None:
    if row is None:
        return None
    return EarlyPayment(
        concept=row.get("concept", "early_payment"),
        reduces=tuple(row["reduces"]),
        uses=_uses(row),
        stacks=row.get("stacks", False),
    )


def _vat(row: Mapping[str, Any]) -> list[VatRule]:
    treatment = Treatment[row.get("treatment", "taxed").upper()]
    uses = _uses(row) or (None,)
    return [
        VatRule(concept, use, row.get("percent", 0), treatment) for concept in row["concepts"] for use in uses
    ]


def _uses(row: Mapping[str, Any]) -> tuple[str, ...] | None:
    return tuple(row["uses"]) if row.get("uses") else None
