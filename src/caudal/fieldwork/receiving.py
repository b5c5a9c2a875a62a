"""What comes from a phone, read: lines that may be cut at any byte, and the event inside each envelope.

Nothing here refuses: what cannot be read is told as a problem, so that it is kept and set aside with its reason.
"""

import hashlib
import json
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeGuard
from uuid import UUID, uuid5

from caudal.fieldwork.models import FieldEvent
from caudal.kernel.places import is_in_mexico

UNREADABLE: Final = UUID(
    "6d1f7f0e-6d0b-5a1c-9b2e-2f7c1b0c9a11"
)  # the names of what cannot be opened start here
_WHOLE_TURN: Final = 180_000_000
_QUARTER_TURN: Final = 90_000_000
_MOST_METRES: Final = 1_000_000
_MOST_TEXT: Final = 20_000
_TEN_YEARS_S: Final = 10 * 366 * 86_400

NO_EVENT: Final = "Lo que llegó no es un suceso del teléfono. Se guardó tal como vino."
NO_PLACE: Final = "La ubicación que dio el teléfono no es de este país."
NO_HOUR: Final = "El teléfono no dijo a qué hora fue."
NO_KIND: Final = "El teléfono mandó un tipo de trabajo que aquí no existe."


@dataclass(frozen=True, slots=True)
class Lines:
    """The whole lines that came, and whether the last one was cut."""

    whole: list[bytes]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as a phone told it, ready to be kept; `problem` says why it is not to be applied."""

    id: UUID
    stop_code: UUID | None
    kind: str
    body: dict[str, Any]
    body_hash: str
    taken_at: datetime
    happened_at: datetime
    place: tuple[int, int] | None = None
    accuracy_m: int | None = None
    problem: str = field(default="")


def split(body: bytes) -> Lines:
    """The lines of a batch. What has no end of line is whole only if it is a whole object."""
    *whole, last = body.split(b"\n")
    lines = [line for line in whole if line.strip()]
    if not last.strip():
        return Lines(lines, is_cut=False)
    if read_object(last) is None:
        return Lines(lines, is_cut=True)
    return Lines([*lines, last], is_cut=False)


def read_object(line: bytes) -> dict[str, Any] | None:
    """The JSON object of a line, or nothing."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def read_id(text: Any) -> UUID | None:
    """An identifier, if that is what it is."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def name_of_unreadable(line: bytes) -> UUID:
    """The same bytes are called the same, however often they come."""
    return uuid5(UNREADABLE, hashlib.sha256(line).hexdigest())


def read_event(*, told: dict[str, Any], enrolled_at: datetime, at: datetime) -> Told | None:
    """The event of an opened envelope; nothing if it has no id of its own.

    :param enrolled_at: nothing happened before: the phone was nobody's
    """
    event_id = read_id(told.get("id"))
    if event_id is None:
        return None
    taken_at, happened_at = read_clock(told=told, enrolled_at=enrolled_at, at=at)
    place, is_abroad = read_place(told)
    kind, body = told.get("kind"), told.get("body")
    is_known = kind in FieldEvent.Kind.values and isinstance(body, dict)
    problem = NO_KIND if not is_known else NO_HOUR if taken_at is None else NO_PLACE if is_abroad else ""
    return Told(
        id=event_id, stop_code=read_id(told.get("stop")), kind=str(kind) if is_known else FieldEvent.Kind.NOTE,
        body=storable(body if is_known else told), body_hash=hash_of(told), taken_at=taken_at or at,
        happened_at=happened_at, place=place, accuracy_m=_metres(told.get("accuracy")), problem=problem,
    )  # fmt: skip


def unreadable(*, line: bytes, at: datetime) -> Told:
    """What could not be opened, kept as it came."""
    text = line.decode("utf-8", "backslashreplace")[:_MOST_TEXT]
    return Told(
        id=name_of_unreadable(line), stop_code=None, kind=FieldEvent.Kind.NOTE, body=storable({"sealed": text}),
        body_hash=hashlib.sha256(line).hexdigest(), taken_at=at, happened_at=at, problem=NO_EVENT,
    )  # fmt: skip


def read_clock(
    *, told: dict[str, Any], enrolled_at: datetime, at: datetime
) -> tuple[datetime | None, datetime]:
    """When it was by the phone, if it said so; and by our clock.

    The phone's clock may be years away. It says by how much, if it ever heard ours; the corrected moment is believed
    between its enrolment and now, and otherwise it is when it came.
    """
    try:
        taken_at = datetime.fromisoformat(told["taken_at"].replace("Z", "+00:00"))
        if taken_at.tzinfo is None:
            return None, at
        taken_at.timestamp(), taken_at.astimezone(at.tzinfo)  # what no calendar holds is told here
    except (KeyError, AttributeError, ValueError, OverflowError):
        return None, at
    offset = told.get("clock_offset")
    try:
        corrected = taken_at + timedelta(seconds=round(offset) if _is_offset(offset) else 0)
    except OverflowError:
        return taken_at, at
    return taken_at, corrected if enrolled_at <= corrected <= at else at


def read_place(told: dict[str, Any]) -> tuple[tuple[int, int] | None, bool]:
    """Where it was in millionths of a degree, and whether that is abroad. Without a signal there is no place."""
    latitude, longitude = told.get("lat"), told.get("lon")
    if latitude is None and longitude is None:
        return None, False
    if not _is_number(latitude) or not _is_number(longitude):
        return None, True
    place = (round(latitude * 1_000_000), round(longitude * 1_000_000))
    if abs(place[0]) > _QUARTER_TURN or abs(place[1]) > _WHOLE_TURN:
        return None, True
    return place, not is_in_mexico(place)


def hash_of(told: dict[str, Any]) -> str:
    """What makes one story of an event and not another."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def storable(value: Any) -> Any:
    """The same value without what the database cannot hold: NUL, half characters, what is not a number."""
    if isinstance(value, dict):
        return {storable(str(key)): storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _is_number(value: Any) -> TypeGuard[int | float]:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < _WHOLE_TURN  # a NaN is not
    )


def _metres(value: Any) -> int | None:
    return min(round(value), _MOST_METRES) if _is_number(value) and value >= 0 else None


def _is_offset(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _TEN_YEARS_S
