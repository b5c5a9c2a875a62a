"""Cases to quote, from a CSV that a spreadsheet saves, and their bill lines back into one."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from caudal.kernel.refusals import Refusal
from caudal.tariffs.quoting import CannotQuote, Case, Quote

_YES: Final = {"si": True, "sí": True, "s": True, "1": True, "no": False, "n": False, "0": False}


class CannotReadCases(Refusal):
    """The file is not a CSV of cases, or one of its cells says nothing that can be quoted."""


def _flag(text: str) -> bool:
    return _YES[text.strip().lower()]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace("+", " ").split())


# column of the file → fact of the case, and how it is read
COLUMNS: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "clase": ("tariff_class", str),
    "m3": ("volume", int),
    "medido": ("is_metered", _flag),
    "beneficio": ("benefits", _words),
    "localidad": ("locality", str),
    "diametro_mm": ("diameter_mm", int),
    "mes": ("month", int),
    "meses": ("months", int),
    "dias": ("days", int),
    "drenaje": ("has_sewerage", _flag),
    "cortado": ("is_interrupted", _flag),
    "superficie_m2": ("lot_area_m2", int),
    "pagado_el": ("paid_ahead_on", date.fromisoformat),
    "unidad": ("unit", str),
}
HEADER: Final = (
    "renglon", "concepto", "nombre", "reduce", "importe", "iva", "desarrollo", "articulo", "error",
)  # fmt: skip


def read(*, body: bytes, file: str) -> list[tuple[int, Case | CannotReadCases]]:
    """Read the cases of a file with the row of each; a bad row comes back as its refusal.

    :raises CannotReadCases: if the file is not UTF-8, or its heading lacks «clase» or has unknown columns
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = body[: problem.start].count(b"\n") + 1
        remedy = "Guárdelo como «CSV UTF-8» y vuelva a intentar."
        raise CannotReadCases("El archivo no está en UTF-8.", remedy, file=file, row=row) from problem
    first = text.partition("\n")[0]
    delimiter = max(",;|\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    _require_heading([name.strip() for name in reader.fieldnames or ()], file)
    return [(number, _case(row, number, file)) for number, row in enumerate(reader, start=2)]


def _require_heading(names: list[str], file: str) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if "clase" not in names or unknown:
        what = f"No se conoce la columna «{unknown[0]}»." if unknown else "Falta la columna «clase»."
        raise CannotReadCases(what, f"Las columnas son: {', '.join(COLUMNS)}.", file=file, row=1)


def _case(row: dict[str, str | None], number: int, file: str) -> Case | CannotReadCases:
    facts: dict[str, Any] = {}
    for column, cell in row.items():
        if column is None or cell is None:
            return CannotReadCases(
                "El renglón no tiene las columnas del encabezado.",
                "Revise separadores y comillas.",
                file=file,
                row=number,
            )
        name, convert = COLUMNS[column.strip()]
        if not cell.strip():
            continue
        try:
            facts[name] = convert(cell.strip())
        except (ValueError, KeyError):
            remedy = {_flag: "Escriba sí o no.", int: "Escriba un número entero."}.get(
                convert, "Escríbala como 2019-02-28."
            )
            return CannotReadCases(
                "No se entiende el dato.", remedy, file=file, row=number, column=column, value=cell
            )
    if "tariff_class" not in facts:
        return CannotReadCases(
            "Falta la clase.", "Escriba la clave de la tarifa.", file=file, row=number, column="clase"
        )
    return Case(**facts)


def write(answers: list[tuple[int, Quote | Refusal]]) -> str:
    """Bill lines of every row as CSV; a row that could not be quoted is one line with its error."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for number, answer in answers:
        writer.writerows(_rows(number, answer))
    return out.getvalue()


def _rows(number: int, answer: Quote | Refusal) -> Iterator[tuple[object, ...]]:
    if isinstance(answer, Refusal):
        yield (number, "", "", "", "", "", "", "", str(answer))
        return
    for line in answer.lines:
        yield (
            number, line.concept, line.name, line.reduces or "", _plain(line.amount_cents), _plain(line.vat_cents),
            line.text, line.article, "",
        )  # fmt: skip
    yield (number, "total", "Total", "", _plain(answer.subtotal_cents), _plain(answer.vat_cents), "", "", "")


def _plain(cents: int) -> str:
    """`-12345` → `-123.45`, as spreadsheets read it."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def in_order(
    cases: list[tuple[int, Case | CannotReadCases]], quotes: list[Quote | CannotQuote]
) -> list[tuple[int, Quote | Refusal]]:
    """Put quotes back beside the rows that could not even be read."""
    following = iter(quotes)
    return [(row, next(following) if isinstance(case, Case) else case) for row, case in cases]
