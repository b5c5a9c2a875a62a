"""The files as the old system exported them: columns, separators, Windows-1252 and CRLF."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from caudal.intake.town.truth import Spoiled

ENCODING: Final = "cp1252"
NEWLINE: Final = "\r\n"
ACCOUNTS: Final = (
    "CUENTA", "SECTOR", "RUTA", "FOLIO", "NOMBRE", "DOMICILIO", "COLONIA", "LOCALIDAD", "TARIFA", "SERV", "DRENAJE",
    "MEDIDOR", "DIAM", "F_ALTA", "DESCTO", "TEL", "RFC", "CURP", "STATUS", "SALDO", "MESES", "ULT_PAGO",
)  # fmt: skip
READINGS: Final = ("CUENTA", "MEDIDOR", "ANIO", "MES", "LECTURA", "CONSUMO", "OBS", "FECHA", "LECTURISTA")
DEBTS: Final = ("CUENTA", "ANIO", "MES", "CONCEPTO", "IMPORTE")
PAYMENTS: Final = ("FOLIO", "CUENTA", "FECHA", "HORA", "IMPORTE", "FORMA", "CAJA", "CANCEL")
README: Final = """\
EXPORTACION DEL SISTEMA ANTERIOR  CORTE AL {cutoff}
PADRON.TXT   separado por |  un renglon por cuenta. SERV M=medido F=cuota fija. DRENAJE S/N. DESCTO = % de subsidio. \
STATUS A=activa C=cortada B=baja.
             SALDO con recargos. MESES = meses que debe. DIAM en pulgadas.
LECTURAS.CSV lecturas de {first} a {last}. OBS: PC predio cerrado, MT medidor tapado, MD medidor descompuesto, FG fuga, \
CI caratula ilegible. Sin lectura = no se leyo.
ADEUDOS.CSV  detalle de lo que debe cada cuenta por anio, mes y concepto (AGUA, SANEA, INFRA, RECARGO).
PAGOS*.CSV   cobranza de cada anio. FORMA E efectivo T tarjeta C cheque D deposito. CANCEL=S cancelado.
Archivos en Windows-1252. Los datos pueden traer errores de captura.
"""


@dataclass(slots=True)
class Row:
    """One line to be written, and the defects planted in it: (kind, column)."""

    values: dict[str, str]
    account: str
    planted: list[tuple[str, str]] = field(default_factory=list)
    is_protected: bool = False  # the cast is never spoiled


@dataclass(slots=True)
class Table:
    """One file before it is written."""

    file: str
    columns: tuple[str, ...]
    separator: str
    rows: list[Row] = field(default_factory=list)


def day(value: date | None) -> str:
    """`27/11/2018`, or nothing."""
    return f"{value:%d/%m/%Y}" if value else ""


def pesos(cents: int) -> str:
    """`-56900` → `-569.00`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def cents(text: str) -> int:
    """Back from what `pesos` wrote."""
    return int(text.replace(",", "").replace(".", ""))


def write(*, directory: Path, tables: Iterable[Table], first_year: int, last_year: int) -> list[Spoiled]:
    """Write the tables and the note that goes with them; returns where each planted defect ended up."""
    directory.mkdir(parents=True, exist_ok=True)
    note = README.format(cutoff=f"31/12/{last_year}", first=first_year, last=last_year)
    (directory / "LEEME.TXT").write_bytes(note.replace("\n", NEWLINE).encode(ENCODING))
    spoiled: list[Spoiled] = []
    for table in tables:
        lines = [table.separator.join(table.columns)]
        for number, row in enumerate(table.rows, start=2):
            lines.append(table.separator.join(row.values[column] for column in table.columns))
            spoiled += [
                Spoiled(kind, table.file, number, row.account, column, row.values.get(column, ""))
                for kind, column in row.planted
            ]
        body = NEWLINE.join(lines) + NEWLINE
        (directory / table.file).write_bytes(body.encode(ENCODING))
    return spoiled
