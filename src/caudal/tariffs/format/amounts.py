"""Pesos, percentages and volumes between the text a person writes and exact integers.

A bare `7.10` is read as the text «7.10», never as a binary float; `"7.10"`, `"$1,250.00"` and `7` are
accepted too.
"""

import re
from typing import Final

PRICE_DECIMALS: Final = 4  # ten-thousandths of a peso
CENTS_DECIMALS: Final = 2
PERCENT_DECIMALS: Final = 4  # 1 % = 10 000 ppm
VOLUME_DECIMALS: Final = 3  # thousandths of the unit

_NUMBER = re.compile(r"(?P<sign>[-−]?)(?P<whole>\d{1,12})(?:\.(?P<rest>\d+))?", re.ASCII)


class NotANumber(ValueError):
    """Text that is not a decimal number, or has more decimals than may be kept."""


def scaled(text: str, *, decimals: int) -> int:
    """Give a decimal number times 10^decimals, exactly.

    :raises NotANumber: if it is not one, or would have to be rounded
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise NotANumber("no es un número")
    rest = (match["rest"] or "").rstrip("0")
    if len(rest) > decimals:
        raise NotANumber(f"tiene más de {decimals} decimales")
    magnitude = int(match["whole"] + rest.ljust(decimals, "0"))
    return -magnitude if match["sign"] else magnitude


def price(text: str) -> int:
    """`7.10` pesos → 71000 ten-thousandths."""
    return scaled(_bare(text, "$"), decimals=PRICE_DECIMALS)


def cents(text: str) -> int:
    """`450.00` pesos → 45000 centavos."""
    return scaled(_bare(text, "$"), decimals=CENTS_DECIMALS)


def ppm(text: str) -> int:
    """`20 %` → 200000 parts per million. Without the sign it is refused: 0.2 could mean two things.

    :raises NotANumber: if the sign is missing
    """
    if not text.rstrip().endswith("%"):
        raise NotANumber("le falta el signo %")
    return scaled(_bare(text.rstrip()[:-1]), decimals=PERCENT_DECIMALS)


def thousandths(text: str) -> int:
    """`10` units → 10000 thousandths."""
    return scaled(_bare(text), decimals=VOLUME_DECIMALS)


def price_text(value: int) -> str:
    """71000 → `7.10`: at least two decimals, four if needed."""
    return _text(value, decimals=PRICE_DECIMALS, at_least=2)


def cents_text(value: int) -> str:
    """45000 → `450.00`."""
    return _text(value, decimals=CENTS_DECIMALS, at_least=2)


def ppm_text(value: int) -> str:
    """200000 → `20 %`."""
    return f"{_text(value, decimals=PERCENT_DECIMALS, at_least=0)} %"


def thousandths_text(value: int) -> str:
    """10000 → `10`."""
    return _text(value, decimals=VOLUME_DECIMALS, at_least=0)


def _bare(text: str, sign: str = "") -> str:
    """Take the peso sign, and commas that truly part thousands, away."""
    bare = text.strip().removeprefix(sign).strip()
    return bare.replace(",", "") if re.fullmatch(r"[-−]?\d{1,3}(,\d{3})+(\.\d+)?", bare) else bare


def _text(value: int, *, decimals: int, at_least: int) -> str:
    whole, rest = divmod(abs(value), 10**decimals)
    shown = f"{rest:0{decimals}d}".rstrip("0").ljust(at_least, "0")
    return f"{'-' if value < 0 else ''}{whole}{'.' if shown else ''}{shown}"
