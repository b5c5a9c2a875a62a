"""Three years on the dials: what the reader saw each month, and the m³ the old system billed."""

from dataclasses import dataclass
from datetime import date
from random import Random

from caudal.intake.town import words
from caudal.intake.town.people import Household
from caudal.rules.periods import Period

# share of a thousand visits that find a closed house or a covered meter, and that note something else
NOT_SEEN = (("PC", 41), ("MT", 14))
NOTED = (("FG", 10), ("MD", 9), ("CI", 4))
# hot months before the rains use more (January first)
SEASON = (88, 92, 104, 115, 122, 112, 100, 97, 95, 96, 94, 90)
ESTIMATE_OVER = 6


@dataclass(slots=True)
class Month:
    """One month of a meter. `value` is None when the dial was not seen; `billed_m3` is what was charged."""

    period: int
    read_on: date
    value: int | None
    billed_m3: int
    code: str
    reader: str


def months_between(first: int, last: int) -> list[int]:
    """The periods from `first` to `last`, both included."""
    periods, period = [], Period(first)
    while period <= last:
        periods.append(int(period))
        period = period.next()
    return periods


def read_meter(*, rng: Random, household: Household, periods: list[int]) -> list[Month]:
    """The months of one meter. An unseen month is billed at the mean of those before, and the next
    reading makes up for it: billed m³ always add up to what the dial moved."""
    dial = rng.randrange(20, 7000)
    billed_through = dial
    history: list[Month] = []
    for period in periods:
        month = period % 100
        used = max(0, round(household.usual_m3 * SEASON[month - 1] / 100 * rng.uniform(0.75, 1.3)))
        dial += used
        code, is_seen = _visit(rng, household)
        if is_seen:
            billed = dial - billed_through
        else:
            billed = min(_estimate(history, used), dial - billed_through)
        billed_through += billed
        read_on = date(period // 100, month, rng.randrange(20, 28))
        reader = rng.choice(words.READERS)
        history.append(Month(period, read_on, dial if is_seen else None, billed, code, reader))
    return history


def next_visit(
    *, rng: Random, household: Household, standing: int, average_m3: int
) -> tuple[int | None, str]:
    """The reading of the month after: a value or None, and its code. The cast has it written down.

    :param standing: where the dial stood when the last month was billed
    """
    if household.next_code:
        return None, household.next_code
    used = household.next_m3
    code, is_seen = _visit(rng, household)
    if used is None and not is_seen:
        return None, code
    if used is None:
        used = max(0, round(average_m3 * rng.uniform(0.7, 1.3)))
        if rng.random() < 0.012:  # a leak that nobody had noticed
            used = used * 4 + 25
    return standing + used, code if is_seen else ""


def _visit(rng: Random, household: Household) -> tuple[str, bool]:
    draw = rng.randrange(1000)
    for codes, is_seen in ((NOT_SEEN, False), (NOTED, True)):
        for code, share in codes:
            draw -= share
            if draw < 0 and not (household.is_cast and not is_seen):
                return code, is_seen
    return "", True


def _estimate(history: list[Month], fallback: int) -> int:
    recent = [month.billed_m3 for month in history[-ESTIMATE_OVER:] if month.value is not None]
    return sum(recent) // len(recent) if recent else fallback
