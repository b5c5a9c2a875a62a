"""What the old system billed each month of a meter, from its readings. Pure arithmetic, nothing is made up:
a month without a reading gets what the next one leaves over, because that is what it was billed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from caudal.intake.rehearsal.rows import ReadingRow
from caudal.rules import money
from caudal.rules.periods import Period

REAL, ESTIMATED = 1, 2
UNKNOWN = -1
MEAN_OVER = 12
MOST_DAYS = 32_767


@dataclass(frozen=True, slots=True)
class ConsumptionRow:
    """One month, with the columns of `metering.Consumption`."""

    period: int
    consumption_m3: int
    basis: int
    previous_reading: int
    current_reading: int
    previous_on: date
    current_on: date
    exception_code: int
    estimated_periods: int = 0
    mean_m3: int = UNKNOWN
    doubts: int = 0  # it was billed: nobody has to look again
    service_point_id: int = 0
    installation_id: int = 0

    @property
    def days(self) -> int:
        return (
            0
            if self.previous_reading == UNKNOWN
            else min(MOST_DAYS, max(0, (self.current_on - self.previous_on).days))
        )

    def at(self, *, point: int, installation: int) -> Self:
        """The same month at a service point."""
        return replace(self, service_point_id=point, installation_id=installation)


def consumption_of(rows: Iterable[ReadingRow]) -> list[ConsumptionRow]:
    """The months of one meter in order. Unread months at the end, whose m³ nobody knows, are left out."""
    months: list[ConsumptionRow] = []
    unread: list[ReadingRow] = []
    before: ReadingRow | None = None
    for row in sorted(rows, key=lambda each: each.period):
        if row.value is None:
            unread.append(row)
            continue
        months += _stretch(before, unread, row)
        before, unread = row, []
    return _with_means(months)


def _stretch(before: ReadingRow | None, unread: list[ReadingRow], row: ReadingRow) -> list[ConsumptionRow]:
    """The months from one reading to the next: those that were not read, and the one that was."""
    value = row.value or 0
    if before is None or before.value is None:
        return (
            [_real(row, row.consumption_m3, UNKNOWN, row.read_on)] if row.consumption_m3 is not None else []
        )
    moved = value - before.value
    is_next = Period(before.period).shift(len(unread) + 1) == row.period
    billed = row.consumption_m3
    if billed is None:
        return [_real(row, moved, before.value, before.read_on)] if is_next and not unread else []
    left_over = moved - billed
    if not unread or not is_next or left_over < 0:
        previous = before.value if is_next and not unread else UNKNOWN
        return [_real(row, billed, previous, before.read_on)]
    estimated = _estimated(before, unread, left_over)
    last = estimated[-1]
    return [*estimated, _real(row, billed, last.current_reading, last.current_on)]


def _real(row: ReadingRow, m3: int, previous: int, previous_on: date) -> ConsumptionRow:
    return ConsumptionRow(
        row.period, m3, REAL, previous, row.value or 0, previous_on, row.read_on, int(row.observation)
    )


def _estimated(before: ReadingRow, unread: list[ReadingRow], left_over: int) -> list[ConsumptionRow]:
    """Split what the dial moved beyond the billed month evenly among the months that were not read."""
    months: list[ConsumptionRow] = []
    standing, since = before.value or 0, before.read_on
    shares = money.split_evenly(left_over, parts=len(unread))
    for number, (row, m3) in enumerate(zip(unread, shares, strict=True), start=1):
        months.append(
            ConsumptionRow(row.period, m3, ESTIMATED, standing, standing + m3, since, row.read_on,
                           int(row.observation), estimated_periods=number)
        )  # fmt: skip
        standing, since = standing + m3, row.read_on
    return months


def _with_means(months: list[ConsumptionRow]) -> list[ConsumptionRow]:
    """Give each month the mean of up to twelve real ones before it, to whole m³."""
    real: list[int] = []
    told: list[ConsumptionRow] = []
    for month in months:
        recent = real[-MEAN_OVER:]
        mean = money.divide_half_away(sum(recent), len(recent)) if recent else UNKNOWN
        told.append(replace(month, mean_m3=mean))
        if month.basis == REAL:
            real.append(month.consumption_m3)
    return told
