"""How amounts, dates and periods read in the Spanish of Mexico: on a page, on paper, on a terminal."""

import re
from datetime import date
from typing import Final

MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
MONTHS_SHORT: Final = tuple(month[:3] for month in MONTHS)
MINUS: Final = "\N{MINUS SIGN}"
_AMOUNT: Final = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")

_DEGREES: Final = re.compile(r"(-)?(\d{1,3})(?:\.(\d{1,15}))?")


def pesos(cents: int, /) -> str:
    """`123456` → `$1,234.56`, and `−$50.00` below zero: the one way an amount is written."""
    whole, rest = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}${whole:,}.{rest:02d}"


def parse_pesos(text: str, /) -> int | None:
    """Read `250`, `$1,250.5` or `1250.50` as centavos; None if it is not an amount written so."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    whole, cents = match[1].replace(",", ""), (match[2] or "").ljust(2, "0")
    return int(whole) * 100 + int(cents)


def parse_degrees(text: str, /) -> int | None:
    """Read `20.2812` or `-102.549812` as millionths of a degree; None if it is not a number of degrees."""
    match = _DEGREES.fullmatch(text.strip().replace(MINUS, "-"))
    if match is None:
        return None
    size = int(match[2]) * 1_000_000 + int((match[3] or "")[:6].ljust(6, "0"))
    return -size if match[1] else size


def degrees(e6: int, /) -> str:
    """`20281200` → `20.281200`: how a coordinate is written."""
    whole, rest = divmod(abs(e6), 1_000_000)
    return f"{'-' if e6 < 0 else ''}{whole}.{rest:06d}"


def signed_pesos(cents: int, /) -> str:
    """A change: `+$11.07`, `−$388.66`, and `$0.00` when nothing changes."""
    return f"+{pesos(cents)}" if cents > 0 else pesos(cents)


def short_date(on: date, /) -> str:
    """`24 nov 2026`."""
    return f"{on.day} {MONTHS_SHORT[on.month - 1]} {on.year}"


def month_name(period: int, /) -> str:
    """`201901` → `enero 2019`."""
    year, month = divmod(period, 100)
    return f"{MONTHS[month - 1]} {year}"


def month_span(first: int, last: int, /) -> str:
    """`201901`, `201912` → `enero a diciembre 2019`: the year once, and one month alone by its name."""
    if first == last:
        return month_name(first)
    start = MONTHS[first % 100 - 1] if first // 100 == last // 100 else month_name(first)
    return f"{start} a {month_name(last)}"


def thousands(value: int, /) -> str:
    """`12345` → `12,345`."""
    return f"{value:,}".replace("-", MINUS)


_SMALL: Final = frozenset(
    {"de", "del", "la", "las", "los", "el", "y", "e", "a", "al", "en", "por", "con", "s/n"}
)
_WORD: Final = re.compile(r"[^\s()]+")


def in_reading_case(text: str, /) -> str:
    """`MARIA DE LA LUZ NUÑEZ` → `Maria de la Luz Nuñez`: what an old system wrote in capitals, easy to read.

    Each part between commas by itself: one that has any lower case is somebody's choice and stays. Initials,
    numbers with letters and abbreviations with points (`S.A. DE C.V.`, `118-B`) keep their capitals. Accents are
    never guessed.
    """
    return ", ".join(_part_in_reading_case(part) for part in text.split(", "))


def _part_in_reading_case(text: str) -> str:
    if text != text.upper():
        return text
    first = len(text) - len(text.lstrip())
    return _WORD.sub(
        lambda found: _word_in_reading_case(found.group(), is_first=found.start() == first), text
    )


def _word_in_reading_case(word: str, *, is_first: bool) -> str:
    lower = word.lower()
    if lower.strip(",;") in _SMALL and not is_first:
        return lower
    if re.search(r"\d|\w\.\w", word) or len(word.strip(".,")) == 1:
        return word
    return "-".join(part[:1].upper() + part[1:] for part in lower.split("-"))


def number_of_folio(text: str, /, *, prefix: str) -> int | None:
    """The number in `CON-000012`, `con 12`, `con12` or `12`, when `prefix` is `CON-`; None when it is none."""
    digits = text.strip().upper().replace(" ", "-").removeprefix(prefix.rstrip("-")).lstrip("-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
