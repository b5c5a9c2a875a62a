"""What credits would do to some debts, decided over columns: the preview at the window and the writing read it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caudal.ledger import policy
from caudal.ledger.policy import Int64
from caudal.ledger.queries.positions import Position
from caudal.rules.allocation import AllocationOrder


@dataclass(frozen=True, slots=True)
class Plan:
    """Columns by item, by debt and by account of a position (centavos).

    Accounts ascend, one credit for each; `given` says how much goes to each item. The surcharge to the day of
    every debt reached becomes a charge, with its months.
    """

    position: Position
    account_ids: Int64
    cents: Int64
    given: Int64
    is_reached: Int64
    principal_cents: Int64
    accessory_cents: Int64
    surcharge_cents: Int64
    months: Int64

    @property
    def rows(self) -> Int64:
        """The items that something is given to."""
        return np.flatnonzero(self.given)

    @property
    def account_of_item(self) -> Int64:
        """Place of each item's account."""
        return np.searchsorted(self.account_ids, self.position.items.account_id)

    @property
    def unallocated_cents(self) -> Int64:
        """Of each account's credit, what stays in favor."""
        rows = self.rows
        return self.cents - sums(self.account_of_item[rows], self.given[rows], self.account_ids.size)

    @property
    def surcharged_cents(self) -> Int64:
        """Surcharge that becomes a charge in each account."""
        return self._by_account(self.surcharge_cents)

    @property
    def owed_cents(self) -> Int64:
        """What each account owes of what is charged once the credits are written."""
        debts = self.position.debts
        return self._by_account(
            debts.open_principal_cents
            + debts.open_accessory_cents
            + self.principal_cents
            + self.accessory_cents
        )

    def _by_account(self, cents: Int64) -> Int64:
        places = np.searchsorted(self.account_ids, self.position.debts.account_id)
        return sums(places, cents, self.account_ids.size)


def settle(*, position: Position, money_cents: Mapping[int, int], order: AllocationOrder) -> Plan:
    """Plan credits of these accounts (id → centavos) in the order of the law."""
    given = policy.settle(items=position.items, money_cents=money_cents, order=order)
    return of(position=position, money_cents=money_cents, given=given)


def of(*, position: Position, money_cents: Mapping[int, int], given: Int64) -> Plan:
    """The plan of credits whose shares were decided already."""
    items, debts = position.items, position.debts
    accounts = np.array(sorted(money_cents), dtype=np.int64)
    rows = np.flatnonzero(given)
    size = debts.account_id.size
    debt_of_item = np.searchsorted(
        debts.account_id * policy.PERIODS + debts.period,
        items.account_id[rows] * policy.PERIODS + items.period[rows],
    )
    is_accessory = np.isin(items.kind[rows], [policy.KINDS.index(kind) for kind in policy.ACCESSORY_KINDS])
    is_reached = np.zeros(size, dtype=np.int64)
    is_reached[debt_of_item] = 1
    surcharge = np.where(is_reached == 1, position.late.amount_cents, 0)
    return Plan(
        position=position,
        account_ids=accounts,
        cents=np.array([money_cents[int(account)] for account in accounts], dtype=np.int64),
        given=given,
        is_reached=is_reached,
        principal_cents=-sums(debt_of_item, np.where(is_accessory, 0, given[rows]), size),
        accessory_cents=surcharge - sums(debt_of_item, np.where(is_accessory, given[rows], 0), size),
        surcharge_cents=surcharge,
        months=np.where(surcharge > 0, position.late.months, 0),
    )


def sums(places: Int64, cents: Int64, size: int, /) -> Int64:
    """Add up amounts by place; exact, because it never leaves the integers."""
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, places, cents)
    return total
