"""A town of one account kept in a dict, and the rules of a cut written again with ifs: what the policy is held against."""

from datetime import datetime, timedelta
from typing import Any

BENEFITS = {"disabled": 0, "senior": 1}
MEASURES = ("never", "restriction", "cut")


def most(home: dict[str, Any], at: datetime) -> int:
    """0 nothing, 1 less flow, 2 cut."""
    if home["use"] == "public" or home["protected"]:
        return 0
    allowed = 1 if home["use"] == "residential" and at.date().isoformat() >= "2025-12-12" else 2
    return min([allowed, *(BENEFITS[each] for each in home["benefits"])])


def may_cut(home: dict[str, Any], measure: int, at: datetime) -> bool:
    """Whether this much may be done to this home at a moment."""
    if most(home, at) < measure or measure == 0:
        return False
    if home["interrupted"] or home["arrangement"] or home["claims"]:
        return False
    if any(until >= at.date() for until in home["transits"]):
        return False
    late = [(due, cents) for due, cents in home["debts"] if due < at.date()]
    if sum(cents for _, cents in late) < 100_00 or len(late) < 2:
        return False
    if (at.date() - min(due for due, _ in late)).days < 60:
        return False
    paid = home["paid"]
    return not paid or at.date() >= max(paid).date() + timedelta(days=3)
