"""What a rule forgives of open items: a share or a fixed amount, rounded once, never more than is owed."""

from dataclasses import dataclass

import numpy as np

from caudal.rules import bounds, money
from caudal.rules.bounds import Int64, Mask, OutOfBounds


@dataclass(frozen=True, slots=True)
class Waiving:
    """How much is forgiven of what a rule reaches: ``ppm`` of each item, or ``fixed_cents`` of an account.

    ``cap_cents`` is the most that is forgiven to an account; None leaves it without one.
    """

    ppm: int = 0
    fixed_cents: int = 0
    cap_cents: int | None = None

    def __post_init__(self) -> None:
        """Check that it is one of the two, and that both make sense.

        :raises OutOfBounds: naming the field
        """
        bounds.require_scalar(self.ppm, 0, bounds.MAX_PPM, name="ppm")
        bounds.require_scalar(self.fixed_cents, 0, bounds.MAX_CENTS, name="fixed_cents")
        if (self.ppm > 0) == (self.fixed_cents > 0):
            raise OutOfBounds("es un porcentaje o un importe, uno de los dos", column="ppm", value=self.ppm)
        if self.cap_cents is not None:
            bounds.require_scalar(self.cap_cents, 1, bounds.MAX_CENTS, name="cap_cents")


def waive(*, waiving: Waiving, open_cents: Int64, account_of_item: Int64, is_reached: Mask) -> Int64:
    """Give what is forgiven of each item (centavos, one per item).

    ``account_of_item`` numbers the accounts 0, 1, 2… A percentage is rounded once per item, half away from zero. A
    cap, or a fixed amount, is shared by the items of an account in proportion to what they owe and adds up exactly.
    """
    base = np.where(is_reached, np.maximum(open_cents, 0), 0)
    size = int(account_of_item.max()) + 1 if account_of_item.size else 0
    wanted = money.share_of(base, ppm=waiving.ppm) if waiving.ppm else base
    most = waiving.fixed_cents or waiving.cap_cents
    if waiving.fixed_cents and waiving.cap_cents is not None:
        most = min(waiving.fixed_cents, waiving.cap_cents)
    if most is None or not size:
        return wanted
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, account_of_item, wanted)
    given = wanted.copy()
    # items by account, so that each account finds its own without looking at everybody's
    turn = np.argsort(account_of_item, kind="stable")
    starts = np.searchsorted(account_of_item[turn], np.arange(size + 1))
    for account in np.flatnonzero(totals > most).tolist():
        rows = turn[starts[account] : starts[account + 1]]
        given[rows] = in_proportion(total=most, weights=wanted[rows])
    return given


def in_proportion(*, total: int, weights: Int64) -> Int64:
    """Split an amount by weights so that the parts add up to it: the largest remainders take the last centavos.

    No part passes its weight while the total does not pass their sum. On equal remainders the first takes it.

    :raises OutOfBounds: if the total is negative or passes the weights, or a weight is negative
    """
    parts = [int(weight) for weight in weights]
    whole = sum(parts)
    if min(parts, default=0) < 0 or not 0 <= total <= whole:
        raise OutOfBounds("no se puede repartir así", column="total", value=total)
    if not total:
        return np.zeros(len(parts), dtype=np.int64)
    return np.array(money.apportion(total, weights=parts), dtype=np.int64)
