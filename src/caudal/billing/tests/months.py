"""Months of the town: readings, assessment, and a bill run from open to issued, through the public doors."""

from datetime import date, datetime

from tests.town.cast import Town, moment

from caudal.billing import commands as billing
from caudal.billing.models import BillingRun, HeldBill
from caudal.metering import commands as metering
from caudal.registry.models import Account, BillingCycle
from caudal.rules.periods import Period
from caudal.tariffs import commands as tariff_commands
from caudal.tariffs import queries as tariffs

LAURA, SALAS = "laura", "salas"  # who computes, who reviews and decides
NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH = 201811, 201812, 201901, 201902, 201903
# dial values at the end of November, December and January: 25, 25 and 27 m³ at Doña Lupita's
DIALS = {
    "lupita": (975, 1000, 1027),
    "espiga": (4128, 4156, 4186),
    "school": (20395, 20440, 20490),
    "hotel": (99970, 100140, 100330),
    "ponderosa": (480, 960, 1460),
}


def publish_books() -> None:
    """The demonstration books of 2018 and 2019, in force."""
    at = moment(date(2017, 12, 1))
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariff_commands.load_book(body=tariffs.shipped_text(code=code), by=LAURA, at=at)
        tariff_commands.publish_book(book=book, by=SALAS, at=at)


def read_history(town: Town) -> None:
    """November and December are read and assessed, so that January has a mean to be compared with."""
    for place, period in enumerate((NOVEMBER, DECEMBER)):
        for name, dials in DIALS.items():
            read(town, getattr(town, name), period, dials[place] % 100_000)
        assess(town, period)


def read_january(town: Town, **instead: int) -> None:
    """January's readings, some of them other than usual, assessed."""
    for name, dials in DIALS.items():
        read(town, getattr(town, name), JANUARY, instead.get(name, dials[2]) % 100_000)
    assess(town, JANUARY)


def read(town: Town, account: Account, period: int, value: int | None, code: str = "00") -> None:
    town.read(account, period=period, value=value, code=code)


def assess(town: Town, period: int) -> None:
    metering.assess_period(cycle=town.cycle, period=period, by=LAURA, at=after(period))


def issue_day(period: int) -> date:
    """The first of the month that follows."""
    return Period(period).next().first_day


def after(period: int) -> datetime:
    return moment(issue_day(period))


def computed(town: Town, period: int, cycle: BillingCycle | None = None) -> BillingRun:
    """Open and compute a month."""
    run = billing.open_run(
        cycle=cycle or town.cycle, period=period, issued_on=issue_day(period), by=LAURA, at=after(period)
    )
    return billing.compute(run=run, by=LAURA, at=after(period))


def issued(town: Town, period: int, cycle: BillingCycle | None = None) -> BillingRun:
    """Open, compute, review and issue a month."""
    return issue(computed(town, period, cycle))


def issue(run: BillingRun) -> BillingRun:
    """Review and issue a computed run."""
    run = billing.review(run=run, by=LAURA, at=after(run.period))
    return billing.issue(run=run, by=SALAS, at=after(run.period))


def release(held: HeldBill, *, on: date | None = None) -> HeldBill:
    on = on or held.run.issued_on
    return billing.release_held(held=held, reason="Se vio con el usuario", by=SALAS, on=on, at=moment(on))
