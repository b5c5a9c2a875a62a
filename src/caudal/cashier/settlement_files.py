"""Files of payments from a bank, a shop or another till, read by a mapping that a person can edit.

A mapping is a TOML file: how the file is written, which of its columns mean what, how it names tenders.
Reading never stops at the first problem: every row that cannot be accepted is a finding with its place.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from caudal.cashier import policy
from caudal.cashier.models import Payment
from caudal.kernel.refusals import Refusal

REQUIRED: Final = ("account", "amount", "paid_on", "reference")
OPTIONAL: Final = ("tender", "canceled")
MOST_ROWS: Final = 500_000


class CannotReadMapping(Refusal): ...


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """How a channel writes its file. `columns` gives meaning → heading; `tenders` its word → tender."""

    channel: str = "import"
    series: str = "A"
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    date_format: str = "%Y-%m-%d"
    tender: str = Payment.Tender.TRANSFER.value
    columns: Mapping[str, str] = field(
        default_factory=lambda: {
            "account": "cuenta",
            "amount": "importe",
            "paid_on": "fecha",
            "reference": "referencia",
        }
    )
    tenders: Mapping[str, str] = field(default_factory=dict)
    canceled_values: tuple[str, ...] = ("S",)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment of a file; `row` is its line, the headings being line 1."""

    row: int
    account_number: str
    amount_cents: int
    paid_on: date
    reference: str
    tender: str


def read_mapping(*, path: Path) -> PaymentFile:
    """Read a mapping file.

    :raises CannotReadMapping: naming the parameter that is unknown, missing or of another type
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise CannotReadMapping(
            f"No se puede leer la correspondencia: {problem}.",
            "Revise que sea un archivo TOML en UTF-8.",
            file=path.name,
        ) from problem
    known = set(PaymentFile.__slots__)
    unknown = sorted(set(document) - known)
    columns = document.get("columns", {})
    missing = [name for name in REQUIRED if name not in columns]
    strange = [name for name in columns if name not in (*REQUIRED, *OPTIONAL)]
    bad_tenders = [
        word
        for word in (*document.get("tenders", {}).values(), document.get("tender", "cash"))
        if word not in Payment.Tender.values
    ]
    for names, what in (
        (unknown, "No se conocen estos parámetros"),
        (missing, "Faltan en [columns]"),
        (strange, "Sobran en [columns]"),
        (bad_tenders, "No son formas de pago (cash, card, check, transfer)"),
    ):
        if names:
            raise CannotReadMapping(
                f"{what}: {', '.join(names)}.", "Corrija la correspondencia.", file=path.name
            )
    if "canceled_values" in document:
        document["canceled_values"] = tuple(document["canceled_values"])
    return PaymentFile(**document)


def read_rows(*, path: Path, mapping: PaymentFile) -> tuple[list[PaymentRow], list[Refusal]]:
    """Read a file of payments: its rows, and a finding for each that cannot be accepted."""
    rows: list[PaymentRow] = []
    findings: list[Refusal] = []
    try:
        with path.open(encoding=mapping.encoding, newline="") as lines:
            reader = csv.DictReader(lines, delimiter=mapping.delimiter, strict=True)
            if finding := _headings(path, reader.fieldnames or [], mapping):
                return [], [finding]
            for number, cells in enumerate(reader, start=2):
                row, finding = _row(path, number, cells, mapping)
                if finding:
                    findings.append(finding)
                elif row:
                    rows.append(row)
                if number > MOST_ROWS:
                    raise csv.Error(f"tiene más de {MOST_ROWS} renglones")
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        findings.append(
            Refusal(
                f"No se puede leer el archivo ({problem}).",
                f"Revise que esté completo, en {mapping.encoding} y separado por «{mapping.delimiter}».",
                file=path.name,
            )
        )
    return rows, findings


def _headings(path: Path, headings: Any, mapping: PaymentFile) -> Refusal | None:
    missing = [heading for heading in mapping.columns.values() if heading not in headings]
    if not missing:
        return None
    return Refusal(
        f"Faltan columnas: {', '.join(missing)}.",
        "Use la correspondencia de este archivo o corrija sus encabezados.",
        file=path.name,
        row=1,
    )


def _row(
    path: Path, number: int, cells: Mapping[str | None, Any], mapping: PaymentFile
) -> tuple[PaymentRow | None, Refusal | None]:
    """A row and no finding, a finding and no row, or neither for a payment its channel canceled."""

    def finding(meaning: str, what: str, remedy: str) -> tuple[None, Refusal]:
        heading = mapping.columns[meaning]
        return None, Refusal(
            what, remedy, file=path.name, row=number, column=heading, value=str(cells.get(heading) or "")
        )

    if None in cells or any(cells.get(heading) is None for heading in mapping.columns.values()):
        return None, Refusal(
            "El renglón no tiene tantas columnas como los encabezados.",
            "Corrija el renglón.",
            file=path.name,
            row=number,
        )
    said = {meaning: str(cells[heading]).strip() for meaning, heading in mapping.columns.items()}
    if said.get("canceled") in mapping.canceled_values:
        return None, None
    for meaning in ("account", "reference"):
        if not said[meaning]:
            return finding(meaning, "Está vacío.", "Escriba el dato o quite el renglón.")
    cents = policy.parse_pesos(said["amount"])
    if cents is None or cents == 0 or policy.is_absurd(amount_cents=cents):
        return finding("amount", "No es un importe que se pueda cobrar.", "Escríbalo como 1250.50.")
    try:
        paid_on = datetime.strptime(said["paid_on"], mapping.date_format).date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return finding("paid_on", "No es una fecha del calendario.", f"Escríbala como {mapping.date_format}.")
    tender = mapping.tenders.get(said["tender"]) if "tender" in said else mapping.tender
    if tender is None:
        return finding("tender", "No se conoce esa forma de pago.", "Agréguela a [tenders].")
    return PaymentRow(number, said["account"], cents, paid_on, said["reference"], tender), None
