"""The log: what was done, once, with what proves it; a mistake stays in sight with its reason."""

import io
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from PIL import Image
from tests.journeys.story import TODAY

from caudal.kernel.models import AuditEntry
from caudal.outreach import commands, queries
from caudal.outreach.models import OutreachEntry
from caudal.outreach.tests.winter import AT, campaign, done, photo, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town", "media")]


def test_twelve_spots_on_the_radio_for_five_hundred_pesos() -> None:
    entry = done(planned(campaign()), 12, cost_cents=50_000)

    assert (entry.on, entry.quantity, entry.cost_cents, entry.note) == (
        TODAY,
        12,
        50_000,
        "Spot de 30 segundos",
    )
    assert (entry.by, entry.evidence_kind) == ("laura", "")
    assert AuditEntry.objects.get(act="outreach.log_entry").after["quantity"] == 12


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"on": date(2019, 2, 1)}, "on", "El 1 feb 2019 todavía no llega."),
        ({"on": date(2018, 12, 16)}, "on", "queda fuera"),
        ({"quantity": -1}, "quantity", "no puede ser menor que cero"),
        ({"quantity": 10_000_001}, "quantity", "ni tan grande"),
        ({"cost_cents": -1}, "cost", "no puede ser menor que cero"),
    ],
)
def test_what_cannot_be_true_is_refused(said: dict[str, Any], field: str, words: str) -> None:
    spot = planned(campaign())

    with pytest.raises(commands.CannotLogEntry, match=words) as refused:
        done(spot, **said)

    assert refused.value.field == field
    assert not OutreachEntry.objects.exists()


def test_two_touches_are_one_row() -> None:
    spot = planned(campaign())
    first, again = (done(spot, key=UUID(int=7)) for _ in range(2))
    assert first == again
    assert OutreachEntry.objects.count() == 1


def test_a_mistake_is_voided_and_stays() -> None:
    """120 was typed where 12 were heard."""
    winter = campaign()
    wrong = done(planned(winter), 120, cost_cents=50_000)

    void = commands.void_entry(entry=wrong, reason="  Fueron 12 ", at=AT, by="salas")

    assert (void.voids_id, void.note, void.quantity, void.cost_cents) == (wrong.pk, "Fueron 12", 0, 0)
    assert list(queries.live_entries(campaign=winter)) == []
    assert [each.void.note for each in queries.log_of(campaign=winter)] == ["Fueron 12"]
    assert AuditEntry.objects.get(act="outreach.void_entry").before["quantity"] == 120


def test_a_row_is_voided_once_with_a_reason_and_a_void_never() -> None:
    wrong = done(planned(campaign()))
    with pytest.raises(commands.CannotVoidEntry, match="Falta el motivo"):
        commands.void_entry(entry=wrong, reason=" ", at=AT, by="laura")
    void = commands.void_entry(entry=wrong, reason="No salió al aire", at=AT, by="laura")

    for entry in (wrong, void):
        with pytest.raises(commands.CannotVoidEntry, match="ya está anulada"):
            commands.void_entry(entry=entry, reason="Otra vez", at=AT, by="laura")

    assert OutreachEntry.objects.count() == 2


def test_the_database_rewrites_nothing_and_voids_only_a_row_of_the_same_action() -> None:
    winter = campaign()
    spot, car = planned(winter), planned(winter, channel="loudspeaker_route")
    heard = done(spot)
    void = commands.void_entry(entry=heard, reason="No salió", at=AT, by="laura")
    live = done(spot)

    for refused in (
        lambda: OutreachEntry.objects.filter(pk=heard.pk).update(quantity=1),
        lambda: OutreachEntry.objects.filter(pk=heard.pk).delete(),
        lambda: OutreachEntry.objects.create(action=spot, on=TODAY, note="De nuevo", voids=void, by="x", at=AT),
        lambda: OutreachEntry.objects.create(action=car, on=TODAY, note="De otra", voids=live, by="x", at=AT),
        lambda: OutreachEntry.objects.create(action=spot, on=TODAY, note="Con monto", voids=live, quantity=1, by="x", at=AT),
    ):  # fmt: skip
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            refused()

    assert OutreachEntry.objects.count() == 3


def test_a_photo_is_drawn_again_without_what_it_hides() -> None:
    """3200 × 1600 taken with the telephone on its side: it comes out upright, 800 × 1600, and says nothing of it."""
    proof = commands.read_evidence(body=photo(3200, 1600, turned=True))
    entry = done(planned(campaign()), evidence=proof)

    body, kind = queries.evidence_of(entry=entry)
    kept = Image.open(io.BytesIO(body))
    assert (kind, kept.format, kept.size, len(kept.getexif())) == ("image/jpeg", "JPEG", (800, 1600), 0)
    assert b"Telefono de Laura" not in body
    assert entry.evidence_sha256 == proof.sha256


@pytest.mark.parametrize(
    ("body", "kind", "served"),
    [
        (b"%PDF-1.7 factura de la radio", "paper", "application/pdf"),
        (b"ID3\x04 spot", "sound", "audio/mpeg"),
        (b"\xff\xfb\x90 spot", "sound", "audio/mpeg"),
        (b"OggS spot", "sound", "audio/ogg"),
        (b"RIFF\x00\x00\x00\x00WAVE spot", "sound", "audio/wav"),
        (b"\x00\x00\x00\x18ftypM4A spot", "sound", "audio/mp4"),
    ],
)
def test_a_paper_and_a_sound_are_kept_as_they_came(body: bytes, kind: str, served: str) -> None:
    entry = done(planned(campaign()), evidence=commands.read_evidence(body=body))
    assert entry.evidence_kind == kind
    assert queries.evidence_of(entry=entry) == (body, served)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "vacío"),
        (b"MZ not a picture", "No se puede abrir"),
        (b"<svg onload=alert(1)>", "No se puede abrir"),
        (photo()[:200], "No se puede abrir"),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "más de 10 MB"),
    ],
)
def test_anything_else_is_no_evidence(body: bytes, words: str) -> None:
    with pytest.raises(commands.CannotKeepEvidence, match=words) as refused:
        commands.read_evidence(body=body)
    assert refused.value.field == "evidence"


def test_a_file_that_was_lost_is_said_so(media: Path) -> None:
    entry = done(planned(campaign()), evidence=commands.read_evidence(body=photo()))
    Path(entry.evidence.path).unlink()
    for missing in (entry, done(entry.action)):
        with pytest.raises(queries.UnknownEntry, match="no está"):
            queries.evidence_of(entry=missing)
