"""The rehearsal of a set of files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caudal.intake.findings import KINDS, Finding, Severity, counts
from caudal.intake.mapping import Mapping
from caudal.intake.rehearsal.crossing import Crossing
from caudal.intake.rehearsal.dials import Dials
from caudal.intake.rehearsal.reading_files import ReadTable, read_all
from caudal.intake.rehearsal.rows import AccountRow, Apart, DebtRow, PaymentRow, ReadingRow, Tally


@dataclass(slots=True)
class Rehearsal:
    """What a set of files says, what of it would be loaded, and everything found on the way."""

    mapping: Mapping
    directory: Path
    tables: dict[str, ReadTable]
    findings: list[Finding]

    @property
    def accounts(self) -> list[AccountRow]:
        return self.tables["accounts"].rows

    @property
    def readings(self) -> list[ReadingRow]:
        return list(self._rows("readings"))

    @property
    def debts(self) -> list[DebtRow]:
        return list(self._rows("debts"))

    @property
    def payments(self) -> list[PaymentRow]:
        return list(self._rows("payments"))

    @property
    def tallies(self) -> dict[str, Tally]:
        return {name: table.tally for name, table in self.tables.items()}

    @property
    def stops(self) -> list[Finding]:
        """Findings with which nothing may be loaded."""
        return [each for each in self.findings if each.severity is Severity.STOPS]

    @property
    def files(self) -> dict[str, str]:
        """File name → SHA-256 of what was read."""
        return {name: digest for table in self.tables.values() for name, digest in table.files.items()}

    def apart(self, table: str) -> list[Apart]:
        """The rows of a table that stay out."""
        return self.tables[table].tally.apart if table in self.tables else []

    def of(self, code: str) -> list[Finding]:
        """The findings of one kind."""
        return [each for each in self.findings if each.code == code]

    def as_dict(self) -> dict[str, Any]:
        """The summary for `--json`: counts, never the findings themselves (they go to the workbook)."""
        return {
            "as_of": self.mapping.as_of.isoformat(),
            "files": self.files,
            "may_load": not self.stops,
            "tables": {name: tally.as_dict() for name, tally in self.tallies.items()},
            "findings": [
                {"code": code, "severity": KINDS[code].severity.value, "title": KINDS[code].title, "count": n}
                for code, n in counts(self.findings).items()
            ],
        }

    def _rows(self, name: str) -> Any:
        return self.tables[name].rows if name in self.tables else []


def rehearse(*, directory: Path, mapping: Mapping) -> Rehearsal:
    """Read a set of files as the mapping says, and find everything that is wrong. Nothing is written.

    :raises CannotReadSource: if a file is there and cannot be opened
    """
    findings: list[Finding] = []
    tables = read_all(directory=directory, mapping=mapping, findings=findings)
    Crossing(mapping, tables, findings).run()
    if "readings" in tables:
        Dials(mapping, tables, findings).run()
    for table in tables.values():
        table.tally.accepted_rows = len(table.rows)
        table.tally.accepted_cents = _sum(table)
    findings.sort(key=lambda each: (each.file, each.row))
    return Rehearsal(mapping, directory, tables, findings)


def _sum(table: ReadTable) -> int:
    if table.name == "accounts":
        return sum(row.balance_cents or 0 for row in table.rows)
    return sum(getattr(row, "cents", 0) for row in table.rows)
