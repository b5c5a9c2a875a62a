"""July 2019 on the screen: candidates and why not, the yes of another, what is told at the desk, what is refused."""

import re
from datetime import date
from html import unescape
from typing import Any, ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.journeys.fixtures import entered
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.disconnections import commands
from caudal.disconnections.models import (
    DisconnectionBatch,
    DisconnectionOrder,
    IllegalReconnection,
    IllegalReconnectionCancellation,
    OrderCheck,
    ReconnectionOrder,
    TransitPayment,
)
from caudal.disconnections.queries import Segment
from caudal.fieldwork.models import OrderResult, Round
from caudal.kernel import clock
from caudal.registry.models import Account, ServiceInterruption

DAY = date(2019, 7, 20)
NINE = moment(DAY, 9)
NOW = moment(DAY, 10)
MOST_QUERIES = 30


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def laura(july: Town) -> Client:
    return entered("laura")


@pytest.fixture
def salas(july: Town) -> Client:
    counter.hire()
    return entered("salas")


def words(answer: Any) -> str:
    """The text of a page, as a person reads it."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def proposed(*accounts: Account) -> DisconnectionBatch:
    return commands.propose_batch(
        title="Ruta 01-001", account_ids=[each.pk for each in accounts], segment=Segment(), on=DAY, at=NINE,
        by="laura",
    )  # fmt: skip


def approved(*accounts: Account) -> DisconnectionBatch:
    """Laura proposes it, and engineer Salas says yes at 9:00."""
    batch = proposed(*accounts)
    counter.approve(
        "disconnections.approve", "disconnection_batch", batch.folio, on=DAY, by="laura", hour=9,
        after={"orders": [each.folio for each in batch.orders.order_by("number")]},
    )  # fmt: skip
    return batch


def dispatched(account: Account) -> DisconnectionOrder:
    batch = approved(account)
    commands.dispatch_orders(orders=list(batch.orders.all()), at=NINE, by="laura")
    return batch.orders.get()


RESULT = {"is_done": "yes", "done_on": "20/07/2019", "done_time": "09:30", "seal": "S-77"}


class TestCandidates:
    def test_who_proceeds_and_who_does_not_with_every_reason(self, july: Town, laura: Client) -> None:
        """Of five who owe $300.00, the school never proceeds and the lot has an order already."""
        order = proposed(july.lot).orders.get()
        page = words(laura.get("/cortes/candidatas/"))
        told, others = page.split("No proceden", 1)
        assert "4 cuentas" not in told and "3 cuentas, deben $" in told
        assert all(number in told for number in ("010117", "010293", "010405"))
        assert "Su uso nunca se corta ni se reduce." in others
        assert f"Ya tiene la orden {order.folio}." in others

    def test_the_law_says_how_far_of_each(self, july: Town, laura: Client) -> None:
        html = laura.get("/cortes/candidatas/").content.decode()
        rows = {
            number: unescape(re.sub(r"<[^>]+>", " ", each))
            for each in html.split("<tr>")
            for number in re.findall(r'name="cuenta" value="(\d+)"', each)
        }
        assert "Corte" in rows["010117"] and "Reducción de flujo" in rows["010293"]

    def test_filters_that_are_not_understood_are_refused_beside_the_field(
        self, july: Town, laura: Client
    ) -> None:
        answer = laura.get("/cortes/candidatas/?minimo=mucho&ruta=no-hay")
        assert answer.status_code == 422
        assert "Escríbalo como 1250.50." in words(answer) and "Elija de la lista." in words(answer)
        assert "No procede" not in words(answer).split("Proceden hoy")[0]

    def test_a_minimum_leaves_the_small_debts_out(self, july: Town, laura: Client) -> None:
        assert "Ninguna procede" in words(laura.get("/cortes/candidatas/?minimo=50,000"))

    def test_the_chosen_become_a_batch(self, july: Town, laura: Client) -> None:
        answer = laura.post(
            "/cortes/candidatas/propuesta/", {"cuenta": ["010117"], "title": "Julio"}, follow=True
        )
        batch = DisconnectionBatch.objects.get()
        assert (batch.title, batch.proposed_by) == ("Julio", "laura")
        assert [each.account.number for each in batch.orders.all()] == ["010117"]
        assert "Falta que lo apruebe otra persona" in words(answer)

    def test_all_that_proceed_become_a_batch_at_once(self, july: Town, laura: Client) -> None:
        laura.post("/cortes/candidatas/propuesta/", {"todas": "1", "title": "Julio", "uso": "residential"})
        numbers = {each.account.number for each in DisconnectionOrder.objects.all()}
        assert {"010117", "010293"} <= numbers and "010512" not in numbers and "010405" not in numbers

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"cuenta": ["010117"], "title": " "}, "Falta el nombre del lote."),
            ({"title": "Julio"}, "No hay cuentas en el lote."),
            ({"cuenta": ["010512"], "title": "Julio"}, "La cuenta 010512 no procede"),
            ({"cuenta": ["999999"], "title": "Julio"}, "No hay cuentas en el lote."),
        ],
    )
    def test_what_cannot_be_proposed_leaves_nothing(
        self, july: Town, laura: Client, sent: dict[str, Any], said: str
    ) -> None:
        answer = laura.post("/cortes/candidatas/propuesta/", sent)
        assert answer.status_code == 422 and said in words(answer)
        assert not DisconnectionBatch.objects.exists()
        assert ('value="010117" checked' in answer.content.decode()) == (sent.get("cuenta") == ["010117"])

    def test_before_any_policy_the_page_says_so(
        self, july: Town, laura: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment(date(2017, 5, 1)))
        for path in ("/cortes/candidatas/", "/cuentas/010117/cortes/"):
            assert "no había reglas de corte" in words(entered("laura").get(path))


class TestTheYesOfAnother:
    def test_asked_read_and_granted_from_another_desk(self, july: Town, laura: Client, salas: Client) -> None:
        batch = proposed(july.chuy)
        laura.post(f"/cortes/lotes/{batch.folio}/solicitud/", {"reason": "Tres meses"})
        asked = words(salas.get("/por-aprobar/"))
        assert f"Cortes del lote {batch.folio}" in asked and "Verlo completo" in asked
        assert "Tres meses" in words(salas.get(f"/cortes/lotes/{batch.folio}/"))
        salas.post(f"/cortes/lotes/{batch.folio}/respuesta/", {"decision": "granted"})
        assert batch.orders.get().state == "approved"
        assert "Salas" in words(laura.get(f"/cortes/lotes/{batch.folio}/"))

    def test_a_no_says_why_and_whoever_asked_reads_it(self, july: Town, laura: Client, salas: Client) -> None:
        batch = proposed(july.chuy)
        laura.post(f"/cortes/lotes/{batch.folio}/solicitud/", {"reason": "Tres meses"})
        silent = salas.post(f"/cortes/lotes/{batch.folio}/respuesta/", {"decision": "denied"})
        assert silent.status_code == 422 and "Falta por qué no se aprueba." in words(silent)
        salas.post(
            f"/cortes/lotes/{batch.folio}/respuesta/", {"decision": "denied", "reason": "Es fin de año"}
        )
        assert batch.orders.get().state == "proposed"
        assert "no lo aprobó. Es fin de año" in words(laura.get(f"/cortes/lotes/{batch.folio}/"))

    def test_with_the_pin_of_who_stands_here(self, july: Town, laura: Client) -> None:
        counter.hire()
        batch = proposed(july.chuy)
        sent = {"reason": "Tres meses", "approver": "salas", "pin": counter.PIN}
        laura.post(f"/cortes/lotes/{batch.folio}/aprobacion/", sent)
        assert batch.orders.get().state == "approved"

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"pin": ""}, "Falta el PIN de quien aprueba."),
            ({"pin": "000000"}, "PIN"),
            ({"reason": ""}, "Falta el motivo."),
            ({"approver": "laura"}, "Elija a la persona de la lista."),
        ],
    )
    def test_a_wrong_yes_is_refused_beside_its_field(
        self, july: Town, laura: Client, changed: dict[str, str], said: str
    ) -> None:
        counter.hire()
        batch = proposed(july.chuy)
        sent = {"reason": "Tres meses", "approver": "salas", "pin": counter.PIN, **changed}
        answer = laura.post(f"/cortes/lotes/{batch.folio}/aprobacion/", sent)
        assert answer.status_code == 422 and said in words(answer)
        assert 'class="error"' in answer.content.decode()
        assert batch.orders.get().state == "proposed"

    def test_asking_without_a_reason_or_twice_is_refused(self, july: Town, laura: Client) -> None:
        batch = proposed(july.chuy)
        path = f"/cortes/lotes/{batch.folio}/solicitud/"
        silent = laura.post(path, {"reason": ""})
        assert silent.status_code == 422 and "Falta el motivo." in words(silent)
        assert laura.post(path, {"reason": "Tres meses"}).status_code == 302
        again = laura.post(path, {"reason": "Tres meses"})
        assert again.status_code == 422 and "Ya está pedido" in words(again)

    def test_what_paid_meanwhile_is_told_and_dies_with_the_yes(
        self, july: Town, laura: Client, salas: Client
    ) -> None:
        batch = proposed(july.chuy, july.lot)
        counter.pay(july.chuy, 50_00, on=DAY, hour=9)
        page = words(laura.get(f"/cortes/lotes/{batch.folio}/"))
        assert "cancelada" in page and "Pagó el 20 jul 2019." in page
        laura.post(f"/cortes/lotes/{batch.folio}/solicitud/", {"reason": "Tres meses"})
        salas.post(f"/cortes/lotes/{batch.folio}/respuesta/", {"decision": "granted"})
        states = {each.account.number: each.state for each in batch.orders.all()}
        assert states == {"010117": "canceled", "010733": "approved"}


class TestHandedOver:
    def test_to_a_person_with_their_round_of_the_day(self, july: Town, laura: Client) -> None:
        batch = approved(july.chuy, july.lot)
        answer = laura.post(
            f"/cortes/lotes/{batch.folio}/entrega/", {"to": "julian", "on": "20/07/2019"}, follow=True
        )
        planned = Round.objects.get()
        assert (planned.assigned_to.username, planned.on, planned.stops.count()) == ("julian", DAY, 2)
        assert f"Se entregaron 2 órdenes, en el recorrido {planned.folio}." in words(answer)

    def test_to_nobody_yet(self, july: Town, laura: Client) -> None:
        batch = approved(july.chuy)
        laura.post(f"/cortes/lotes/{batch.folio}/entrega/", {"to": "", "on": "20/07/2019"})
        assert batch.orders.get().state == "dispatched" and not Round.objects.exists()

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"to": "nadie", "on": "20/07/2019"}, "Elija de la lista."),
            ({"to": "julian", "on": "ayer"}, "La fecha no se entiende."),
            ({"to": "julian", "on": "19/07/2019"}, "Ese día ya pasó."),
        ],
    )
    def test_a_hand_that_cannot_be_leaves_the_batch_as_it_was(
        self, july: Town, laura: Client, sent: dict[str, str], said: str
    ) -> None:
        batch = approved(july.chuy)
        answer = laura.post(f"/cortes/lotes/{batch.folio}/entrega/", sent)
        assert answer.status_code == 422 and said in words(answer)
        assert batch.orders.get().state == "approved" and not Round.objects.exists()

    def test_a_batch_is_called_off_whole_with_its_reason(self, july: Town, laura: Client) -> None:
        order, other = dispatched(july.chuy), approved(july.lot)
        path = f"/cortes/lotes/{order.batch.folio}/cancelacion/"
        assert "Falta el motivo." in words(laura.post(path, {"reason": " "}))
        laura.post(path, {"reason": "Llueve"})
        order.refresh_from_db()
        assert order.state == "canceled" and order.field_order and other.orders.get().state == "approved"
        order.field_order.refresh_from_db()
        assert order.field_order.canceled_at
        again = laura.post(path, {"reason": "Llueve"})
        assert again.status_code == 422 and "no hay nada en marcha" in words(again)


class TestTheOrder:
    def test_each_look_is_on_its_page_with_its_hour_and_its_age(self, july: Town, laura: Client) -> None:
        order = dispatched(july.chuy)
        page = words(laura.get(f"/cortes/ordenes/{order.folio}/"))
        for told in (
            "al proponer: procede",
            "al aprobar: procede",
            "al entregar a la cuadrilla: procede",
            "hace 1 h",
        ):
            assert told in page
        assert order.field_order and order.field_order.folio in page

    def test_the_crew_asks_by_telephone_from_the_door(self, july: Town, laura: Client) -> None:
        order = dispatched(july.chuy)
        page = words(laura.post(f"/cortes/ordenes/{order.folio}/verificacion/", follow=True))
        assert "procede. Dígalo a la cuadrilla" in page and "hace un momento" in page
        assert order.checks.filter(stage=OrderCheck.Stage.DOOR, is_go=True).count() == 1

    def test_an_order_that_is_not_out_is_not_verified(self, july: Town, laura: Client) -> None:
        order = proposed(july.chuy).orders.get()
        answer = laura.post(f"/cortes/ordenes/{order.folio}/verificacion/")
        assert answer.status_code == 422 and "no está con la cuadrilla" in words(answer)

    def test_what_the_crew_did_is_written_at_the_desk(self, july: Town, laura: Client) -> None:
        order = dispatched(july.chuy)
        page = words(
            laura.post(f"/cortes/ordenes/{order.folio}/resultado/", RESULT | {"reading": "1204"}, follow=True)
        )
        order.refresh_from_db()
        assert (order.state, order.result.seal_number, order.result.reading) == ("done", "S-77", 1204)
        assert "S-77" in page and "1,204" in page and order.result.incidents == []
        assert ServiceInterruption.objects.in_effect(on=DAY).get().kind == "cut"

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"seal": ""}, "Falta: número de sello."),
            ({"done_time": "25:99"}, "La hora no se entiende."),
            ({"done_on": "mañana"}, "La fecha no se entiende."),
            ({"done_time": "11:00"}, "La hora en que se hizo todavía no llega."),
            ({"reading": "mil"}, "Escriba solo números."),
            ({"reading": "-4"}, "No puede ser negativa."),
            ({"is_done": "no"}, "Falta por qué no se hizo."),
        ],
    )  # fmt: skip
    def test_a_wrong_result_is_refused_beside_its_field(
        self, july: Town, laura: Client, changed: dict[str, str], said: str
    ) -> None:
        order = dispatched(july.chuy)
        answer = laura.post(f"/cortes/ordenes/{order.folio}/resultado/", RESULT | changed)
        assert answer.status_code == 422 and said in words(answer)
        assert 'class="error"' in answer.content.decode() and "aria-invalid" in answer.content.decode()
        order.refresh_from_db()
        assert order.state == "dispatched" and not OrderResult.objects.exists()

    def test_told_twice_is_refused(self, july: Town, laura: Client) -> None:
        order = dispatched(july.chuy)
        path = f"/cortes/ordenes/{order.folio}/resultado/"
        laura.post(path, RESULT)
        again = laura.post(path, RESULT | {"seal": "S-99"})
        assert again.status_code == 422 and "ya tiene resultado" in words(again)
        order.refresh_from_db()
        assert order.result.seal_number == "S-77"

    def test_what_could_not_be_done_says_why(self, july: Town, laura: Client) -> None:
        order = dispatched(july.chuy)
        sent = {"is_done": "no", "done_on": "20/07/2019", "done_time": "09:30", "reason": "Perro bravo"}
        page = words(laura.post(f"/cortes/ordenes/{order.folio}/resultado/", sent, follow=True))
        assert "No se pudo" in page and "Perro bravo" in page
        assert not ServiceInterruption.objects.exists()

    def test_a_cut_that_did_not_proceed_says_so_in_red(self, july: Town, laura: Client) -> None:
        order = dispatched(july.chuy)
        counter.pay(july.chuy, 50_00, on=DAY, hour=9)
        order.refresh_from_db()
        late = commands.Done(done_at=moment(DAY, 10))
        commands.record_cut(order=order, done=late, at=moment(DAY, 10), by="julian")
        page = words(laura.get(f"/cortes/ordenes/{order.folio}/"))
        assert "Se hizo y no procedía." in page and "sin costo" in page

    def test_called_off_by_a_person_with_a_reason(self, july: Town, salas: Client) -> None:
        order = proposed(july.chuy).orders.get()
        path = f"/cortes/ordenes/{order.folio}/cancelacion/"
        silent = salas.post(path, {"reason": ""})
        assert silent.status_code == 422 and "Falta el motivo." in words(silent)
        assert "Cambió de titular" in words(salas.post(path, {"reason": "Cambió de titular"}, follow=True))
        order.refresh_from_db()
        assert order.state == "canceled"


@pytest.fixture
def water(july: Town, laura: Client) -> ReconnectionOrder:
    """Don Chuy was cut at 9:30 and paid everything at 10:00."""
    order = dispatched(july.chuy)
    laura.post(f"/cortes/ordenes/{order.folio}/resultado/", RESULT)
    counter.pay(july.chuy, 400_00, on=DAY, hour=10)
    return ReconnectionOrder.objects.get()


class TestReconnections:
    def test_its_clock_its_fee_and_why(self, july: Town, laura: Client, water: ReconnectionOrder) -> None:
        """72 hours from 10:00 of the 20th; $410.00 and 16 % of VAT."""
        listed = words(laura.get("/cortes/reconexiones/"))
        assert water.folio in listed and "faltan 3 d" in listed and "23 jul 2019, 10:00" in listed
        page = words(laura.get(f"/cortes/reconexiones/{water.folio}/"))
        assert "$475.60" in page and water.fee_folio in page and "Pago" in page

    def test_late_it_says_by_how_much(
        self, laura: Client, water: ReconnectionOrder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment(date(2019, 7, 23), 12))
        page = words(entered("laura").get("/cortes/reconexiones/"))
        assert "lleva 2 h de atraso" in page and "1 con atraso" in page

    def test_done_at_the_desk(self, july: Town, laura: Client, water: ReconnectionOrder) -> None:
        sent = {"is_done": "yes", "done_on": "20/07/2019", "done_time": "10:00"}
        laura.post(f"/cortes/reconexiones/{water.folio}/resultado/", sent)
        water.refresh_from_db()
        assert water.state == "done" and not ServiceInterruption.objects.in_effect(on=DAY).exists()
        assert water.folio in words(laura.get("/cortes/reconexiones/?estado=hechas"))

    def test_not_done_it_is_ordered_again(self, july: Town, laura: Client, water: ReconnectionOrder) -> None:
        path, first = f"/cortes/reconexiones/{water.folio}/resultado/", water.field_order.folio
        sent = {"is_done": "no", "done_on": "20/07/2019", "done_time": "10:00", "reason": ""}
        assert "Falta por qué no se hizo." in words(laura.post(path, sent))
        page = words(laura.post(path, sent | {"reason": "Llave tapada"}, follow=True))
        water.refresh_from_db()
        assert water.state == "open" and water.field_order.folio != first
        assert first in page and water.field_order.folio in page

    def test_only_a_manager_withdraws_it_and_says_why(
        self, laura: Client, salas: Client, water: ReconnectionOrder
    ) -> None:
        path = f"/cortes/reconexiones/{water.folio}/retiro/"
        assert laura.post(path, {"reason": "x"}).status_code == 403
        silent = salas.post(path, {"reason": ""})
        assert silent.status_code == 422 and "Falta el motivo." in words(silent)
        assert "Se canceló el cheque" in words(
            salas.post(path, {"reason": "Se canceló el cheque"}, follow=True)
        )
        water.refresh_from_db()
        assert water.state == "withdrawn"


class TestOfAnAccount:
    def test_may_it_be_cut_today(self, july: Town, laura: Client) -> None:
        assert "¿Se puede cortar hoy? Sí: corte" in words(laura.get("/cuentas/010117/cortes/"))
        page = words(laura.get("/cuentas/010512/cortes/"))
        assert "¿Se puede cortar hoy? No Su uso nunca se corta ni se reduce." in page

    def test_its_history(self, july: Town, laura: Client, water: ReconnectionOrder) -> None:
        page = words(laura.get("/cuentas/010117/cortes/"))
        assert water.folio in page and "COR-000001" in page and "desde 20 jul 2019" in page

    def test_a_place_is_protected_and_no_more(self, july: Town, laura: Client) -> None:
        path = "/cuentas/010117/cortes/proteccion/"
        silent = laura.post(path, {"protected_reason": "Diálisis en casa", "reason": ""})
        assert silent.status_code == 422 and "Falta el motivo." in words(silent)
        laura.post(
            path, {"protected_reason": "Diálisis en casa", "reason": "Constancia del IMSS, 3 de julio"}
        )
        assert "Diálisis en casa" in words(laura.get("/cortes/protegidos/"))
        assert "Predio protegido: Diálisis en casa." in words(laura.get("/cuentas/010117/cortes/"))
        same = laura.post(path, {"protected_reason": "Diálisis en casa", "reason": "Otra vez"})
        assert same.status_code == 422 and "La toma ya está así." in words(same)
        laura.post(path, {"protected_reason": "", "reason": "Se mudó"})
        assert "Ninguna todavía" in words(laura.get("/cortes/protegidos/"))

    def test_a_payment_on_its_way_is_written_down_by_the_cashier(self, july: Town) -> None:
        """Saturday the 20th: Monday and Tuesday are waited for."""
        order, veronica = dispatched(july.chuy), entered("veronica")
        sent = {"reference": "SPEI 8841", "place": "BBVA", "amount": "300.00", "paid_on": "20/07/2019"}
        page = words(veronica.post("/cuentas/010117/pago-en-transito/", sent, follow=True))
        assert "No se corta a 010117 hasta el 23 jul 2019." in page and "SPEI 8841" in page
        order.refresh_from_db()
        assert order.state == "canceled"
        again = veronica.post("/cuentas/010117/pago-en-transito/", sent)
        assert again.status_code == 422 and "Ese pago ya se había anotado." in words(again)

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"reference": ""}, "Falta la referencia."),
            ({"place": ""}, "Falta dónde se pagó."),
            ({"amount": "mucho"}, "El importe no se entiende."),
            ({"amount": "0"}, "El importe debe ser mayor que cero."),
            ({"paid_on": "21/07/2019"}, "La fecha del pago no puede ser esa."),
            ({"paid_on": "32/07/2019"}, "La fecha no se entiende."),
        ],
    )
    def test_a_payment_nobody_could_have_made_is_refused_beside_its_field(
        self, july: Town, changed: dict[str, str], said: str
    ) -> None:
        sent = {"reference": "A1", "place": "BBVA", "amount": "300.00", "paid_on": "20/07/2019"} | changed
        answer = entered("veronica").post("/cuentas/010117/pago-en-transito/", sent)
        assert (
            answer.status_code == 422 and said in words(answer) and "aria-invalid" in answer.content.decode()
        )
        assert not TransitPayment.objects.exists()

    def test_the_office_decides_that_the_water_comes_back(
        self, july: Town, laura: Client, salas: Client
    ) -> None:
        order = dispatched(july.chuy)
        laura.post(f"/cortes/ordenes/{order.folio}/resultado/", RESULT)
        path = "/cuentas/010117/cortes/reconexion/"
        assert laura.post(path, {"reason": "x"}).status_code == 403
        assert "Falta el motivo." in words(salas.post(path, {"reason": " "}))
        assert "Ordenar la reconexión" in words(salas.get("/cuentas/010117/cortes/"))
        salas.post(path, {"reason": "Contingencia sanitaria"})
        water = ReconnectionOrder.objects.get()
        assert (water.cause, water.document, water.fee_cents) == ("decision", "Contingencia sanitaria", 0)
        assert salas.post(path, {"reason": "otra vez"}).status_code == 422


class TestWaterTakenWithoutLeave:
    """Don Chuy was cut at 9:30; at 10:00 water runs through a hose. The fine of 2018 is of $1,000.00."""

    PATH = "/cuentas/010117/cortes/reconexion-ilegal/"
    SENT: ClassVar = {"found_on": "20/07/2019", "evidence": "Manguera de la calle"}

    @pytest.fixture
    def found(self, july: Town, laura: Client) -> IllegalReconnection:
        order = dispatched(july.chuy)
        laura.post(f"/cortes/ordenes/{order.folio}/resultado/", RESULT)
        assert laura.post(self.PATH, self.SENT).status_code == 302
        return IllegalReconnection.objects.get()

    def test_it_is_fined_once_with_its_case(self, laura: Client, found: IllegalReconnection) -> None:
        page = words(laura.get("/cuentas/010117/cortes/"))
        assert found.case_folio in page and "Manguera de la calle" in page and "$1,000.00" in page
        laura.post(self.PATH, self.SENT)
        assert IllegalReconnection.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"evidence": ""}, "Falta cómo se supo."),
            ({"found_on": "21/07/2019"}, "todavía no llega"),
            ({"found_on": "19/07/2019"}, "no estaba cortada el 19 jul 2019"),
            ({"found_on": "ayer"}, "La fecha no se entiende."),
            ({"photo": SimpleUploadedFile("a.jpg", b"no es una foto")}, "foto"),
        ],
    )
    def test_what_cannot_be_is_refused_and_leaves_nothing(
        self, july: Town, laura: Client, changed: dict[str, Any], said: str
    ) -> None:
        order = dispatched(july.chuy)
        laura.post(f"/cortes/ordenes/{order.folio}/resultado/", RESULT)
        answer = laura.post(self.PATH, self.SENT | changed)
        assert answer.status_code == 422 and said in words(answer)
        assert not IllegalReconnection.objects.exists()

    def test_two_people_take_the_fine_back(self, laura: Client, found: IllegalReconnection) -> None:
        counter.hire()
        path = f"/cortes/multas/{found.pk}/"
        sent = {"reason": "Era la manguera del vecino", "approver": "salas", "pin": counter.PIN}
        for changed, said in (({"pin": "000000"}, "PIN"), ({"reason": ""}, "Falta el motivo.")):
            answer = laura.post(path, sent | changed)
            assert answer.status_code == 422 and said in words(answer)
        assert not IllegalReconnectionCancellation.objects.exists()
        page = words(laura.post(path, sent, follow=True))
        assert "Se quitó la multa de $1,000.00." in page and "Era la manguera del vecino" in page
        assert "Ya se quitó" in words(laura.get(path))


@pytest.mark.parametrize("path", ["/cortes/lotes/LCO-9/", "/cortes/ordenes/no/", "/cortes/reconexiones/RCX-9/",
                                  "/cuentas/999999/cortes/", "/cortes/multas/9/", "/cuentas/999999/pago-en-transito/"])  # fmt: skip
def test_what_is_not_there_is_said(laura: Client, path: str) -> None:
    assert laura.get(path).status_code == 404


def test_no_page_asks_the_database_too_much(
    july: Town, laura: Client, salas: Client, water: ReconnectionOrder
) -> None:
    """One of each state in one batch, with the water on its way back."""
    batch = proposed(july.lot, july.espiga)
    laura.post(f"/cortes/lotes/{batch.folio}/solicitud/", {"reason": "Tres meses"})
    order = DisconnectionOrder.objects.get(account=july.chuy)
    paths = (
        "/cortes/", "/cortes/candidatas/", "/cortes/lotes/", f"/cortes/lotes/{batch.folio}/", "/cortes/ordenes/",
        f"/cortes/lotes/{order.batch.folio}/", f"/cortes/ordenes/{order.folio}/", "/cortes/reconexiones/",
        f"/cortes/reconexiones/{water.folio}/", "/cuentas/010117/cortes/",
    )  # fmt: skip
    for client in (laura, salas):
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            told = [each["sql"] for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
            assert len(told) <= MOST_QUERIES, (path, "\n".join(each[:150] for each in told))


def test_whoever_only_reads_is_offered_nothing_to_do(july: Town, laura: Client) -> None:
    order = dispatched(july.chuy)
    ofelia = entered("ofelia")
    for path in (f"/cortes/ordenes/{order.folio}/", f"/cortes/lotes/{order.batch.folio}/", "/cortes/candidatas/",
                 "/cuentas/010117/cortes/"):  # fmt: skip
        main = ofelia.get(path).content.decode().split("<main", 1)[1]
        assert 'method="post"' not in main, path
