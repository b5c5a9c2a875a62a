"""An order and the water that comes back, on the screen: each look, what is told at the desk, what is refused."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.disconnections import commands
from caudal.disconnections.models import (
    OrderCheck,
    ReconnectionOrder,
)
from caudal.disconnections.tests.crew import dispatched
from caudal.disconnections.tests.screen import DAY, NOW, RESULT, approved, proposed, words
from caudal.fieldwork.models import OrderResult, Round
from caudal.fieldwork.tests import telephones
from caudal.fieldwork.tests.telephones import telephone_of
from caudal.kernel import clock
from caudal.registry.models import ServiceInterruption

pytestmark = pytest.mark.usefixtures("at_ten")


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

    def test_what_a_phone_tells_is_there_with_its_photographs(
        self, july: Town, laura: Client, media: Path
    ) -> None:
        phone, batch = telephone_of(july.julian, at=NOW), approved(july.chuy)
        laura.post(f"/cortes/lotes/{batch.folio}/entrega/", {"to": "julian", "on": "20/07/2019"})
        body = {"done": True, "reason": "", "answers": {"seal": "S-77", "reading": 1204}, "seal": "S-77",
                "reading": 1204, "notes": "", "checked_at": NOW.isoformat()}  # fmt: skip
        told = phone.tells(Round.objects.get().stops.get(), "order", body, NOW)
        phone.sends(told, at=NOW)
        picture = phone.photo(told, telephones.picture(), "after")
        assert phone.asks(f"/campo/fotos/{picture['id']}/", picture).status_code == 200
        page = laura.get(f"/cortes/ordenes/{batch.orders.get().folio}/")
        assert f"/recorridos/fotos/{picture['id']}.jpg" in page.content.decode()
        assert "Foto 1 de 1 de la cuadrilla" in page.content.decode()
        assert "S-77" in words(page) and "1,204" in words(page)

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
