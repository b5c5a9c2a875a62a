"""Concepts charged as a percentage of others: sewerage, treatment, infrastructure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from caudal.rules import bounds, money
from caudal.rules.bounds import Int64, Mask, OutOfBounds
from caudal.rules.columns import BillColumns

CONDITIONS: Final = ("has_sewerage", "is_metered")


@dataclass(frozen=True, slots=True)
class Percentage:
    """Charge ``ppm`` of the sum of the concepts ``of``, to the uses and services it applies to.

    A concept may be written several times, with another rate for other uses. With
    ``after_benefits`` its base is what remains of the base concepts once they are reduced.
    """

    concept: str
    ppm: int
    of: tuple[str, ...] = ("water",)
    uses: tuple[str, ...] | None = None  # None: all
    requires: tuple[str, ...] = ()  # of CONDITIONS
    after_benefits: bool = False


@dataclass(frozen=True, slots=True)
class PercentageRule:
    """A percentage ready to compute: concepts as indexes, one rate per use (0: not charged)."""

    concept: int
    of: tuple[int, ...]
    ppm_by_use: Int64
    requires: tuple[str, ...]
    after_benefits: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A percentage line of a batch, with its working (amounts in centavos)."""

    amount_cents: Int64
    base_cents: Int64
    rate_ppm: Int64


def freeze(
    percentages: Sequence[Percentage], *, water_concept: str, uses: Sequence[str]
) -> tuple[tuple[str, ...], tuple[PercentageRule, ...]]:
    """Check percentages and give the book's concepts (water first) and one rule per concept.

    :raises OutOfBounds: unknown use, condition or base; a base written later than what it bears;
        two rates for one use; a concept whose versions differ in more than uses and rate
    """
    concepts = list(dict.fromkeys([water_concept, *(each.concept for each in percentages)]))
    rules: list[PercentageRule] = []
    for number, concept in enumerate(concepts[1:], start=1):
        versions = [each for each in percentages if each.concept == concept]
        first = versions[0]
        if any(_terms(each) != _terms(first) for each in versions):
            raise OutOfBounds("dos versiones difieren en más que uso y tasa", column=concept)
        _check_conditions(first, concepts[:number])
        rules.append(
            PercentageRule(
                concept=number,
                of=tuple(concepts.index(base) for base in first.of),
                ppm_by_use=_rates(versions, uses),
                requires=first.requires,
                after_benefits=first.after_benefits,
            )
        )
    _check_order(rules, concepts)
    return tuple(concepts), tuple(rules)


def part(*, columns: BillColumns, rule: PercentageRule, amounts: Sequence[Int64]) -> Part:
    """Charge one percentage on amounts by concept (centavos)."""
    base = amounts[rule.of[0]]
    for concept in rule.of[1:]:
        base = base + amounts[concept]
    rate = rule.ppm_by_use[columns.use]
    for condition in rule.requires:
        mask: Mask = getattr(columns, condition)
        rate = np.where(mask, rate, 0)
    return Part(amount_cents=money.share_of(base, ppm=rate), base_cents=base, rate_ppm=rate)


def _terms(each: Percentage) -> tuple[object, ...]:
    return (each.of, each.requires, each.after_benefits)


def _check_conditions(each: Percentage, earlier: Sequence[str]) -> None:
    for condition in each.requires:
        if condition not in CONDITIONS:
            raise OutOfBounds("condición desconocida", column=each.concept, value=condition)
    for base in each.of:
        if base not in earlier:
            raise OutOfBounds("su base debe ir escrita antes", column=each.concept, value=base)
    if not each.of:
        raise OutOfBounds("no dice sobre qué se cobra", column=each.concept)


def _check_order(rules: Sequence[PercentageRule], concepts: Sequence[str]) -> None:
    """Refuse a gross percentage of a net one: the net one is not known yet."""
    net = {rule.concept for rule in rules if rule.after_benefits}
    for rule in rules:
        if not rule.after_benefits and net.intersection(rule.of):
            raise OutOfBounds(
                "se cobra antes de descuentos sobre un concepto que va después",
                column=concepts[rule.concept],
            )


def _rates(versions: Sequence[Percentage], uses: Sequence[str]) -> Int64:
    rates = np.full(len(uses), -1, dtype=np.int64)
    for each in versions:
        bounds.require_scalar(each.ppm, 0, bounds.MAX_PPM, name=each.concept)
        for use in uses if each.uses is None else each.uses:
            if use not in uses:
                raise OutOfBounds("el libro no tiene ese uso", column=each.concept, value=use)
            if rates[uses.index(use)] >= 0:
                raise OutOfBounds("dos tasas para el mismo uso", column=each.concept, value=use)
            rates[uses.index(use)] = each.ppm
    return np.maximum(rates, 0)
