"""What is claimed and not decided: it is neither demanded nor cut for."""

from collections.abc import Sequence
from dataclasses import dataclass

from caudal.cases import claims
from caudal.cases.models import BillingClaim
from caudal.registry.models import Account


@dataclass(frozen=True, slots=True)
class Claim:
    """An open claim of an account: what was open of each period the day it was claimed (centavos)."""

    case_folio: str
    cents: int
    periods: tuple[int, ...]
    by_period: tuple[tuple[int, int], ...]


def open_claims(*, account_ids: Sequence[int]) -> dict[int, list[Claim]]:
    """The claims nobody has decided, by account, oldest first; accounts without any are left out."""
    found: dict[int, list[Claim]] = {}
    waiting = (
        BillingClaim.objects.filter(account_id__in=list(account_ids), resolution=None)
        .select_related("case")
        .prefetch_related("periods")
        .order_by("id")
    )
    for claim in waiting:
        parts = tuple(sorted((int(each.period), each.claimed_cents) for each in claim.periods.all()))
        found.setdefault(claim.account_id, []).append(
            Claim(
                claim.case.folio,
                sum(cents for _, cents in parts),
                tuple(period for period, _ in parts),
                parts,
            )
        )
    return found


def claimable(*, account: Account) -> dict[int, int]:
    """What may be claimed: what is open of each period (centavos, VAT included)."""
    return claims.open_by_period(account=account)
