"""Value-added tax by concept, use and date.

Source: facts to be held as dated data. LIVA art. 2-A-II-h puts the supply of water for domestic
use at 0 %; the Supreme Court (2a./J. 29/2011) keeps sewerage out of that rate: 16 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from caudal.rules import bounds, money
from caudal.rules.bounds import Int64, OutOfBounds
from caudal.rules.periods import DateRange


class Treatment(IntEnum):
    """How the tax sees a concept. A zero rate is still a rate; the other two have none."""

    TAXED = 0
    EXEMPT = 1
    NOT_OBJECT = 2


@dataclass(frozen=True, slots=True)
class VatRule:
    """Rate of a concept for a use (None: for every use) while it is in force."""

    concept: str
    use: str | None
    ppm: int = 0
    treatment: Treatment = Treatment.TAXED
    effective_from: date = date.min
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class VatTable:
    """Rates and treatments of one day, by concept and use."""

    concepts: tuple[str, ...]
    ppm: Int64  # [concept, use]
    treatment: Int64  # [concept, use]


def vat_table(
    rules: Sequence[VatRule], *, concepts: Sequence[str], uses: Sequence[str], on: date
) -> VatTable:
    """Choose the rates in force on a day. A rule for one use goes before a rule for every use.

    :raises OutOfBounds: if a concept and use have no rule, or two; if a rule names a concept or a
        use that the book does not have; if an untaxed concept is given a rate
    """
    for rule in rules:
        _check(rule, concepts, uses)
    in_force = [rule for rule in rules if DateRange(rule.effective_from, rule.effective_to).contains(on)]
    chosen = [[_rule_for(in_force, concept, use) for use in uses] for concept in concepts]
    return VatTable(
        concepts=tuple(concepts),
        ppm=np.array([[rule.ppm for rule in row] for row in chosen], dtype=np.int64),
        treatment=np.array([[rule.treatment for rule in row] for row in chosen], dtype=np.int64),
    )


def vat(*, amount_cents: Int64, table: VatTable, concept: int, use: Int64) -> Int64:
    """Tax one line (centavos). The tax of a reduction is that of the concept it reduces."""
    rates = table.ppm[concept]
    if not rates.any():
        return np.zeros_like(amount_cents)
    return money.share_of(amount_cents, ppm=rates[use])


def _check(rule: VatRule, concepts: Sequence[str], uses: Sequence[str]) -> None:
    where = f"IVA de {rule.concept}"
    bounds.require_scalar(rule.ppm, 0, bounds.MAX_PPM, name=where)
    if rule.concept not in concepts:
        raise OutOfBounds("el libro no cobra ese concepto", column="IVA", value=rule.concept)
    if rule.use is not None and rule.use not in uses:
        raise OutOfBounds("el libro no tiene ese uso", column=where, value=rule.use)
    if rule.treatment != Treatment.TAXED and rule.ppm:
        raise OutOfBounds("exento o no objeto no lleva tasa", column=where, value=rule.ppm)


def _rule_for(rules: Sequence[VatRule], concept: str, use: str) -> VatRule:
    of_concept = [rule for rule in rules if rule.concept == concept]
    candidates = [rule for rule in of_concept if rule.use == use]
    candidates = candidates or [rule for rule in of_concept if rule.use is None]
    if len(candidates) != 1:
        problem = "no tiene tasa" if not candidates else "tiene dos tasas a la vez"
        raise OutOfBounds(f"{problem} para el uso {use}", column=f"IVA de {concept}")
    return candidates[0]
