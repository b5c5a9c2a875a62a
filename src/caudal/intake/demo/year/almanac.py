"""Which days of 2019 are of business, and which of them is for what."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from caudal.dunning import queries as dunning
from caudal.rules.periods import Period

YEAR: Final = 2019
MONTHS: Final = tuple(range(1, 13))
FIRST_DAY: Final = date(YEAR, 1, 2)
LAST_DAY: Final = date(YEAR, 12, 31)
# the town when its year is over
NOW: Final = f"{YEAR}-12-31T14:00"
# the dials are read from here on; two business days after the last one, the month is assessed and issued
READING_FROM: Final = 15
READING_DAYS: Final = 3


@dataclass(frozen=True)
class Month:
    """A month of the year with its days of business."""

    month: int
    days: tuple[date, ...]

    @property
    def period(self) -> int:
        return YEAR * 100 + self.month

    @property
    def last_day(self) -> date:
        return Period(self.period).last_day

    @cached_property
    def reading_days(self) -> tuple[date, ...]:
        """When the readers walk."""
        return tuple(each for each in self.days if each.day >= READING_FROM)[:READING_DAYS]

    @cached_property
    def issue_day(self) -> date:
        """When the readings are looked at and the bills go out."""
        return self.after(self.reading_days[-1])

    @cached_property
    def delivery_days(self) -> tuple[date, ...]:
        """When the bills go to their doors."""
        return tuple(each for each in self.days if each > self.issue_day)[:2]

    def after(self, on: date, days: int = 1) -> date:
        """The day of business of this month that comes so many after another; the last one, if there is none."""
        later = [each for each in self.days if each > on]
        return later[min(days, len(later)) - 1] if later else self.days[-1]

    def nth(self, place: int) -> date:
        """A day of business by its place, from 0; the last one, if there are not so many."""
        return self.days[min(place, len(self.days) - 1)]


def months(last: int = 12) -> list[Month]:
    """The months of the year, up to one of them."""
    calendar = dunning.calendar()
    every = (FIRST_DAY + timedelta(days=each) for each in range((LAST_DAY - FIRST_DAY).days + 1))
    open_days = [each for each in every if calendar.is_business_day(each)]
    return [Month(month, tuple(each for each in open_days if each.month == month)) for month in MONTHS[:last]]
