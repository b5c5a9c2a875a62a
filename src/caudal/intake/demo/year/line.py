"""Who comes to pay on each day of a month, and how much they owe when they get there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from caudal.campaigns import queries as campaigns
from caudal.intake.demo.year.almanac import Month
from caudal.intake.demo.year.bank import Bank
from caudal.intake.demo.year.town import Habit, Household, Town
from caudal.intake.demo.year.window import Window
from caudal.ledger import queries as ledger
from caudal.tariffs import queries as tariffs

# months in which a campaign forgives part of the surcharges to who pays all at once
FORGIVING_MONTHS: Final = (4, 12)
DEBTORS_IN_A_HUNDRED: Final = 22
# the day of business on which the punctual pay: before the last bill is due, or soon after the new one comes
WHEN: Final = (0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 16, 17, 18, 19)
LATE_DAYS: Final = 12


@dataclass(slots=True)
class Line:
    """The accounts that mean to pay on each day: at the window and at the bank."""

    window: dict[date, list[Household]] = field(default_factory=lambda: defaultdict(list))
    bank: dict[date, list[Household]] = field(default_factory=lambda: defaultdict(list))

    def add(self, household: Household, on: date, *, at_window: bool = False) -> None:
        """Somebody will pay on a day, where they always do."""
        (self.bank if household.by_bank and not at_window else self.window)[on].append(household)


def planned(*, town: Town, month: Month, rng: Random) -> Line:
    """Each one by habit: within the term, every third month, or when a campaign makes it worth it."""
    line = Line()
    for each in town.households.values():
        if each.habit == Habit.PUNCTUAL or (each.habit == Habit.AHEAD and month.month > 3):
            late = rng.random() < 0.12
            line.add(each, month.nth(rng.randrange(LATE_DAYS) if late else rng.choice(WHEN)))
        elif each.habit == Habit.TARDY and month.month % 3 == each.turn:
            line.add(each, month.nth(rng.randrange(len(month.days))))
        elif each.habit == Habit.DEBTOR and _is_tempted(month, rng):
            line.add(each, month.nth(rng.randrange(2, len(month.days))), at_window=True)
    return line


def _is_tempted(month: Month, rng: Random) -> bool:
    """Whether who never pays comes because of what is forgiven this month."""
    return month.month in FORGIVING_MONTHS and rng.randrange(100) < DEBTORS_IN_A_HUNDRED


def serve_window(*, window: Window, waiting: Iterable[Household], month: Month) -> int:
    """Everybody in line at the window pays what they owe that day → how many paid.

    Whoever is forgiven something for paying all at once pays all, installments to come included.
    """
    on, count = window.session.business_on, 0
    owing = _owing(waiting, on)
    offers: Mapping[int, campaigns.Offer] = {}
    if month.month in FORGIVING_MONTHS:
        accounts = [each.account.pk for each, *_ in owing]
        offers = campaigns.offers(account_ids=accounts, at=window.now, terms=tariffs.terms_on(on=on))
    for each, cents, whole_cents in owing:
        offer = offers.get(each.account.pk)
        window.take(each.account, whole_cents - offer.cents if offer and offer.cents else cents)
        count += 1
    return count


def serve_bank(*, bank: Bank, paying: Iterable[Household], on: date) -> int:
    """Everybody who pays at the bank that day, to the centavo → how many paid."""
    count = 0
    for each, cents, _ in _owing(paying, on):
        bank.pays(each.account.number, cents, on)
        count += 1
    return count


def _owing(households: Iterable[Household], on: date) -> list[tuple[Household, int, int]]:
    """Of these, who owes something to pay by now: how much without installments that are not due, and in all."""
    asked = [each for each in households if each.habit != Habit.DRY]
    if not asked:
        return []
    told = ledger.statements(
        account_ids=[each.account.pk for each in asked], on=on, terms=tariffs.terms_on(on=on)
    )
    owed = []
    for each in asked:
        standing = told[each.account.pk]
        cents = standing.total_cents - standing.later_cents - standing.credit_balance_cents
        if cents > 0:
            owed.append((each, cents, standing.total_cents))
    return owed
