"""Salas lets in Julián's phone; it takes the day to the street and brings back what was done, until it is put out."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.town.cast import Town, moment

from caudal.access.models import Clerk
from caudal.fieldwork import commands, packing, queries, verdicts
from caudal.fieldwork.commands import StopPlan
from caudal.fieldwork.models import (
    Device,
    EnrollmentCode,
    EnrollmentTry,
    FieldEvent,
    FieldOrder,
    Photo,
    Round,
    Stop,
)
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import Telephone, picture, telephone_of
from caudal.fieldwork.verdicts import Verdict
from caudal.kernel import clock
from caudal.registry.models import Person

DAY = moment(street.TODAY, 7)
NOON = moment(street.TODAY, 12)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def phone(town: Town) -> Telephone:
    return telephone_of(town.julian, at=DAY)


def deliveries(town: Town, **said: Any) -> Round:
    plans = [StopPlan("bill", f"F-{each.number}", town.point(each)) for each in town.metered]
    return street.plan(town, **({"kind": "delivery", "name": "Entrega centro", "stops": plans} | said))


def enroll(code: str, name: str = "Moto G de lecturas", **said: Any) -> Any:
    body = json.dumps({"enroll_code": code, "name": name})
    return Client(**said).post("/campo/alta/", data=body, content_type="application/json")


def test_a_phone_comes_in_with_its_code_once(town: Town) -> None:
    code = commands.make_enrollment_code(clerk=town.julian, at=NOON, by="salas")

    first = enroll(code.lower().replace("-", " "))
    second = enroll(code)

    assert first.status_code == 200
    told = first.json()
    assert set(told) == {"device", "token", "public_key", "now"}
    device = Device.objects.get()
    assert (device.code, device.name, device.clerk, device.enrolled_by) == (
        "TEL-0001", "Moto G de lecturas", town.julian, "salas",
    )  # fmt: skip
    assert told["device"] == "TEL-0001" and told["token"] not in device.token_hash
    assert second.status_code == 422
    assert second.json()["why"] == (
        "Ese código no sirve: ya se usó, ya venció o está mal escrito. Pida otro en la oficina."
    )
    assert (
        Device.objects.count() == 1 and not EnrollmentCode.objects.filter(code_hash__contains=code).exists()
    )


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (15, 422)])
def test_a_code_lives_fifteen_minutes(town: Town, minutes: int, status: int) -> None:
    code = commands.make_enrollment_code(clerk=town.julian, at=NOON - timedelta(minutes=minutes), by="salas")
    assert enroll(code).status_code == status


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"enroll_code": 3, "name": null}', b"\xff", b'{"name": "\\u0000"}']
)
def test_what_is_no_code_lets_nobody_in(town: Town, body: bytes) -> None:
    answer = Client().post("/campo/alta/", data=body, content_type="application/json")
    assert answer.status_code == 422 and not Device.objects.exists()


def test_who_tries_many_codes_waits_for_the_next_hour(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten wrong ones; then not even a good one, until one o'clock. From another address it goes in at once."""
    good = [commands.make_enrollment_code(clerk=town.julian, at=NOON, by="salas") for _ in range(3)]
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=10))
    for n in range(commands.MOST_WRONG_AN_HOUR):
        assert enroll(f"MAL-{n}").status_code == 422
    for code in ("MAL-99", good[0]):
        answer = enroll(code)
        assert answer.status_code == 429
        assert (
            answer.json()["why"]
            == "Hubo demasiados códigos equivocados. Espere 50 minutos y pida otro en la oficina."
        )
    assert not Device.objects.exists()
    tried = EnrollmentTry.objects.get()
    assert tried.n == commands.MOST_WRONG_AN_HOUR + 2 and "127.0.0.1" not in tried.address

    assert enroll(good[1], REMOTE_ADDR="10.0.0.8").status_code == 200
    later = NOON + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    fresh = commands.make_enrollment_code(clerk=town.julian, at=later, by="salas")
    assert enroll(fresh).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(hours=26))
    enroll("MAL")
    assert EnrollmentTry.objects.count() == 1  # an address is not kept for more than a day


def test_letting_in_a_whole_crew_in_one_morning_is_not_trying(town: Town) -> None:
    for n in range(commands.MOST_WRONG_AN_HOUR + 2):
        code = commands.make_enrollment_code(clerk=town.julian, at=NOON, by="salas")
        assert enroll(code, name="").status_code == 422  # a phone without a name is no wrong code
        assert enroll(code, name=f"Moto {n}").status_code == 200
    assert EnrollmentTry.objects.get().n == 0


def test_only_who_works_in_the_street_carries_a_phone(town: Town) -> None:
    with pytest.raises(commands.CannotEnrollDevice, match="Verónica Torres Díaz no trabaja en la calle"):
        commands.make_enrollment_code(clerk=town.veronica, at=NOON, by="salas")
    assert not EnrollmentCode.objects.exists()


def test_the_day_gives_the_office_half_and_the_rounds_of_its_person(town: Town, phone: Telephone) -> None:
    """Today's round, yesterday's that was left half done; not Beto's, nor tomorrow's, nor one that is finished."""
    mine = deliveries(town)
    left = deliveries(town, on=street.TODAY - timedelta(days=1), name="Ayer")
    finished = deliveries(town, on=street.TODAY - timedelta(days=2))
    street.done(finished, 5, NOON, "delivered")
    deliveries(town, assigned_to=street.crew())
    deliveries(town, on=street.TODAY + timedelta(days=1))

    answer = phone.asks("/campo/dia/").json()

    assert answer["share"] == phone.device.share and len(answer["share"]) == 64 and answer["revoked"] is False
    assert answer["now"] == NOON.isoformat()
    assert answer["rounds"] == [
        {"folio": each.folio, "kind": "delivery", "name": name, "on": on, "n": 5}
        for each, name, on in ((mine, "Entrega centro", "2019-02-25"), (left, "Ayer", "2019-02-24"))
    ]
    assert Device.objects.get().last_seen_at == NOON


@pytest.mark.parametrize("header", ["", "Caudal ", "Caudal x", "Bearer x", "Caudal \xff"])
@pytest.mark.parametrize(
    "path", ["/campo/dia/", "/campo/sucesos/", "/campo/revision/", f"/campo/fotos/{UUID(int=1)}/"]
)
def test_who_does_not_say_who_it_is_is_told_to_forget(town: Town, header: str, path: str) -> None:
    answer = Client().post(
        path, data=b"{}", content_type="application/json", headers={"authorization": header}
    )
    assert (answer.status_code, answer.json()["revoked"]) == (401, True)


def test_a_phone_put_out_is_refused_at_once_and_what_it_holds_stays_closed_in_it(
    town: Town, phone: Telephone
) -> None:
    """It sent one thing and kept another; put out, it is refused at the very next request and nothing is written."""
    [first, second, *_] = deliveries(town).stops.order_by("sequence")
    phone.sends(phone.delivers(first, NOON), at=NOON)
    commands.revoke_device(device=phone.device, reason="se perdió", at=NOON, by="salas")

    for path in ("/campo/dia/", "/campo/sucesos/", "/campo/revision/"):
        answer = phone.asks(path, phone.line(phone.delivers(second, NOON)) + b"\n")
        assert (answer.status_code, answer.json()["revoked"]) == (401, True)
    assert phone.asks(f"/campo/recorridos/{first.round.folio}/", method="get").status_code == 401
    assert FieldEvent.objects.count() == 1
    with pytest.raises(commands.CannotRevokeDevice, match="ya estaba dado de baja"):
        commands.revoke_device(device=phone.device, reason="otra vez", at=NOON, by="salas")


def test_what_it_held_arrives_when_it_is_let_in_again(town: Town, phone: Telephone) -> None:
    """Sealed before it was put out: applied. Sealed after, when nobody answered for it: set aside."""
    [first, second, third, *_] = deliveries(town).stops.order_by("sequence")
    commands.revoke_device(device=phone.device, reason="se perdió", at=NOON, by="salas")
    before = phone.line(phone.delivers(first, NOON - timedelta(hours=1)))
    after = phone.line(phone.delivers(second, NOON + timedelta(hours=1)))
    again = telephone_of(town.julian, at=NOON)
    stranger = telephone_of(street.crew(), at=NOON)
    later = NOON + timedelta(hours=2)

    answers = commands.receive_events(device=again.device, lines=[before, after], at=later)
    [carried] = commands.receive_events(
        device=stranger.device, lines=[phone.line(phone.delivers(third, NOON - timedelta(hours=1)))], at=later
    )

    assert [(each.state, each.why) for each in (*answers, carried)] == [
        ("applied", ""), ("quarantined", "Se capturó cuando el teléfono ya estaba dado de baja."),
        ("quarantined", "Lo capturó otra persona en este teléfono."),
    ]  # fmt: skip
    assert {each.device for each in FieldEvent.objects.select_related("device")} == {phone.device}


def test_who_no_longer_works_here_has_no_phone(town: Town, phone: Telephone) -> None:
    Clerk.objects.filter(pk=town.julian.pk).update(is_active=False)
    assert phone.asks("/campo/dia/").status_code == 401


def test_a_batch_over_the_network_keeps_its_whole_lines_and_says_it_was_cut(
    town: Town, phone: Telephone
) -> None:
    stops = list(deliveries(town).stops.order_by("sequence"))
    told = [phone.delivers(each, NOON - timedelta(minutes=5)) for each in stops[:3]]
    body = b"".join(phone.line(each) + b"\n" for each in told)

    cut = phone.asks("/campo/sucesos/", body[:-10]).json()
    whole = phone.asks("/campo/sucesos/", body).json()

    assert cut["cut"] is True and [each["id"] for each in cut["outcomes"]] == [
        each["id"] for each in told[:2]
    ]
    assert "cut" not in whole
    assert [each["state"] for each in whole["outcomes"]] == ["repeated", "repeated", "applied"]
    assert phone.asks("/campo/sucesos/", b"").json()["outcomes"] == []


def test_too_much_at_once_is_told_and_nothing_is_written(phone: Telephone) -> None:
    answer = phone.asks("/campo/sucesos/", b"x\n" * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413 and not FieldEvent.objects.exists()


def test_the_pack_says_where_and_what_and_never_who_or_how_much(town: Town, phone: Telephone) -> None:
    """The whole cast is planned, with an order at each: no name nor telephone of anybody is on the phone."""
    everybody = [StopPlan("bill", f"F-{each.number}", town.point(each)) for each in town.accounts]
    planned = [street.plan(town, kind="delivery", stops=everybody)]
    ordered = [street.order(each, kind=FieldOrder.Kind.DISCONNECTION) for each in town.accounts]
    planned.append(
        commands.plan_order_round(
            orders=ordered, name="Cortes", on=street.TODAY, assigned_to=town.julian, at=DAY, by="laura"
        )
    )
    planned.append(street.plan(town))

    packs = [phone.asks(f"/campo/recorridos/{each.folio}/", method="get") for each in planned]

    for person in Person.objects.all():
        for canary in (person.full_name, person.phone, person.phone.replace(" ", "")):
            assert not canary or all(canary not in each.content.decode() for each in packs)
    words = {word for each in packs for stop in each.json()["stops"] for word in stop}
    assert words <= {
        "code", "sequence", "subject", "place", "route", "lat", "lon", "outcome", "done_at", "folio_tail", "kind_word",
        "options", "photo_required", "folio", "kind", "instructions", "checklist", "priority", "needs_check", "verdict",
        "serial", "dial_digits", "low", "high", "previous", "bars",
    }  # fmt: skip
    for each in packs:
        assert "share" not in each.json() and phone.device.private_key[:40] not in each.content.decode()
    first = packs[0].json()["stops"][0]
    assert (first["sequence"], first["subject"], first["folio_tail"], first["kind_word"], first["route"]) == (
        1, "bill", "0117", "recibo", "01-001",
    )  # fmt: skip


def test_the_private_half_never_leaves(town: Town, phone: Telephone) -> None:
    code = commands.make_enrollment_code(clerk=town.julian, at=NOON, by="salas")
    folio = deliveries(town).folio
    answers = [enroll(code), phone.asks("/campo/dia/"), phone.asks("/campo/sucesos/", b"x\n"),
               phone.asks(f"/campo/recorridos/{folio}/", method="get")]  # fmt: skip
    for device in Device.objects.all():
        assert all(device.private_key[60:120] not in each.content.decode() for each in answers)


def test_five_hundred_stops_weigh_less_than_two_megabytes(town: Town, phone: Telephone) -> None:
    plans = [StopPlan("bill", f"F-{n:06}", town.point(town.lupita)) for n in range(500)]
    folio = street.plan(town, kind="delivery", stops=plans).folio
    answer = Client().get(
        f"/campo/recorridos/{folio}/",
        headers={"authorization": f"Caudal {phone.token}", "accept-encoding": "gzip"},
    )
    assert answer["Content-Encoding"] == "gzip" and len(answer.content) < 200_000
    assert len(json.loads(gzip.decompress(answer.content))["stops"]) == 500


def test_a_round_of_another_person_is_not_given(town: Town, phone: Telephone) -> None:
    theirs = deliveries(town, assigned_to=street.crew())
    for folio in (theirs.folio, "REC-999999"):
        answer = phone.asks(f"/campo/recorridos/{folio}/", method="get")
        assert answer.status_code == 404 and "ya no es suyo" in answer.json()["why"]


def test_rooms_above_say_what_a_stop_needs_and_what_goes_once(
    town: Town, phone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(*, stops: list[Stop], at: Any) -> dict[str, dict[str, Any]]:
        return {str(each.code): {"serial": "AZ1"} for each in stops}

    monkeypatch.setitem(packing._packers, "reading", pack)
    monkeypatch.setitem(packing._headers, "reading", lambda *, at: {"codes": [{"code": "01"}]})
    told = phone.asks(f"/campo/recorridos/{street.plan(town).folio}/", method="get").json()
    assert told["codes"] == [{"code": "01"}] and {each["serial"] for each in told["stops"]} == {"AZ1"}


def test_at_the_door_a_cut_goes_only_if_somebody_answers_for_it(
    town: Town, phone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An inspection goes; a cut the room says goes, goes; one it says nothing of does not; nor one called off."""
    kinds = [FieldOrder.Kind.INSPECTION, *[FieldOrder.Kind.DISCONNECTION] * 3]
    ordered = [street.order(each, kind=kind) for each, kind in zip(town.metered, kinds, strict=False)]
    commands.plan_order_round(
        orders=ordered, name="Cortes", on=street.TODAY, assigned_to=town.julian, at=DAY, by="laura"
    )
    foreign = street.order(town.chuy)
    folios = [each.folio for each in ordered]
    commands.cancel_order(order=ordered[3], reason="pagó", at=NOON, by="laura")
    monkeypatch.setattr(verdicts, "_asked", [
        lambda *, orders, at: {folios[1]: Verdict(True, verdicts.GO, at)}
    ])  # fmt: skip

    asked = phone.asks("/campo/revision/", {"orders": [*folios, foreign.folio, 3, "x\0"]}).json()["verdicts"]

    assert {folio: (each["go"], each["why"]) for folio, each in asked.items()} == {
        folios[0]: (True, "procede"), folios[1]: (True, "procede"), folios[2]: (False, verdicts.NOBODY_ANSWERS),
        folios[3]: (False, verdicts.CALLED_OFF),
    }  # fmt: skip
    monkeypatch.setattr(verdicts, "_asked", [])
    alone = queries.verdicts_of(folios=folios, clerk=town.julian, at=NOON)
    assert alone[folios[1]]["why"] == verdicts.NOBODY_ANSWERS


def test_a_picture_is_drawn_again_small_and_without_what_the_camera_wrote(
    town: Town, phone: Telephone
) -> None:
    stop = deliveries(town).stops.first()
    assert stop
    event = phone.delivers(stop, NOON - timedelta(minutes=1))
    big = picture(2400, 1800, quality=95, exif=b"Exif\0\0canary-place")
    sealed = phone.photo(event, big, role="dial")

    first = phone.asks(f"/campo/fotos/{sealed['id']}/", sealed)
    again = phone.asks(f"/campo/fotos/{sealed['id']}/", sealed)
    phone.sends(event, at=NOON)

    assert (first.status_code, first.json()["state"], again.json()["state"]) == (200, "kept", "repeated")
    kept = Photo.objects.get()
    assert (str(kept.event_id), kept.role, kept.width, kept.height) == (
        event["id"],
        "dial",
        kept.width,
        kept.height,
    )
    assert max(kept.width, kept.height) <= 1024 and kept.size_bytes <= 120 * 1024
    body = kept.file.open("rb").read()
    assert body.startswith(b"\xff\xd8") and b"canary-place" not in body and len(body) == kept.size_bytes
    [shot] = queries.photos_of_subject(kind="bill", folio=stop.subject_folio)
    assert shot.id == kept.pk


@pytest.mark.parametrize(
    "body", [b"", b"GIF89a not", b"%PDF-1.7", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0" + b"\0" * 200, picture(8, 8)[:90]]
)  # fmt: skip
def test_what_is_no_picture_is_refused_and_the_event_stays(town: Town, phone: Telephone, body: bytes) -> None:
    event = phone.delivers(deliveries(town).stops.get(sequence=1), NOON - timedelta(minutes=1))
    phone.sends(event, at=NOON)
    sealed = phone.photo(event, body)

    answer = phone.asks(f"/campo/fotos/{sealed['id']}/", sealed)

    assert (answer.status_code, answer.json()["why"]) == (
        422,
        "Lo que llegó no es una foto. Tómela otra vez.",
    )
    assert not Photo.objects.exists() and FieldEvent.objects.count() == 1


def test_a_picture_made_to_fill_the_memory_is_refused(town: Town, phone: Telephone) -> None:
    """A PNG of 20,000 by 20,000: 400 million pixels in some kilobytes."""
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    sealed = phone.photo({"id": str(uuid4())}, bomb)
    answer = phone.asks(f"/campo/fotos/{sealed['id']}/", sealed)
    assert answer.status_code == 422 and not Photo.objects.exists()


def test_a_picture_that_came_cut_is_asked_for_again_and_one_of_another_person_is_not_kept(
    town: Town, phone: Telephone
) -> None:
    event = phone.delivers(deliveries(town).stops.get(sequence=1), NOON - timedelta(minutes=1))
    phone.sends(event, at=NOON)
    sealed = phone.photo(event, picture())
    beto = telephone_of(street.crew(), at=DAY)
    theirs = beto.photo(event, picture())

    cut = phone.asks(f"/campo/fotos/{sealed['id']}/", json.dumps(sealed).encode()[:-20])
    damaged = phone.asks(f"/campo/fotos/{sealed['id']}/", sealed | {"iv": "AAAAAAAAAAAAAAAA"})
    foreign = beto.asks(f"/campo/fotos/{theirs['id']}/", theirs)

    assert [each.status_code for each in (cut, damaged, foreign)] == [400, 422, 422]
    assert foreign.json()["why"].startswith("La foto es del trabajo de otra persona.")
    assert not Photo.objects.exists()
