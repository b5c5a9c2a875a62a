"""Pure decisions about reports: folios, how far one is, its clock, what is near, what may still be disputed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from caudal.kernel.wording import number_of_folio

# lower case, so that no till can have a receipt series of that name
SERIES: Final = "reporte"
ORIGIN: Final = "case"
CITIZEN: Final = "ciudadano"
REOPENED_PRIORITY: Final = 1
_FOLIOS_END: Final = 10**9
# a quarter of the time left is when the clock is watched
_WATCH_FROM: Final = 75
# what moves a case; the rest is only told
MOVES: Final = (
    "opened", "ordered", "attended", "not_attended", "answered", "resolved", "disputed", "merged",
)  # fmt: skip


class State(StrEnum):
    """How far a case is; the value is the word that people read."""

    OPEN = "abierto"
    ASSIGNED = "asignado"
    ATTENDED = "atendido en sitio"
    ANSWERED = "respondido"
    REOPENED = "reabierto"
    RESOLVED = "resuelto"
    CLOSED = "cerrado"
    MERGED = "unido a otro"


FINISHED: Final = frozenset({State.RESOLVED, State.CLOSED, State.MERGED})
_STATES: Final = {
    "opened": State.OPEN, "ordered": State.ASSIGNED, "attended": State.ATTENDED, "not_attended": State.OPEN,
    "answered": State.ANSWERED, "disputed": State.REOPENED, "resolved": State.RESOLVED, "merged": State.MERGED,
}  # fmt: skip


def state(*, moves: Sequence[tuple[str, datetime]], on_moment: datetime, dispute_days: int) -> State:
    """How far a case is, by what moved it, oldest first: the last one counts.

    Resolved, it may be disputed once within some days; after them, or resolved again, it is closed.
    """
    kind, at = moves[-1]
    found = _STATES[kind]
    if found != State.RESOLVED:
        return found
    was_disputed = any(move == "disputed" for move, _ in moves)
    return State.CLOSED if was_disputed or on_moment > at + timedelta(days=dispute_days) else State.RESOLVED


class Step(StrEnum):
    """What whoever reported follows."""

    RECEIVED = "Recibido"
    ASSIGNED = "Asignado"
    ON_SITE = "En sitio"
    RESOLVED = "Resuelto"


@dataclass(frozen=True, slots=True)
class Walked:
    """One step of a report and when it was reached, if it was."""

    step: Step
    at: datetime | None
    is_now: bool = False


def steps(*, moves: Sequence[tuple[str, datetime]]) -> list[Walked]:
    """Received → assigned → on site → resolved. What was disputed goes back to received, once."""
    since = max((n for n, (kind, _) in enumerate(moves) if kind == "disputed"), default=0)
    first: dict[Step, datetime] = {Step.RECEIVED: moves[0][1]}
    for kind, at in moves[since:]:
        step = {
            "ordered": Step.ASSIGNED, "attended": Step.ON_SITE, "not_attended": Step.ON_SITE, "resolved": Step.RESOLVED,
        }.get(kind)  # fmt: skip
        if step:
            first.setdefault(step, at)
    if moves[-1][0] != "resolved":
        first.pop(Step.RESOLVED, None)
    reached = max(list(Step).index(step) for step in first)
    return [
        Walked(step, first.get(step), is_now=place == reached) if place <= reached else Walked(step, None)
        for place, step in enumerate(Step)
    ]


class Pace(StrEnum):
    """How a case goes against its clock."""

    ON_TIME = "a tiempo"
    SOON = "por vencer"
    LATE = "tarde"
    MET = "respondido a tiempo"
    MISSED = "respondido tarde"


@dataclass(frozen=True, slots=True)
class Clock:
    """How much of its time a case has used (0–100), and how long is left or was missed by."""

    pace: Pace
    percent: int
    words: str

    @property
    def is_late(self) -> bool:
        return self.pace in (Pace.LATE, Pace.MISSED)


def sla(*, started_at: datetime, due_at: datetime, at: datetime, finished_at: datetime | None) -> Clock:
    """The clock of a case: its last second is still on time."""
    moment = finished_at or at
    whole = max((due_at - started_at).total_seconds(), 1)
    percent = min(max(int((moment - started_at).total_seconds() * 100 // whole), 0), 100)
    is_late = moment > due_at
    if finished_at:
        pace = Pace.MISSED if is_late else Pace.MET
    else:
        pace = Pace.LATE if is_late else Pace.SOON if percent >= _WATCH_FROM else Pace.ON_TIME
    return Clock(pace, 100 if is_late else percent, span(due_at - moment if not is_late else moment - due_at))


def span(length: timedelta) -> str:
    """`2 d 4 h`, `3 h`, `12 min`: no more than two units."""
    minutes = ceil(length.total_seconds() / 60)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes} min" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"


def case_folio(number: int) -> str:
    """`REP-000012`."""
    return f"REP-{number:06d}"


def read_folio(text: str) -> str:
    """`REP-000012` of `rep 12`, `12` or the folio itself; empty when it is none."""
    number = number_of_folio(text, prefix="REP")
    return case_folio(number) if number is not None and number < _FOLIOS_END else ""
