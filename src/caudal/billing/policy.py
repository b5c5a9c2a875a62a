"""Which bills a person must see before they are issued, and why an account gets none. Pure, over columns.

An account is held for one reason, the gravest; and it goes without a bill for one cause, the first found.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from caudal.metering.queries import Doubt
from caudal.rules.bounds import MAX_AREA_M2, MAX_THOUSANDTHS, Int64, Mask


class Hold(IntEnum):
    """Reasons to hold, the gravest first; 0 is none. Their names are those of `HeldBill.Reason`."""

    NONE = 0
    NEGATIVE = 1
    ABOVE_AMOUNT = 2
    READING_DOUBT = 3
    ABOVE_MEAN = 4
    ZERO_WITH_HISTORY = 5
    TOO_MANY_ESTIMATES = 6
    FIRST_BILL = 7


class Review(IntEnum):
    """What the Crítica said of the reading a bill stands on."""

    NONE = 0
    SETTLED = 1  # a person saw this very consumption: its bill does not wait for it
    OPEN = 2  # contradicted, to be read again or inspected: it waits, however usual it looks


class Cause(IntEnum):
    """Causes of no bill, in the order in which they are looked for; 0 is none. Names of `UnbilledAccount.Cause`."""

    NONE = 0
    BILLED_ELSEWHERE = 1
    NO_CONSUMPTION = 2
    OUT_OF_BOUNDS = 3
    NO_PRICE = 4
    INTERRUPTED = 5
    NOTHING_TO_CHARGE = 6
    LEFT = 7  # told for the whole run by `proving`: who left is not among the columns


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """Thresholds above which a bill waits for a person. A book may set its own.

    `above_mean_percent` 100 holds what passes twice the mean; consumption up to `ordinary_m3` never does,
    because the base charge covers it and a mean of 1 m³ doubles with a visit.
    """

    above_mean_percent: int = 100
    ordinary_m3: int = 10
    max_estimated_periods: int = 2
    max_total_cents: int = 5_000_000
    holds_first_bill: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of each computed bill when it is judged."""

    is_metered: Mask
    consumption_m3: Int64
    mean_m3: Int64  # −1: no history
    estimated_periods: Int64
    doubts: Int64
    review: Int64  # of `Review`
    total_cents: Int64


WHOLE_PERCENT: Final = 100
# doubts about the reading itself; high, low, zero, unread and new are judged here by the book's own terms
_JUDGED_HERE: Final = Doubt.HIGH | Doubt.LOW | Doubt.ZERO | Doubt.TOO_MANY_ESTIMATES | Doubt.NO_HISTORY
READING_DOUBTS: Final = sum(Doubt) & ~_JUDGED_HERE


def reasons_to_hold(*, bills: Judged, terms: HoldTerms) -> Int64:
    """Give the `Hold` of each bill. What the Crítica settled is not asked again; amounts are billing's own."""
    metered, m3, mean = bills.is_metered, bills.consumption_m3, bills.mean_m3
    is_seen = bills.review == Review.SETTLED
    is_known = metered & (mean >= 0)
    is_low = is_known & (bills.doubts & Doubt.LOW != 0) & (mean > terms.ordinary_m3)
    doubts = metered & (bills.doubts & READING_DOUBTS != 0) | is_low
    above = (m3 * WHOLE_PERCENT > mean * (WHOLE_PERCENT + terms.above_mean_percent)) & (
        m3 > terms.ordinary_m3
    )
    found: dict[Hold, Mask] = {
        Hold.NEGATIVE: bills.total_cents < 0,
        Hold.ABOVE_AMOUNT: bills.total_cents > terms.max_total_cents,
        Hold.READING_DOUBT: doubts & ~is_seen | metered & (bills.review == Review.OPEN),
        Hold.ABOVE_MEAN: is_known & above & ~is_seen,
        Hold.ZERO_WITH_HISTORY: is_known & (m3 == 0) & (mean > 0) & ~is_seen,
        Hold.TOO_MANY_ESTIMATES: metered & (bills.estimated_periods > terms.max_estimated_periods) & ~is_seen,
        Hold.FIRST_BILL: metered & (mean < 0) & terms.holds_first_bill & ~is_seen,
    }
    return np.select(list(found.values()), list(found), default=Hold.NONE).astype(np.int64)


def causes_before_computing(
    *,
    is_billed: Mask,
    is_metered: Mask,
    is_assessed: Mask,
    consumption_m3: Int64,
    lot_area_m2: Int64,
    schedule: Int64,
) -> Int64:
    """Give the `Cause` of each account that cannot be computed. A schedule of −1 means that the book has no price."""
    is_absurd = (
        (consumption_m3 < 0) | (consumption_m3 > MAX_THOUSANDTHS // 1000) | (lot_area_m2 > MAX_AREA_M2)
    )
    found: dict[Cause, Mask] = {
        Cause.BILLED_ELSEWHERE: is_billed,
        Cause.NO_CONSUMPTION: is_metered & ~is_assessed,
        Cause.OUT_OF_BOUNDS: is_absurd,
        Cause.NO_PRICE: schedule < 0,
    }
    return np.select(list(found.values()), list(found), default=Cause.NONE).astype(np.int64)


def causes_of_nothing(*, has_lines: Mask, is_interrupted: Mask) -> Int64:
    """Give the `Cause` of each computed account whose bill would have no line at all."""
    empty = np.where(is_interrupted, Cause.INTERRUPTED, Cause.NOTHING_TO_CHARGE)
    return np.where(has_lines, Cause.NONE, empty).astype(np.int64)
