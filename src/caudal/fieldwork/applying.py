"""What each kind of event becomes: the rooms above say how, on the wiring page.

An applier runs in a savepoint of the event's own transaction. What it returns is written as the event's outcome;
a `Refusal` sets the event aside with its text; a `Conflict` keeps both what was known and what the phone told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from caudal.fieldwork.models import FieldEvent, Stop

ORDER_OF: Final = "order:"  # before the kind of an order: what more is done when one of that kind is told

CALLED_OFF: Final = (
    "called-off:"  # what it means that one of that kind was done although it had been canceled
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an event became, and what that says of its stop."""

    result_kind: str  # "reading", "order", …
    result_id: str
    outcome: str  # one of Stop.Outcome


class Conflict(Exception):
    """What the phone told contradicts what is known. Both are kept; somebody has to look.

    :param sentence: what contradicts what, in the clerk's words
    :param with_kind: what it contradicts ("reading", "bill"…), and its id
    """

    def __init__(self, sentence: str, with_kind: str = "", with_id: object = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.with_kind = with_kind
        self.with_id = str(with_id)


class Applier(Protocol):
    """Makes of an event what it says. `event.body` holds what was told; `event.happened_at`, when."""

    def __call__(self, *, event: FieldEvent, stop: Stop, at: datetime) -> Applied: ...


_appliers: dict[str, Applier] = {}


def add(kind: str, applier: Applier) -> None:
    """Let `applier` make events of `kind` ("reading", "delivery"…) or of an order's ("order:leak") what they say.

    Of an order, the result is written by this room before; its applier does what that means for the room that asked.
    """
    _appliers[kind] = applier


def of(kind: str) -> Applier | None:
    """Who applies this kind; nobody, if no room said."""
    return _appliers.get(kind)
