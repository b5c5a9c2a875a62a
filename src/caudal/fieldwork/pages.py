"""What the pages of the street show, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from caudal.access import queries as people
from caudal.fieldwork import maps, policy, touring
from caudal.fieldwork.maps import Mark
from caudal.fieldwork.models import FieldOrder, OrderResult, Round, RoundAssignment
from caudal.fieldwork.policy import Pace
from caudal.fieldwork.queries import BoardRow, OrderRow, Shot, StopRow
from caudal.kernel.wording import thousands

_PACES: Final = {
    Pace.COMPLETE: ("complete", "", "circle-check"),
    Pace.ON_TIME: ("on-time", "good", "clock"),
    Pace.LATE: ("late", "bad", "alert-triangle"),
    Pace.CANCELED: ("canceled", "watch", "ban"),
}
_ORDER_PILLS: Final = {
    "por programar": ("watch", "clock"),
    "en recorrido": ("", "send"),
    "hecha": ("good", "circle-check"),
    "no se pudo": ("bad", "alert-triangle"),
    "cancelada": ("", "ban"),
}
_FAILED: Final = ("not_read", "not_delivered", "not_done", "refused")
_ROLES: Final = {
    "dial": "carátula",
    "before": "antes",
    "after": "después",
    "seal": "sello",
    "evidence": "evidencia",
}
_URGENT: Final = 2


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A round of the board with its color, which is also a word and a figure."""

    row: BoardRow
    style: str
    pill: str
    icon: str
    due_percent: int  # where the mark of the hour stands

    @property
    def can_move(self) -> bool:
        return self.row.pending > 0 and self.row.pace is not Pace.CANCELED


@dataclass(frozen=True, slots=True)
class Figures:
    """The day in four numbers."""

    rounds: int
    people: int
    done: int
    n: int
    late: int
    percent: int


@dataclass(frozen=True, slots=True)
class StopLine:
    """A stop with what was told of it in words."""

    row: StopRow
    pill: str
    icon: str
    told: str
    photos: tuple["Picture", ...]
    is_far: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph and what it shows."""

    id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A field order with its state as a pill."""

    row: OrderRow
    pill: str
    icon: str
    is_urgent: bool


_FAR_M: Final = 100  # told from farther than this, somebody should look


def board_lines(*, rows: Sequence[BoardRow]) -> list[BoardLine]:
    """The rounds of the board, each with its color."""
    return [board_line(row=row) for row in rows]


def board_line(*, row: BoardRow) -> BoardLine:
    """A round with its color."""
    return BoardLine(row, *_PACES[row.pace], policy.percent(done=row.expected, n=row.n))


def figures(*, rows: Sequence[BoardRow]) -> Figures:
    """The day in a few numbers; what was canceled does not count."""
    live = [row for row in rows if row.pace is not Pace.CANCELED]
    done, n = sum(row.done for row in live), sum(row.n for row in live)
    late = sum(row.pace is Pace.LATE for row in live)
    return Figures(
        len(live),
        len({row.username for row in live}),
        done,
        n,
        late,
        policy.percent(done=done, n=n) if n else 0,
    )


def stop_lines(*, rows: Sequence[StopRow]) -> list[StopLine]:
    """The stops of a round, each with what was told of it."""
    return [
        StopLine(
            row, *_outcome_pill(row.outcome), told_words(body=row.body), pictures(shots=row.photos),
            bool(row.distance_m is not None and row.distance_m > _FAR_M),
        )
        for row in rows
    ]  # fmt: skip


def pictures(*, shots: Sequence[Shot]) -> tuple[Picture, ...]:
    """Photographs, and what each shows."""
    return tuple(Picture(shot.id, _ROLES.get(shot.role, "evidencia")) for shot in shots)


def told_words(*, body: dict[str, Any]) -> str:
    """What a phone told, in a line: the reading, who received, why not."""
    parts = []
    if isinstance(body.get("value"), int):
        parts.append(f"lectura {thousands(body['value'])}")
    if body.get("code") and body["code"] != "00":
        parts.append(f"clave {body['code']}")
    if body.get("receiver"):
        parts.append(f"recibió: {body['receiver']}")
    parts += [str(body[name]) for name in ("reason", "notes", "text") if body.get(name)]
    return " · ".join(parts)


def round_map(*, round: Round, rows: Sequence[StopRow]) -> SafeString:
    """The walk on a map of its own; nothing while no place is known."""
    done = sum(bool(row.outcome) for row in rows)
    marks = [
        Mark(row.place, row.sequence, _mark_state(row.outcome), f"{row.sequence}. {row.address}: {row.outcome_word}",
             row.told_from)
        for row in rows
        if row.place
    ]  # fmt: skip
    return maps.walk_map(
        marks=marks, title=f"Mapa del recorrido {round.folio}: {done} de {len(rows)} paradas hechas"
    )


def tour_map(*, rows: Sequence[OrderRow]) -> SafeString:
    """Orders in the order they would be done."""
    marks = [
        Mark(row.place, number, "pending", f"{number}. {row.kind_word}, {row.address}")
        for number, row in enumerate(rows, start=1)
        if row.place
    ]
    several = f"Mapa de {len(rows)} órdenes en el orden en que se harían"
    return maps.walk_map(marks=marks, title=several if len(rows) > 1 else "Mapa del lugar")


def tour_words(*, rows: Sequence[OrderRow]) -> str:
    """`8 órdenes, 3.4 km en línea recta; 1 sin ubicación`."""
    spots = [row.place for row in rows if row.place]
    metres, lost = touring.length(places=spots), len(rows) - len(spots)
    said = f"{len(rows)} {'orden' if len(rows) == 1 else 'órdenes'}, {distance_words(metres)} en línea recta"
    return f"{said}; {lost} sin ubicación, al final" if lost else said


def distance_words(metres: int) -> str:
    """`340 m`, `3.4 km`."""
    return f"{metres} m" if metres < 1000 else f"{metres // 1000}.{metres % 1000 // 100} km"


def order_lines(*, rows: Sequence[OrderRow]) -> list[OrderLine]:
    """Orders with their states as pills."""
    return [OrderLine(row, *_ORDER_PILLS[row.state], row.priority <= _URGENT) for row in rows]


def answers(*, order: FieldOrder, result: OrderResult) -> list[tuple[str, str]]:
    """The checklist of an order with what was answered, in words."""
    told = {**result.answers, "seal": result.seal_number or result.answers.get("seal")}
    if result.reading is not None:
        told["reading"] = result.reading
    asked = [each for each in order.checklist if each["answer"] != "photo"]
    said = [(each["text"], _answer(told.get(each["code"]))) for each in asked]
    codes = {each["code"] for each in asked}
    if result.seal_number and "seal" not in codes:
        said.append(("Sello", result.seal_number))
    if result.reading is not None and "reading" not in codes:
        said.append(("Lectura", thousands(result.reading)))
    return said


def assignment_lines(*, assignments: Sequence[RoundAssignment]) -> list[tuple[RoundAssignment, str]]:
    """Who was given a round, and by whom in words."""
    names = people.names_of(usernames={each.by for each in assignments})
    return [(each, names.get(each.by, each.by)) for each in assignments]


def round_name(*, kind: str, on: date) -> str:
    """What a round of orders is called unless somebody says otherwise."""
    return f"{Round.Kind(kind).label.capitalize()} {on:%d/%m}"


def done_words(*, result: OrderResult) -> str:
    """`hecha el 25/02/2019 a las 12:40`."""
    at = localtime(result.done_at)
    return f"{'hecha' if result.is_done else 'no se pudo'} el {at:%d/%m/%Y} a las {at:%H:%M}"


def _answer(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, int):
        return thousands(value)
    return str(value) if value not in (None, "") else "sin respuesta"


def _outcome_pill(outcome: str) -> tuple[str, str]:
    if not outcome:
        return ("", "circle-dot")
    if outcome in _FAILED:
        return ("bad", "alert-triangle")
    return ("watch", "clock") if outcome == "absent" else ("good", "circle-check")


def _mark_state(outcome: str) -> str:
    if not outcome:
        return "pending"
    return "not-done" if outcome in _FAILED else "done"


def name_of(*, username: str) -> str:
    """The name people call a clerk; what did it itself keeps its own."""
    return people.names_of(usernames={username}).get(username, username)
