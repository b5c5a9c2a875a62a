"""What is done on each day besides reading, billing and collecting: the calendar of the report of 2019.

Campaigns, benefits, demands, slips, cuts and reports have their months; what a month does not have is not done in it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from caudal.arrangements.models import LiveArrangement
from caudal.dunning.models import NoticeBatch
from caudal.intake.demo.year import citizens, cuts, mishaps, notices, relief
from caudal.intake.demo.year.almanac import Month
from caudal.intake.demo.year.cast import CHUY, LUPITA
from caudal.intake.demo.year.state import Tally, Year
from caudal.intake.demo.year.town import Habit, Household
from caudal.intake.demo.year.window import Window
from caudal.kernel.wording import month_name

# month → day of business (from 0) on which the council's rule is published, before it rules
PUBLISHED: Final = {
    1: (0, "PRONTO-15"),
    2: (17, "PRONTO-5"),
    3: (17, "RECARGOS-ABRIL"),
    11: (17, "RECARGOS-DICIEMBRE"),
}
TOLD: Final = {3: (2, "PRONTO-5"), 12: (3, "RECARGOS-DICIEMBRE")}
BENEFIT_MONTHS: Final = (1, 2)
DEMAND_MONTH: Final = 2
SLIP_MONTHS: Final = range(5, 13)
CUT_MONTH: Final = 7
REPORT_MONTHS: Final = (8, 9, 10)
# what somebody who owes a lot brings to pay a little of it
SOME_CENTS: Final = 20_000
# a few come on each of these days of business until the month has those it has
SIGNING_DAYS: Final = range(3, 16, 3)


def at_the_window(*, year: Year, month: Month, on: date, desk: Window, tally: Tally) -> None:
    """What people come for besides paying: the year ahead, an agreement, water that was cut."""
    place = month.days.index(on)
    if month.month in relief.MONTHS_AHEAD and place >= 1:
        tally.n_ahead += _pay_years(year, month, place, desk)
    if place in SIGNING_DAYS:
        left = max(year.share(9, least=1) - tally.n_signed, 0)
        days = len(SIGNING_DAYS) - SIGNING_DAYS.index(place)
        tally.n_signed += len(
            relief.sign(window=desk, households=_signers(year), n=-(-left // days), rng=year.rng)
        )
    if month.month == CUT_MONTH and place in (8, 11):
        _come_for_water(year, desk, place, tally)
    if month.month in mishaps.WRONG_MONTHS and place == 7:
        _charge_another(year, desk)


def in_the_office(*, year: Year, month: Month, on: date, tally: Tally) -> None:
    """What the desks and the crew do that day."""
    place = month.days.index(on)
    if month.month in mishaps.UNKNOWN_MONTHS:
        _unknown_money(year, month, on, place, tally)
    if PUBLISHED.get(month.month, (-1, ""))[0] == place:
        relief.publish(code=PUBLISHED[month.month][1], on=on)
    if month.month in TOLD and TOLD[month.month][0] + relief.DAYS_TOLD - 1 == place:
        first, code = TOLD[month.month]
        relief.tell(code=code, days=month.days[first : place + 1], rng=year.rng)
    if month.month in BENEFIT_MONTHS and place in (5, 12):
        _benefits(year, month, on, place, tally)
    if month.month == DEMAND_MONTH:
        _papers(
            year,
            on,
            place,
            tally,
            stage="demand",
            name="Requerimientos de febrero",
            most=year.share(14, least=3),
        )
    if month.month in SLIP_MONTHS:
        name = f"Recibos de notificación de {month_name(month.period)}"
        _papers(year, on, place, tally, stage="debt_slip", name=name, most=year.share(20, least=2))
    if month.month == CUT_MONTH:
        _cuts(year, on, place, tally)
    if month.month in REPORT_MONTHS:
        _reports(year, on, place, tally)


def _pay_years(year: Year, month: Month, place: int, desk: Window) -> int:
    """Those who chose this month, shared among its days."""
    mine = [each for turn, each in enumerate(year.town.who(Habit.AHEAD)) if turn % 3 == month.month - 1]
    days = len(month.days) - 1
    of_today = [each for turn, each in enumerate(mine) if turn % days == place - 1]
    months = relief.MONTHS_AHEAD[month.month]
    return sum(relief.pay_year(window=desk, household=each, months=months) > 0 for each in of_today)


def _charge_another(year: Year, desk: Window) -> None:
    """Of two neighbors who owe, one pays and it is charged to the other."""
    on = desk.session.business_on
    debtors = year.town.who(Habit.DEBTOR) + year.town.who(Habit.TARDY)
    owing = (each for each in debtors if not each.is_cast and year.owed(each, on) > 0)
    wrong, right = next(owing, None), next(owing, None)
    if wrong is not None and right is not None:
        cents = min(year.owed(right, on), SOME_CENTS)
        mishaps.charge_another(window=desk, wrong=wrong, right=right, cents=cents)


def _unknown_money(year: Year, month: Month, on: date, place: int, tally: Tally) -> None:
    """It comes on one day; four days of business later its owner does, except in the last month."""
    if place == 3:
        owner = next(each for each in year.town.who(Habit.DEBTOR) if not each.is_cast)
        mishaps.deposit_unknown(bank=year.bank, month=month.month, cents=SOME_CENTS, on=on)
        year.depositor = owner
    if place == 7 and year.depositor is not None and month.month != mishaps.UNKNOWN_MONTHS[-1]:
        tally.paid_cents += mishaps.find_owner(month=month.month, owner=year.depositor, on=on)
        year.depositor = None


def _signers(year: Year) -> Iterable[Household]:
    """Who owes and has not signed; the oldest debts first. Chuy is the first of all."""
    bound = set(LiveArrangement.objects.values_list("account_id", flat=True))
    pool = [
        each
        for each in year.town.households.values()
        if each.habit in (Habit.DEBTOR, Habit.TARDY) and each.account.pk not in bound
    ]
    return sorted(
        pool, key=lambda each: (each.account.number != CHUY, each.habit != Habit.DEBTOR, -each.owed_cents)
    )


def _benefits(year: Year, month: Month, on: date, place: int, tally: Tally) -> None:
    if month.month == 1 and place == 5:
        relief.renew(number=LUPITA, on=on, rng=year.rng)
    tally.n_benefits += relief.grant(town=year.town, n=year.share(6, least=1), on=on, rng=year.rng)


def _papers(year: Year, on: date, place: int, tally: Tally, *, stage: str, name: str, most: int) -> None:
    """Issued on one day, taken to their doors two days later; where nobody was, once more."""
    if place == 4:
        year.batch = notices.issue(stage=stage, name=name, most=most, on=on)
    batch: NoticeBatch | None = year.batch
    if batch is None or place not in (6, 8):
        return
    tally.n_served += notices.serve(
        batch=batch, on=on, phone=year.crew, rng=year.rng, may_be_absent=stage == "demand" and place == 6
    )


def _cuts(year: Year, on: date, place: int, tally: Tally) -> None:
    if place == 3:
        year.cut_batch, year.cut_off = cuts.propose(town=year.town, most=year.share(8, least=3), on=on)
    if place == 5 and year.cut_batch is not None:
        tally.n_cut += cuts.cut(batch=year.cut_batch, on=on, phone=year.crew, rng=year.rng)
        for each in year.cut_off:
            each.habit = Habit.DRY
    if place in (9, 12):
        tally.n_reconnected += cuts.reconnect(on=on, phone=year.crew)


def _come_for_water(year: Year, desk: Window, place: int, tally: Tally) -> None:
    """Of those who were cut, a third pays it all, a third signs, and a third stays without water."""
    for turn, each in enumerate(year.cut_off):
        if each.habit != Habit.DRY or turn % 3 != (0 if place == 8 else 1):
            continue
        if turn % 3 == 1 and relief.sign(window=desk, households=[each], n=1, rng=year.rng):
            tally.n_signed += 1
            continue
        cents = year.owed(each, desk.session.business_on)
        if cents > 0:
            desk.take(each.account, cents)
            each.habit = Habit.TARDY


def _reports(year: Year, on: date, place: int, tally: Tally) -> None:
    """The crew goes the same day to three of every four; to the others, the next morning."""
    if place in (3, 11):
        year.reported = citizens.report(town=year.town, n=year.share(4, least=3), on=on, rng=year.rng)
        today = -(-len(year.reported) * 3 // 4)
        tally.n_answered += citizens.attend(opened=year.reported[:today], on=on, phone=year.crew)
        year.reported = year.reported[today:]
    if place in (4, 12):
        tally.n_answered += citizens.attend(opened=year.reported, on=on, phone=year.crew)
        year.reported = []
