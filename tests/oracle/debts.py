"""Surcharges, allocation, installments and spreading, worked out one debt at a time."""

import calendar
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.bill import to_centavos


def month_starts(due_on: date, until: date) -> list[date]:
    """First day of each month or fraction late, found by walking the calendar."""
    first = due_on + timedelta(days=1)
    starts: list[date] = []
    year, month = first.year, first.month
    while True:
        if first.day <= calendar.monthrange(year, month)[1]:
            start = date(year, month, first.day)
        else:  # the month lacks the day: it begins on the first of the next
            start = date(year + month // 12, month % 12 + 1, 1)
        if start > until:
            return starts
        starts.append(start)
        year, month = year + month // 12, month % 12 + 1


def surcharge(
    centavos: int, due_on: date, on: date, charged: int, rates: dict[int, Fraction], cap: Fraction | None
) -> int:
    """Simple surcharge of the months not yet charged; a month belongs to the year of its turn."""
    first = due_on + timedelta(days=1)
    late = len(month_starts(due_on, on))
    before, after = Fraction(0), Fraction(0)
    for number in range(max(late, charged)):
        month = first.year * 12 + first.month - 1 + number
        after += rates[month // 12]
        if number < charged:
            before += rates[month // 12]
    if cap is not None:
        before, after = min(before, cap), min(after, cap)
    return to_centavos(Fraction(centavos, 100) * (after - before))


def allocate(
    payment: int, items: list[tuple[int, int, int]], ranks: tuple[int, ...], oldest_first: bool
) -> tuple[list[int], int]:
    """Pay items (kind, due day, centavos) one after another; give what each got and what is left."""
    turn = list(range(len(items)))
    if oldest_first:
        turn.sort(key=lambda i: (items[i][1], ranks[items[i][0]], i))
    else:
        turn.sort(key=lambda i: (ranks[items[i][0]], items[i][1], i))
    paid = [0] * len(items)
    for number in turn:
        paid[number] = min(payment, items[number][2])
        payment -= paid[number]
    return paid, payment


def spread(units: int, days: list[int]) -> list[int]:
    """Whole units in proportion to days: floors first, then one by one to the largest fraction."""
    exact = [Fraction(units * each, sum(days)) for each in days]
    shares = [each.numerator // each.denominator for each in exact]
    left = [each - share for each, share in zip(exact, shares, strict=True)]
    for _ in range(units - sum(shares)):
        largest = left.index(max(left))
        shares[largest] += 1
        left[largest] = Fraction(-1)
    return shares
