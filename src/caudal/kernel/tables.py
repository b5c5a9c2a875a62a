"""Tables as files: typed cells, the filters they were asked with written in the file, and no text that acts.

A spreadsheet runs what starts with `=`, `+`, `-` or `@`; a name typed by anybody may start so. In a workbook every text
is written as text; in CSV such a text carries a leading apostrophe. Amounts are numbers with two decimals, days are
days, and moments are said in the utility's zone.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
MOST_ROWS: Final = 1_048_000  # what a sheet holds, with its heading
_MARK: Final = "\ufeff"  # lets a spreadsheet read the accents
_ACTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# a sheet numbers the days from here, and counts a 29 of February in 1900 that never was: before it, the library knows
_DAY_ZERO: Final = date(1899, 12, 30).toordinal()
_LEAP: Final = 60
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Kind(StrEnum):
    """What a column holds: how its cells are typed."""

    TEXT = "text"
    CENTS = "cents"
    COUNT = "count"
    M3 = "m3"
    DAY = "day"
    MOMENT = "moment"
    HOURS = "hours"
    PPM = "ppm"
    PERIOD = "period"


_FORMATS: Final = {
    Kind.CENTS: "#,##0.00",
    Kind.COUNT: "#,##0",
    Kind.M3: "#,##0",
    Kind.DAY: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
    Kind.HOURS: "#,##0",
    Kind.PPM: "0.00%",
    Kind.PERIOD: "0",
}
_WIDTHS: Final = {Kind.TEXT: 24, Kind.CENTS: 16, Kind.DAY: 12, Kind.MOMENT: 17}
_NUMBERS: Final = frozenset({Kind.CENTS, Kind.COUNT, Kind.M3, Kind.HOURS, Kind.PPM, Kind.PERIOD})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its heading, what it holds (a `Kind`), how wide."""

    title: str
    kind: str = Kind.TEXT
    width: int = 0


def write_xlsx(
    target: str | Path | IO[bytes],
    /,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    filters: Sequence[tuple[str, str]] = (),
    totals: Sequence[Any] = (),
) -> int:
    """Write one sheet: title, filters, heading that stays in sight, rows, and totals below. Gives how many rows.

    :param filters: what was asked, as pairs of words: ("Desde", "1 ene 2019")
    :param totals: one value for each column; None or "" where there is none
    """
    place: Any = str(target) if isinstance(target, Path) else target
    with xlsxwriter.Workbook(place, dict(_OPTIONS)) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        heading = book.add_format({"bold": True, "bg_color": "#0b4f66", "font_color": "white"})
        strong = book.add_format({"bold": True})
        formats = [_format(book, column.kind) for column in columns]
        for place_of, column in enumerate(columns):
            sheet.set_column(place_of, place_of, column.width or _WIDTHS.get(Kind(column.kind), 12))
        head = _preface(sheet, title, filters, strong)
        for place_of, column in enumerate(columns):
            sheet.write_string(head, place_of, column.title, heading)
        sheet.freeze_panes(head + 1, 0)
        n = _rows(sheet, head + 1, rows, [column.kind for column in columns], formats)
        sheet.autofilter(head, 0, head + max(1, n), max(0, len(columns) - 1))
        if totals:
            bold = [_format(book, column.kind, is_total=True) for column in columns]
            _rows(sheet, head + 1 + n, [totals], [column.kind for column in columns], bold)
    return n


def write_csv(
    target: IO[str],
    /,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    filters: Sequence[tuple[str, str]] = (),
    totals: Sequence[Any] = (),
) -> int:
    """Write the same as CSV: RFC 4180, UTF-8 with its mark, ISO dates, decimal point; the filters in lines above.

    The file is opened with `newline=""`. Gives how many rows.
    """
    target.write(_MARK)
    sheet = csv.writer(target)
    sheet.writerow([safe_text(title)])
    for name, value in filters:
        sheet.writerow([safe_text(name), safe_text(value)])
    sheet.writerow([safe_text(column.title) for column in columns])
    spellers = [_speller(column.kind) for column in columns]
    n = 0
    for row in rows:
        sheet.writerow([spell(value) for spell, value in zip(spellers, row, strict=True)])
        n += 1
    if totals:
        sheet.writerow([spell(value) for spell, value in zip(spellers, totals, strict=True)])
    return n


def as_xlsx(**table: Any) -> bytes:
    """The workbook of `write_xlsx` in memory."""
    body = io.BytesIO()
    write_xlsx(body, **table)
    return body.getvalue()


def as_csv(**table: Any) -> bytes:
    """The file of `write_csv` in memory."""
    body = io.StringIO(newline="")
    write_csv(body, **table)
    return body.getvalue().encode()


def safe_text(text: object, /) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before what would act."""
    said = str(text)
    return f"'{said}" if said.startswith(_ACTS) else said


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Hoja"


def _format(book: xlsxwriter.Workbook, kind: str, *, is_total: bool = False) -> Format | None:
    look: dict[str, Any] = {"num_format": _FORMATS[Kind(kind)]} if kind in _FORMATS else {}
    if is_total:
        look |= {"bold": True, "top": 1}
    return book.add_format(look) if look else None


def _preface(sheet: Worksheet, title: str, filters: Sequence[tuple[str, str]], strong: Format) -> int:
    """Title and filters in the first lines; gives the line of the heading."""
    sheet.write_string(0, 0, title, strong)
    for line, (name, value) in enumerate(filters, start=1):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, value)
    return len(filters) + 2


def _rows(
    sheet: Worksheet, first: int, rows: Iterable[Sequence[Any]], kinds: Sequence[str],
    formats: Sequence[Format | None],
) -> int:  # fmt: skip
    pens = [
        _pen(sheet, place, kind, look) for place, (kind, look) in enumerate(zip(kinds, formats, strict=True))
    ]
    n = 0
    for line, row in enumerate(rows, start=first):
        if line > MOST_ROWS:
            sheet.write_string(
                line,
                0,
                "La hoja se llenó: pida un intervalo más corto, o el archivo CSV, que no tiene límite.",
            )
            break
        for pen, value in zip(pens, row, strict=True):
            if value is not None and value != "":
                pen(line, value)
        n += 1
    return n


def _pen(sheet: Worksheet, place: int, kind: str, look: Format | None) -> Callable[[int, Any], object]:
    """What writes the cells of one column, chosen once: a sheet has hundreds of thousands of them."""
    number, string = sheet.write_number, sheet.write_string
    shares = {Kind.CENTS: 100, Kind.PPM: 1_000_000}.get(Kind(kind))
    is_number, localtime = kind in _NUMBERS, _clock()

    def write(line: int, value: Any) -> object:
        if isinstance(value, str):
            # what can be printed has nothing to be taken out
            return string(line, place, value if value.isprintable() else _UNWRITABLE.sub("", value), look)
        if is_number and isinstance(value, int | Fraction):
            # the nearest number to the decimal, which is what the sheet would read from its digits
            return number(line, place, value / shares if shares else value, look)
        if isinstance(value, datetime):
            return sheet.write_datetime(line, place, localtime(value).replace(tzinfo=None), look)
        if isinstance(value, date):
            day = value.toordinal() - _DAY_ZERO
            if day > _LEAP:
                return number(line, place, day, look)
            return sheet.write_datetime(line, place, value, look)
        return string(line, place, _UNWRITABLE.sub("", str(value)), look)

    return write


def _clock() -> Callable[[datetime], datetime]:
    """What says a moment in the utility's zone, the zone looked up once."""
    zone = timezone.get_current_timezone()
    return lambda moment: moment.astimezone(zone) if moment.tzinfo else moment


def _speller(kind: str) -> Callable[[Any], str]:
    """What spells the cells of one column of a CSV file, chosen once."""
    is_number, localtime = kind in _NUMBERS, _clock()
    # hundredths of a peso, and of a percent
    unit = {Kind.CENTS: 1, Kind.PPM: 100}.get(Kind(kind))

    def spell(value: Any) -> str:
        if isinstance(value, str):
            return f"'{value}" if value.startswith(_ACTS) else value
        if value is None:
            return ""
        if isinstance(value, int) and is_number:
            return _hundredths(value, unit) if unit else str(value)
        if isinstance(value, datetime):
            return localtime(value).isoformat(" ", "minutes")[:16]
        return value.isoformat() if isinstance(value, date) else safe_text(value)

    return spell


def _hundredths(value: int, unit: int) -> str:
    whole, rest = divmod(abs(value) // unit, 100)
    return f"{'-' if value < 0 else ''}{whole}.{rest:02d}"
