"""What a manager wants to know in the morning, in few questions: every figure is a measure and opens its list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Avg

from caudal.access import approvals
from caudal.fieldwork import queries as fieldwork
from caudal.kernel.places import Spot
from caudal.kernel.wording import in_reading_case
from caudal.registry.models import ServicePoint
from caudal.reports import measuring, targets
from caudal.reports.figures import Figure, Named, figure, narrowed
from caudal.reports.listings.debt import BUCKET_WORDS
from caudal.reports.measuring import Measure, Where
from caudal.reports.targets import COLLECTED
from caudal.rules import money
from caudal.rules.periods import Period

DAYS: Final = 31
WEEK: Final = 7
# the same day of the week, a year before
A_YEAR: Final = 364
MOST_DEBTORS: Final = 10
RECEIPTS: Final = Measure("receipts", of="amount_cents")
BY_CONCEPT: Final = Measure("collected", of="amount_cents")
OVERDUE: Final = Measure("overdue", of="overdue_cents")
OVERDUE_PERIODS: Final = Measure("overdue_periods", of="overdue_cents")
# how a list says that nobody knows the neighborhood, as a tile says it
NOWHERE: Final = "Sin colonia"
# what waits has no first day, and its bill may still be to come out
_LONG_AGO: Final = date(2000, 1, 1)
_AHEAD: Final = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Row:
    """What came in by one till, channel or concept, yesterday and in the month; `goal` is None when nobody set one."""

    label: str
    yesterday: Figure
    month: Figure
    goal_cents: int | None = None
    is_window: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """What came in on a day, the mean of the seven until it, and what came in on its like a year before."""

    on: date
    collected: Figure
    mean_cents: int
    year_ago: Figure


@dataclass(frozen=True, slots=True)
class Collected:
    """The money: yesterday (or the last day with any), today so far, the month against its goal, and by where from."""

    yesterday_on: date
    yesterday: Figure
    today: Figure
    period: int
    month: Figure
    goal_cents: int | None
    days: tuple[Day, ...]
    by_place: tuple[Row, ...]
    by_concept: tuple[Row, ...]
    # the same two sums as the concepts add them up
    concepts: tuple[Figure, Figure]

    @property
    def percent(self) -> int:
        """How much of the goal is in, in whole percent."""
        return self.month.value * 100 // self.goal_cents if self.goal_cents else 0


@dataclass(frozen=True, slots=True)
class Debt:
    """What is past due: in all, by age, the largest debtors, and by neighborhood."""

    whole: Figure
    accounts: int
    ages: tuple[Named, ...]
    debtors: tuple[Named, ...]
    neighborhoods: tuple[Named, ...]


def collected(*, today: date, aims: targets.Targets) -> Collected:
    """The money of the last month by day, and of yesterday and this month by where it came in and for what."""
    period = Period.of(today)
    first, until = period.first_day, today + timedelta(days=1)
    since = min(first, today - timedelta(days=DAYS + WEEK - 1))
    found = measuring.by_values(
        measure=RECEIPTS, columns=("happened_on", "is_window", "channel", "channel_name", "till"),
        since=since, until=until,
    )  # fmt: skip
    by_day: dict[date, int] = defaultdict(int)
    for (on, *_), cents in found:
        by_day[on] += cents
    before = [on for on, cents in by_day.items() if on < today and cents]
    yesterday = today - timedelta(days=1)
    if not by_day.get(yesterday) and before:
        yesterday = max(before)
    places = [((row[1:]), row[0], cents) for row, cents in found]
    concepts = [
        (row[1:], row[0], cents)
        for row, cents in measuring.by_values(
            measure=BY_CONCEPT, columns=("happened_on", "concept", "concept_name"), since=min(first, yesterday),
            until=until,
        )
    ]  # fmt: skip
    of_concepts = _concepts(concepts, yesterday, first, until)
    return Collected(
        yesterday, figure(RECEIPTS, by_day.get(yesterday, 0), yesterday, yesterday + timedelta(days=1)),
        figure(RECEIPTS, by_day.get(today, 0), today, until), int(period),
        figure(RECEIPTS, sum(cents for on, cents in by_day.items() if on >= first), first, until),
        aims.of(COLLECTED, period), _days(by_day, today),
        tuple(_places(places, yesterday, first, until, aims)), tuple(of_concepts),
        (
            figure(BY_CONCEPT, sum(each.yesterday.value for each in of_concepts), yesterday, yesterday + timedelta(days=1)),
            figure(BY_CONCEPT, sum(each.month.value for each in of_concepts), first, until),
        ),
    )  # fmt: skip


def _days(by_day: Mapping[date, int], today: date) -> tuple[Day, ...]:
    first = today - timedelta(days=DAYS - 1)
    year_ago = measuring.by_day(
        measure=RECEIPTS, since=first - timedelta(days=A_YEAR), until=today - timedelta(days=A_YEAR - 1)
    )
    found = []
    for step in range(DAYS):
        on = first + timedelta(days=step)
        before = on - timedelta(days=A_YEAR)
        week = sum(by_day.get(on - timedelta(days=back), 0) for back in range(WEEK))
        found.append(
            Day(
                on, figure(RECEIPTS, by_day.get(on, 0), on, on + timedelta(days=1)),
                money.divide_half_away(week, WEEK),
                figure(RECEIPTS, int(year_ago.get(before, 0)), before, before + timedelta(days=1)),
            )
        )  # fmt: skip
    return tuple(found)


Found = Sequence[tuple[tuple[Any, ...], date, int]]


def _rows(found: Found, yesterday: date, first: date) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Key → what came in yesterday and in the month, the largest month first."""
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for key, on, cents in found:
        sums[key][0] += cents if on == yesterday else 0
        sums[key][1] += cents if on >= first else 0
    kept = [(key, (a, b)) for key, (a, b) in sums.items() if a or b]
    return dict(sorted(kept, key=lambda each: (-each[1][1], str(each[0]))))


def _places(found: Found, yesterday: date, first: date, until: date, aims: targets.Targets) -> list[Row]:
    """Tills of the window one by one, and the other channels."""
    rows = []
    for (is_window, channel, name, till), sums in _rows(found, yesterday, first).items():
        is_till = is_window == "yes"
        where: Where = (("channel", channel), ("till", till)) if is_till and till else (("channel", channel),)
        label = f"Caja {till}" if is_till and till else name
        goal = aims.of(COLLECTED, Period.of(first), till if is_till else channel)
        rows.append(_row(label, RECEIPTS, where, sums, (yesterday, first, until), goal, is_window=is_till))
    return sorted(rows, key=lambda each: not each.is_window)


def _concepts(found: Found, yesterday: date, first: date, until: date) -> list[Row]:
    return [
        _row(name, BY_CONCEPT, (("concept", code),), sums, (yesterday, first, until))
        for (code, name), sums in _rows(found, yesterday, first).items()
    ]


def _row(
    label: str, measure: Measure, where: Where, sums: tuple[int, int], days: tuple[date, date, date],
    goal: int | None = None, *, is_window: bool = False,
) -> Row:  # fmt: skip
    narrowed = Measure(measure.listing, of=measure.of, where=where)
    yesterday, first, until = days
    return Row(
        label, figure(narrowed, sums[0], yesterday, yesterday + timedelta(days=1)),
        figure(narrowed, sums[1], first, until), goal, is_window,
    )  # fmt: skip


def debt(*, today: date) -> Debt:
    """What is past due today. Each debt has its own age; the lists are as of now."""
    until = today + timedelta(days=1)
    ages: dict[str, int] = defaultdict(int)
    places: dict[str, int] = defaultdict(int)
    owing: dict[tuple[str, str], int] = defaultdict(int)
    # one question: what each account owes of each age adds up to all the others
    for (bucket, place, number, holder), cents in measuring.by_values(
        measure=OVERDUE_PERIODS, columns=("bucket", "neighborhood", "account", "holder"), until=until
    ):
        ages[bucket] += cents
        places[place] += cents
        owing[number, holder] += cents
    largest = sorted(owing.items(), key=lambda each: (-each[1], each[0]))[:MOST_DEBTORS]
    return Debt(
        figure(OVERDUE, sum(owing.values())),
        len(owing),
        tuple(
            Named(name, figure(narrowed(OVERDUE_PERIODS, "bucket", code), ages.get(code, 0)))
            for code, name in BUCKET_WORDS
        ),
        tuple(
            Named(in_reading_case(holder), figure(narrowed(OVERDUE, "account", number), cents), number)
            for (number, holder), cents in largest
        ),
        tuple(
            Named(_capitalized(in_reading_case(place)), figure(narrowed(OVERDUE, "neighborhood", place), cents))
            for place, cents in sorted(places.items(), key=lambda each: -each[1])
        ),
    )  # fmt: skip


def places() -> dict[str, Spot]:
    """Where each neighborhood is, as the debt names it: the middle of its services whose place is known."""
    found = (
        ServicePoint.objects.filter(latitude_e6__isnull=False, premise__neighborhood__isnull=False)
        .values_list("premise__neighborhood__name")
        .annotate(north=Avg("latitude_e6"), east=Avg("longitude_e6"))
    )
    return {_capitalized(in_reading_case(name)): (round(north), round(east)) for name, north, east in found}


def routes(*, at: datetime, today: date) -> list[fieldwork.BoardRow]:
    """The rounds of today, the late first."""
    return fieldwork.board(on=today, at=at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a person must look at: how many, and where."""

    held: Figure
    exceptions: Figure
    doubts: Figure
    unidentified: Figure
    unidentified_cents: int
    requests: int

    @property
    def n(self) -> int:
        return self.held.value + self.doubts.value + self.unidentified.value + self.requests


def waiting(*, today: date, at: datetime) -> Waiting:
    """Held bills to decide, readings with an observation this month and those in doubt, money of nobody, requests."""
    first, until = Period.of(today).first_day, today + timedelta(days=1)
    held = Measure("held_bills", where=(("decision", "waiting"),))
    exceptions = Measure("reading_exceptions")
    doubts = Measure("reading_exceptions", where=(("is_doubtful", "yes"), ("decision", "waiting")))
    unknown = Measure("unidentified", where=(("state", "waiting"),))
    unknown_cents = measuring.by_values(
        measure=Measure("unidentified", of="amount_cents", where=unknown.where), columns=("line",), since=_LONG_AGO,
        until=until,
    )  # fmt: skip
    return Waiting(
        _counted(held, _LONG_AGO, today + _AHEAD), _counted(exceptions, first, until),
        _counted(doubts, first, until), figure(unknown, len(unknown_cents), _LONG_AGO, until),
        sum(cents for _, cents in unknown_cents), approvals.waiting(at=at).count(),
    )  # fmt: skip


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counted(measure: Measure, since: date, until: date) -> Figure:
    return figure(measure, measuring.total(measure=measure, since=since, until=until), since, until)
