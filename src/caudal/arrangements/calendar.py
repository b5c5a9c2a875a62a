"""The dates of an agreement as a calendar file (RFC 5545), for the telephone of who pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
_LINE_OCTETS: Final = 75
# an event of a whole day starts at midnight: this rings at nine of the morning before
_BELL: Final = "-PT15H"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """A day on which something is to be paid: one event of the calendar, with its bell."""

    uid: str
    on: date
    summary: str
    description: str
    place: str = ""


def calendar_file(*, name: str, due_dates: Sequence[DueDate], stamped_at: datetime) -> bytes:
    """The due dates as an iCalendar object; the same facts give the same bytes.

    :param stamped_at: when the facts became what they are: an import of an older file does not replace a newer one
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Caudal//Convenios//ES", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    for each in due_dates:
        lines += _event(each, stamp=f"{stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(due: DueDate, *, stamp: str) -> list[str]:
    place = [f"LOCATION:{_text(due.place)}"] if due.place else []
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(due.uid)}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{due.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(due.summary)}",
        f"DESCRIPTION:{_text(due.description)}",
        *place,
        # a day to pay does not make anybody busy
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(due.summary)}",
        f"TRIGGER:{_BELL}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A value of type TEXT: what would end it or begin another is escaped, what no line may hold is left out."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = "\\n".join(escaped.splitlines())
    return "".join(sign for sign in lines if sign.isprintable())


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never cut inside a character; each next one begins with a space."""
    pieces, piece, octets = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if octets + width > _LINE_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece, octets = piece + sign, octets + width
    return "\r\n".join([*pieces, piece])
