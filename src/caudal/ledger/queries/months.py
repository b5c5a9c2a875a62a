"""Months of the books: what each one moved, which are closed, which one is next."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Max, Min

from caudal.ledger.models import JournalEntry, MonthClose
from caudal.rules.periods import Period

FIGURES: Final = """
    SELECT line.ledger_account_id, account.name,
           COALESCE(sum(line.amount_cents) FILTER (WHERE line.amount_cents > 0), 0)::bigint,
           COALESCE(-sum(line.amount_cents) FILTER (WHERE line.amount_cents < 0), 0)::bigint
    FROM ledger_journalentry AS entry
    JOIN ledger_journalline AS line ON line.entry_id = entry.id
    JOIN ledger_ledgeraccount AS account ON account.code = line.ledger_account_id
    WHERE entry."on" >= %s AND entry."on" < %s GROUP BY 1, 2 ORDER BY 1
"""
N_ENTRIES: Final = """
    SELECT count(*) FROM ledger_journalentry AS entry WHERE entry."on" >= %s AND entry."on" < %s
"""


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """What one account of the chart moved in a month (centavos, both positive)."""

    code: str
    name: str
    debit_cents: int
    credit_cents: int

    @property
    def net_cents(self) -> int:
        return self.debit_cents - self.credit_cents


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What the books of a month say (centavos)."""

    month: Period
    n_entries: int
    accounts: tuple[AccountFigures, ...]

    @property
    def debit_cents(self) -> int:
        return sum(each.debit_cents for each in self.accounts)

    @property
    def credit_cents(self) -> int:
        return sum(each.credit_cents for each in self.accounts)

    @property
    def by_account(self) -> list[list[Any]]:
        """As a close keeps them."""
        return [[each.code, each.debit_cents, each.credit_cents] for each in self.accounts]

    @property
    def digest(self) -> str:
        """SHA-256 over everything the figures say; two people compare it."""
        return digest_of(month=self.month, n_entries=self.n_entries, by_account=self.by_account)


def digest_of(*, month: int, n_entries: int, by_account: list[list[Any]]) -> str:
    """SHA-256 over a month, how many entries it has, and the debits and credits of each account."""
    text = json.dumps([int(month), n_entries, by_account], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(*, previous: str, digest: str) -> str:
    """The seal of a close: it covers the one before, so a close changed or taken away shows."""
    return hashlib.sha256(f"{previous}{digest}".encode()).hexdigest()


def month_figures(*, month: Period) -> MonthFigures:
    """What the books of a month say now."""
    span = [month.first_day, month.next().first_day]
    with connection.cursor() as cursor:
        cursor.execute(N_ENTRIES, span)
        (n_entries,) = cursor.fetchone()
        cursor.execute(FIGURES, span)
        return MonthFigures(month, n_entries, tuple(AccountFigures(*row) for row in cursor.fetchall()))


def closed_through() -> Period | None:
    """The last month that is closed; all before it are."""
    last = MonthClose.objects.aggregate(last=Max("month"))["last"]
    return Period(last) if last else None


def month_close(*, month: int) -> MonthClose | None:
    """The close of a month, if it is closed."""
    return MonthClose.objects.filter(month=month).first()


def month_closes() -> list[MonthClose]:
    """All closes, newest first."""
    return list(MonthClose.objects.order_by("-month"))


def first_open_month() -> Period | None:
    """The month to close next: after the last one closed, or the first one with an entry; None without any."""
    if last := closed_through():
        return last.next()
    first: date | None = JournalEntry.objects.aggregate(first=Min("on"))["first"]
    return Period.of(first) if first else None
