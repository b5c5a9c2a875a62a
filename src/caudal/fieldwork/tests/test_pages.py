"""The pages of the street, as their readers meet them."""

from datetime import date

import pytest
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town.cast import Town, moment

from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder, Round
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.street import CENTER, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-02-25T12:00")


@pytest.fixture
def laura(town: Town, noon: None) -> Client:
    return entered("laura")


def test_the_board_says_with_a_word_what_it_says_with_a_color(town: Town, laura: Client) -> None:
    """At noon Julián should have 2 of 5 (5 × 240 / 420 = 2.9) and has none."""
    planned = street.plan(town)
    page = laura.get("/recorridos/").content.decode()
    for words in ("Lectura centro", "Julián Ramírez López", "0 %", "0 de 5", "atrasado", "Reasignar", "hoy"):
        assert words in page
    street.done(planned, 5, moment(TODAY, 11))
    part = laura.get("/recorridos/tablero/", {"dia": "25/02/2019"}).content.decode()
    assert "100 %" in part and "completo" in part and "<html" not in part
    assert "Sin recorridos este día" in laura.get("/recorridos/", {"dia": "26/02/2019"}).content.decode()
    assert "Lectura centro" in laura.get("/recorridos/", {"dia": "ayer"}).content.decode()


def test_the_reader_of_the_board_may_not_move_it(town: Town, noon: None) -> None:
    planned = street.plan(town)
    ofelia = entered("ofelia")
    assert "reasignacion" not in ofelia.get("/recorridos/").content.decode()
    assert ofelia.post(f"/recorridos/{planned.folio}/reasignacion/", {"to": "beto"}).status_code == 403


def test_one_click_on_a_name_gives_the_round(town: Town, laura: Client) -> None:
    planned, beto = street.plan(town), street.crew()
    page = laura.get(f"/recorridos/{planned.folio}/reasignacion/").content.decode()
    assert 'value="beto"' in page and 'name="to" value="julian"' not in page and "libre ese día" in page
    answer = laura.post(
        f"/recorridos/{planned.folio}/reasignacion/", {"to": "beto", "reason": "moto"}, follow=True
    )
    assert "Lectura centro: ahora lo tiene Beto Nuño Plascencia." in answer.content.decode()
    planned.refresh_from_db()
    assert planned.assigned_to == beto


@pytest.mark.parametrize(("to", "why"), [("", "Falta la persona"), ("marta", "no trabaja en la calle")])
def test_a_round_given_to_nobody_stays(town: Town, laura: Client, to: str, why: str) -> None:
    planned = street.plan(town)
    answer = laura.post(f"/recorridos/{planned.folio}/reasignacion/", {"to": to, "reason": "moto"})
    assert (
        answer.status_code == 422
        and why in answer.content.decode()
        and 'value="moto"' in answer.content.decode()
    )
    planned.refresh_from_db()
    assert planned.assigned_to == town.julian


def test_what_is_left_is_split_from_the_same_page(town: Town, laura: Client) -> None:
    planned = street.plan(town)
    street.crew()
    street.done(planned, 2, moment(TODAY, 9))
    told = {"to": "beto", "on": "26/02/2019", "most": "2"}
    answer = laura.post(f"/recorridos/{planned.folio}/reparto/", told, follow=True)
    assert "REC-000002: 2 paradas para Beto Nuño Plascencia." in answer.content.decode()
    for wrong, why in (
        ({**told, "to": ""}, "Falta: persona."),
        ({**told, "on": "mañana"}, "La fecha no se entiende"),
        ({"to": "julian", "on": "25/02/2019"}, "ya tiene ese recorrido ese día"),
    ):
        answer = laura.post(f"/recorridos/{planned.folio}/reparto/", wrong)
        assert answer.status_code == 422 and why in answer.content.decode()
    assert Round.objects.count() == 2


def test_a_round_shows_its_stops_its_map_and_its_proofs(town: Town, laura: Client) -> None:
    for account, place in ((town.lupita, CENTER), (town.espiga, (20_281_000, -102_551_000))):
        point = town.point(account)
        point.latitude_e6, point.longitude_e6 = place
        point.save()
    planned = street.plan(town, route=town.routes["01-001"], period=201902)
    event = street.told(
        planned.stops.get(sequence=1), moment(TODAY, 9), "read", (20_282_000, -102_550_000), value=12345
    )
    street.shot(event, "dial")
    page = laura.get(f"/recorridos/{planned.folio}/").content.decode()
    for words in (
        "Mapa del recorrido REC-000001: 1 de 5 paradas hechas", "lectura 12,345", "222 m", "lejos del punto",
        "Foto: carátula, parada 1", "febrero 2019", "pendiente", "Allende 12",
    ):  # fmt: skip
        assert words in page
    assert "Guadalupe" not in page and "Cancelar el recorrido" not in page
    assert laura.get("/recorridos/REC-9/").status_code == 404


def test_a_round_is_called_off_with_a_reason(town: Town, laura: Client) -> None:
    planned = street.plan(town)
    address = f"/recorridos/{planned.folio}/cancelacion/"
    answer = laura.post(address, {"reason": ""})
    assert answer.status_code == 422 and "Falta el motivo" in answer.content.decode()
    assert "Cancelado" in laura.post(address, {"reason": "llueve"}, follow=True).content.decode()


def test_the_route_sheet_is_a_paper(town: Town, laura: Client) -> None:
    planned = street.plan(town)
    answer = laura.get(f"/recorridos/{planned.folio}.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_an_order_by_hand_at_an_account(town: Town, laura: Client) -> None:
    assert laura.get("/cuentas/010293/ordenes/nueva/")["Location"] == "/ordenes/nueva/?cuenta=010293"
    assert 'value="010293"' in laura.get("/ordenes/nueva/?cuenta=010293").content.decode()
    told = {
        "kind": "leak",
        "account": "010293",
        "priority": "1",
        "place": "20.2812, -102.5498",
        "due_on": "26/02/2019",
    }
    answer = laura.post("/ordenes/nueva/", told, follow=True)
    assert "Orden OT-000001: fuga, Morelos 293." in answer.content.decode()
    order = FieldOrder.objects.get()
    assert (order.latitude_e6, order.longitude_e6, order.due_at) == (
        20_281_200,
        -102_549_800,
        moment(date(2019, 2, 26), 23, 59),
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"kind": ""}, "Falta: trabajo."),
        ({"address": ""}, "Falta el lugar."),
        ({"account": "999999"}, "999999"),
        ({"place": "por el río"}, "El lugar no se entiende"),
        ({"due_on": "pronto"}, "La fecha no se entiende"),
    ],
)
def test_an_order_that_says_nothing_is_not_written(town: Town, laura: Client, wrong: dict, why: str) -> None:
    told = {"kind": "leak", "address": "Hidalgo y Juárez", "priority": "3"} | wrong
    answer = laura.post("/ordenes/nueva/", told)
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not FieldOrder.objects.exists()


def test_orders_are_chosen_put_in_order_and_given_to_a_crew(town: Town, laura: Client) -> None:
    """Three orders on one street, the last of them urgent: it goes first, then the nearer of the others."""
    street.crew()
    far, near, urgent = (
        street.order(
            address=f"Hidalgo {number}", place=(20_280_000 + 1_000 * block, -102_550_000), priority=priority
        )
        for number, block, priority in ((600, 6, 3), (200, 2, 3), (100, 1, 1))
    )
    folios = [far.folio, near.folio, urgent.folio]
    page = laura.get("/ordenes/").content.decode()
    assert "3 órdenes" in page and f"Elegir {far.folio}, inspección, Hidalgo 600" in page
    page = laura.get("/ordenes/recorrido/", {"ot": folios}).content.decode()
    assert "3 órdenes, 556 m en línea recta" in page  # 111.2 to the near one, 444.8 more to the far one
    answer = laura.post(
        "/ordenes/recorrido/",
        {"ot": folios, "to": "beto", "on": "26/02/2019", "name": "Inspecciones"},
        follow=True,
    )
    assert "Recorrido REC-000001: 3 órdenes para beto." in answer.content.decode()
    walked = Round.objects.get().stops.order_by("sequence").values_list("subject_folio", flat=True)
    assert list(walked) == [urgent.folio, near.folio, far.folio]
    assert "en recorrido" in laura.get("/ordenes/").content.decode()
    assert (
        "Elija al menos una" in laura.get("/ordenes/recorrido/", {"ot": folios}, follow=True).content.decode()
    )


def test_orders_are_filtered_and_what_is_not_understood_asks_nothing(town: Town, laura: Client) -> None:
    street.order(address="Hidalgo 1", kind="leak")
    street.order(address="Juárez 2", due_at=moment(TODAY, 9))

    def shown(**said: str) -> list[str]:
        page = laura.get("/ordenes/", said).content.decode()
        return [place for place in ("Hidalgo 1", "Juárez 2") if place in page]

    assert shown() == shown(trabajo="swim", prioridad="x") == ["Hidalgo 1", "Juárez 2"]
    assert shown(trabajo="leak") == ["Hidalgo 1"]
    assert shown(vence="vencidas") == ["Juárez 2"]
    assert shown(edad="3") == shown(estado="hechas") == []


def test_the_desk_tells_what_was_done(town: Town, laura: Client) -> None:
    order = street.order(town.lupita)
    address = f"/ordenes/{order.folio}/resultado/"
    told = {"is_done": "yes", "done_at": "25/02/2019 11:00", "answer_found": ""}
    answer = laura.post(address, told)
    assert answer.status_code == 422 and "Falta: qué se encontró." in answer.content.decode()
    page = laura.post(address, {**told, "answer_found": "fuga en el cuadro"}, follow=True).content.decode()
    for words in (
        "hecha el 25/02/2019 a las 11:00",
        "fuga en el cuadro",
        "en la oficina",
        "No llegó ninguna",
    ):
        assert words in page
    assert laura.get(address)["Location"] == f"/ordenes/{order.folio}/"


def test_the_seal_and_the_reading_of_a_cut_are_kept_apart(town: Town, laura: Client) -> None:
    order = street.order(town.chuy, kind="restriction")
    told = {"is_done": "yes", "done_at": "25/02/2019 11:00", "answer_seal": "S-12", "answer_reading": "321"}
    laura.post(f"/ordenes/{order.folio}/resultado/", told)
    order.refresh_from_db()
    assert (order.result.seal_number, order.result.reading) == ("S-12", 321)


def test_an_order_shows_before_and_after(town: Town, laura: Client) -> None:
    order = street.order(town.lupita, place=CENTER, kind="leak")
    planned = street.plan(town, kind="orders", stops=[fieldwork.StopPlan("order", order.folio)])
    event = street.told(planned.stops.get(), moment(TODAY, 9), "done", CENTER)
    street.shot(event, "before")
    street.shot(event, "after")
    page = laura.get(f"/ordenes/{order.folio}/").content.decode()
    assert "Foto: antes" in page and "Foto: después" in page and "Mapa del lugar" in page


def test_an_order_is_called_off_with_a_reason(town: Town, laura: Client) -> None:
    order = street.order(town.lupita)
    address = f"/ordenes/{order.folio}/cancelacion/"
    assert laura.post(address, {"reason": ""}).status_code == 422
    assert "ya pagó" in laura.post(address, {"reason": "ya pagó"}, follow=True).content.decode()
    assert laura.get("/ordenes/OT-9/").status_code == 404


def test_a_photograph_nobody_took_is_not_found(laura: Client) -> None:
    assert laura.get("/recorridos/fotos/00000000-0000-0000-0000-000000000001.jpg").status_code == 404
