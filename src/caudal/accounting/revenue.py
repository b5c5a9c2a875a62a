"""The journal as the government's books ask for it: moments of revenue by day and concept, and by line of the CRI."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from caudal.accounting import policy, sharing
from caudal.accounting.loading.revenue import Moments, moments
from caudal.kernel.tables import Column, Kind

COLUMNS: Final = (
    Column("Fecha", Kind.DAY), Column("Rubro CRI", Kind.TEXT, 10), Column("Nombre del rubro", Kind.TEXT, 34),
    Column("Concepto", Kind.TEXT, 30), Column("Cuenta por cobrar", Kind.TEXT, 16),
    Column("Cuenta de ingreso", Kind.TEXT, 16), Column("Devengado", Kind.CENTS), Column("IVA", Kind.CENTS),
    Column("Recaudado", Kind.CENTS), Column("Aplicado de saldos a favor", Kind.CENTS),
)  # fmt: skip
FAVOR: Final = "2119"


@dataclass(frozen=True, slots=True)
class Line:
    """Sums of one concept, or of one line of the CRI (centavos)."""

    classifier: str
    name: str
    accrued_cents: int
    vat_cents: int
    collected_cents: int
    applied_cents: int


@dataclass(frozen=True, slots=True)
class Revenue:
    """What was accrued and collected between two days, both included."""

    since: date
    last: date
    rows: list[Moments]

    @property
    def by_classifier(self) -> list[Line]:
        """By line of the CRI."""
        return self._sums(lambda row: (row.classifier, row_name(row)))

    @property
    def by_concept(self) -> list[Line]:
        """By concept, in the order of the catalog."""
        return self._sums(lambda row: (row.classifier, row.name))

    @property
    def total(self) -> Line:
        """Everything."""
        return _sum("", "Total", self.rows)

    @property
    def budget(self) -> list[tuple[str, str, str, int]]:
        """The entries of the budget: debit, credit, what for, centavos. Money in favor waits until it is applied."""
        favor = sum(row.collected_cents for row in self.rows if row.other == FAVOR)
        collected = self.total.collected_cents - favor + self.total.applied_cents
        return [
            (policy.BUDGET_PENDING, policy.BUDGET_ACCRUED, "Ingreso devengado", self.total.accrued_cents),
            (policy.BUDGET_ACCRUED, policy.BUDGET_COLLECTED, "Ingreso recaudado", collected),
        ]

    def _sums(self, key: Callable[[Moments], tuple[str, str]]) -> list[Line]:
        groups: dict[tuple[str, str], list[Moments]] = defaultdict(list)
        for row in self.rows:
            groups[key(row)].append(row)
        ordered = sorted(groups.items(), key=lambda each: (not each[0][0], each[0]))
        return [_sum(classifier, name, rows) for (classifier, name), rows in ordered]

    @property
    def table(self) -> list[tuple[object, ...]]:
        """Rows for a file."""
        return [
            (row.on, row.classifier, row_name(row), row.name, row.receivable_account, row.revenue_account,
             row.accrued_cents, row.vat_cents, row.collected_cents, row.applied_cents)
            for row in self.rows
        ]  # fmt: skip

    @property
    def totals(self) -> tuple[object, ...]:
        """The foot of the file."""
        total = self.total
        return (None, "Total", "", "", "", "", total.accrued_cents, total.vat_cents, total.collected_cents,
                total.applied_cents)  # fmt: skip


def revenue(*, since: date, last: date) -> Revenue:
    """What was accrued and collected from one day of the books to another, both included.

    What installments collect is told in the concepts that their agreements put together.
    """
    until = last + timedelta(days=1)
    rows = sharing.share_out(rows=moments(since=since, until=until), since=since, until=until)
    return Revenue(since, last, rows)


def row_name(row: Moments) -> str:
    """The name of the line of the CRI that a row is told in."""
    if row.other == FAVOR:
        return "Saldos a favor de usuarios"
    return row.classifier_name or policy.classifier_name(row.classifier)


def _sum(classifier: str, name: str, rows: list[Moments]) -> Line:
    return Line(
        classifier, name, sum(row.accrued_cents for row in rows), sum(row.vat_cents for row in rows),
        sum(row.collected_cents for row in rows), sum(row.applied_cents for row in rows),
    )  # fmt: skip
