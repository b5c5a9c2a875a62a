"""The order of it all: water → percentages → reductions → VAT → total, for one bill or a million.

Every amount of Caudal's bills comes out of ``compute``; the counter, the simulator and the
monthly run call the same function with columns of different length.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from caudal.rules import bounds, discounts, percentages, tariffs, taxes
from caudal.rules.book import LineKey, RateBook
from caudal.rules.bounds import Int64
from caudal.rules.columns import BillColumns
from caudal.rules.discounts import Grant
from caudal.rules.tariffs import Water

PIECE_ROWS: Final = 16_384  # what a processor's cache holds
NONE_GRANTED: Final = -1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of every bill of a batch (centavos; all zero where an account lacks it).

    ``base_cents`` and ``rate_ppm`` are the working of percentages and reductions; ``quantity``
    is the volume of the water line, in thousandths of the meter's unit. A reduction is negative
    and names what it reduces; its base is the part of that concept which it reaches.
    """

    concept: str
    reduces: str | None
    amount_cents: Int64
    vat_cents: Int64
    base_cents: Int64
    rate_ppm: Int64
    quantity: Int64


@dataclass(frozen=True, slots=True)
class Statement:
    """Bills as columns: the lines of the book in printing order, and their sums (centavos).

    ``granted`` says which of the reductions that compete each row got: a row of
    ``book.reductions``, or ``NONE_GRANTED``. An early payment that stacks is not among them.
    """

    lines: tuple[Line, ...]
    granted: Int64
    subtotal_cents: Int64
    vat_cents: Int64
    total_cents: Int64
    water: Water

    def line(self, concept: str, *, reduces: str | None = None) -> Line:
        """Give a line by what it is.

        :raises KeyError: if the book has no such line
        """
        for line in self.lines:
            if (line.concept, line.reduces) == (concept, reduces):
                return line
        raise KeyError((concept, reduces))


def compute(*, columns: BillColumns, book: RateBook) -> Statement:
    """Compute the bills of a batch.

    :raises OutOfBounds: if a column points outside the book, or an amount is absurd
    """
    _check(columns, book)
    water = tariffs.water(columns=columns, schedules=book.schedules)
    lines = tuple(_empty(key, len(columns)) for key in book.lines)
    granted = np.full(len(columns), NONE_GRANTED, dtype=np.int64)
    for rows in _pieces(len(columns)):
        windows = [_window(line, rows) for line in lines]
        _Piece(columns.take(rows), book, windows, granted[rows]).fill(water.cents_of(rows))
    subtotal_cents = _sum([line.amount_cents for line in lines], len(columns))
    vat_cents = _sum([line.vat_cents for line in lines], len(columns))
    return Statement(
        lines=lines,
        granted=granted,
        subtotal_cents=subtotal_cents,
        vat_cents=vat_cents,
        total_cents=subtotal_cents + vat_cents,
        water=water,
    )


class _Piece:
    """A stretch of rows being filled in; its lines are windows on those of the whole."""

    def __init__(self, columns: BillColumns, book: RateBook, lines: Sequence[Line], granted: Int64) -> None:
        self.columns, self.book, self.lines, self.granted = columns, book, lines, granted
        self.line_of = dict(zip(book.lines, lines, strict=True))

    def fill(self, water_cents: Int64) -> None:
        """Follow the order of the law."""
        self.lines[0].amount_cents[:] = water_cents
        self.lines[0].quantity[:] = self.columns.consumption_thousandths
        amounts = [np.zeros_like(water_cents) for _ in self.book.concepts]
        amounts[0] = water_cents
        self._charge_percentages(amounts, after_benefits=False)
        for grant in self._largest(amounts):
            self.granted[grant.rows] = grant.reduction
            self._reduce(amounts, grant)
        if self.book.reductions.stacks:
            self._reduce(amounts, self._early_payment(amounts))
        self._charge_percentages(amounts, after_benefits=True)
        self._tax()

    def _charge_percentages(self, amounts: list[Int64], *, after_benefits: bool) -> None:
        for rule in self.book.percentages:
            if rule.after_benefits != after_benefits:
                continue
            part = percentages.part(columns=self.columns, rule=rule, amounts=amounts)
            line = self.lines[rule.concept]
            line.amount_cents[:] = part.amount_cents
            line.base_cents[:] = part.base_cents
            line.rate_ppm[:] = part.rate_ppm
            amounts[rule.concept] = part.amount_cents

    def _largest(self, gross: Sequence[Int64]) -> list[Grant]:
        """Compute the reductions that compete, and keep the largest of each row."""
        rivals = [
            discounts.benefit_grant(
                columns=self.columns,
                chosen=chosen,
                amounts=gross,
                reductions=self.book.reductions,
                schedules=self.book.schedules,
                rules=self.book.percentages,
            )
            for chosen in (self.columns.benefit, self.columns.rival_benefit)
            if chosen.any()
        ]
        if not self.book.reductions.stacks:
            rivals.append(self._early_payment(gross))
        return discounts.largest(rivals, length=len(self.columns))

    def _early_payment(self, amounts: Sequence[Int64]) -> Grant:
        return discounts.early_payment_grant(
            columns=self.columns, amounts=amounts, reductions=self.book.reductions
        )

    def _reduce(self, amounts: list[Int64], grant: Grant) -> None:
        """Write a grant as negative lines, and leave in ``amounts`` what remains."""
        names = self.book.reductions.concepts
        for number in np.unique(grant.reduction):
            mine = grant.keep(grant.reduction == number)
            for concept, touched in enumerate(self.book.reductions.touches[number]):
                if touched:
                    key = LineKey(names[number], self.book.concepts[concept])
                    _write(self.line_of[key], mine, concept)
                    amounts[concept] = amounts[concept].copy()
                    amounts[concept][mine.rows] -= mine.cents[concept]

    def _tax(self) -> None:
        for key, line in self.line_of.items():
            line.vat_cents[:] = taxes.vat(
                amount_cents=line.amount_cents,
                table=self.book.vat,
                concept=self.book.concepts.index(key.reduces or key.concept),
                use=self.columns.use,
            )


def _write(line: Line, grant: Grant, concept: int) -> None:
    """Write the rows really reduced; where nothing is taken off there is nothing to explain."""
    taken = grant.keep(grant.cents[concept] > 0)
    line.amount_cents[taken.rows] = -taken.cents[concept]
    line.base_cents[taken.rows] = taken.base_cents[concept]
    line.rate_ppm[taken.rows] = taken.rate_ppm


def _check(columns: BillColumns, book: RateBook) -> None:
    bounds.require_between(columns.schedule, 0, len(book.schedules) - 1, column="schedule")
    bounds.require_between(columns.use, 0, len(book.uses) - 1, column="use")
    for name in ("benefit", "rival_benefit"):
        bounds.require_between(getattr(columns, name), 0, len(book.benefits), column=name)


def _pieces(length: int) -> Iterator[slice]:
    for start in range(0, length, PIECE_ROWS):
        yield slice(start, min(start + PIECE_ROWS, length))


def _empty(key: LineKey, length: int) -> Line:
    return Line(key.concept, key.reduces, *(np.zeros(length, dtype=np.int64) for _ in range(5)))


def _window(line: Line, rows: slice) -> Line:
    return Line(
        line.concept,
        line.reduces,
        line.amount_cents[rows],
        line.vat_cents[rows],
        line.base_cents[rows],
        line.rate_ppm[rows],
        line.quantity[rows],
    )


def _sum(columns: Sequence[Int64], length: int) -> Int64:
    total = np.zeros(length, dtype=np.int64)
    for column in columns:
        total += column
    return total
