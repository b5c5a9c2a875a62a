"""Pure decisions of a quote: which ways to pay are offered when nobody asks for others."""

from typing import Final

SERIES: Final = "COT"
COUNTS: Final = (3, 6, 12)
MOST_PAYMENTS: Final = 24
DOWN_PPM: Final = 300_000
# a quote never promises longer than this, even when nothing would change
MOST_DAYS: Final = 15
MOST_MONTHS_AHEAD: Final = 12
# consumption of the months ahead: the mean of so many months with a reading
MEAN_OF: Final = 6


def mean_m3(*, volumes: list[int]) -> int:
    """The mean of the last real consumptions, rounded half up to whole m³; nothing without any."""
    last = volumes[-MEAN_OF:]
    return (2 * sum(last) + len(last)) // (2 * len(last)) if last else 0
