"""The lock of a claim: what was open of each period the day it was claimed, until somebody decides."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from caudal.cases.models import BillingClaim, Case, ClaimedPeriod, ClaimResolution
from caudal.ledger import queries as ledger
from caudal.registry.models import Account


def open_by_period(*, account: Account) -> dict[int, int]:
    """What an account has open of each period (centavos, VAT included, surcharges to the day apart)."""
    found: dict[int, int] = defaultdict(int)
    for item in ledger.open_items(account_id=account.pk):
        found[int(item.period)] += item.open_cents
    return dict(sorted(found.items()))


def lock(*, case: Case, periods: Sequence[int], at: datetime, by: str) -> BillingClaim:
    """Claim these periods of the case's account; all that is open if none is said."""
    assert case.account is not None  # what claims an amount asks for its account
    owed = open_by_period(account=case.account)
    claim = BillingClaim.objects.create(case=case, account=case.account, at=at, by=by)
    ClaimedPeriod.objects.bulk_create(
        ClaimedPeriod(claim=claim, period=period, claimed_cents=owed.get(period, 0))
        for period in sorted(set(periods) or owed)
    )
    return claim


def open_claim(*, case: Case) -> BillingClaim | None:
    """The claim of a case that nobody has decided, if there is one."""
    found: BillingClaim | None = case.claims.filter(resolution=None).first()
    return found


def decide(*, claim: BillingClaim, decision: str, reason: str, at: datetime, by: str) -> ClaimResolution:
    """Write what was decided: nothing else lifts the lock."""
    return ClaimResolution.objects.create(claim=claim, decision=decision, reason=reason, at=at, by=by)
