"""Pure decisions of the window: which amounts make sense, and how a written amount is read."""

import re
from typing import Final

# above this somebody typed the account number as the amount
LARGEST_PAYMENT_CENTS: Final = 1_000_000_000

_AMOUNT: Final = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")


def parse_pesos(text: str) -> int | None:
    """Read `250`, `$1,250.5` or `1250.50` as centavos; None if it is not an amount written so."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    whole, cents = match[1].replace(",", ""), (match[2] or "").ljust(2, "0")
    return int(whole) * 100 + int(cents)


def is_absurd(*, amount_cents: int) -> bool:
    """Tell an amount that no one pays at a window of a water utility."""
    return amount_cents > LARGEST_PAYMENT_CENTS


def cancellation_series(*, series: str) -> str:
    """The series of the folios that cancellations of a series take."""
    return f"{series}-CAN"
