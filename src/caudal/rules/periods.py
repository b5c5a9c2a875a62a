"""Months, half-open stretches of days, and how late is late."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

import numpy as np

from caudal.rules.bounds import Int64, OutOfBounds

NO_PERIOD: Final = 0  # one-off charges belong to no month

# Ordinal of 1970-01-01, where NumPy starts to count days.
_NUMPY_EPOCH: Final = date(1970, 1, 1).toordinal()


class Period(int):
    """A month billed, written YYYYMM (201901 is January 2019). It is that integer."""

    __slots__ = ()

    def __new__(cls, value: int) -> Self:
        """Check that ``value`` is a month.

        :raises OutOfBounds: if it is not a YYYYMM between 190001 and 299912
        """
        year, month = divmod(int(value), 100)
        if not (1900 <= year <= 2999 and 1 <= month <= 12):
            raise OutOfBounds("no es un mes AAAAMM", column="period", value=int(value))
        return super().__new__(cls, value)

    @classmethod
    def of(cls, on: date) -> Self:
        """Give the month in which a day falls."""
        return cls(on.year * 100 + on.month)

    @property
    def year(self) -> int:
        """The four-digit year."""
        return int(self) // 100

    @property
    def month(self) -> int:
        """The month, 1 to 12."""
        return int(self) % 100

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.next().first_day - timedelta(days=1)

    def shift(self, months: int) -> Self:
        """Give the month so many months later (earlier, if negative)."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(year * 100 + month + 1)

    def next(self) -> Self:
        """Give the month after."""
        return self.shift(1)

    def previous(self) -> Self:
        """Give the month before."""
        return self.shift(-1)

    def months_until(self, other: "Period") -> int:
        """Count the months from this one to ``other`` (negative if it is earlier)."""
        return (other.year - self.year) * 12 + other.month - self.month


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from ``effective_from`` to the eve of ``effective_to``; open if that is None."""

    effective_from: date
    effective_to: date | None = None

    def __post_init__(self) -> None:
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise OutOfBounds(
                "debe terminar después de empezar", column="effective_to", value=self.effective_to
            )

    def contains(self, on: date) -> bool:
        """Tell whether a day falls inside; the upper bound does not."""
        return self.effective_from <= on and (self.effective_to is None or on < self.effective_to)

    def overlaps(self, other: "DateRange") -> bool:
        """Tell whether the two share at least one day."""
        starts_before = other.effective_to is None or self.effective_from < other.effective_to
        ends_after = self.effective_to is None or other.effective_from < self.effective_to
        return starts_before and ends_after

    @property
    def days(self) -> int | None:
        """Number of days, or None while it is open."""
        return None if self.effective_to is None else (self.effective_to - self.effective_from).days


def months_late(*, due_on: date, on: date) -> int:
    """Count months or fractions late. The first begins on the day after ``due_on``.

    Due 15 January: 0 on the 15th, 1 from the 16th through 15 February, 2 from 16 February.
    """
    first_late_day = due_on + timedelta(days=1)
    if on < first_late_day:
        return 0
    whole = (on.year - first_late_day.year) * 12 + on.month - first_late_day.month
    return whole + 1 if on.day >= first_late_day.day else whole


def months_late_columns(*, due_ordinals: Int64, on: date) -> Int64:
    """Count months or fractions late for a column of due days.

    ``due_ordinals`` are ``date.toordinal()`` (in SQL: ``due_on - date '0001-01-01' + 1``).
    """
    month, day = month_and_day(due_ordinals + 1)
    whole = on.year * 12 + on.month - 1 - month
    late = np.where(day <= on.day, whole + 1, whole)
    return np.where(due_ordinals < on.toordinal(), late, 0)


def month_and_day(ordinals: Int64) -> tuple[Int64, Int64]:
    """Split day ordinals into months since year 0 (year × 12 + month − 1) and day of month."""
    days = (ordinals - _NUMPY_EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return months.astype(np.int64) + 1970 * 12, day


def monthly_dates(*, first_on: date, count: int) -> tuple[date, ...]:
    """Give ``count`` dates a month apart; a day the month lacks becomes its last day."""
    dates = []
    for number in range(count):
        month = Period.of(first_on).shift(number)
        last = calendar.monthrange(month.year, month.month)[1]
        dates.append(date(month.year, month.month, min(first_on.day, last)))
    return tuple(dates)
