"""What some rules forgive of what accounts owe, decided over columns. Offers, previews and writing all read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from caudal.campaigns.models import Campaign
from caudal.ledger.queries import Chart, Items, Position
from caudal.rules import waivers
from caudal.rules.bounds import Int64, Mask
from caudal.rules.waivers import Waiving

# they stand for debt that became an arrangement: its terms rule it, not a campaign
NEVER_REDUCED: Final = frozenset({"installment", "deferral_surcharge"})
# keys of a period and of a concept as one number: more than any of each
PERIODS: Final = 1_000_000
CONCEPTS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where accounts stand in the padrón, as columns; accounts ascend."""

    account_id: Int64
    use: NDArray[np.str_]
    locality: NDArray[np.str_]
    is_metered: Mask


@dataclass(frozen=True, slots=True)
class Forgiven:
    """What one rule forgives: centavos for each item of the position."""

    campaign: Campaign
    given: Int64


@dataclass(frozen=True, slots=True)
class Accounts:
    """What rules ask of each account that owes something, as columns; accounts ascend (centavos, days)."""

    account_id: Int64
    place_of_item: Int64
    open_cents: Int64
    age_days: Int64
    use: NDArray[np.str_]
    locality: NDArray[np.str_]
    is_metered: Mask


def forgive(
    *, position: Position, places: Places, campaigns: Sequence[Campaign], on: date
) -> tuple[Forgiven, ...]:
    """What each rule forgives of a position: of those that do not stack only the largest for each account.

    On equal amounts the lower precedence, then the code. Those that stack come after it, in that same order, each
    of what the ones before left. An account gets from a rule only if it is inside its scope.
    """
    items = position.items
    if not len(items) or not campaigns:
        return ()
    accounts = describe(items=items, places=places, on=on)
    turn = sorted(campaigns, key=lambda each: (each.precedence, each.code))
    left = items.open_cents
    given = _largest([each for each in turn if not each.stacks], left, accounts, position)
    for each in given:
        left = left - each.given
    for campaign in (each for each in turn if each.stacks):
        given.append(Forgiven(campaign, _one(campaign, left, accounts, position)))
        left = left - given[-1].given
    return tuple(each for each in given if each.given.any())


def total(*, forgiven: Sequence[Forgiven], position: Position) -> Int64:
    """What all of them forgive of each item (centavos)."""
    nothing = np.zeros(len(position.items), dtype=np.int64)
    return sum((each.given for each in forgiven), start=nothing)


def reached(
    *,
    forgiven: Sequence[Forgiven],
    position: Position,
    money_cents: Mapping[int, int],
    favor_cents: Mapping[int, int],
) -> tuple[Forgiven, ...]:
    """Only for the accounts whose money pays, at once, all that would be left to pay: nothing for the rest.

    What an account has in favor counts towards it (centavos by account).
    """
    accounts, place = np.unique(position.items.account_id, return_inverse=True)
    left = _sums(
        place, position.items.open_cents - total(forgiven=forgiven, position=position), accounts.size
    )
    money, favor = (
        np.array([cents.get(account, 0) for account in accounts.tolist()], dtype=np.int64)
        for cents in (money_cents, favor_cents)
    )
    is_paid = (money > 0) & (money + favor >= left)
    kept = [Forgiven(each.campaign, np.where(is_paid[place], each.given, 0)) for each in forgiven]
    return tuple(each for each in kept if each.given.any())


def describe(*, items: Items, places: Places, on: date, others: Int64 | None = None) -> Accounts:
    """What rules ask of each account that has items, and of others that have none.

    One that the padrón does not know is in no use or locality.
    """
    everyone = items.account_id if others is None else np.concatenate([items.account_id, others])
    account_id, place = np.unique(everyone, return_inverse=True)
    place = place[: len(items)]
    oldest = np.full(account_id.size, on.toordinal(), dtype=np.int64)
    is_owed = items.open_cents > 0
    np.minimum.at(oldest, place[is_owed], items.due_ordinal[is_owed])
    # a last row that is nobody's, so that everybody has a row
    row = np.searchsorted(places.account_id, account_id)
    known = np.append(places.account_id, -1)
    row = np.where(known[np.minimum(row, known.size - 1)] == account_id, row, known.size - 1)
    return Accounts(
        account_id=account_id,
        place_of_item=place.astype(np.int64),
        open_cents=_sums(place, items.open_cents, account_id.size),
        age_days=on.toordinal() - oldest,
        use=np.append(places.use, "")[row],
        locality=np.append(places.locality, "")[row],
        is_metered=np.append(places.is_metered, False)[row],
    )


def qualifies(*, campaign: Campaign, accounts: Accounts) -> Mask:
    """Which accounts are inside the scope of a rule."""
    inside = np.ones(accounts.account_id.size, dtype=bool)
    if campaign.uses:
        inside &= np.isin(accounts.use, campaign.uses)
    if campaign.localities:
        inside &= np.isin(accounts.locality, campaign.localities)
    if campaign.regime != Campaign.Regime.ALL:
        inside &= accounts.is_metered == (campaign.regime == Campaign.Regime.METERED)
    if campaign.requires_up_to_date:
        inside &= accounts.age_days <= 0
    for column, least, most in (
        (accounts.open_cents, campaign.least_balance_cents or None, campaign.most_balance_cents or None),
        (accounts.age_days, campaign.least_age_days, campaign.most_age_days),
    ):
        inside &= column >= least if least is not None else True
        inside &= column <= most if most is not None else True
    return inside


def concept_ids(*, campaign: Campaign, concepts: Chart) -> list[int]:
    """The concepts a rule reduces, by their id."""
    codes = set(campaign.reduces) - NEVER_REDUCED
    return [concept.id for concept in concepts.concepts.values() if concept.code in codes]


def _one(campaign: Campaign, left: Int64, accounts: Accounts, position: Position) -> Int64:
    """What one rule forgives of what is left of each item."""
    is_reached = qualifies(campaign=campaign, accounts=accounts)[accounts.place_of_item] & np.isin(
        position.items.concept_id, concept_ids(campaign=campaign, concepts=position.concepts)
    )
    return waivers.waive(
        waiving=Waiving(
            ppm=campaign.ppm, fixed_cents=campaign.fixed_cents, cap_cents=campaign.cap_cents or None
        ),
        open_cents=_net(np.where(is_reached, np.maximum(left, 0), 0), left, position.items),
        account_of_item=accounts.place_of_item,
        is_reached=is_reached,
    )


def _net(reached_cents: Int64, left: Int64, items: Items) -> Int64:
    """What is reached, never more than what is owed net of what is in favor of the customer: in its concept, and
    then in its period."""
    periods = items.account_id * PERIODS + items.period
    concepts = periods * CONCEPTS + items.concept_id
    return _within(_within(reached_cents, left, concepts), left, periods)


def _within(reached_cents: Int64, left: Int64, keys: Int64) -> Int64:
    """What is reached, in each group of rows not more than what is left of the group."""
    rows = np.flatnonzero(np.isin(keys, keys[left < 0]))
    if not rows.size:
        return reached_cents
    within = reached_cents.copy()
    for key in np.unique(keys[rows]).tolist():
        mine = rows[keys[rows] == key]
        net = max(int(left[mine].sum()), 0)
        if int(within[mine].sum()) > net:
            within[mine] = waivers.in_proportion(total=net, weights=within[mine])
    return within


def _largest(
    campaigns: Sequence[Campaign], left: Int64, accounts: Accounts, position: Position
) -> list[Forgiven]:
    """The rule that forgives most to each account; the first on equal amounts."""
    if not campaigns:
        return []
    given = [_one(campaign, left, accounts, position) for campaign in campaigns]
    sums = np.stack([_sums(accounts.place_of_item, each, accounts.account_id.size) for each in given])
    best = np.argmax(sums, axis=0)[accounts.place_of_item]
    return [
        Forgiven(campaign, np.where(best == place, each, 0))
        for place, (campaign, each) in enumerate(zip(campaigns, given, strict=True))
    ]


def _sums(places: Int64, cents: Int64, size: int) -> Int64:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, places, cents)
    return total
