"""Entries of the journal as somebody looks for them: some days, some words, one account, one kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from caudal.accounting import pages
from caudal.kernel.tables import Column, Kind
from caudal.ledger.models import JournalEntry, JournalLine

PAGE: Final = 100
COLUMNS: Final = (
    Column("Póliza", Kind.COUNT, 10), Column("Fecha", Kind.DAY), Column("Fecha del hecho", Kind.DAY, 16),
    Column("Tipo", Kind.TEXT, 24), Column("Documento", Kind.TEXT, 24), Column("Concepto", Kind.TEXT, 40),
    Column("Cuenta", Kind.TEXT, 10), Column("Nombre de la cuenta", Kind.TEXT, 34),
    Column("Concepto de cobro", Kind.TEXT, 26), Column("Cargo", Kind.CENTS), Column("Abono", Kind.CENTS),
    Column("Registró", Kind.TEXT, 14),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: both days included; words of the document or of what it is for."""

    since: date
    last: date
    text: str = ""
    account: str = ""
    kind: str = ""

    @property
    def filters(self) -> list[tuple[str, str]]:
        """What was asked, in words."""
        said = [("Desde", self.since.isoformat()), ("Hasta", self.last.isoformat())]
        if self.text:
            said.append(("Documento o concepto", self.text))
        if self.account:
            said.append(("Cuenta", self.account))
        if self.kind:
            said.append(("Tipo", pages.kind_words(self.kind)))
        return said


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in the list (centavos)."""

    entry: JournalEntry
    kind_words: str
    debit_cents: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, and what all of them add up to (centavos)."""

    rows: list[EntryRow]
    n: int
    debit_cents: int
    page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1 if self.n else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.last < self.n else None

    @property
    def previous_page(self) -> int | None:
        return self.page - 1 if self.page > 1 else None


def find(*, asked: Asked, page: int = 1) -> Found:
    """A page of the entries asked for, newest first."""
    entries = _entries(asked)
    lines = JournalLine.objects.filter(entry__in=entries.values("id"))
    total = lines.aggregate(
        n=Count("entry", distinct=True), cents=Sum("amount_cents", filter=Q(amount_cents__gt=0))
    )
    start = (page - 1) * PAGE
    shown = list(
        entries.annotate(
            debit_cents=Sum("lines__amount_cents", filter=Q(lines__amount_cents__gt=0))
        ).order_by("-on", "-id")[start : start + PAGE]
    )
    rows = [EntryRow(each, pages.kind_words(each.kind), each.debit_cents or 0) for each in shown]
    return Found(rows, total["n"], total["cents"] or 0, page)


def lines_of(*, entry: JournalEntry) -> Sequence[JournalLine]:
    """The lines of an entry: debits first."""
    found = entry.lines.select_related("ledger_account", "concept")
    return sorted(found, key=lambda line: (line.amount_cents < 0, line.ledger_account_id, line.id))


def file_rows(*, asked: Asked) -> list[tuple[Any, ...]]:
    """Every line of the entries asked for, oldest first."""
    lines = Prefetch("lines", JournalLine.objects.select_related("ledger_account", "concept").order_by("id"))
    return [
        (entry.pk, entry.on, entry.happened_on, pages.kind_words(entry.kind), entry.document, entry.description,
         line.ledger_account_id, line.ledger_account.name, line.concept.name if line.concept else "",
         max(line.amount_cents, 0) or None, max(-line.amount_cents, 0) or None, entry.recorded_by)
        for entry in _entries(asked).prefetch_related(lines).order_by("on", "id").iterator(chunk_size=2_000)
        for line in entry.lines.all()
    ]  # fmt: skip


def _entries(asked: Asked) -> QuerySet[JournalEntry]:
    found = JournalEntry.objects.filter(on__gte=asked.since, on__lt=asked.last + timedelta(days=1))
    if asked.text:
        found = found.filter(Q(document__icontains=asked.text) | Q(description__icontains=asked.text))
    if asked.kind:
        found = found.filter(kind__startswith=asked.kind)
    if asked.account:
        mine = JournalLine.objects.filter(ledger_account_id=asked.account)
        found = found.filter(id__in=mine.values("entry"))
    return found
