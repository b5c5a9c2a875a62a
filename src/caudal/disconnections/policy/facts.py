"""What is known of an account, what the law says of a day, and how an answer is said: every reason with its words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol


class Measure(StrEnum):
    """What may be done to a service, from the mildest to the hardest."""

    NEVER = "never"
    RESTRICTION = "restriction"
    CUT = "cut"


MEASURE_NAMES: Final = {
    Measure.NEVER: "nada",
    Measure.RESTRICTION: "reducción de flujo",
    Measure.CUT: "corte",
}
HARDNESS: Final = (Measure.NEVER, Measure.RESTRICTION, Measure.CUT)


class Cause(StrEnum):
    """Why an account may not be cut. The words are what a clerk reads."""

    NO_SERVICE = "no_service"
    INTERRUPTED = "interrupted"
    PROTECTED_PREMISE = "protected_premise"
    PROTECTED_USE = "protected_use"
    PROTECTED_HOUSEHOLD = "protected_household"
    ONLY_RESTRICTION = "only_restriction"
    NO_DEBT = "no_debt"
    SMALL_DEBT = "small_debt"
    RECENT_DEBT = "recent_debt"
    FEW_PERIODS = "few_periods"
    ARRANGEMENT = "arrangement"
    CLAIM = "claim"
    IN_TRANSIT = "in_transit"
    RECENT_PAYMENT = "recent_payment"
    NOT_NOTIFIED = "not_notified"
    # of an order
    NOT_APPROVED = "not_approved"
    LAPSED = "lapsed"
    CANCELED = "canceled"
    ENDED = "ended"
    NOT_DISPATCHED = "not_dispatched"
    NO_CHECK = "no_check"
    OLD_CHECK = "old_check"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against, in words; `since` is the moment it began to hold, if that is known."""

    cause: Cause
    words: str
    since: datetime | None = None


class Rules(Protocol):
    """What the utility and the law say on a day (a `DisconnectionPolicy`)."""

    measures: Mapping[str, str]
    benefit_measures: Mapping[str, str]
    least_overdue_days: int
    least_debt_cents: int
    least_periods: int
    notice_stage: str
    payment_grace_days: int
    any_claim_blocks: bool
    late_arrangement_blocks: bool
    approval_days: int
    online_minutes: int
    offline_hours: int
    reconnection_on: str
    reconnection_share_ppm: int
    arrangement_reconnects: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an account at a moment (centavos)."""

    use: str
    has_service: bool = True
    interruption: str = ""
    protected_reason: str = ""
    protected_at: datetime | None = None
    benefits: Collection[str] = ()
    # past due, surcharges included, less what is in favor
    due_cents: int = 0
    due_periods: int = 0
    oldest_due_on: date | None = None
    claims: tuple["Claim", ...] = ()
    arrangement: str = ""  # folio of the one in force
    arrangement_is_late: bool = False
    arrangement_at: datetime | None = None
    transits: tuple["Transit", ...] = ()
    last_payment_at: datetime | None = None
    last_payment_on: date | None = None
    served_stages: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """An open claim about bills (centavos); nothing, while nobody has said how much."""

    folio: str
    cents: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transit:
    """Money on its way that nobody has applied yet (centavos)."""

    reference: str
    cents: int
    until: date
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be done to an account: the measure of its use, and every reason why not."""

    measure: Measure
    reasons: tuple[Reason, ...] = ()
    due_cents: int = 0

    @property
    def is_go(self) -> bool:
        return not self.reasons

    @property
    def causes(self) -> frozenset[Cause]:
        return frozenset(reason.cause for reason in self.reasons)

    @property
    def words(self) -> str:
        """All the reasons in one line; `Procede` without any."""
        return " ".join(reason.words for reason in self.reasons) or "Procede."
