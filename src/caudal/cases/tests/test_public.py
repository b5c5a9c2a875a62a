"""Anybody reports from a telephone, without an account, and follows it with a folio and a key nobody can guess."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from caudal.cases import commands, keys, visiting
from caudal.cases.models import Case, CaseEntry, PublicAskCount
from caudal.cases.tests.desk import go, later, leak

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("april")]


@pytest.fixture(autouse=True)
def nine_o_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-01T09:00")


def words(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-800:]
    return unescape(answer.content.decode())


def form(**typed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()),
        "coordinates": "",
        "type": "street_leak",
        "address": "Juárez 40, Centro",
        "phone": "",
    } | typed


def tracked(folio: str) -> str:
    return f"/reportes/seguimiento/{folio}/{keys.key_of(folio)}/"


def test_two_things_are_enough(client: Client) -> None:
    page = words(client.get("/reportes/nuevo/"))
    assert page.count('type="radio"') == 7  # the kinds anybody sees in the street
    answer = client.post("/reportes/nuevo/", form())

    assert answer["Location"] == tracked("REP-000001")
    case = Case.objects.get()
    assert (case.channel, case.opened_by, case.description) == ("web", "ciudadano", "Fuga en la calle")
    page = words(client.get(answer["Location"]))
    for said in (
        "Recibimos su reporte",
        "REP-000001",
        keys.key_of("REP-000001"),
        "2 abr 2019, 09:00",
        "392 935 0000",
    ):
        assert said in page, said


def test_what_is_missing_is_listed_on_top_and_beside(client: Client) -> None:
    page = words(client.post("/reportes/nuevo/", form(type="", address=" ", phone="12")), 422)
    for said in ("Falta algo", '<a href="#id_address">Escriba dónde es', "Elija qué pasa."):
        assert said in page, said
    assert Case.objects.count() == 0
    page = words(client.post("/reportes/nuevo/", form(phone="12")), 422)
    assert "El teléfono debe tener 10 dígitos." in page
    assert 'value="12"' in page  # what was typed is given back


def test_only_what_is_open_to_all_is_taken(client: Client) -> None:
    words(client.post("/reportes/nuevo/", form(type="missing_payment")), 422)
    assert Case.objects.count() == 0


def test_the_button_pressed_twice_is_one_report(client: Client) -> None:
    sent = form()
    first, again = client.post("/reportes/nuevo/", sent), client.post("/reportes/nuevo/", sent)
    assert first["Location"] == again["Location"]
    assert Case.objects.count() == 1


def test_it_is_followed_until_it_is_resolved(client: Client) -> None:
    case = leak()
    commands.note_case(case=case, text="Nota de la oficina", at=later(minutes=1), by="marta")
    order = commands.order_for_case(case=case, at=later(minutes=10), by="marta")
    assert "Asignado" in words(client.get(tracked(case.folio)))
    go(order, at=later(hours=2))
    commands.resolve_case(case=case, text="Se cambió el codo.", at=later(hours=3), by="marta")
    page = words(client.get(tracked(case.folio)))
    for said in ("Recibido", "Asignado", "En sitio", "Resuelto", "Se cambió el codo.", "No quedó resuelto"):
        assert said in page, said
    for secret in ("marta", "Nota de la oficina", "3929351234", "beto"):
        assert secret not in page, secret


def test_a_wrong_key_and_a_folio_there_is_not_are_answered_alike(client: Client) -> None:
    case = leak()
    wrong = words(client.get(f"/reportes/seguimiento/{case.folio}/{keys.key_of('REP-000002')}/"), 404)
    unknown = words(client.get(tracked("REP-000009")), 404)
    assert "No encontramos ese reporte" in wrong
    plain = [re.sub(r'nonce="[^"]*"|CSRFToken": "[^"]*"', "", page) for page in (wrong, unknown)]
    assert plain[0].replace(case.folio, "") == plain[1].replace("REP-000009", "")
    assert words(client.post(f"/reportes/seguimiento/{case.folio}/nada/inconformidad/", {"text": "x"}), 404)


def test_typed_by_hand_it_is_found(client: Client) -> None:
    case = leak()
    key = keys.key_of(case.folio).lower().replace("-", " ")
    answer = client.get("/reportes/seguimiento/", {"folio": "rep 1", "clave": key})
    assert answer["Location"] == tracked(case.folio)
    words(client.get("/reportes/seguimiento/", {"folio": "rep 1", "clave": "x"}), 404)
    assert "Seguir un reporte" in words(client.get("/reportes/seguimiento/"))


def test_not_resolved_is_said_once(client: Client) -> None:
    case = leak(at=later(days=-1))
    commands.resolve_case(case=case, text="Listo.", at=later(hours=-2), by="marta")
    address = f"{tracked(case.folio)}inconformidad/"
    assert "Falta qué sigue pasando." in words(client.post(address, {"text": ""}), 422)

    assert client.post(address, {"text": "Sigue tirando"}).status_code == 302
    assert (Case.objects.get().priority, Case.objects.get().due_at) == (1, later(days=1))
    page = words(client.post(address, {"text": "Otra vez"}), 422)
    assert "Ya se dijo una vez" in page
    assert CaseEntry.objects.filter(kind="disputed").count() == 1


def test_of_a_merged_report_the_other_is_followed(client: Client) -> None:
    first, second = leak(), leak()
    commands.merge_cases(case=second, into=first, at=later(hours=1), by="marta")
    commands.resolve_case(case=first, text="Listo los dos.", at=later(hours=2), by="marta")
    page = words(client.get(tracked(second.folio)))
    assert "lo atendemos junto con el REP-000001" in page
    assert "Listo los dos." in page


def test_a_program_that_guesses_keys_has_to_wait(client: Client) -> None:
    most = visiting.MOST_AN_HOUR["status"]
    for _ in range(most):
        assert client.get("/reportes/seguimiento/REP-000001/AAAA/").status_code == 404
    answer = client.get("/reportes/seguimiento/REP-000001/AAAA/")
    assert "Espere un momento" in words(answer, 429)
    assert answer["Retry-After"] == "3600"  # nine o'clock sharp: the whole hour
    [kept] = PublicAskCount.objects.all()
    assert kept.address != "127.0.0.1" and kept.n == most + 1


def test_a_program_that_reports_without_end_is_stopped(client: Client) -> None:
    for _ in range(visiting.MOST_AN_HOUR["report"]):
        client.post("/reportes/nuevo/", form(type=""))
    words(client.post("/reportes/nuevo/", form()), 429)
    assert Case.objects.count() == 0


def test_addresses_are_forgotten_after_a_day(client: Client) -> None:
    visiting.wait_for(what="status", address="10.0.0.1", at=later(days=-2))
    visiting.wait_for(what="status", address="10.0.0.1", at=later())
    assert PublicAskCount.objects.count() == 1


def test_the_pages_are_not_kept_nor_listed(client: Client) -> None:
    answer = client.get(tracked(leak().folio))
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
