"""A real consumption spread over the periods that were billed on estimates."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from caudal.rules import bounds
from caudal.rules.bounds import Int64, OutOfBounds

_MOST_M3: Final = bounds.MAX_THOUSANDTHS


def spread(*, consumption_m3: int, days: Sequence[int]) -> tuple[int, ...]:
    """Spread whole cubic meters over periods in proportion to their days; a batch of one.

    :raises OutOfBounds: as ``spread_batch``
    """
    shares = spread_batch(
        consumption_m3=np.array([consumption_m3], dtype=np.int64),
        days=np.array([list(days)], dtype=np.int64),
    )
    return tuple(int(share) for share in shares[0])


def spread_batch(*, consumption_m3: Int64, days: Int64) -> Int64:
    """Spread the consumption of each row over its periods, ``days[row, period]`` (0: no period).

    Whole cubic meters by largest remainder; on a tie the earlier period takes the unit. Each row
    adds up to its consumption.

    :raises OutOfBounds: on negative volumes or days, or a row without days
    """
    if days.ndim != 2 or days.shape != (consumption_m3.size, days.shape[1]):
        raise OutOfBounds("debe tener un renglón por consumo", column="days", value=days.shape)
    bounds.require_between(consumption_m3, 0, _MOST_M3, column="consumption_m3")
    bounds.require_between(days.ravel(), 0, bounds.MAX_TIER_DAYS, column="days")
    all_days = days.sum(axis=1)
    bounds.require_between(all_days, 1, bounds.MAX_TIER_DAYS * 1000, column="days")
    exact: Int64 = consumption_m3[:, None] * days
    share: Int64 = exact // all_days[:, None]
    remainder = exact - share * all_days[:, None]
    missing = consumption_m3 - share.sum(axis=1)
    turn = np.argsort(-remainder, axis=1, kind="stable")
    place = np.empty_like(turn)
    np.put_along_axis(place, turn, np.arange(days.shape[1])[None, :], axis=1)
    return np.where(place < missing[:, None], share + 1, share)
