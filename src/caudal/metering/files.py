"""Files of readings as people hand them over: CSV of any delimiter and usual encoding, or a spreadsheet."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from caudal.kernel.refusals import Refusal

# what each column may be called, folded: lower case, no accents, letters and digits only
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "account": ("cuenta", "nocuenta", "numcuenta", "numerodecuenta", "account", "contrato"),
    "meter": ("medidor", "serie", "nomedidor", "numerodemedidor", "meter"),
    "value": ("lectura", "lecturaactual", "lect", "lectact", "reading"),
    "code": ("obs", "observacion", "anomalia", "codigo", "clave", "code"),
    "read_on": ("fecha", "fechalectura", "fechadelectura", "date"),
    "observer": ("lecturista", "leyo", "reader"),
}
HEADER_NAMES: Final = {
    "account": "CUENTA", "meter": "MEDIDOR", "value": "LECTURA", "code": "OBS", "read_on": "FECHA",
    "observer": "LECTURISTA",
}  # fmt: skip
_DELIMITERS: Final = (",", ";", "|", "\t")
_DATES: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%y")
_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls


class CannotReadFile(Refusal): ...


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: its number as the person sees it, and its cells by column."""

    row: int
    cells: dict[str, Any]
    is_short: bool  # has fewer cells than the header


@dataclass(frozen=True, slots=True)
class Table:
    file: str
    columns: dict[str, str]  # our name → the file's heading
    lines: list[Line]


def read_table(*, content: bytes, file: str, headings: Mapping[str, str] | None = None) -> Table:
    """Rows of a CSV or spreadsheet with the columns that were recognized.

    :param headings: our name → the file's own heading, for files that use other words
    :raises CannotReadFile: if it is empty, is not text nor a spreadsheet, or lacks a column that is needed
    """
    if not content.strip():
        raise CannotReadFile("El archivo está vacío.", "Expórtelo otra vez.", file=file)
    rows = _spreadsheet(content, file) if content.startswith(_SPREADSHEETS) else _text(content, file)
    # the first row with two cells or more is the heading; titles above it are passed over
    start = next((n for n, row in enumerate(rows) if sum(_is_filled(cell) for cell in row) > 1), None)
    if start is None:
        raise CannotReadFile(
            "No se encontró el renglón de encabezados.",
            "La primera fila debe nombrar las columnas.",
            file=file,
        )
    header = [str(cell).strip() for cell in rows[start]]
    places = _places(header, headings or {}, file)
    lines = [
        Line(
            row=number,
            cells={name: row[place] if place < len(row) else "" for name, place in places.items()},
            is_short=len(row) < len(header),
        )
        for number, row in enumerate(rows[start + 1 :], start=start + 2)
        if any(_is_filled(cell) for cell in row)
    ]
    return Table(file=file, columns={name: header[place] for name, place in places.items()}, lines=lines)


def as_text(cell: Any) -> str:
    """A cell as a person typed it; a spreadsheet's 10293.0 is 10293."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def as_whole(cell: Any) -> int | None:
    """A whole number; None for an empty cell.

    :raises ValueError: if it is anything else
    """
    text = as_text(cell).replace(",", "")
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,12}", text):
        raise ValueError(text)
    return int(text)


def as_date(cell: Any) -> date | None:
    """A day, from a spreadsheet's date or written day first or ISO; None for an empty cell.

    :raises ValueError: if it is no day of the calendar
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = as_text(cell)
    if not text:
        return None
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)


def fold(heading: str) -> str:
    """`Núm. de Cuenta` → `numdecuenta`."""
    plain = unicodedata.normalize("NFKD", heading.lower())
    return re.sub(r"[^a-z0-9]", "", plain)


def _spreadsheet(content: bytes, file: str) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as problem:
        raise CannotReadFile(
            "La hoja de cálculo está dañada o incompleta.",
            "Ábrala y guárdela otra vez como .xlsx.",
            file=file,
        ) from problem


def _text(content: bytes, file: str) -> list[list[Any]]:
    text = _decoded(content, file)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _decoded(content: bytes, file: str) -> str:
    """UTF-8, with or without its mark; UTF-16 with its mark; else the Windows encoding of old systems."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        encodings = []
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotReadFile(
        "No es un archivo de texto ni una hoja de cálculo que se pueda leer.",
        "Expórtelo como CSV en UTF-8 o Windows-1252, o como .xlsx.",
        file=file,
    )


def _places(header: list[str], headings: Mapping[str, str], file: str) -> dict[str, int]:
    folded = [fold(heading) for heading in header]
    places: dict[str, int] = {}
    for name, words in HEADERS.items():
        wanted = (fold(headings[name]),) if name in headings else words
        place = next((folded.index(word) for word in wanted if word in folded), None)
        if place is not None:
            places[name] = place
    missing = [HEADER_NAMES[name] for name in ("value", "read_on") if name not in places]
    if "account" not in places and "meter" not in places:
        missing.insert(0, "CUENTA o MEDIDOR")
    if missing:
        raise CannotReadFile(
            f"Falta la columna {', '.join(missing)}.",
            f"El archivo trae: {', '.join(header)}. Nombre las columnas así, o indique cuál es cuál.",
            file=file,
        )
    return places


def _is_filled(cell: Any) -> bool:
    return as_text(cell) != ""
