"""Pure decisions: until when a document counts, what is kept of its folio, in which state a benefit is."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from caudal.rules.periods import monthly_dates

FOLIO_KEPT: Final = 4
# a benefit that ends within these days is due for renewal
SOON_DAYS: Final = 60
# how long the picture of a document may be looked at after saying what for
LOOK_SECONDS: Final = 600


class State(StrEnum):
    """Where a benefit stands on a day."""

    LIVE = "live"
    ENDING = "ending"
    UNVERIFIED = "unverified"
    ENDED = "ended"


STATES: Final = {
    State.LIVE: "vigentes",
    State.ENDING: "por renovar",
    State.UNVERIFIED: "sin documento verificado",
    State.ENDED: "terminados",
}


def counts_until(*, on: date, months_valid: int, expires_on: date | None) -> date:
    """The first day on which a document seen on a day proves nothing: its months, or the eve it expires."""
    by_months = monthly_dates(first_on=on, count=months_valid + 1)[-1]
    return by_months if expires_on is None else min(by_months, expires_on + timedelta(days=1))


def kept_of_folio(text: str, /) -> str:
    """`4471-293` → `1293`: the last four letters and digits, however many were typed."""
    return "".join(each for each in text.upper() if each.isascii() and each.isalnum())[-FOLIO_KEPT:]


def state(*, on: date, effective_to: date | None, is_verified: bool, is_lost: bool) -> State:
    """Where a benefit stands: ended, or in effect and due for its document or its renewal."""
    if is_lost or (effective_to is not None and effective_to <= on):
        return State.ENDED
    if not is_verified:
        return State.UNVERIFIED
    if effective_to is not None and effective_to <= on + timedelta(days=SOON_DAYS):
        return State.ENDING
    return State.LIVE
