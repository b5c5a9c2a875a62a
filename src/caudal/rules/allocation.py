"""Which debt a payment extinguishes first. The order is dated data: it comes in, it is not here.

The pattern of CFF art. 20 is oldest period first and, inside it, accessories before principal:
``AllocationOrder(ranks=…, oldest_first=True)``.
"""

from dataclasses import dataclass

import numpy as np

from caudal.rules import bounds
from caudal.rules.bounds import Int64, OutOfBounds


@dataclass(frozen=True, slots=True)
class AllocationOrder:
    """Rank of each kind of charge (``ranks[kind]``, lowest paid first).

    With ``oldest_first`` the due day goes before the rank; without it, the rank before the day.
    """

    ranks: tuple[int, ...]
    oldest_first: bool = True


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each open item receives and what each payment leaves over (centavos)."""

    allocated_cents: Int64
    unallocated_cents: Int64


def allocate(
    *,
    payment_cents: int,
    open_cents: Int64,
    kind: Int64,
    due_ordinals: Int64,
    order: AllocationOrder,
) -> Allocation:
    """Allocate one payment to the open items of one account; a batch of one."""
    return allocate_batch(
        payment_cents=np.array([payment_cents], dtype=np.int64),
        payment_of_item=np.zeros(open_cents.size, dtype=np.int64),
        open_cents=open_cents,
        kind=kind,
        due_ordinals=due_ordinals,
        order=order,
    )


def allocate_batch(
    *,
    payment_cents: Int64,
    payment_of_item: Int64,
    open_cents: Int64,
    kind: Int64,
    due_ordinals: Int64,
    order: AllocationOrder,
) -> Allocation:
    """Allocate payments to open items; ``payment_of_item`` says which payment may reach each.

    Items are paid whole in order, the last one in part; items alike are paid as they come.
    Σ allocated + unallocated = payment, for each payment.

    :raises OutOfBounds: on a negative payment or item, a kind without rank, an unknown payment
    """
    _check(payment_cents, payment_of_item, open_cents, kind, order)
    rank = np.array(order.ranks, dtype=np.int64)[kind]
    inner, outer = (rank, due_ordinals) if order.oldest_first else (due_ordinals, rank)
    turn = np.lexsort((inner, outer, payment_of_item))
    owed = open_cents[turn]
    before = _sum_before(owed, payment_of_item[turn])
    left = payment_cents[payment_of_item[turn]] - before
    allocated = np.zeros_like(open_cents)
    allocated[turn] = np.clip(left, 0, owed)
    spent = np.zeros_like(payment_cents)
    np.add.at(spent, payment_of_item, allocated)
    return Allocation(allocated, payment_cents - spent)


def _sum_before(owed: Int64, payment: Int64) -> Int64:
    """Sum what goes before each item among those of the same payment; items come grouped."""
    if owed.size == 0:
        return owed
    before = np.cumsum(owed) - owed
    is_first = np.concatenate([[True], payment[1:] != payment[:-1]])
    group = np.cumsum(is_first.astype(np.int64)) - 1
    return before - before[np.flatnonzero(is_first)][group]


def _check(
    payment_cents: Int64,
    payment_of_item: Int64,
    open_cents: Int64,
    kind: Int64,
    order: AllocationOrder,
) -> None:
    bounds.require_between(payment_cents, 0, bounds.MAX_CENTS, column="payment_cents")
    bounds.require_between(open_cents, 0, bounds.MAX_CENTS, column="open_cents")
    bounds.require_between(kind, 0, len(order.ranks) - 1, column="kind")
    bounds.require_between(payment_of_item, 0, payment_cents.size - 1, column="payment_of_item")
    if bounds.peak(open_cents) * open_cents.size > bounds.SAFE_INT64:
        raise OutOfBounds("la suma no cabe en 64 bits", column="open_cents")
