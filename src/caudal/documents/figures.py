"""How amounts, dates and account numbers are written on paper, in the Spanish of Mexico."""

import re
from datetime import date

from caudal.kernel.wording import MINUS as MINUS
from caudal.kernel.wording import MONTHS as MONTHS
from caudal.kernel.wording import MONTHS_SHORT as MONTHS_SHORT
from caudal.kernel.wording import pesos as pesos

TIE = "\N{NO-BREAK SPACE}"
_LOOSE = re.compile(r"(?<=\d) (?=%|m³)|(?<=\bart\.) |(?<=\bfr\.) ")


def tied(text: str) -> str:
    """The text with `75 %`, `19 m³` and `art. 61` held together, so that no line begins with a unit."""
    return _LOOSE.sub(TIE, text)


def unit_price(ten_thousandths: int) -> str:
    """A unit price in ten-thousandths of a peso: two decimals, and the other two only where they count."""
    whole, rest = divmod(ten_thousandths, 10_000)
    decimals = f"{rest:04d}"
    return f"${whole:,}.{decimals[:2]}{decimals[2:].rstrip('0')}"


def short_date(on: date) -> str:
    """`15 feb 2019`, held together on one line."""
    return f"{on.day}{TIE}{MONTHS_SHORT[on.month - 1]}{TIE}{on.year}"


def day_and_month(on: date) -> str:
    """`15 feb`, where the year is plain from the page."""
    return f"{on.day}{TIE}{MONTHS_SHORT[on.month - 1]}"


def period_name(*, last: int, months: int = 1) -> str:
    """The months billed, by the last of them (YYYYMM): `enero 2019`, `noviembre 2018 a enero 2019`."""
    year, month = divmod(last, 100)
    first_year, first_month = divmod(year * 12 + month - 1 - (months - 1), 12)
    end = f"{MONTHS[month - 1]} {year}"
    if months == 1:
        return end
    start = MONTHS[first_month] if first_year == year else f"{MONTHS[first_month]} {first_year}"
    return f"{start} a {end}"


def account_in_groups(number: str) -> str:
    """`010293` as `010 293`: groups of three from the right, easy to read aloud over the telephone."""
    head = len(number) % 3
    groups = [number[:head]] if head else []
    return TIE.join(groups + [number[i : i + 3] for i in range(head, len(number), 3)])


def comparison(*, now_m3: int, year_ago_m3: int, last: int) -> str:
    """One sentence: this period's m³ beside the same period of last year (`last` is YYYYMM)."""
    year, month = divmod(last, 100)
    then = f"{MONTHS[month - 1]} de {year - 1}"
    difference = now_m3 - year_ago_m3
    if difference == 0:
        return f"Gastaste lo mismo que en {then}."
    word = "más" if difference > 0 else "menos"
    sentence = f"Gastaste {abs(difference):,} m³ {word} que en {then}"
    if year_ago_m3 < 5:
        return f"{sentence}."
    percent = (abs(difference) * 200 + year_ago_m3) // (2 * year_ago_m3)
    return f"{sentence} ({percent} % {word})."
