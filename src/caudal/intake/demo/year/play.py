"""The clock of the year: day by day, each desk does its work, and the night does its own."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Final

from caudal.intake.demo.stage import Staged, moment, open_till
from caudal.intake.demo.year import (
    agenda,
    almanac,
    bank,
    bills,
    books,
    dials,
    ground,
    line,
    phone,
    telling,
    town,
    window,
)
from caudal.intake.demo.year.almanac import Month
from caudal.intake.demo.year.state import Tally, Year
from caudal.intake.loading import Tell
from caudal.kernel import nightly
from caudal.rules.periods import Period

SEED: Final = 2019
N_BY_PHONE: Final = 60
BOOKS_ON: Final = 5  # the day of business, from 0, on which the month before is closed
# what is late by a day or two breaks no agreement: the night is run once a week
NIGHTS: Final = 5
Watch = Callable[[date], None]


def live(
    *,
    staged: Staged,
    tell: Tell,
    last_month: int = 12,
    seed: int = SEED,
    nights: int = NIGHTS,
    n_by_phone: int = N_BY_PHONE,
    watch: Watch = lambda on: None,
) -> Year:
    """Live the year up to a month; `watch` is called at the end of each day of business.

    :param nights: the chores of the night are done every so many days of business, and the last of each month
    :param n_by_phone: to how many doors each person goes in a month with a phone, to read and to deliver
    :raises Refusal: any verb's own; what was done before it stays, as it would in the office
    """
    year = begun(staged=staged, seed=seed)
    year.n_by_phone = n_by_phone
    for month in almanac.months(last_month):
        tally = live_month(year=year, month=month, nights=nights, watch=watch)
        tell(telling.month_text(tally))
    return year


def begun(*, staged: Staged, seed: int) -> Year:
    """The desks put to use on the first morning."""
    at, rng = moment(almanac.FIRST_DAY, 7), Random(seed)
    till = open_till(at=at)
    ground.place(by="laura", at=at)
    settled = town.settle(rng=Random(seed + 1), on=almanac.FIRST_DAY)
    books.aim(n_accounts=len(settled.households), on=almanac.FIRST_DAY)
    return Year(
        staged, rng, till,
        bank=bank.opened(at=at, rng=rng),
        town=settled,
        dials=dials.found(cycle=staged.cycle, rng=Random(seed + 2), on=almanac.FIRST_DAY),
        reader=phone.given_to(username=dials.READER, at=at, rng=Random(seed + 3)),
        crew=phone.given_to(username=bills.CARRIER, at=at, rng=Random(seed + 4)),
    )  # fmt: skip


def live_month(*, year: Year, month: Month, nights: int, watch: Watch) -> Tally:
    """Every day of business of a month."""
    tally = Tally(month.period)
    year.tallies.append(tally)
    in_line = line.planned(town=year.town, month=month, rng=year.rng)
    for place, on in enumerate(month.days, start=1):
        _live_day(year, month, on, in_line, tally)
        if place % nights == 0 or on == month.days[-1]:
            nightly.run(at=moment(on, 23))
        watch(on)
    return tally


def _live_day(year: Year, month: Month, on: date, in_line: line.Line, tally: Tally) -> None:
    waiting = in_line.window.pop(on, [])
    desk = window.opened(till=year.till, on=on, rng=year.rng, in_line=len(waiting))
    agenda.at_the_window(year=year, month=month, on=on, desk=desk, tally=tally)
    line.serve_window(window=desk, waiting=waiting, month=month)
    tally.n_window += desk.n_receipts
    tally.paid_cents += desk.taken_cents
    window.closed(window=desk)
    _in_the_office(year, month, on, tally)
    agenda.in_the_office(year=year, month=month, on=on, tally=tally)
    tally.n_bank += line.serve_bank(bank=year.bank, paying=in_line.bank.pop(on, []), on=on)
    sent = year.bank.send(on)
    if sent:
        tally.paid_cents += sent.applied_cents


def _in_the_office(year: Year, month: Month, on: date, tally: Tally) -> None:
    if on == month.reading_days[-1]:
        told = dials.read(
            dials=year.dials, month=month, phone=year.reader, by_phone=_routes(year, year.n_by_phone), shut=_shut(year),
            directory=year.directory,
        )  # fmt: skip
        tally.n_read = told.n_written
    if on == month.issue_day:
        dials.assess(dials=year.dials, month=month)
        tally.n_reviewed = sum(dials.look(dials=year.dials, month=month).values())
        run = bills.issue(cycle=year.staged.cycle, month=month)
        year.runs.append(run)
        tally.n_bills = int(run.summary["bills"])
    if on == month.nth(BOOKS_ON):
        ended = Period(month.period).previous()
        books.close(month=ended, on=on)
        if ended.year == almanac.YEAR and ended.month % books.QUARTER == 0:
            books.publish(last=ended, on=on)
        if year.runs:
            books.measure(run=year.runs[-1], on=on)
    if on == month.delivery_days[-1]:
        tally.n_delivered = bills.deliver(
            run=year.runs[-1],
            month=month,
            phone=year.crew,
            n_routes=_routes(year, year.n_by_phone),
            rng=year.rng,
        )


def _routes(year: Year, n_stops: int) -> int:
    """How many routes a person walks to come to so many doors: two at least."""
    routes = len({each.route for each in year.dials.by_installation.values()})
    return min(routes, max(2, routes * n_stops // len(year.town.households)))


def _shut(year: Year) -> set[str]:
    return {each.account.number for each in year.town.who(town.Habit.DRY)}
