"""The concepts and where they stand in the accounts, read once for a command."""

from dataclasses import dataclass
from typing import Final

from django.db import connection

from caudal.ledger import policy

COLUMNS: Final = ("id", "code", "name", "kind", "receivable_account", "revenue_account")


@dataclass(frozen=True, slots=True)
class ChartedConcept:
    """A concept as commands ask about it."""

    id: int
    code: str
    name: str
    kind: str
    receivable_account: str
    revenue_account: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Concepts by id."""

    concepts: dict[int, ChartedConcept]

    def receivable(self, concept_id: int) -> str:
        return self.concepts[concept_id].receivable_account

    def revenue(self, concept_id: int) -> str:
        return self.concepts[concept_id].revenue_account

    def kind_code(self, concept_id: int) -> int:
        """Position of the concept's kind in `policy.KINDS`."""
        return policy.KINDS.index(self.concepts[concept_id].kind)

    def is_accessory(self, concept_id: int) -> bool:
        """Accessories are surcharges, updates, fines and costs; they bear no surcharge themselves."""
        return self.concepts[concept_id].kind in policy.ACCESSORY_KINDS


def read() -> Chart:
    """Read the chart: a handful of rows that an installation may have added to."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM ledger_concept")
        return Chart({row[0]: ChartedConcept(*row) for row in cursor.fetchall()})
