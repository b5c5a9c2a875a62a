"""What a campaign would do before anybody publishes it: who, how many, how much. Columns, whatever their number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
from django.utils.timezone import localtime

from caudal.campaigns import loading, planning, prepaid_preview
from caudal.campaigns.models import Campaign
from caudal.campaigns.offering import favor
from caudal.campaigns.planning import Accounts
from caudal.campaigns.prepaid_preview import MonthsAhead
from caudal.ledger import queries as ledger
from caudal.ledger.models import PeriodBalance
from caudal.registry.models import Account, TariffClass
from caudal.rules.bounds import Int64, Mask
from caudal.tariffs import queries as tariffs

SHOWN: Final = 10
NO_USE: Final = "sin contrato"


@dataclass(frozen=True, slots=True)
class UseShare:
    """What it would do among the accounts of one use (centavos)."""

    use: str
    n_accounts: int
    open_cents: int
    forgiven_cents: int
    expected_cents: int


@dataclass(frozen=True, slots=True)
class PreviewedAccount:
    """One account of a preview (centavos)."""

    account_id: int
    number: str
    open_cents: int
    forgiven_cents: int
    payable_cents: int


@dataclass(frozen=True, slots=True)
class Preview:
    """If everybody the rule reaches paid on its first day, or today if it started (centavos)."""

    on: date
    n_accounts: int
    open_cents: int
    forgiven_cents: int
    expected_cents: int
    by_use: tuple[UseShare, ...]
    largest: tuple[PreviewedAccount, ...]
    months_ahead: MonthsAhead | None

    @property
    def is_of_debts(self) -> bool:
        """Whether it forgives debts, and not only months paid ahead."""
        return self.n_accounts > 0 or self.months_ahead is None


def preview(*, campaign: Campaign, at: datetime) -> Preview:
    """Who a campaign reaches, what it would forgive and what income to expect, by itself.

    :raises NoBookInForce: if no published book covers the day
    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    on = max(localtime(at).date(), localtime(campaign.starts_at).date())
    forgives = campaign.on_single_payment or campaign.on_arrangement
    found = _of_debts(campaign, on) if forgives else ((0, 0, 0, 0), (), ())
    ahead = prepaid_preview.of(campaign=campaign, on=on) if campaign.on_prepayment else None
    return Preview(on, *found[0], by_use=found[1], largest=found[2], months_ahead=ahead)


def _of_debts(
    campaign: Campaign, on: date
) -> tuple[tuple[int, int, int, int], tuple[UseShare, ...], tuple[PreviewedAccount, ...]]:
    """Totals, by use, and the accounts that would be forgiven most."""
    owing = PeriodBalance.objects.exclude(open_principal_cents=0, open_accessory_cents=0)
    ids = sorted(set(owing.values_list("account_id", flat=True)))
    position = ledger.position(account_ids=ids, on=on, terms=tariffs.terms_on(on=on))
    places = loading.places(account_ids=None, on=on)
    accounts = planning.describe(items=position.items, places=places, on=on)
    forgiven = planning.forgive(position=position, places=places, campaigns=[campaign], on=on)
    cents = np.zeros(accounts.account_id.size, dtype=np.int64)
    np.add.at(cents, accounts.place_of_item, planning.total(forgiven=forgiven, position=position))
    is_reached = cents > 0
    held = favor(account_ids=accounts.account_id[is_reached].tolist())
    in_favor = np.array([held.get(account, 0) for account in accounts.account_id.tolist()], dtype=np.int64)
    payable = np.maximum(accounts.open_cents - cents - in_favor, 0)
    totals = tuple(int(column[is_reached].sum()) for column in (accounts.open_cents, cents, payable))
    return (
        (int(is_reached.sum()), totals[0], totals[1], totals[2]),
        _by_use(accounts, is_reached, cents, payable),
        _largest(accounts, cents, payable),
    )


def _by_use(accounts: Accounts, is_reached: Mask, cents: Int64, payable: Int64) -> tuple[UseShare, ...]:
    names = {str(use): str(name) for use, name in TariffClass.Use.choices}
    found = []
    for use in np.unique(accounts.use[is_reached]).tolist():
        mine = is_reached & (accounts.use == use)
        sums = (int(column[mine].sum()) for column in (accounts.open_cents, cents, payable))
        found.append(UseShare(names.get(use, NO_USE), int(mine.sum()), *sums))
    return tuple(sorted(found, key=lambda each: -each.forgiven_cents))


def _largest(accounts: Accounts, cents: Int64, payable: Int64) -> tuple[PreviewedAccount, ...]:
    places: Sequence[int] = [
        place for place in np.argsort(-cents, kind="stable")[:SHOWN].tolist() if cents[place] > 0
    ]
    numbers = Account.objects.in_bulk([int(accounts.account_id[place]) for place in places])
    return tuple(
        PreviewedAccount(
            account,
            numbers[account].number,
            int(accounts.open_cents[place]),
            int(cents[place]),
            int(payable[place]),
        )
        for place in places
        for account in [int(accounts.account_id[place])]
    )
