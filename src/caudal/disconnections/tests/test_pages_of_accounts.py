"""Cuts of one account on the screen: may it be cut, protection, a payment on its way, water taken without leave."""

from typing import Any, ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.journeys.fixtures import entered
from tests.town import counter
from tests.town.cast import Town

from caudal.disconnections.models import (
    DisconnectionOrder,
    IllegalReconnection,
    IllegalReconnectionCancellation,
    ReconnectionOrder,
    TransitPayment,
)
from caudal.disconnections.tests.crew import dispatched
from caudal.disconnections.tests.screen import RESULT, proposed, words

MOST_QUERIES = 30


pytestmark = pytest.mark.usefixtures("at_ten")


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
            ({"reference": ""}, "Falta: referencia."),
            ({"place": ""}, "Falta: dónde se pagó."),
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
        for changed, said in (({"pin": "000000"}, "PIN"), ({"reason": ""}, "Falta: motivo.")):
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
