"""A rate book ready to compute: everything a bill needs besides the facts of the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from caudal.rules import discounts, taxes
from caudal.rules import percentages as percentage_rules
from caudal.rules import schedules as price_lists
from caudal.rules.bounds import OutOfBounds
from caudal.rules.discounts import Benefit, EarlyPayment, Reductions
from caudal.rules.percentages import Percentage, PercentageRule
from caudal.rules.schedules import Schedule, Schedules, WhileInterrupted
from caudal.rules.taxes import VatRule, VatTable


@dataclass(frozen=True, slots=True)
class LineKey:
    """What a line of the bill is: a concept, and the concept it reduces if it is a reduction."""

    concept: str
    reduces: str | None = None


@dataclass(frozen=True, slots=True)
class RateBook:
    """The frozen tables of one day. ``lines`` are those of every bill, in printing order."""

    uses: tuple[str, ...]
    concepts: tuple[str, ...]  # charged; the water first
    schedules: Schedules
    percentages: tuple[PercentageRule, ...]
    reductions: Reductions
    vat: VatTable
    lines: tuple[LineKey, ...]

    @property
    def benefits(self) -> tuple[str, ...]:
        """Codes of the benefits; an account's benefit column holds 1 + index, 0 for none."""
        return tuple(code for code in self.reductions.codes if code)

    def use(self, code: str) -> int:
        """Give the number of a use by its code.

        :raises OutOfBounds: if the book does not have it
        """
        return _index(self.uses, code, column="use")

    def benefit(self, code: str | None) -> int:
        """Give the number of a benefit for its column (0 for None).

        :raises OutOfBounds: if the book does not have it
        """
        return 0 if code is None else 1 + _index(self.benefits, code, column="benefit")


def rate_book(
    *,
    on: date,
    uses: Sequence[str],
    schedules: Sequence[Schedule],
    vat: Sequence[VatRule],
    percentages: Sequence[Percentage] = (),
    benefits: Sequence[Benefit] = (),
    early_payment: EarlyPayment | None = None,
    unit: str = "m3",
    period_days: int = 30,
    while_interrupted: WhileInterrupted = WhileInterrupted.AS_USUAL,
    water_concept: str = "water",
) -> RateBook:
    """Build the book in force on a day from plain values (see each type for its units).

    :raises OutOfBounds: naming the tariff, concept or benefit that cannot be computed with
    """
    if not uses or len(set(uses)) != len(uses):
        raise OutOfBounds("cada uso debe tener su clave, sin repetir", column="uses")
    concepts, rules = percentage_rules.freeze(percentages, water_concept=water_concept, uses=tuple(uses))
    reducible = [True, *(not rule.after_benefits for rule in rules)]
    reductions = discounts.freeze(
        benefits, early_payment, reducible=reducible, concepts=concepts, uses=tuple(uses)
    )
    return RateBook(
        uses=tuple(uses),
        concepts=concepts,
        schedules=price_lists.freeze(
            schedules, unit=unit, period_days=period_days, while_interrupted=while_interrupted
        ),
        percentages=rules,
        reductions=reductions,
        vat=taxes.vat_table(vat, concepts=concepts, uses=tuple(uses), on=on),
        lines=_lines(concepts, reductions),
    )


def _lines(concepts: Sequence[str], reductions: Reductions) -> tuple[LineKey, ...]:
    """Order the lines: charges first, then each reduction beside the concepts it may touch."""
    keys = [LineKey(concept) for concept in concepts]
    for name in dict.fromkeys(reductions.concepts):
        touched = [
            any(
                reductions.touches[row, number]
                for row, each in enumerate(reductions.concepts)
                if each == name
            )
            for number in range(len(concepts))
        ]
        keys += [LineKey(name, c) for c, is_touched in zip(concepts, touched, strict=True) if is_touched]
    return tuple(keys)


def _index(codes: Sequence[str], code: str, *, column: str) -> int:
    if code not in codes:
        raise OutOfBounds("el libro no lo tiene", column=column, value=code)
    return codes.index(code)
