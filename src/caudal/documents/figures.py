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


def long_date(on: date) -> str:
    """`31 de enero de 2019`, as a document says it."""
    return f"{on.day} de {MONTHS[on.month - 1]} de {on.year}"


_ONES = (
    "cero", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiún", "veintidós",
    "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
)  # fmt: skip
_TENS = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)  # fmt: skip
_MOST_IN_WORDS = 10**12


def pesos_in_words(cents: int) -> str:
    """An amount as a promissory note writes it: `mil un pesos 50/100 M.N.`, `un millón de pesos 00/100 M.N.`."""
    if not 0 <= cents < _MOST_IN_WORDS * 100:
        raise ValueError(f"no promissory note says {cents} centavos in words")
    whole, rest = divmod(cents, 100)
    noun = "peso" if whole == 1 else "pesos"
    of = "de " if whole and whole % 1_000_000 == 0 else ""
    return f"{_in_words(whole)} {of}{noun} {rest:02d}/100 M.N."


def _in_words(number: int) -> str:
    """A whole number before a masculine noun: `veintiún`, `ciento un`, `mil`, `dos millones`."""
    if number < 30:
        return _ONES[number]
    for unit, one, many in ((1_000_000, "un millón", "millones"), (1_000, "mil", "mil")):
        if number >= unit:
            above, below = divmod(number, unit)
            said = one if above == 1 else f"{_in_words(above)} {many}"
            return f"{said} {_in_words(below)}" if below else said
    if number == 100:
        return "cien"
    if number > 100:
        hundreds, below = divmod(number, 100)
        said = _HUNDREDS[hundreds - 1]
        return f"{said} {_in_words(below)}" if below else said
    tens, below = divmod(number, 10)
    return f"{_TENS[tens - 3]} y {_in_words(below)}" if below else _TENS[tens - 3]
