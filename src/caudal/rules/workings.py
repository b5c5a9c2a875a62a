"""The arithmetic shown on the bill, read from the very columns the amount came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from caudal.rules import money
from caudal.rules.tariffs import Water


class StepKind(StrEnum):
    """What a step of the water charge is."""

    FIXED = "fixed"
    FLAT = "flat"
    TABLE = "table"
    AREA = "area"
    TIER = "tier"
    MINIMUM = "minimum"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: so many units at such a price.

    Volumes in thousandths of the book's unit, already scaled by the days (rounded to show them);
    prices in ten-thousandths of a peso; amounts in centavos. The steps of a bill add up to its
    water line: each shows the centavos by which the running sum, rounded, moved.
    """

    kind: StepKind
    amount_cents: int
    quantity_thousandths: int = 0
    from_thousandths: int = 0
    to_thousandths: int | None = None
    unit_price: int = 0


_PARTS: Final = (StepKind.FIXED, StepKind.FLAT, StepKind.TABLE, StepKind.AREA)


def water_steps(*, water: Water, row: int) -> tuple[Step, ...]:
    """Explain the water charge of one row of a batch."""
    return case_steps(water=water, case=int(water.case_of_row[row]))


def case_steps(*, water: Water, case: int) -> tuple[Step, ...]:
    """Explain one case; rows with the same case share it (``water.case_of_row``)."""
    steps: list[Step] = []
    exact, shown = 0, 0
    for kind, tier, numerator in _numerators(water, case):
        exact += numerator
        cents = money.divide_half_away(exact, water.divisor)
        step = Step(kind, cents - shown) if tier is None else _tier(water, case, tier, cents - shown)
        steps.append(step)
        shown = cents
    return tuple(steps)


def _numerators(water: Water, case: int) -> Iterator[tuple[StepKind, int | None, int]]:
    """Give the parts that are not zero, in printing order, over ``water.divisor``."""
    for kind in _PARTS:
        if part := int(getattr(water, kind.value)[case]):
            yield kind, None, part
    for tier, atoms in enumerate(water.tier_atoms[case]):
        if atoms:
            yield StepKind.TIER, tier, int(atoms) * int(water.tier_price[case, tier])
    if missing := int(water.minimum[case]):
        yield StepKind.MINIMUM, None, missing


def _tier(water: Water, case: int, tier: int, cents: int) -> Step:
    starts = [int(start) for start in water.tier_from[case]]
    following = [start for start in starts[tier + 1 :] if start > starts[tier]]
    return Step(
        kind=StepKind.TIER,
        amount_cents=cents,
        quantity_thousandths=_thousandths(water, int(water.tier_atoms[case, tier])),
        from_thousandths=_thousandths(water, starts[tier]),
        to_thousandths=_thousandths(water, following[0]) if following else None,
        unit_price=int(water.tier_price[case, tier]),
    )


def _thousandths(water: Water, atoms: int) -> int:
    return money.divide_half_away(atoms, water.atoms_per_thousandth)
