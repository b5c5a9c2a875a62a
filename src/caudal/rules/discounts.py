"""Reductions: benefits of vulnerable persons and of early payment. Each is its own negative line.

Of several benefits for which an account qualifies only the largest is granted. A benefit may
reach only a first volume; above it, the book says what happens (``AboveCap``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from caudal.rules import bounds, money, tariffs
from caudal.rules.bounds import Int64, Mask, OutOfBounds
from caudal.rules.columns import BillColumns
from caudal.rules.percentages import PercentageRule, part
from caudal.rules.schedules import Schedules


class AboveCap(IntEnum):
    """What a benefit reduces when a metered service passes its volume."""

    FIRST_UNITS_ONLY = 0  # only what the bill would cost at the cap
    VOID = 1  # nothing
    WHOLE = 2  # the whole bill, as if there were no cap


@dataclass(frozen=True, slots=True)
class Benefit:
    """Reduce some concepts by ``ppm``, as a line of concept ``concept``.

    The cap is a volume per period in thousandths of the book's unit, scaled by the days of the
    bill; None leaves the benefit without one. Flat service is never above it.
    """

    code: str
    concept: str
    ppm: int
    reduces: tuple[str, ...]
    uses: tuple[str, ...] | None = None  # None: all
    cap_thousandths: int | None = None
    above_cap: AboveCap = AboveCap.FIRST_UNITS_ONLY


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """Reduce some concepts of a month paid in advance, by the ppm its column brings.

    It competes with benefits (the largest wins) unless ``stacks``: then it reduces what they leave.
    """

    concept: str
    reduces: tuple[str, ...]
    uses: tuple[str, ...] | None = None
    stacks: bool = False


@dataclass(frozen=True, slots=True)
class Reductions:
    """All reductions of a book as tables; the last row is the early payment, if there is one."""

    codes: tuple[str, ...]
    concepts: tuple[str, ...]  # reduction concept of each row
    ppm: Int64
    cap_thousandths: Int64  # tariffs.NO_CAP if none
    above_cap: Int64
    touches: Mask  # [reduction, concept]
    is_eligible: Mask  # [reduction, use]
    early_payment: int | None  # its row
    stacks: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """A reduction for some rows: what it reduces and by how much, by concept (centavos)."""

    rows: Int64
    reduction: Int64  # row of the book's Reductions, per row
    rate_ppm: Int64
    base_cents: list[Int64]  # [concept] amount it reaches
    cents: list[Int64]  # [concept] reduction, positive

    def total_cents(self, length: int) -> Int64:
        """Give what each row of a batch of ``length`` would be reduced by (centavos)."""
        total = np.zeros(length, dtype=np.int64)
        for cents in self.cents:
            total[self.rows] += cents
        return total

    def keep(self, mask: Mask) -> "Grant":
        """Give the grant of some of its rows only."""
        return Grant(
            rows=self.rows[mask],
            reduction=self.reduction[mask],
            rate_ppm=self.rate_ppm[mask],
            base_cents=[base[mask] for base in self.base_cents],
            cents=[cents[mask] for cents in self.cents],
        )


def freeze(
    benefits: Sequence[Benefit],
    early_payment: EarlyPayment | None,
    *,
    reducible: Sequence[bool],
    concepts: Sequence[str],
    uses: Sequence[str],
) -> Reductions:
    """Check the reductions of a book and turn them into tables.

    :raises OutOfBounds: repeated code, unknown use or concept, a concept that already is charged
        on reduced amounts, a rate above the whole
    """
    rows: list[Benefit] = list(benefits)
    if early_payment is not None:
        early = early_payment
        rows.append(Benefit("", early.concept, 0, early.reduces, early.uses))
    if len({row.code for row in rows}) != len(rows):
        raise OutOfBounds("una clave de beneficio se repite o está vacía", column="benefits")
    for row in rows:
        _check(row, concepts, uses, reducible)
    if early_payment is not None and early_payment.stacks:
        _check_apart(early_payment, benefits)
    return Reductions(
        codes=tuple(row.code for row in rows),
        concepts=tuple(row.concept for row in rows),
        ppm=_column([row.ppm for row in rows]),
        cap_thousandths=_column(
            [tariffs.NO_CAP if row.cap_thousandths is None else row.cap_thousandths for row in rows]
        ),
        above_cap=_column([row.above_cap for row in rows]),
        touches=_grid([[each in row.reduces for each in concepts] for row in rows]),
        is_eligible=_grid([[row.uses is None or use in row.uses for use in uses] for row in rows]),
        early_payment=None if early_payment is None else len(rows) - 1,
        stacks=early_payment is not None and early_payment.stacks,
    )


def benefit_grant(
    *,
    columns: BillColumns,
    chosen: Int64,
    amounts: Sequence[Int64],
    reductions: Reductions,
    schedules: Schedules,
    rules: Sequence[PercentageRule],
) -> Grant:
    """Compute a benefit column (1 + row of the book; 0 for none) on amounts by concept."""
    rows = np.flatnonzero(chosen > 0)
    rows = rows[reductions.is_eligible[chosen[rows] - 1, columns.use[rows]]]
    number = chosen[rows] - 1
    reached = [amount[rows] for amount in amounts]
    _lower_above_cap(reached, columns.take(rows), number, reductions, schedules, rules)
    return _grant(rows, number, reductions.ppm[number], reached, reductions)


def early_payment_grant(*, columns: BillColumns, amounts: Sequence[Int64], reductions: Reductions) -> Grant:
    """Compute the early-payment reduction of the rows that bring one, on amounts by concept."""
    ppm, early = columns.prepaid_reduction_ppm, reductions.early_payment
    rows = np.flatnonzero(ppm > 0)
    if early is None and rows.size:
        problem = "el libro no prevé reducción por pago anticipado"
        raise OutOfBounds(problem, column="prepaid_reduction_ppm", row=int(rows[0]))
    number = 0 if early is None else early
    if rows.size:
        rows = rows[reductions.is_eligible[number, columns.use[rows]]]
    reached = [amount[rows] for amount in amounts]
    return _grant(rows, np.full(rows.size, number), ppm[rows], reached, reductions)


def largest(grants: Sequence[Grant], *, length: int) -> list[Grant]:
    """Keep, for each row, only the grant that reduces most, if any does; on a tie, the first."""
    if not grants:
        return []
    totals = np.stack([grant.total_cents(length) for grant in grants])
    winner = np.where(totals.max(axis=0) > 0, np.argmax(totals, axis=0), -1)
    return [grant.keep(winner[grant.rows] == number) for number, grant in enumerate(grants)]


def _lower_above_cap(
    reached: list[Int64],
    columns: BillColumns,
    number: Int64,
    reductions: Reductions,
    schedules: Schedules,
    rules: Sequence[PercentageRule],
) -> None:
    """Replace what a benefit reaches in the rows above its cap, as the book says."""
    cap, policy = reductions.cap_thousandths[number], reductions.above_cap[number]
    capped = (cap != tariffs.NO_CAP) & columns.is_metered & (policy != AboveCap.WHOLE)
    over = np.flatnonzero(capped)
    over = over[tariffs.exceeds(columns.take(over), schedules, cap[over])]
    if over.size == 0:
        return
    above = columns.take(over)
    water = tariffs.water(columns=above, schedules=schedules, cap_thousandths=cap[over])
    at_cap = [np.zeros(over.size, dtype=np.int64) for _ in reached]
    at_cap[0] = water.cents_of(slice(None))
    for rule in rules:
        if not rule.after_benefits:
            at_cap[rule.concept] = part(columns=above, rule=rule, amounts=at_cap).amount_cents
    for amount, lowered in zip(reached, at_cap, strict=True):
        amount[over] = np.where(policy[over] == AboveCap.VOID, 0, lowered)


def _grant(rows: Int64, number: Int64, ppm: Int64, reached: list[Int64], reductions: Reductions) -> Grant:
    touches = reductions.touches
    cents = [
        np.where(touches[number, concept], money.share_of(base, ppm=ppm), 0)
        for concept, base in enumerate(reached)
        if touches.size
    ]
    return Grant(rows=rows, reduction=number, rate_ppm=ppm, base_cents=reached, cents=cents)


def _check(row: Benefit, concepts: Sequence[str], uses: Sequence[str], reducible: Sequence[bool]) -> None:
    where = f"beneficio {row.code}" if row.code else "pago anticipado"
    bounds.require_scalar(row.ppm, 0, bounds.MAX_PPM, name=where)
    if row.cap_thousandths is not None:
        bounds.require_scalar(row.cap_thousandths, 0, bounds.MAX_THOUSANDTHS, name=where)
    for use in row.uses or ():
        if use not in uses:
            raise OutOfBounds("el libro no tiene ese uso", column=where, value=use)
    for concept in row.reduces:
        if concept not in concepts:
            raise OutOfBounds("el libro no cobra ese concepto", column=where, value=concept)
        if not reducible[concepts.index(concept)]:
            raise OutOfBounds("ese concepto ya se cobra sobre lo reducido", column=where, value=concept)
    if not row.reduces or row.concept in concepts:
        raise OutOfBounds("debe reducir conceptos del libro bajo otro propio", column=where)


def _check_apart(early_payment: EarlyPayment, benefits: Sequence[Benefit]) -> None:
    """Refuse a stacking reduction that would share a line with a benefit."""
    if any(benefit.concept == early_payment.concept for benefit in benefits):
        raise OutOfBounds(
            "si se suma a los beneficios debe tener su propio concepto",
            column="pago anticipado",
            value=early_payment.concept,
        )


def _column(values: Sequence[int]) -> Int64:
    return np.array(values, dtype=np.int64)


def _grid(values: Sequence[Sequence[bool]]) -> Mask:
    return np.array(values, dtype=np.bool_)
