"""Who lives in the town and how each one pays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from random import Random
from typing import Final

from caudal.intake.town.cast import cast
from caudal.ledger import queries as ledger
from caudal.registry.models import Account, ServiceAgreement, TariffClass
from caudal.tariffs import queries as tariffs

RESIDENTIAL: Final = TariffClass.Use.RESIDENTIAL.value
BY_BANK_IN_A_HUNDRED: Final = 62
AHEAD_IN_A_HUNDRED: Final = 9
# however small the town, some in each of the three months
LEAST_AHEAD: Final = 9


class Habit(StrEnum):
    """How a household pays."""

    PUNCTUAL = "punctual"  # each bill within its term, or a few days later
    TARDY = "tardy"  # every third month, all at once
    DEBTOR = "debtor"  # only when something happens: a campaign, an agreement, a cut
    AHEAD = "ahead"  # the year in January, February or March
    DRY = "dry"  # without water since before: pays nothing, unless it wants it back


@dataclass(slots=True)
class Household:
    """An account with service, as the person who lives with it."""

    account: Account
    service_point_id: int
    is_metered: bool
    use: str
    owed_cents: int
    habit: Habit
    by_bank: bool
    # which of every three months the tardy choose; of who pays the year ahead, in which month
    turn: int = 0
    signs: bool = False
    is_cast: bool = False
    keeps_agreement: bool = True
    has_benefit: bool = False


@dataclass(slots=True)
class Town:
    """Everybody, by account."""

    households: dict[int, Household] = field(default_factory=dict)

    def who(self, habit: Habit) -> list[Household]:
        """Those who pay in a way, in order of account."""
        return [each for each in self.households.values() if each.habit == habit]


def settle(*, rng: Random, on: date) -> Town:
    """Everybody who has service on a day, each with a habit that fits what the account owes."""
    agreements = (
        ServiceAgreement.objects.in_effect(on=on)
        .select_related("account", "tariff_class")
        .prefetch_related("interruptions", "account__benefits")
        .order_by("account__number")
    )
    owed = _owed([each.account_id for each in agreements], on)
    known = {each.number for each in cast()}
    town = Town()
    for each in agreements:
        cents, months = owed[each.account_id]
        is_dry = any(cut.effective_to is None for cut in each.interruptions.all())
        use = str(each.tariff_class.use)
        has_benefit = bool(each.account.benefits.all())
        household = Household(
            account=each.account, service_point_id=each.service_point_id, is_metered=each.is_metered, use=use,
            owed_cents=cents, habit=_habit(rng, cents, months, use, has_benefit),
            by_bank=rng.randrange(100) < BY_BANK_IN_A_HUNDRED, turn=rng.randrange(3),
            is_cast=each.account.number in known, keeps_agreement=rng.random() < 0.75, has_benefit=has_benefit,
        )  # fmt: skip
        if is_dry:
            household.habit = Habit.DRY
        town.households[each.account_id] = household
    _have_enough_ahead(town)
    return town


def _have_enough_ahead(town: Town) -> None:
    clean = [
        each
        for each in town.who(Habit.PUNCTUAL)
        if each.use == RESIDENTIAL and not each.has_benefit and not each.is_cast and each.owed_cents <= 0
    ]
    for each in clean[: max(LEAST_AHEAD - len(town.who(Habit.AHEAD)), 0)]:
        each.habit = Habit.AHEAD


def _habit(rng: Random, cents: int, months: int, use: str, has_benefit: bool) -> Habit:
    draw = rng.random()
    if months >= 4:
        return Habit.DEBTOR if draw < 0.8 else Habit.TARDY
    if months:
        return Habit.TARDY if draw < 0.55 else Habit.DEBTOR if draw < 0.7 else Habit.PUNCTUAL
    if use == RESIDENTIAL and not has_benefit and cents <= 0 and rng.randrange(100) < AHEAD_IN_A_HUNDRED:
        return Habit.AHEAD
    return Habit.PUNCTUAL if draw < 0.86 else Habit.TARDY if draw < 0.96 else Habit.DEBTOR


def _owed(account_ids: Sequence[int], on: date) -> dict[int, tuple[int, int]]:
    """What each owes past due, and of how many months."""
    told = ledger.statements(account_ids=account_ids, on=on, terms=tariffs.terms_on(on=on))
    return {
        account: (each.total_cents - each.credit_balance_cents, len(each.periods))
        for account, each in told.items()
    }
