"""Rows for the pages of phones and of what they told that was set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from caudal.fieldwork.models import Stop
from caudal.fieldwork.pages import Picture, pictures, told_words
from caudal.fieldwork.queries import AsideRow, DeviceRow

_SILENT_DAYS: Final = 7  # after so many without being heard it wipes itself


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A phone with its state as a pill."""

    row: DeviceRow
    words: str
    pill: str
    icon: str


@dataclass(frozen=True, slots=True)
class AsideLine:
    """Something set aside, with what was told in words."""

    row: AsideRow
    told: str
    photos: tuple[Picture, ...]
    words: str
    pill: str
    icon: str


def lines(*, rows: Sequence[DeviceRow], at: datetime) -> list[DeviceLine]:
    """Phones with their state."""
    return [DeviceLine(row, *_state(row, at)) for row in rows]


def aside_lines(*, rows: Sequence[AsideRow]) -> list[AsideLine]:
    """What was set aside, in words."""
    return [
        AsideLine(
            row, _told(row), pictures(shots=row.photos),
            *(("en conflicto", "bad", "alert-triangle") if row.is_conflict else ("apartado", "watch", "player-pause")),
        )
        for row in rows
    ]  # fmt: skip


def _state(row: DeviceRow, at: datetime) -> tuple[str, str, str]:
    if row.revoked_at:
        return ("de baja", "", "ban")
    days = (at - (row.last_seen_at or row.enrolled_at)).days
    if days >= _SILENT_DAYS:
        return (f"sin contacto hace {days} días", "watch", "clock")
    return ("en uso", "good", "circle-check")


def _told(row: AsideRow) -> str:
    """`entregado · recibió: titular`. What could not be opened says so."""
    if "sealed" in row.body:
        return "no se pudo leer"
    outcome, is_done = row.body.get("outcome"), row.body.get("done")
    said = str(Stop.Outcome(outcome).label) if outcome in Stop.Outcome.values else ""
    if isinstance(is_done, bool):
        said = str((Stop.Outcome.DONE if is_done else Stop.Outcome.NOT_DONE).label)
    return " · ".join(each for each in (said, told_words(body=row.body)) if each)
