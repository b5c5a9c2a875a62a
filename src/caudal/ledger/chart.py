"""The concepts and where they stand in the accounts, read once for a command."""

from dataclasses import dataclass

from caudal.ledger import policy
from caudal.ledger.models import Concept


@dataclass(frozen=True, slots=True)
class Chart:
    """Concepts by id."""

    concepts: dict[int, Concept]

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
    return Chart({concept.id: concept for concept in Concept.objects.all()})
