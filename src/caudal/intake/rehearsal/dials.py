"""The readings of each account in order of time: what goes back, what does not add up, what is missing."""

from collections import defaultdict
from collections.abc import Iterable

from caudal.intake.findings import Finding, find
from caudal.intake.mapping import Mapping
from caudal.intake.rehearsal.reading_files import ReadTable
from caudal.intake.rehearsal.rows import AccountRow, ReadingRow
from caudal.rules.periods import Period


class Dials:
    """Checks readings against their account and against each other."""

    def __init__(self, mapping: Mapping, tables: dict[str, ReadTable], findings: list[Finding]) -> None:
        self.mapping, self.findings = mapping, findings
        self.readings = tables["readings"]
        self.registry = next(iter(tables["accounts"].files), "el padrón")
        self.accounts: dict[str, AccountRow] = {row.number: row for row in tables["accounts"].rows}
        self.gone: set[tuple[str, int]] = set()

    def run(self) -> None:
        """Check all of them; readings of rows set apart no longer count for their neighbors."""
        walks: dict[str, list[ReadingRow]] = defaultdict(list)
        for row in self.readings.rows:
            if self._belongs(row, self.accounts[row.account]):
                walks[row.account].append(row)
        for number, rows in walks.items():
            rows.sort(key=lambda row: row.period)
            self._walk(rows, self.accounts[number])
        self.readings.drop(self.gone)

    def _belongs(self, row: ReadingRow, account: AccountRow) -> bool:
        if not account.meter:
            self._apart(row, "reading_of_flat_service", "meter", row.meter)
        elif row.meter != account.meter:
            self._apart(
                row, "other_meter", "meter", row.meter, registry=self.registry, expected=account.meter
            )
        else:
            return True
        return False

    def _walk(self, rows: list[ReadingRow], account: AccountRow) -> None:
        before: ReadingRow | None = None
        for row in rows:
            if row.read_on < account.opened_on:
                self._note(row, "before_opening", "read_on", f"{row.read_on:%d/%m/%Y}",
                           opened_on=f"{account.opened_on:%d/%m/%Y}")  # fmt: skip
            if row.value is None:
                continue
            if before is not None and before.value is not None and row.value < before.value:
                self._apart(
                    row,
                    "reading_goes_back",
                    "value",
                    str(row.value),
                    previous=before.value,
                    first=before.line,
                )
                continue
            self._compare(row, before)
            before = row
        self._last(rows, before, account)

    def _compare(self, row: ReadingRow, before: ReadingRow | None) -> None:
        """The consumption that was billed against the movement of the dial, when no month is missing between."""
        if before is None or before.value is None or row.value is None or row.consumption_m3 is None:
            return
        moved = row.value - before.value
        if Period(before.period).next() == row.period and moved != row.consumption_m3:
            self._note(row, "consumption_differs", "consumption", str(row.consumption_m3),
                       previous=before.value, difference=moved)  # fmt: skip

    def _last(self, rows: Iterable[ReadingRow], seen: ReadingRow | None, account: AccountRow) -> None:
        """A service that flows and was not read at the cut-off: its next bill will cover more than a month."""
        last = max(rows, key=lambda row: row.period)
        is_read = seen is not None and seen.period == self.mapping.last_period
        if is_read or account.status != "active":
            return
        since = f"{seen.value} ({seen.read_on:%d/%m/%Y})" if seen else "el principio"
        period = f"{self.mapping.last_period % 100:02d}/{self.mapping.last_period // 100}"
        self._note(last, "unread_at_cutoff", "value", "", period=period, last=since)

    def _apart(self, row: ReadingRow, code: str, column: str, value: str, **words: object) -> None:
        self._note(row, code, column, value, **words)
        self.readings.set_apart(row, code)
        self.gone.add((row.file, row.line))

    def _note(self, row: ReadingRow, code: str, column: str, value: str, **words: object) -> None:
        heading = self.mapping.tables["readings"].columns.get(column, column)
        self.findings.append(
            find(code, file=row.file, row=row.line, column=heading, value=value, account=row.account, **words)
        )
