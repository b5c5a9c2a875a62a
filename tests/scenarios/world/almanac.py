"""The little arithmetic of the notebook: months as YYYYMM, percentages and means to the nearest unit."""

import calendar
from datetime import date, timedelta


def share(cents: int, percent: int) -> int:
    """A percentage to the nearest centavo, halves away from zero."""
    sign = -1 if cents < 0 else 1
    return sign * ((abs(cents) * percent * 2 + 100) // 200)


def whole(total: int, n: int) -> int:
    """A mean in whole m³, halves up."""
    return (2 * total + n) // (2 * n)


def next_month(period: int) -> int:
    return period + 1 if period % 100 < 12 else period + 89


def previous_month(period: int) -> int:
    return period - 1 if period % 100 > 1 else period - 89


def first_day(period: int) -> date:
    return date(period // 100, period % 100, 1)


def last_day(period: int) -> date:
    return first_day(next_month(period)) - timedelta(days=1)


def month_later(on: date) -> date:
    following = next_month(on.year * 100 + on.month)
    last = calendar.monthrange(following // 100, following % 100)[1]
    return date(following // 100, following % 100, min(on.day, last))
