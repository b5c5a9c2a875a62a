"""What only shows when rows are put side by side: repetitions, meters in two places, owners that are missing."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any

from caudal.intake.findings import Finding, find
from caudal.intake.mapping import Mapping
from caudal.intake.rehearsal.reading_files import ReadTable, owner
from caudal.intake.rehearsal.rows import AccountRow
from caudal.kernel.cli import pesos

Places = set[tuple[str, int]]


class Crossing:
    """Walks over the tables of a set, setting rows apart and writing down why."""

    def __init__(self, mapping: Mapping, tables: dict[str, ReadTable], findings: list[Finding]) -> None:
        self.mapping, self.tables, self.findings = mapping, tables, findings
        self.accounts = tables["accounts"]
        self.blocked: dict[str, int] = {}  # account number → line of the padrón where it was set apart

    def run(self) -> None:
        """All checks, in the order in which one spoils the next."""
        self._strangers()
        self._repeated("accounts", lambda row: row.number, "number")
        if "readings" in self.tables:
            self._repeated("readings", lambda row: (row.account, row.period), "account")
        if "debts" in self.tables:
            self._repeated("debts", lambda row: (row.account, row.period, row.concept), "account")
        if "payments" in self.tables:
            self._repeated("payments", lambda row: row.folio, "folio")
        self._meters()
        self._balances()
        self._owners()

    def _heading(self, table: str, name: str) -> str:
        return self.mapping.tables[table].columns.get(name, name)

    def _note(self, code: str, table: str, row: Any, column: str, value: str, **words: object) -> None:
        self.findings.append(
            find(code, file=row.file, row=row.line, column=self._heading(table, column) if column else "", value=value,
                 account=owner(row), **words)
        )  # fmt: skip

    # -- the same thing twice

    def _repeated(self, name: str, key: Callable[[Any], Hashable], column: str) -> None:
        table = self.tables[name]
        groups: dict[Hashable, list[Any]] = defaultdict(list)
        for row in table.rows:
            groups[key(row)].append(row)
        gone: Places = set()
        for rows in groups.values():
            if len(rows) > 1:
                gone |= self._settle_group(name, rows, column)
        if name == "accounts":
            standing = {row.number for row in table.rows if (row.file, row.line) not in gone}
            self.blocked |= {
                row.number: row.line
                for row in table.rows
                if (row.file, row.line) in gone and row.number not in standing
            }
        table.drop(gone)

    def _settle_group(self, name: str, rows: list[Any], column: str) -> Places:
        """Identical rows: the first counts. Different rows: nobody knows which is right, so none does."""
        table = self.tables[name]
        raw = [table.raw[row.file, row.line] for row in rows]
        is_same = all(each == raw[0] for each in raw)
        takes_first = is_same and self.mapping.decisions["repeated_row"] == "first"
        gone: Places = set()
        for number, row in enumerate(rows):
            other = rows[0] if number else rows[1]
            value = str(getattr(row, column))
            if is_same and (number or not takes_first):
                self._note("repeated_row", name, row, column, value, first=other.line)
            elif not is_same:
                differences = ", ".join(
                    heading for heading, a, b in zip(table.header, raw[number], table.raw[other.file, other.line], strict=True)
                    if a != b
                )  # fmt: skip
                self._note("contradictory_row", name, row, column, value, first=other.line,
                           differences=differences or "el archivo")  # fmt: skip
            else:
                continue
            table.set_apart(row, "repeated_row" if is_same else "contradictory_row")
            gone.add((row.file, row.line))
        return gone

    # -- meters

    def _meters(self) -> None:
        """Metered accounts without a meter, and meters that hang in two places at once."""
        hints = self._meters_read()
        holders: dict[str, list[AccountRow]] = defaultdict(list)
        gone: Places = set()
        for row in self.accounts.rows:
            if row.meter:
                holders[row.meter].append(row)
            elif row.is_metered:
                self._note("metered_without_meter", "accounts", row, "meter", "", hint=_hint(hints, row))
                gone |= self._block(row, "metered_without_meter")
        for meter, rows in holders.items():
            for row in rows if len(rows) > 1 else ():
                others = ", ".join(each.number for each in rows if each is not row)
                self._note(
                    "meter_on_two_accounts",
                    "accounts",
                    row,
                    "meter",
                    meter,
                    others=others,
                    hint=_hint(hints, row),
                )
                gone |= self._block(row, "meter_on_two_accounts")
        self.accounts.drop(gone)

    def _meters_read(self) -> dict[str, set[str]]:
        """The meters that the readings of each account name: a hint for whoever corrects the padrón."""
        named: dict[str, set[str]] = defaultdict(set)
        for row in self.tables["readings"].rows if "readings" in self.tables else ():
            named[row.account].add(row.meter)
        return named

    def _block(self, row: AccountRow, code: str) -> Places:
        self.accounts.set_apart(row, code)
        self.blocked[row.number] = row.line
        return {(row.file, row.line)}

    # -- balances against their detail

    def _balances(self) -> None:
        if "debts" not in self.tables:
            return
        detail: dict[str, int] = defaultdict(int)
        months: dict[str, set[int]] = defaultdict(set)
        for row in self.tables["debts"].rows:
            detail[row.account] += row.cents
            months[row.account].add(row.period)
        gone: Places = set()
        for row in self.accounts.rows:
            if row.balance_cents is not None:
                gone |= self._balance(row, detail.get(row.number, 0))
            if row.months_owed is not None and row.months_owed != len(months.get(row.number, ())):
                self._note("months_differ", "accounts", row, "months_owed", str(row.months_owed),
                           detail=len(months.get(row.number, ())))  # fmt: skip
        self.accounts.drop(gone)

    def _balance(self, row: AccountRow, detail: int) -> Places:
        balance = row.balance_cents or 0
        places: Places = set()
        if balance < 0:
            places = self._decide(row, "negative_balance", balance=pesos(balance))
        elif balance != detail:
            places = self._decide(
                row,
                "balance_differs",
                balance=pesos(balance),
                detail=pesos(detail),
                difference=pesos(balance - detail),
            )
        return places

    def _decide(self, row: AccountRow, code: str, **words: str) -> Places:
        """Load it with a warning, or set it apart: as the mapping says."""
        stays = self.mapping.decisions[code] != "set_apart"
        raw = self.accounts.raw[row.file, row.line][
            self.accounts.header.index(self._heading("accounts", "balance"))
        ]
        self._note(code if stays else f"{code}_apart", "accounts", row, "balance", raw.strip(), **words)
        return set() if stays else self._block(row, f"{code}_apart")

    # -- what hangs from an account

    def _strangers(self) -> None:
        """Rows of accounts that are nowhere in the padrón."""
        known = {row.number for row in self.accounts.rows} | {
            each.account for each in self.accounts.tally.apart
        }
        self._leave_out("unknown_account", known)

    def _owners(self) -> None:
        """Rows of accounts that were set apart stay apart too."""
        standing = {row.number for row in self.accounts.rows}
        for apart in self.accounts.tally.apart:
            if apart.account not in standing:
                self.blocked.setdefault(apart.account, apart.line)
        self._leave_out("account_set_apart", standing)

    def _leave_out(self, code: str, numbers: set[str]) -> None:
        registry = next(iter(self.accounts.files), "el padrón")
        for name in ("readings", "debts", "payments"):
            if name not in self.tables:
                continue
            table, gone = self.tables[name], set()
            for row in table.rows:
                if row.account not in numbers:
                    first = self.blocked.get(row.account, 0)
                    self._note(code, name, row, "account", row.account, registry=registry, first=first)
                    table.set_apart(row, code)
                    gone.add((row.file, row.line))
            table.drop(gone)


def _hint(hints: dict[str, set[str]], row: AccountRow) -> str:
    """What the readings say the meter is, if they say one thing and it is another."""
    named = hints.get(row.number, set()) - {row.meter}
    return f" Sus lecturas dicen «{next(iter(named))}»." if len(named) == 1 else ""
