"""What campaigns would forgive on the condition that an agreement is kept."""

from dataclasses import dataclass
from datetime import datetime

from caudal.campaigns import queries as campaigns
from caudal.ledger.queries import DebtTerms


@dataclass(frozen=True, slots=True)
class Forgiven:
    """What would be forgiven of a debt (centavos), by period and concept, under which rule and condition."""

    cents: int = 0
    name: str = ""
    condition: str = ""
    by_line: tuple[tuple[int, int, int], ...] = ()


def offered(*, account_id: int, at: datetime, terms: DebtTerms) -> Forgiven:
    """What campaigns would forgive now to an account that signs; nothing if none applies."""
    offers = campaigns.offers(
        account_ids=[account_id], at=at, terms=terms, grant=campaigns.Grant.ARRANGEMENT
    )  # fmt: skip
    offer = offers.get(account_id)
    if offer is None:
        return Forgiven()
    lines = tuple((line.period, line.concept_id, line.cents) for line in offer.lines)
    return Forgiven(offer.cents, offer.name, offer.condition, lines)
