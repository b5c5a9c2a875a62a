"""All files of a set: read, checked as files, and turned into rows table by table."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caudal.intake import sources
from caudal.intake.findings import Finding, Severity, find
from caudal.intake.mapping import Mapping, TableMapping
from caudal.intake.rehearsal import tables
from caudal.intake.rehearsal.rows import Apart, Row, Tally
from caudal.intake.sources import Source


@dataclass(slots=True)
class ReadTable:
    """One kind of table over all its files: good rows, the tally, and what stays apart."""

    name: str
    separator: str
    rows: list[Any] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    # the fields of every line, to tell identical repetitions from contradictory ones
    raw: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    header: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def set_apart(self, row: Row, code: str) -> None:
        """Leave a good row out after all; call `drop` with all of them afterwards."""
        self.tally.apart.append(
            Apart(row.file, row.line, owner(row), amount(row), code, self.text(row.file, row.line))
        )

    def drop(self, gone: set[tuple[str, int]]) -> None:
        """Keep only the rows that are not among these places."""
        if gone:
            self.rows = [row for row in self.rows if (row.file, row.line) not in gone]

    def text(self, file: str, line: int) -> str:
        """A line as it came."""
        return self.separator.join(self.raw.get((file, line), ()))


def owner(row: Any) -> str:
    """The account number of a row."""
    return str(row.number if hasattr(row, "number") else row.account)


def amount(row: Any) -> int | None:
    """The centavos of a row that go into the sums."""
    cents = row.balance_cents if hasattr(row, "balance_cents") else getattr(row, "cents", None)
    return None if cents is None else int(cents)


def read_all(*, directory: Path, mapping: Mapping, findings: list[Finding]) -> dict[str, ReadTable]:
    """Read every table that the mapping names. Findings that stop the set leave their table empty.

    :raises CannotReadSource: if a file is there and cannot be opened
    """
    return {name: _read_table(directory, mapping, table, findings) for name, table in mapping.tables.items()}


def _read_table(directory: Path, mapping: Mapping, table: TableMapping, findings: list[Finding]) -> ReadTable:
    read = ReadTable(table.shape.name, table.separator)
    paths, missing = sources.locate(directory=directory, names=table.files)
    findings += [find("missing_file", file=name) for name in missing]
    for path in paths:
        source = sources.read(path=path, encoding=mapping.encoding, separator=table.separator)
        if not source.stops:
            _check_header(source, table)
        findings += source.findings
        read.files[path.name] = source.sha256
        if not any(
            each.severity is Severity.STOPS and each.code != "truncated_file" for each in source.findings
        ):
            _parse(read, mapping, table, source, findings)
    return read


def _check_header(source: Source, table: TableMapping) -> None:
    for name, heading in table.columns.items():
        if heading not in source.header:
            source.findings.append(
                find("missing_column", file=source.name, row=1, column=heading, field=f"{table.shape.name}.columns.{name}",
                     header=", ".join(source.header))
            )  # fmt: skip


def _parse(
    read: ReadTable, mapping: Mapping, table: TableMapping, source: Source, findings: list[Finding]
) -> None:
    cells = tables.cells_of(mapping=mapping, table=table, source=source, findings=findings)
    read_row, account_field = tables.READ_ROW[table.shape.name], tables.ACCOUNT_FIELD[table.shape.name]
    amount_field = tables.AMOUNT_FIELD.get(table.shape.name)
    has_amount = amount_field is not None and cells.has(amount_field)
    read.header = source.header
    for line in cells.lines(account_field=account_field):
        row = read_row(cells)
        read.raw[source.name, line.number] = line.fields
        cents = cells.amounts.get(cells.raw(amount_field).strip()) if has_amount and amount_field else None
        read.tally.rows += 1
        read.tally.cents += cents or 0
        if row is not None:
            read.rows.append(row)
        else:
            read.tally.apart.append(
                Apart(
                    source.name,
                    line.number,
                    cells.account,
                    cents,
                    cells.problem,
                    read.text(source.name, line.number),
                )
            )
    _count_spoiled(read, source, cells.place.get(account_field, 0))


def _count_spoiled(read: ReadTable, source: Source, account_place: int) -> None:
    """Lines that could not even be cut: their account is guessed at only to say whose they may be."""
    for number, text in source.apart.items():
        fields = text.split(read.separator)
        account = fields[account_place].strip() if account_place < len(fields) else ""
        code = next((each.code for each in source.findings if each.row == number), "field_count")
        read.tally.rows += 1
        read.tally.apart.append(Apart(source.name, number, account, None, code, text))
