"""Whether an order may still be carried out, asked again at dispatch and at the door. The room that asked for it knows.

A crew reads "procede" or "no procede" and when it was looked at: never an amount.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from caudal.fieldwork.models import FieldOrder

CHECKED_KINDS: Final = frozenset({FieldOrder.Kind.DISCONNECTION, FieldOrder.Kind.RESTRICTION})
GO: Final = "procede"
NO_GO: Final = "no procede"
NOBODY_ANSWERS: Final = "Nadie puede confirmar que proceda. No la haga y avise a la oficina."
CALLED_OFF: Final = "La orden se canceló o ya tiene resultado. No la haga."


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be done, what is said at the door, and when it was looked at."""

    go: bool
    why: str
    checked_at: datetime

    def as_dict(self) -> dict[str, Any]:
        """The verdict as the phone reads it."""
        return {"go": self.go, "why": self.why, "checked_at": self.checked_at.isoformat()}


class Asked(Protocol):
    """Answers for orders of the kinds that need it, by folio; what it leaves out does not go."""

    def __call__(self, *, orders: list[FieldOrder], at: datetime) -> Mapping[str, Verdict]: ...


_asked: list[Asked] = []


def ask(function: Asked) -> None:
    """Let `function` say which cuts and restrictions may still be done. Said once, on the wiring page."""
    _asked[:] = [function]


def of(*, orders: Sequence[FieldOrder], at: datetime) -> dict[str, Verdict]:
    """The verdict of each order by folio: what is over does not go, and a cut nobody answers for does not either.

    `orders` come with their `result` when they have one.
    """
    verdicts: dict[str, Verdict] = {}
    to_ask: list[FieldOrder] = []
    for order in orders:
        if order.canceled_at or hasattr(order, "result"):
            verdicts[order.folio] = Verdict(False, CALLED_OFF, at)
        elif order.kind in CHECKED_KINDS:
            to_ask.append(order)
        else:
            verdicts[order.folio] = Verdict(True, GO, at)
    answers = _asked[0](orders=to_ask, at=at) if _asked and to_ask else {}
    for order in to_ask:
        verdicts[order.folio] = answers.get(order.folio) or Verdict(False, NOBODY_ANSWERS, at)
    return verdicts
