"""Rows for the page of messages: how far each is, in a word and a pill."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from caudal.access import queries as people
from caudal.messaging.models import Message
from caudal.messaging.queries import Told

State = Message.State
# the word in the address of each state, and how it is shown
_TABS: Final = {
    State.FAILED: ("fallidos", "No se pudieron entregar", "bad", "alert-triangle"),
    State.QUEUED: ("en-espera", "En espera", "watch", "clock"),
    State.UNKNOWN: ("sin-respuesta", "No se sabe", "watch", "info-circle"),
    State.SENT: ("enviados", "Enviados", "good", "circle-check"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    word: str
    name: str
    n: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A message with its pill and who left it."""

    row: Told
    pill: str
    icon: str
    by: str


def state_asked(word: str, /) -> str:
    """The state of a word of the address; all of them if it is none."""
    return next((str(state) for state, (name, *_) in _TABS.items() if name == word), "")


def word_of(state: str, /) -> str:
    """The word of a state in the address."""
    return _TABS[State(state)][0] if state else ""


def tabs(*, counts: Counter[str], state: str) -> list[Tab]:
    """All, and each state with how many there are."""
    every = Tab("", "Todos", counts.total(), not state)
    return [
        every,
        *(Tab(word, name, counts[each], each == state) for each, (word, name, _, _) in _TABS.items()),
    ]


def lines(*, rows: Sequence[Told]) -> list[Line]:
    """Messages with their state."""
    names = people.names_of(usernames={each.by for each in rows})
    return [Line(each, *_TABS[State(each.state)][2:], names.get(each.by, each.by)) for each in rows]
