"""Salas shows the code of a phone, puts one out, and Laura looks at what was set aside."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town.cast import Town, moment

from caudal.access.models import Clerk
from caudal.fieldwork import checks, commands, queries
from caudal.fieldwork.field_cli import field as street_terminal
from caudal.fieldwork.models import Device, EventOutcome, FieldEvent
from caudal.fieldwork.phone_cli import phone as terminal
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import Telephone, telephone_of
from caudal.kernel import clock

NOON = moment(street.TODAY, 12)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def enter(clerk: Clerk) -> Client:
    return entered(clerk.username)


@pytest.fixture
def phone(town: Town) -> Telephone:
    return telephone_of(town.julian, at=NOON)


def page_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_code_is_shown_once_as_a_drawing_and_as_letters(town: Town) -> None:
    answer = enter(town.salas).post("/telefonos/alta/", {"clerk": "julian"})

    page = page_of(answer)
    [code] = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert '<svg class="qr" role="img"' in page and "http://testserver/campo/" in page
    device, _ = commands.enroll_device(code=code, name="Moto G", at=NOON)
    assert device.clerk == town.julian


@pytest.mark.parametrize(("clerk", "words"), [("", "Elija quién lo va a llevar."), ("nadie", "Elija quién"),
                                              ("veronica", "Verónica Torres Díaz no trabaja en la calle.")])  # fmt: skip
def test_a_phone_of_nobody_is_refused_beside_the_field(town: Town, clerk: str, words: str) -> None:
    answer = enter(town.salas).post("/telefonos/alta/", {"clerk": clerk})
    assert answer.status_code == 422 and words in page_of(answer) and "aria-invalid" in page_of(answer)


def test_the_list_says_whose_each_is_and_how_long_it_was_not_heard(town: Town, phone: Telephone) -> None:
    Device.objects.update(last_seen_at=NOON - timedelta(days=8))
    page = page_of(enter(town.salas).get("/telefonos/"))
    assert "TEL-0001" in page and "Julián Ramírez López" in page and "sin contacto hace 8 días" in page


def test_a_phone_is_put_out_with_a_reason(town: Town, phone: Telephone) -> None:
    salas = enter(town.salas)

    without = salas.post("/telefonos/TEL-0001/baja/", {"reason": " "})
    assert without.status_code == 422 and "Falta el motivo." in page_of(without)
    assert Device.objects.get().revoked_at is None

    put_out = salas.post("/telefonos/TEL-0001/baja/", {"reason": "se perdió en el mercado"}, follow=True)
    assert "TEL-0001 dado de baja" in page_of(put_out) and "se perdió en el mercado" in page_of(put_out)
    device = Device.objects.get()
    assert (device.revoked_at, device.revoked_by) == (NOON, "salas")


def test_what_was_set_aside_is_shown_with_its_reason_and_dismissed(town: Town, phone: Telephone) -> None:
    stop = street.plan(town).stops.get(sequence=1)
    told = phone.tells(stop, "note", {"text": "<b>perro</b>"}, NOON, lat=40, lon=-74)
    phone.sends(told, at=NOON)
    laura = enter(town.laura)

    page = page_of(laura.get("/apartados/"))
    assert (
        "&lt;b&gt;perro&lt;/b&gt;" in page and "La ubicación que dio el teléfono no es de este país." in page
    )
    assert stop.round.folio in page and "Morelos 293" in page

    address = f"/apartados/{told['id']}/descarte/"
    assert "Falta el motivo." in page_of(laura.post(address, {"reason": ""}))
    assert "Nada por revisar" in page_of(laura.post(address, {"reason": "fue en el taller"}, follow=True))
    last = EventOutcome.objects.latest("id")
    assert (last.kind, last.reason, last.by) == ("dismissed", "fue en el taller", "laura")


def test_what_was_set_aside_is_applied_once_what_kept_it_out_is_mended(town: Town, phone: Telephone) -> None:
    """Julián told of a stop of Beto's round; Laura gives Julián the round, and applies it."""
    planned = street.plan(town, assigned_to=street.crew())
    told = phone.tells(planned.stops.get(sequence=1), "note", {"text": "perro"}, NOON)
    phone.sends(told, at=NOON)
    laura = enter(town.laura)
    address = f"/apartados/{told['id']}/aplicacion/"

    without = laura.post(address, {"reason": ""})
    assert without.status_code == 422 and "Falta qué se corrigió." in page_of(without)
    still = laura.post(address, {"reason": "ya"})
    assert (
        still.status_code == 422
        and "Ese lugar es del recorrido de otra persona. Corríjalo primero" in page_of(still)
    )
    assert 'value="ya"' in page_of(still) and EventOutcome.objects.count() == 1

    commands.reassign_round(round=planned, to=town.julian, reason="", at=NOON, by="laura")
    done = laura.post(address, {"reason": "se le dio el recorrido"}, follow=True)
    assert "Aplicado." in page_of(done) and "Nada por revisar" in page_of(done)
    last = EventOutcome.objects.latest("id")
    assert (last.kind, last.result_kind, last.by) == ("applied", "note", "laura")


def test_who_only_reads_does_not_dismiss(town: Town, phone: Telephone) -> None:
    phone.sends(phone.tells(uuid4(), "note", {}, NOON), at=NOON)
    page = page_of(enter(town.ofelia).get("/apartados/"))
    assert "Descartar" not in page and "Aplicar" not in page


def test_the_terminal_does_what_the_pages_do(town: Town) -> None:
    run = CliRunner().invoke
    told = json.loads(run(terminal, ["enroll", "julian", "--by", "salas", "--json"]).output)
    device, token = commands.enroll_device(code=told["code"], name="Moto G", at=NOON)
    phone = Telephone(device, token)
    event = phone.tells(uuid4(), "note", {}, NOON)
    phone.sends(event, at=NOON)

    assert "TEL-0001  Julián Ramírez López  Moto G  1 sucesos" in run(terminal, ["list"]).output
    assert run(street_terminal, ["phones"]).output == run(terminal, ["list"]).output
    assert "Ese lugar no está en ningún recorrido." in run(street_terminal, ["quarantine"]).output
    run(street_terminal, ["dismiss", event["id"], "--reason", "prueba", "--by", "laura"])
    assert "Nada por revisar." in run(street_terminal, ["quarantine"]).output
    assert (
        "TEL-0001 dado de baja."
        in run(terminal, ["revoke", "TEL-0001", "--reason", "x", "--by", "salas"]).output
    )
    assert isinstance(run(terminal, ["enroll", "nadie"]).exception, commands.CannotEnrollDevice)


def test_the_terminal_tells_the_day_and_the_orders(town: Town) -> None:
    run = CliRunner().invoke
    assert "No hay recorridos el 25/02/2019." in run(street_terminal, ["rounds"]).output
    assert "Ninguna orden pendiente." in run(street_terminal, ["orders"]).output
    planned = street.plan(town)
    street.done(planned, 2, NOON)
    leak = street.order(town.lupita, kind="leak", priority=1, due_at=NOON)

    [row] = json.loads(run(street_terminal, ["rounds", "--on", "2019-02-25", "--json"]).output)
    assert (row["folio"], row["done"], row["n"], row["percent"]) == (planned.folio, 2, 5, 40)
    told = run(street_terminal, ["rounds"]).output
    assert f"{planned.folio}  Lectura centro" in told and "2 de     5   40 %" in told
    told = run(street_terminal, ["orders", "--waiting"]).output
    assert f"{leak.folio}  fuga" in told and "urgente" in told and "a más tardar 25/02/2019 12:00" in told


def findings() -> list[str]:
    return [each for check in checks.CHECKS for each in check.find()]


def test_the_street_agrees_with_itself_until_somebody_breaks_it(town: Town, phone: Telephone) -> None:
    stops = street.plan(town, kind="delivery", stops=[
        commands.StopPlan("bill", f"F-{each.number}", town.point(each)) for each in town.metered
    ]).stops  # fmt: skip
    phone.sends(*(phone.delivers(each, NOON) for each in stops.all()), at=NOON)
    assert findings() == []

    lost = FieldEvent(
        id=uuid4(), device=phone.device, kind="note", body={}, body_hash="0" * 64, taken_at=NOON, happened_at=NOON,
        received_at=NOON,
    )  # fmt: skip
    lost.save(force_insert=True)
    first = stops.get(sequence=1)
    first.outcome, first.done_at = "", None
    first.save()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fieldwork_device SET code = 'TEL-0002'")

    assert findings() == [
        "El folio TEL-0001 no tiene su documento, o el documento no tomó su folio.",
        "El folio TEL-0002 no tiene su documento, o el documento no tomó su folio.",
        f"El suceso {lost.pk}, que llegó el 25/02/2019, no dice qué fue de él.",
        f"{first.round.folio}, parada 1: no dice lo último que se aplicó de ella.",
    ]
    assert queries.quarantined_count() == 0
