"""Tables as files: typed cells, the filters they were asked with written in the file, and no text that acts.

A spreadsheet runs what starts with `=`, `+`, `-` or `@`; a name typed by anybody may start so. In a workbook every text
is written as text; in CSV such a text carries a leading apostrophe. Amounts are numbers with two decimals, days are
days, and moments are said in the utility's zone.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
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
    kinds = [column.kind for column in columns]
    n = 0
    for row in rows:
        sheet.writerow([_plain(value, kind) for value, kind in zip(row, kinds, strict=True)])
        n += 1
    if totals:
        sheet.writerow([_plain(value, kind) for value, kind in zip(totals, kinds, strict=True)])
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
    number, string, moment = sheet.write_number, sheet.write_string, sheet.write_datetime
    n = 0
    for line, row in enumerate(rows, start=first):
        if line > MOST_ROWS:
            string(
                line,
                0,
                "La hoja se llenó: pida un intervalo más corto, o el archivo CSV, que no tiene límite.",
            )
            break
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            kind, look = kinds[place], formats[place]
            if kind in _NUMBERS and isinstance(value, int | Fraction):
                number(line, place, _number(value, kind), look)
            elif isinstance(value, datetime):
                moment(line, place, _local(value).replace(tzinfo=None), look)
            elif isinstance(value, date):
                moment(line, place, value, look)
            else:
                string(line, place, _UNWRITABLE.sub("", str(value)), look)
        n += 1
    return n


def _number(value: Any, kind: str) -> Any:
    if kind == Kind.CENTS:
        return Fraction(value, 100)
    return Fraction(value, 1_000_000) if kind == Kind.PPM else value


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if moment.tzinfo else moment


def _plain(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and kind in (Kind.CENTS, Kind.PPM):
        # hundredths of a peso, and of a percent
        size = abs(value) if kind == Kind.CENTS else abs(value) // 100
        return f"{'-' if value < 0 else ''}{size // 100}.{size % 100:02d}"
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if kind in _NUMBERS and isinstance(value, int) else safe_text(value)
