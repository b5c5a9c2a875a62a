"""The workbook of findings: what to correct, what stayed apart, what does not agree. For a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError as FileCreateError

from caudal.intake.findings import KINDS, Finding, counts
from caudal.intake.reconciliation import Reconciliation
from caudal.intake.rehearsal import Rehearsal
from caudal.kernel.refusals import Refusal

FINDING_HEADINGS = (
    "Gravedad",
    "Hallazgo",
    "Archivo",
    "Renglón",
    "Columna",
    "Valor",
    "Cuenta",
    "Qué pasa",
    "Qué hacer",
)
MOST_ROWS = 1_000_000  # what a sheet holds, with its heading
TABLE_TITLES = {"accounts": "Padrón", "readings": "Lecturas", "debts": "Adeudos", "payments": "Pagos"}


class CannotWriteFile(Refusal): ...


def write_csv(*, path: Path, findings: Iterable[Finding]) -> None:
    """The findings as CSV with a mark that makes spreadsheets read it as UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FINDING_HEADINGS)
        writer.writerows(_finding_row(each) for each in findings)


def write_workbook(*, path: Path, rehearsal: Rehearsal, reconciliation: Reconciliation | None = None) -> None:
    """Findings, rows set apart and, once loaded, the reconciliation; one sheet each."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheets = _Sheets(book)
        _summary(sheets, rehearsal)
        sheets.table("Hallazgos", FINDING_HEADINGS, [_finding_row(each) for each in rehearsal.findings],
                     (10, 26, 14, 9, 14, 22, 10, 60, 70))  # fmt: skip
        for name, table in rehearsal.tables.items():
            rows = [
                (each.file, each.line, each.account, _pesos(each.cents), KINDS[each.code].title, each.raw)
                for each in table.tally.apart
            ]
            if rows:
                headings = ("Archivo", "Renglón", "Cuenta", "Importe", "Por qué", "Renglón original")
                sheets.table(
                    f"Apartado {TABLE_TITLES[name]}", headings, rows, (14, 9, 10, 12, 28, 90), money=(3,)
                )
        if reconciliation:
            _reconciliation(sheets, reconciliation)


class _Sheets:
    """A workbook with one look: frozen bold headings, filters, money with two decimals."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.heading = book.add_format({"bold": True, "bg_color": "#0b4f66", "font_color": "white"})
        self.money = book.add_format({"num_format": "#,##0.00"})

    def table(
        self, title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int],
        money: Sequence[int] = (),
    ) -> None:  # fmt: skip
        sheet = self.book.add_worksheet(title)
        sheet.write_row(0, 0, headings, self.heading)
        for number, row in enumerate(rows[:MOST_ROWS], start=1):
            for column, value in enumerate(row):
                sheet.write(number, column, value, self.money if column in money else None)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(headings) - 1)


def _summary(sheets: _Sheets, rehearsal: Rehearsal) -> None:
    rows: list[tuple[Any, ...]] = [
        (TABLE_TITLES[name], tally.rows, tally.accepted_rows, len(tally.apart), _pesos(tally.cents),
         _pesos(tally.accepted_cents), _pesos(tally.apart_cents))
        for name, tally in rehearsal.tallies.items()
    ]  # fmt: skip
    headings = ("Tabla", "Renglones", "Aceptados", "Apartados", "Importe", "Aceptado", "Apartado")
    sheets.table("Resumen", headings, rows, (12, 12, 12, 12, 18, 18, 18), money=(4, 5, 6))
    kinds = [
        (KINDS[code].severity.value, KINDS[code].title, n, KINDS[code].remedy.partition("{")[0])
        for code, n in counts(rehearsal.findings).items()
    ]
    sheets.table(
        "Por clase de hallazgo", ("Gravedad", "Hallazgo", "Cuántos", "Qué hacer"), kinds, (10, 32, 10, 80)
    )


def _reconciliation(sheets: _Sheets, found: Reconciliation) -> None:
    sheets.table(
        "Conciliación conceptos",
        ("Concepto", "En los archivos", "Apartado", "Aceptado", "En Caudal", "Diferencia"),
        [
            (each.name, *map(_pesos, (each.file_cents, each.apart_cents, each.accepted_cents, each.loaded_cents,
                                      each.difference_cents)))
            for each in found.concepts
        ],
        (28, 18, 18, 18, 18, 14), money=(1, 2, 3, 4, 5),
    )  # fmt: skip
    sheets.table(
        "Conciliación tarifas",
        ("Tarifa", "En el padrón", "Aceptadas", "En Caudal"),
        [(each.code, each.n_file, each.n_accepted, each.n_loaded) for each in found.classes],
        (16, 14, 14, 14),
    )
    sheets.table(
        "Conciliación cuentas",
        ("Cuenta", "Saldo anterior", "Detalle aceptado", "En Caudal", "Diferencia", "Causa"),
        [
            (each.number, *map(_pesos, (each.balance_cents, each.detail_cents, each.loaded_cents, each.difference_cents)),
             each.cause)
            for each in found.accounts
        ],
        (12, 16, 16, 16, 14, 60), money=(1, 2, 3, 4),
    )  # fmt: skip


def _finding_row(each: Finding) -> tuple[Any, ...]:
    return (
        each.severity.value, KINDS[each.code].title, each.file, each.row or "", each.column, each.value, each.account,
        each.what, each.remedy,
    )  # fmt: skip


def _pesos(cents: int | None) -> Fraction | str:
    """Pesos as a spreadsheet number, exact until the sheet itself rounds it for the eye."""
    return "" if cents is None else Fraction(cents, 100)
