"""Pure decisions of the ledger: what a credit extinguishes, and how much late surcharge a debt bears.

Everything is columns, so one account at the window and a whole town after a billing run take one path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from caudal.ledger import catalog
from caudal.rules import allocation, periods, surcharges
from caudal.rules.allocation import AllocationOrder
from caudal.rules.surcharges import SurchargeRates

Int64 = NDArray[np.int64]

# Position = the code that rules know a kind of concept by.
KINDS: Final = (
    "principal",
    "reduction",
    "surcharge",
    "inflation_update",
    "fine",
    "enforcement_cost",
    "fee",
)
ACCESSORY_KINDS: Final = frozenset({"surcharge", "inflation_update", "fine", "enforcement_cost"})
SURCHARGE_DOCUMENT: Final = 2
# account × this + period: the two as one number, so that they are found by bisection
PERIODS: Final = 1_000_000


class DebtTerms(Protocol):
    """What the law of a day says about debts: rates of late surcharge, and what is paid first."""

    @property
    def surcharge_rates(self) -> SurchargeRates: ...

    @property
    def allocation_order(self) -> AllocationOrder: ...


def allocation_order(*, ranks: Mapping[str, int], oldest_first: bool = True) -> AllocationOrder:
    """Write an order of kinds of concept (`KINDS`, lowest rank paid first) as the rules take it.

    :raises KeyError: if a kind has no rank
    """
    return AllocationOrder(tuple(ranks[kind] for kind in KINDS), oldest_first=oldest_first)


@dataclass(frozen=True, slots=True)
class Debts:
    """What accounts owe of each period: the rows of `PeriodBalance`, as columns (centavos)."""

    account_id: Int64
    period: Int64
    due_ordinal: Int64
    open_principal_cents: Int64
    open_accessory_cents: Int64
    surcharged_months: Int64


@dataclass(frozen=True, slots=True)
class Items:
    """Open items: one document and concept of a period, what it was charged for, with VAT and of it VAT, and
    what is left to pay of it (centavos).

    `kind` is a position in `KINDS`. An item may be negative: a regularization in favor of the customer.
    """

    account_id: Int64
    period: Int64
    document_kind: Int64
    sequence: Int64
    concept_id: Int64
    kind: Int64
    due_ordinal: Int64
    open_cents: Int64
    charged_cents: Int64
    charged_vat_cents: Int64

    def __len__(self) -> int:
        return int(self.account_id.size)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Items":
        """The same columns, only these rows in this order."""
        return Items(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class LateSurcharges:
    """Surcharge to the day of each row of some `Debts`: amount (centavos), months not charged before."""

    amount_cents: Int64
    months: Int64
    rate_ppm: Int64


def late_surcharges(*, debts: Debts, on: date, rates: SurchargeRates) -> LateSurcharges:
    """Compute surcharges to a day. One-off charges (period 0) bear none: their row mixes due dates.

    :raises OutOfBounds: if a month late falls in a year without a rate
    """
    is_bearing = (debts.period > 0) & (debts.open_principal_cents > 0)
    months_late = periods.months_late_columns(due_ordinals=debts.due_ordinal, on=on)
    late = surcharges.late_surcharges(
        overdue_cents=np.where(is_bearing, debts.open_principal_cents, 0),
        due_ordinals=debts.due_ordinal,
        months_late=np.where(is_bearing, months_late, 0),
        months_charged=np.where(is_bearing, debts.surcharged_months, 0),
        rates=rates,
    )
    return LateSurcharges(late.amount_cents, late.months, late.rate_ppm)


def surcharge_items(*, debts: Debts, amount_cents: Int64, sequence: Int64) -> Items:
    """Surcharges to the day as items that do not exist yet: the charges they would become."""
    size = debts.account_id.size
    return Items(
        account_id=debts.account_id,
        period=debts.period,
        document_kind=np.full(size, SURCHARGE_DOCUMENT, dtype=np.int64),
        sequence=sequence,
        concept_id=np.full(size, catalog.SURCHARGE, dtype=np.int64),
        kind=np.full(size, KINDS.index("surcharge"), dtype=np.int64),
        due_ordinal=debts.due_ordinal,
        open_cents=amount_cents,
        charged_cents=amount_cents,
        charged_vat_cents=np.zeros(size, dtype=np.int64),
    )


def join(first: Items, second: Items) -> Items:
    """The rows of both, the first's first."""
    return Items(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in Items.__slots__))


def settle(*, items: Items, money_cents: Mapping[int, int], order: AllocationOrder) -> Int64:
    """How much of each account's money goes to each of its items (centavos, one per item).

    An item in favor of the customer is used up inside its own period when money reaches that period; it
    never pays another one. Σ given to an account's items ≤ its money.
    """
    given = np.zeros(len(items), dtype=np.int64)
    if not len(items):
        return given
    compensation = _compensation(items, order)
    payable = items.open_cents - compensation
    accounts, payment_of_item = np.unique(items.account_id, return_inverse=True)
    # items alike are paid as they come: the older period first
    turn = np.lexsort((items.sequence, items.document_kind, items.concept_id, items.period))
    share = allocation.allocate_batch(
        payment_cents=np.array([money_cents.get(int(each), 0) for each in accounts], dtype=np.int64),
        payment_of_item=payment_of_item[turn].astype(np.int64),
        open_cents=np.maximum(payable, 0)[turn],
        kind=items.kind[turn],
        due_ordinals=items.due_ordinal[turn],
        order=order,
    )
    given[turn] = share.allocated_cents
    return given + np.where(_is_touched(items, given), compensation, 0)


def _is_touched(items: Items, given: Int64) -> NDArray[np.bool_]:
    """Rows of the (account, period) pairs that some money reached."""
    keys = np.stack([items.account_id, items.period], axis=1)
    _, pair = np.unique(keys, axis=0, return_inverse=True)
    pair = pair.reshape(-1)
    return np.bincount(pair, weights=given != 0)[pair] > 0


def touched(*, items: Items, given: Int64) -> set[tuple[int, int]]:
    """The (account, period) pairs that some money reached."""
    rows = np.flatnonzero(given)
    return {(int(items.account_id[row]), int(items.period[row])) for row in rows}


def _compensation(items: Items, order: AllocationOrder) -> Int64:
    """What negative items take from the positive ones of their period; sums to zero in each period."""
    taken = np.zeros(len(items), dtype=np.int64)
    for row in np.flatnonzero(items.open_cents < 0):
        mates: list[int] = np.flatnonzero(
            (items.account_id == items.account_id[row])
            & (items.period == items.period[row])
            & (items.open_cents > 0)
        ).tolist()
        # its own concept first, then what would be paid last
        mates.sort(
            key=lambda mate: (
                items.concept_id[mate] != items.concept_id[row],
                -order.ranks[items.kind[mate]],
                items.concept_id[mate],
            ),
        )
        left = -int(items.open_cents[row])
        for mate in mates:
            share = min(left, int(items.open_cents[mate] - taken[mate]))
            taken[mate] += share
            taken[row] -= share
            left -= share
    return taken
