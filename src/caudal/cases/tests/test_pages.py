"""The desk on Monday 1 April 2019 at nine: what is reported, what is done about it, who may."""

from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town.cast import Town

from caudal.cases import commands, keys, queries
from caudal.cases.models import BillingClaim, Case
from caudal.cases.policy import State
from caudal.cases.tests.desk import NINE, go, later, leak, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_o_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-01T09:00")


@pytest.fixture
def marta(april: Town) -> Client:
    """Marta attends the desk."""
    return entered("marta")


def words(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-800:]
    return unescape(answer.content.decode())


def form(**typed: Any) -> dict[str, Any]:
    """What the browser sends of the form; what nobody typed goes blank."""
    return {
        "key": str(uuid4()), "type": "street_leak", "description": "Sale agua de la banqueta", "channel": "phone",
        "account": "", "phone": "", "address": "Hidalgo 12", "coordinates": "",
    } | typed  # fmt: skip


def test_a_report_is_taken_with_five_things(marta: Client) -> None:
    answer = marta.post(
        "/reportes/alta/", form(phone="392 935 1234", coordinates="20.2800, -102.5500", photo=_photo())
    )

    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/reportes/REP-000001/")
    assert (case.latitude_e6, case.longitude_e6) == (20_280_000, -102_550_000)
    assert (case.reporter_phone, case.channel, case.opened_by) == ("3929351234", "phone", "marta")
    assert case.photos.count() == 1
    page = words(marta.get(answer["Location"]))
    for said in (
        "Fuga en la calle",
        "Hidalgo 12",
        keys.key_of("REP-000001"),
        "case-map",
        "······1234",
        "A tiempo",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"type": ""}, "Falta: qué reporta."),
        ({"description": " "}, "Falta: qué pasa."),
        ({"address": ""}, "Falta el lugar."),
        ({"account": "999999"}, "No hay ninguna cuenta"),
        ({"type": "high_consumption"}, "Falta la cuenta."),
        ({"coordinates": "allá"}, "No se entiende."),
        ({"coordinates": "40.4169, -3.7035"}, "fuera de México"),
        ({"phone": "123"}, "10 dígitos"),
        ({"photo": SimpleUploadedFile("x.jpg", b"not a picture")}, "no es una foto"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(marta: Client, typed: dict[str, Any], said: str) -> None:
    page = words(marta.post("/reportes/alta/", form(**typed)), 422)
    assert said in page
    assert "<title>Error: " in page.replace("\n", "")
    assert Case.objects.count() == 0


def test_from_the_account_the_months_are_listed_and_one_is_claimed(marta: Client, april: Town) -> None:
    page = words(marta.get("/cuentas/010117/reporte/"))
    for said in ("Enero 2019: $100.00", "Febrero 2019: $110.00", "Marzo 2019: $120.00"):
        assert said in page

    marta.post(
        "/cuentas/010117/reporte/",
        form(type="high_consumption", account="010117", address="", claimed_periods=["201903"]),
    )
    [claim] = queries.open_claims(account_ids=[april.chuy.pk])[april.chuy.pk]
    assert (claim.cents, claim.periods) == (120_00, (201903,))
    assert "Reclama un importe" in words(marta.get("/reportes/REP-000001/"))


def test_a_claim_is_decided_on_its_page(marta: Client, april: Town) -> None:
    leak(type="missing_payment", account=april.chuy)
    page = words(marta.post("/reportes/REP-000001/resolucion/", {"text": "Se encontró el pago."}), 422)
    assert "Falta decir si la aclaración procede." in page
    assert BillingClaim.objects.filter(resolution=None).count() == 1
    marta.post("/reportes/REP-000001/resolucion/", {"text": "Se encontró el pago.", "decision": "upheld"})
    assert BillingClaim.objects.filter(resolution=None).count() == 0


def test_the_list_puts_first_what_is_due_first_and_filters(marta: Client) -> None:
    old = leak(at=later(hours=-30))  # due at nine of the day before plus 18: late by 6 h
    leak(type="blocked_drain", channel="window")  # priority 1, due at 21:00
    leak(type="indoor_leak", address="Morelos 5")
    done = leak()
    commands.resolve_case(case=done, text="Ya.", at=NINE, by="marta")

    page = words(marta.get("/reportes/"))
    assert [page.index(f"/reportes/REP-00000{n}/") for n in (2, 1, 3)] == sorted(
        page.index(f"/reportes/REP-00000{n}/") for n in (2, 1, 3)
    )
    assert "REP-000004" not in page
    assert "lleva 6 h de atraso" in page
    late = words(marta.get("/reportes/?tarde=1"))
    assert old.folio in late and "REP-000002" not in late
    assert "REP-000002" in words(marta.get("/reportes/?canal=window"))
    assert "REP-000003" in words(marta.get("/reportes/?tipo=indoor_leak"))
    assert "REP-000004" in words(marta.get("/reportes/?estado=resueltos"))
    assert marta.get("/reportes/?folio=rep 3")["Location"] == "/reportes/REP-000003/"
    assert "Ningún reporte así" in words(marta.get("/reportes/?colonia=Centro"))


def test_order_answer_note_and_resolve(marta: Client) -> None:
    case = leak()
    for act, typed in (
        ("anotacion", {"text": "Ya llamó dos veces"}), ("respuesta", {"text": "Va la cuadrilla"}),
        ("orden", {"kind": "leak", "instructions": "Llevar codo de 13 mm"}),
    ):  # fmt: skip
        assert marta.post(f"/reportes/{case.folio}/{act}/", typed).status_code == 302
    order = case.entries.get(kind="ordered").order
    assert order and order.instructions == "Llevar codo de 13 mm"
    again = words(marta.post(f"/reportes/{case.folio}/orden/", {"kind": "leak"}), 422)
    assert "Ya tiene la orden OT-000001" in again

    go(order, at=NINE)
    page = words(marta.get(f"/reportes/{case.folio}/"))
    assert "La cuadrilla ya estuvo en el lugar" in page
    assert "Ya llamó dos veces" in page
    assert marta.post(f"/reportes/{case.folio}/resolucion/", {"text": "Se cambió el codo"}).status_code == 302
    page = words(marta.get(f"/reportes/{case.folio}/"))
    assert "Dar por resuelto" not in page


def test_a_duplicate_is_offered_and_merged(marta: Client) -> None:
    leak()
    leak(place=(20_280_180, -102_550_000))  # 180 millionths of a degree north: 20 m
    page = words(marta.get("/reportes/REP-000002/"))
    assert "a 20 m" in page and "Unir al REP-000001" in page
    answer = marta.post("/reportes/REP-000002/union/", {"into": "REP-000001"})
    assert answer["Location"] == "/reportes/REP-000001/"
    assert queries.standing(case=Case.objects.get(folio="REP-000002"), at=NINE).state == State.MERGED
    assert words(marta.post("/reportes/REP-000002/union/", {"into": "REP-000001"}), 422)
    words(marta.post("/reportes/REP-000001/union/", {"into": "REP-000099"}), 404)


def test_a_photo_is_served_to_who_may_see_cases(marta: Client) -> None:
    case = leak(photos=[picture((300, 200))])
    address = f"/reportes/fotos/{case.photos.get().pk}/"
    answer = marta.get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    assert Client().get(address).status_code == 302
    assert marta.get(f"/reportes/fotos/{uuid4()}/").status_code == 404


def test_what_there_is_not_is_said(marta: Client) -> None:
    assert "No hay ningún reporte REP-000009" in words(marta.get("/reportes/REP-000009/"), 404)
    words(marta.post("/reportes/REP-000009/respuesta/", {"text": "x"}), 404)
    words(marta.get("/cuentas/999999/reporte/"), 404)


def test_the_account_page_offers_to_report(april: Town) -> None:
    assert "/cuentas/010117/reporte/" in words(entered("veronica").get("/cuentas/010117/"))


def _photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("fuga.jpg", picture((640, 480)), "image/jpeg")
