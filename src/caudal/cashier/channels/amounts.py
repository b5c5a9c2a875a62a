"""Amounts and days as a file writes them, each distinct text read once."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from caudal.cashier import policy

Value = TypeVar("Value")
_EXCEL_ORIGINS: Final = {"excel_1900": date(1899, 12, 30), "excel_1904": date(1904, 1, 1)}


def cents_reader(
    *, decimals: int, is_implied: bool, is_signed: bool, largest: int = policy.LARGEST_PAYMENT_CENTS
) -> Callable[[str], int | None]:
    """A function that reads amounts written with exactly so many decimals; None for what is not one.

    Exactly, so that an amount whose end was cut off is not taken for a smaller one.
    """
    sign = "(-?)" if is_signed else "()"
    if is_implied or decimals == 0:
        pattern = re.compile(sign + r"(\d+)()")
    else:
        pattern = re.compile(sign + r"\$?(\d{1,3}(?:,\d{3})+|\d+)\.(\d{" + str(decimals) + "})", re.ASCII)
    scale = 10 ** (2 - decimals)

    def read(text: str) -> int | None:
        match = pattern.fullmatch(text) if text.isascii() else None
        if match is None or len(text) > 20:
            return None
        cents: int = int(match[2].replace(",", "") + match[3]) * scale
        if not 0 < cents <= largest:
            return None
        return -cents if match[1] else cents

    return _once(read)


def day_reader(*, date_format: str) -> Callable[[str], date | None]:
    """A function that reads days; None for what is not a day of the calendar."""
    origin = _EXCEL_ORIGINS.get(date_format)
    has_separators = not date_format.replace("%", "").isalpha()

    def read(text: str) -> date | None:
        try:
            if origin is not None:
                return origin + timedelta(days=int(text)) if text.isascii() and text.isdigit() else None
            day = datetime.strptime(text, date_format).date()  # noqa: DTZ007 - a day, no moment
            # without separators a digit less would be another day: 2019111
            return day if has_separators or day.strftime(date_format) == text else None
        except (ValueError, OverflowError):
            return None

    return _once(read)


def _once(read: Callable[[str], Value]) -> Callable[[str], Value]:
    known: dict[str, Value] = {}

    def remembered(text: str) -> Value:
        try:
            return known[text]
        except KeyError:
            return known.setdefault(text, read(text))

    return remembered
