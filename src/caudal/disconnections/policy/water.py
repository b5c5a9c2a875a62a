"""When the water must come back."""

from dataclasses import dataclass
from enum import StrEnum

from caudal.disconnections.policy.facts import Rules
from caudal.rules.bounds import MAX_PPM


class Pays(StrEnum):
    """What earns a reconnection."""

    ALL_DUE = "all_due"
    SHARE = "share"


class Agrees(StrEnum):
    """When an agreement earns a reconnection."""

    SIGNED = "signed"
    DOWN_PAYMENT = "down_payment"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody without water has done about the debt since they were cut (centavos)."""

    due_cents: int
    debt_at_cut_cents: int
    paid_since_cents: int
    arrangement: str = ""
    arrangement_is_late: bool = False
    down_payment_is_paid: bool = False


def earns_reconnection(*, standing: Standing, rules: Rules) -> str:
    """Why the water must come back: "payment", "arrangement", or empty while nothing was done that earns it."""
    if standing.arrangement and not standing.arrangement_is_late:
        if rules.arrangement_reconnects == Agrees.SIGNED:
            return "arrangement"
        if rules.arrangement_reconnects == Agrees.DOWN_PAYMENT and standing.down_payment_is_paid:
            return "arrangement"
    if standing.due_cents <= 0:
        return "payment"
    if rules.reconnection_on == Pays.SHARE and standing.debt_at_cut_cents > 0:
        needed = standing.debt_at_cut_cents * rules.reconnection_share_ppm
        if standing.paid_since_cents * MAX_PPM >= needed > 0:
            return "payment"
    return ""
