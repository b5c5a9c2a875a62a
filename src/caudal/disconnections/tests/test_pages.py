"""July 2019 on the screen: candidates and why not, the yes of another, the crew."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.disconnections.models import (
    DisconnectionBatch,
    DisconnectionOrder,
)
from caudal.disconnections.tests.crew import dispatched
from caudal.disconnections.tests.screen import DAY, approved, proposed, words
from caudal.fieldwork.models import Round
from caudal.kernel import clock
from caudal.registry.models import ServicePoint

pytestmark = pytest.mark.usefixtures("at_ten")


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
            ({"reason": ""}, "Falta: motivo."),
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

    def test_a_second_yes_is_told_that_nothing_waits(self, july: Town, laura: Client) -> None:
        counter.hire()
        batch = proposed(july.chuy)
        sent = {"reason": "Tres meses", "approver": "salas", "pin": counter.PIN}
        path = f"/cortes/lotes/{batch.folio}/aprobacion/"
        assert laura.post(path, sent).status_code == 302
        again = laura.post(path, sent)
        assert again.status_code == 422 and "no hay nada por aprobar" in words(again)


class TestHandedOver:
    def test_to_a_person_with_their_round_of_the_day(self, july: Town, laura: Client) -> None:
        batch = approved(july.chuy, july.lot)
        answer = laura.post(
            f"/cortes/lotes/{batch.folio}/entrega/", {"to": "julian", "on": "20/07/2019"}, follow=True
        )
        planned = Round.objects.get()
        assert (planned.assigned_to.username, planned.on, planned.stops.count()) == ("julian", DAY, 2)
        assert f"Se entregaron 2 órdenes, en el recorrido {planned.folio}." in words(answer)

    def test_handed_over_twice_is_refused(self, july: Town, laura: Client) -> None:
        batch = approved(july.chuy)
        path, sent = f"/cortes/lotes/{batch.folio}/entrega/", {"to": "julian", "on": "20/07/2019"}
        laura.post(path, sent)
        again = laura.post(path, sent)
        assert again.status_code == 422 and "No hay órdenes aprobadas por entregar." in words(again)
        assert Round.objects.count() == 1

    def test_what_died_on_the_way_is_told(self, july: Town, laura: Client) -> None:
        """Both are approved; the lot is protected since, and only don Chuy's goes."""
        batch = approved(july.chuy, july.lot)
        ServicePoint.objects.filter(agreements__account=july.lot).update(protected_reason="Pozo comunal")
        sent = {"to": "julian", "on": "20/07/2019"}
        page = words(laura.post(f"/cortes/lotes/{batch.folio}/entrega/", sent, follow=True))
        assert "Se entregó 1 orden, en el recorrido" in page and "Se canceló 1, ya no procedía." in page
        assert "Predio protegido: Pozo comunal." in page

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
