"""Pure decisions of a quote: which ways to pay are offered when nobody asks for others."""

from typing import Final

SERIES: Final = "COT"
COUNTS: Final = (3, 6, 12)
MOST_PAYMENTS: Final = 24
# a quote never promises longer than this, even when nothing would change
MOST_DAYS: Final = 15
MOST_MONTHS_AHEAD: Final = 12
