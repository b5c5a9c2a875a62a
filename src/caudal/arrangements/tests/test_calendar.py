"""A calendar file is read back as a telephone reads it: unfolded, taken apart, unescaped."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from caudal.arrangements.calendar import DueDate, calendar_file

SIGNED_AT = datetime(2019, 4, 10, 16, 42, tzinfo=UTC)
MAY = DueDate(
    uid="CON-000001-1@caudal", on=date(2019, 5, 10), summary="Parcialidad 1 de 6: $120.00",
    description="Convenio CON-000001, cuenta 010117; pague en caja, o en el banco.\nLleve su recibo.",
    place="Morelos 100, Centro",
)  # fmt: skip


def read(body: bytes) -> Iterator[tuple[str, str]]:
    """Each property with its value, as RFC 5545 says they are read."""
    for line in body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        name, value = line.split(":", 1)
        yield name, re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def values(body: bytes, name: str) -> list[str]:
    return [value for each, value in read(body) if each == name]


def test_one_event_and_one_bell_an_installment() -> None:
    june = DueDate(
        uid="CON-000001-2@caudal", on=date(2019, 6, 10), summary="Parcialidad 2 de 6", description="x"
    )
    body = calendar_file(name="Convenio CON-000001", due_dates=(MAY, june), stamped_at=SIGNED_AT)
    blocks = [(name, value) for name, value in read(body) if name in ("BEGIN", "END")]
    event = [("BEGIN", "VEVENT"), ("BEGIN", "VALARM"), ("END", "VALARM"), ("END", "VEVENT")]
    assert blocks == [("BEGIN", "VCALENDAR"), *event, *event, ("END", "VCALENDAR")]
    assert values(body, "DTSTART;VALUE=DATE") == ["20190510", "20190610"]
    assert values(body, "DTEND;VALUE=DATE") == ["20190511", "20190611"]
    assert values(body, "UID") == ["CON-000001-1@caudal", "CON-000001-2@caudal"]
    assert values(body, "DTSTAMP") == ["20190410T164200Z"] * 2 and values(body, "TRIGGER") == ["-PT15H"] * 2
    assert values(body, "VERSION") == ["2.0"] and values(body, "LOCATION") == ["Morelos 100, Centro"]


def test_commas_semicolons_and_new_lines_come_back() -> None:
    body = calendar_file(name="Convenio", due_dates=(MAY,), stamped_at=SIGNED_AT)
    assert values(body, "DESCRIPTION") == [MAY.description, MAY.summary]
    assert b"cuenta 010117\\; pague en caja\\, o en el banco.\\nLleve" in body.replace(b"\r\n ", b"")


def test_a_name_cannot_bring_lines_of_its_own() -> None:
    evil = DueDate(uid="1", on=date(2019, 5, 10), summary="x\r\nEND:VEVENT\x00\x1b", description="y\vz")
    body = calendar_file(name="n\nATTACH:http://otro", due_dates=(evil,), stamped_at=SIGNED_AT)
    assert values(body, "END") == ["VALARM", "VEVENT", "VCALENDAR"] and values(body, "ATTACH") == []
    assert b"\x00" not in body and b"\x1b" not in body and values(body, "SUMMARY") == ["x\nEND:VEVENT"]


def test_lines_keep_to_75_octets_and_no_letter_is_cut() -> None:
    """Any text of accents, marks and faces: every line fits, and unfolded it is the text again."""
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    for _ in range(50):
        words = "".join(dice.choices("aáñ€𝛴 ,;\\:\n¿x", k=dice.randrange(0, 300)))
        due = DueDate(uid="1", on=date(2019, 5, 10), summary="s", description=f"«{words}»")
        body = calendar_file(name="n", due_dates=(due,), stamped_at=SIGNED_AT)
        assert all(len(line) <= 75 for line in body.split(b"\r\n")), f"{seed=}"
        assert body.endswith(b"END:VCALENDAR\r\n") and b"\n" not in body.replace(b"\r\n", b"")
        assert values(body, "DESCRIPTION")[0] == due.description, f"{seed=}"


def test_an_agreement_without_dates_is_an_empty_calendar() -> None:
    body = calendar_file(name="Convenio", due_dates=(), stamped_at=SIGNED_AT)
    assert values(body, "BEGIN") == ["VCALENDAR"]
