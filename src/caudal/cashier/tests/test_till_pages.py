"""The pages of the tills: what a cashier sees before and after the count, and what whoever supervises does."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.access.models import Clerk
from caudal.cashier import commands as cashier
from caudal.cashier.models import (
    CashWithdrawal,
    DepositSlip,
    DifferenceDispute,
    Receipt,
    Till,
    TillClosing,
    TillSession,
)
from caudal.documents.tests import paper

pytestmark = pytest.mark.django_db
MARCH_5 = date(2019, 3, 5)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T14:00:00")


@pytest.fixture
def session(town: Town, books: None) -> TillSession:
    """$500.00 of float, $130.00 in cash and $70.00 by card: $630.00 must be in the drawer."""
    counter.pay(town.chuy, 13_000, on=MARCH_5)
    counter.pay(town.espiga, 7_000, on=MARCH_5, tender="card")
    return counter.session(MARCH_5)


def enter(username: str) -> Client:
    counter.hire()
    return entered(username)


def words(answer: Any) -> str:
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def counted(session: TillSession, **pieces: int) -> None:
    at = moment(MARCH_5, 14)
    cashier.begin_balancing(session=session, at=at, by="veronica")
    cashier.declare_count(session=session, pieces=pieces, others={"card": 7_000}, at=at, by="veronica")


def test_the_cash_that_must_be_there_is_hidden_from_who_counts_it(session: TillSession) -> None:
    veronica, rosa = enter("veronica"), enter("rosa")
    for path in ("/caja/", "/caja/corte-x/", "/caja/arqueo/", "/caja/retiro/"):
        page = words(veronica.get(path))
        assert "630.00" not in page and "130.00" not in page and "200.00" not in page, path
    assert "$70.00" in words(veronica.get("/caja/corte-x/"))
    assert "$630.00" in words(rosa.get("/cajas/")) and "$630.00" in words(
        rosa.get(f"/cajas/turnos/{session.pk}/")
    )

    cashier.begin_balancing(session=session, at=moment(MARCH_5, 14), by="veronica")
    assert "630.00" not in words(veronica.get("/caja/arqueo/"))
    cashier.declare_count(session=session, pieces={}, others={}, at=moment(MARCH_5, 14), by="veronica")
    assert "630.00" not in words(veronica.get("/caja/"))


def test_a_till_may_show_it(session: TillSession) -> None:
    Till.objects.update(shows_expected=True)
    assert "$630.00" in words(enter("veronica").get("/caja/corte-x/"))


def test_looking_changes_nothing(session: TillSession) -> None:
    before = list(TillSession.objects.values()), Receipt.objects.count()
    enter("veronica").get("/caja/corte-x/")
    assert (list(TillSession.objects.values()), Receipt.objects.count()) == before


def test_a_session_is_opened_from_its_page_and_the_clerk_goes_on(town: Town) -> None:
    """2 × $100.00, 5 notes and 1 coin of $20.00, 4 × $0.50: $322.00."""
    counter.till()
    sent = {
        "till": "1",
        "note_10000": "2",
        "note_2000": "5",
        "coin_2000": "1",
        "coin_50": " 4 ",
        "next": "/caja/corte-x/",
    }
    answer = enter("veronica").post("/caja/apertura/", sent)
    assert answer.status_code == 302 and answer["Location"] == "/caja/corte-x/"
    session = TillSession.objects.get()
    assert session.float_cents == 32_200
    assert session.counts.get().pieces == {"10000": 2, "2000": 6, "50": 4}


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"note_10000": "dos"}, "Escriba cuántas piezas hay"),
        ({"note_10000": "-1"}, "Escriba cuántas piezas hay"),
        ({"note_10000": "1000000"}, "Son demasiadas piezas"),
        ({"till": "9"}, "Elija una caja de la lista"),
    ],
)
def test_a_float_that_is_mistyped_comes_back_with_its_reason(
    town: Town, sent: dict[str, str], says: str
) -> None:
    counter.till()
    answer = enter("veronica").post("/caja/apertura/", {"till": "1", "coin_500": "7", **sent})
    html = answer.content.decode()
    assert answer.status_code == 422 and says in unescape(html)
    assert 'value="7"' in html and 'aria-invalid="true"' in html and "autofocus" in html
    assert not TillSession.objects.exists()


def test_nobody_is_sent_to_another_site(town: Town) -> None:
    counter.till()
    for away in ("https://otro.example/", "//otro.example/", "javascript:alert(1)"):
        page = enter("veronica").get("/caja/", {"next": away})
        assert "otro.example" not in page.content.decode() and "alert(1)" not in page.content.decode()


class TestWithdrawals:
    SENT = {
        "amount": "$400",
        "approver": "rosa",
        "pin": counter.PIN,
        "key": "5f0d3c2e-0000-4000-8000-000000000001",
    }

    def test_cash_is_handed_with_the_pin_of_who_receives_it(self, session: TillSession) -> None:
        veronica = enter("veronica")
        for _ in range(2):  # two clicks
            answer = veronica.post("/caja/retiro/", self.SENT, follow=True)
        slip = words(answer)
        assert "RETIRO-000001" in slip and "$400.00" in slip
        assert "Entrega: Verónica Torres Díaz" in slip and "Recibe: Rosa Elvira" in slip
        assert CashWithdrawal.objects.get().received_by == "rosa"

    @pytest.mark.parametrize(
        ("sent", "says", "beside"),
        [
            ({"pin": "111222"}, "El PIN no es correcto.", "pin"),
            ({"pin": ""}, "Falta el PIN", "pin"),
            ({"amount": "cuatrocientos"}, "El importe no se entiende", "amount"),
            ({"amount": "-400"}, "El importe no se entiende", "amount"),
            ({"amount": ""}, "Escriba cuánto efectivo entrega", "amount"),
            ({"amount": "9999"}, "no debe haber tanto efectivo", "amount"),
            ({"approver": "veronica"}, "Elija a la persona de la lista", "approver"),
            ({"note_10000": "1"}, "Las piezas no suman", "amount"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_nothing_leaves(
        self, session: TillSession, sent: dict[str, str], says: str, beside: str
    ) -> None:
        answer = enter("veronica").post("/caja/retiro/", {**self.SENT, **sent})
        html = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert re.search(rf'id="id_{beside}_error">[^<]*{re.escape(says)}', html), html[-3000:]
        assert counter.PIN not in html
        assert not CashWithdrawal.objects.exists()

    def test_somebody_elses_slip_is_not_shown(self, session: TillSession) -> None:
        enter("veronica").post("/caja/retiro/", self.SENT)
        assert enter("rosa").get("/caja/retiros/1/").status_code == 404


def test_a_drawer_past_its_limit_asks_for_a_withdrawal(session: TillSession) -> None:
    Till.objects.update(cash_limit_cents=60_000)
    assert "En el cajón hay más de $600.00" in words(enter("veronica").get("/caja/"))
    assert "pasa de $600.00" in words(enter("rosa").get("/cajas/"))
    Till.objects.update(cash_limit_cents=70_000)
    assert "En el cajón hay más" not in words(enter("veronica").get("/caja/"))


class TestCancellations:
    def sent(self, **more: str) -> dict[str, str]:
        return {"folio": "1", "reason": "2", "detail": "", "approver": "rosa", "pin": counter.PIN, **more}

    def test_a_receipt_is_canceled_by_its_bare_number(self, session: TillSession) -> None:
        answer = enter("veronica").post("/caja/cancelacion/", self.sent(), follow=True)
        assert "Comprobante A-000001 cancelado con A-CAN-000001. Devuelva $130.00." in words(answer)
        assert Receipt.objects.get(series="A-CAN").reason == "Importe equivocado"

    @pytest.mark.parametrize(
        ("more", "says", "beside"),
        [
            ({"folio": "77"}, "No existe el comprobante A-77", "folio"),
            ({"folio": "<b>"}, "No existe el comprobante", "folio"),
            ({"reason": "5"}, "hace falta decir qué pasó", "detail"),
            ({"reason": "9"}, "del 1 al 5", "reason"),
            ({"pin": "000000"}, "El PIN no es correcto", "pin"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(
        self, session: TillSession, more: dict[str, str], says: str, beside: str
    ) -> None:
        answer = enter("veronica").post("/caja/cancelacion/", self.sent(**more))
        html = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert re.search(rf'id="id_{beside}_error">[^<]*{re.escape(says)}', html)
        assert Receipt.objects.count() == 2

    def test_a_closed_receipt_asks_for_the_manager(self, session: TillSession, town: Town) -> None:
        counted(session, **{"50000": 1, "10000": 1, "2000": 1, "1000": 1})
        cashier.close_session(session=session, at=moment(MARCH_5, 14), by="rosa")
        counter.session(MARCH_5)
        veronica = enter("veronica")
        refused = veronica.post("/caja/cancelacion/", self.sent())
        assert refused.status_code == 422 and "no puede aprobar esto" in words(refused)
        done = veronica.post("/caja/cancelacion/", self.sent(approver="salas"), follow=True)
        assert "cancelado con A-CAN-000001" in words(done)


class TestClosings:
    def test_counted_by_page_closed_with_a_pin_and_only_then_compared(self, session: TillSession) -> None:
        """She counts $620.00 where there are $630.00."""
        veronica = enter("veronica")
        assert veronica.post("/caja/arqueo/inicio/").status_code == 302
        sent = {
            "note_50000": "1",
            "note_10000": "1",
            "coin_2000": "1",
            "card": "70",
            "check": "",
            "transfer": "",
        }
        assert veronica.post("/caja/arqueo/", sent)["Location"] == "/caja/"
        waiting = words(veronica.get("/caja/"))
        assert "Cerrar el turno" in waiting and "$630.00" not in waiting and "$10.00" not in waiting
        wrong = veronica.post("/caja/cierre/", {"approver": "rosa", "pin": "111111"})
        assert wrong.status_code == 422 and not TillClosing.objects.exists()

        closed = veronica.post("/caja/cierre/", {"approver": "rosa", "pin": counter.PIN}, follow=True)
        page = words(closed)
        assert "CORTE-000001" in page and "$630.00" in page and "$620.00" in page and "−$10.00" in page
        assert "No se le carga a nadie" in page and TillClosing.objects.get().closed_by == "rosa"

    def test_rosa_closes_from_her_page_but_not_her_own(self, session: TillSession) -> None:
        counted(session, **{"50000": 1})
        rosa = enter("rosa")
        page = words(rosa.get(f"/cajas/turnos/{session.pk}/"))
        assert "$630.00" in page and "$500.00" in page and "−$130.00" in page
        answer = rosa.post(f"/cajas/turnos/{session.pk}/cierre/", {"note": "Se revisa"}, follow=True)
        assert "Se revisa" in words(answer)
        assert TillClosing.objects.get().note == "Se revisa"
        again = rosa.post(f"/cajas/turnos/{session.pk}/cierre/", {"note": ""})
        assert again.status_code == 422 and "ya está cerrado" in words(again)

    def test_a_difference_is_disputed_by_who_counted_and_answered_by_another(
        self, session: TillSession
    ) -> None:
        counted(session, **{"50000": 1})
        cashier.close_session(session=session, at=moment(MARCH_5, 14), by="rosa")
        veronica, rosa = enter("veronica"), enter("rosa")
        empty = veronica.post("/caja/cortes/1/aclaracion/cash/", {"text": " "})
        assert empty.status_code == 422 and not DifferenceDispute.objects.exists()
        veronica.post("/caja/cortes/1/aclaracion/cash/", {"text": "Di <b>130</b> de más"})
        dispute = DifferenceDispute.objects.get()
        shown = rosa.get("/cajas/cortes/1/").content.decode()
        assert "Di &lt;b&gt;130&lt;/b&gt; de más" in shown
        rosa.post(f"/cajas/cortes/aclaraciones/{dispute.pk}/respuesta/", {"text": "Se encontró en la caja 2"})
        assert "Se encontró en la caja 2" in words(veronica.get("/caja/cortes/1/"))
        assert veronica.post("/caja/cortes/1/aclaracion/card/", {"text": "Nada"}).status_code == 422
        assert veronica.post("/caja/cortes/1/aclaracion/oro/", {"text": "Nada"}).status_code == 404

    def test_another_cashiers_closing_is_not_shown(self, session: TillSession) -> None:
        counted(session)
        cashier.close_session(session=session, at=moment(MARCH_5, 14), by="rosa")
        Clerk.objects.create(username="carmen", role=Clerk.Role.CASHIER)
        carmen = enter("carmen")
        for path in ("/caja/cortes/1/", "/caja/cortes/1.pdf"):
            assert carmen.get(path).status_code == 404
        assert enter("veronica").get("/caja/cortes/1/").status_code == 200

    def test_the_paper_says_what_the_page_says(self, session: TillSession, town: Town) -> None:
        counter.cancel("A-000001", on=MARCH_5, reason="Se cobró a otra cuenta")
        counted(session, **{"50000": 1})
        cashier.close_session(session=session, at=moment(MARCH_5, 14), by="rosa", note="Todo bien")
        text = paper.words(enter("rosa").get("/cajas/cortes/1.pdf").content)
        head = TillClosing.objects.get().chain_head
        groups = " ".join(head[i : i + 4] for i in range(0, 64, 4))
        for said in (
            "CORTE-000001", "Verónica Torres Díaz, cajero", "Rosa Elvira", "A-000001 a A-000002",
            "A-CAN-000001", "Se cobró a otra cuenta", "Efectivo $500.00 $500.00 sin diferencia",
            "Tarjeta $70.00 $70.00", "Todo bien", groups,
        ):  # fmt: skip
            assert said in text, said

    def test_days_are_chosen_and_added_up(self, session: TillSession) -> None:
        counted(session, **{"50000": 1})
        cashier.close_session(session=session, at=moment(MARCH_5, 14), by="rosa")
        rosa = enter("rosa")
        assert "Total de 1 corte 2 $200.00 −$130.00" in words(rosa.get("/cajas/cortes/"))
        assert "No hay cortes en esos días" in words(rosa.get("/cajas/cortes/?since=06/03/2019&until="))
        assert "Escriba las fechas" in words(rosa.get("/cajas/cortes/?since=mañana"))


def test_who_cannot_count_is_counted_for_with_a_reason(session: TillSession) -> None:
    rosa, path = enter("rosa"), f"/cajas/turnos/{session.pk}/arqueo/"
    assert rosa.post(path, {"reason": ""}).status_code == 422
    assert rosa.post(path, {"reason": "Se fue enferma"}).status_code == 302
    assert rosa.post(path, {"note_50000": "1", "reason": ""}).status_code == 422
    rosa.post(path, {"note_50000": "1", "reason": "Se fue enferma"})
    assert session.counts.get(purpose="closing").counted_by == "rosa"
    own = rosa.post(f"/cajas/turnos/{session.pk}/cierre/", {"note": ""})
    assert own.status_code == 422 and "ni el que contó" in words(own)


def test_tills_are_put_to_use_changed_and_retired_by_the_manager(town: Town) -> None:
    salas = enter("salas")
    bad = salas.post("/cajas/nueva/", {"code": "dos", "name": "Caja 2", "series": "B"})
    assert bad.status_code == 422 and "no sirve" in words(bad)
    salas.post("/cajas/nueva/", {"code": "2", "name": "Caja 2", "series": "B", "cash_limit": "3,000"})
    made = Till.objects.get()
    assert (made.cash_limit_cents, made.shows_expected) == (300_000, False)
    assert 'value="3000.00"' in salas.get("/cajas/2/").content.decode()
    salas.post("/cajas/2/", {"name": "Caja dos", "printer": "10.0.0.9:9100", "shows_expected": "on"})
    made.refresh_from_db()
    assert (made.name, made.printer, made.cash_limit_cents, made.shows_expected) == (
        "Caja dos", "10.0.0.9:9100", 0, True,
    )  # fmt: skip
    salas.post("/cajas/2/baja/")
    made.refresh_from_db()
    assert made.closed_on == MARCH_5
    assert salas.get("/cajas/9/").status_code == 404


def test_closings_are_deposited_from_the_page(session: TillSession) -> None:
    counted(session, **{"50000": 1, "10000": 1, "2000": 1, "1000": 1})
    cashier.close_session(session=session, at=moment(MARCH_5, 14), by="rosa")
    rosa = enter("rosa")
    assert "Depositar $130.00" in words(rosa.get("/cajas/depositos/"))
    closing = TillClosing.objects.get()
    sent = {
        "closings": [str(closing.pk)],
        "bank_account": "BANORTE 0123",
        "reference": "7788",
        "on": "05/03/2019",
    }
    for wrong, says in (
        ({"closings": []}, "No eligió ningún corte"), ({"closings": ["999"]}, "Elija cortes de la lista"),
        ({"on": "ayer"}, "Escriba la fecha como"), ({"on": "06/03/2019"}, "todavía no llega"),
        ({"reference": ""}, "Falta: referencia del banco"),
    ):  # fmt: skip
        refused = rosa.post("/cajas/depositos/nuevo/", {**sent, **wrong})
        assert refused.status_code == 422 and says in words(refused), says
        assert not DepositSlip.objects.exists()
    done = rosa.post("/cajas/depositos/nuevo/", sent, follow=True)
    assert "Ficha DEPOSITO-000001 registrada." in words(done) and "$130.00" in words(done)
    text = paper.words(rosa.get("/cajas/depositos/1.pdf").content)
    for said in ("DEPOSITO-000001", "$130.00", "BANORTE 0123", "7788", "CORTE-000001"):
        assert said in text, said
    assert "No hay nada que depositar" in words(rosa.get("/cajas/depositos/nuevo/"))
    assert "en DEPOSITO-000001" in words(rosa.get("/cajas/cortes/1/"))


def test_a_menu_shows_each_one_their_tills(session: TillSession) -> None:
    veronica, rosa = words(enter("veronica").get("/caja/")), words(enter("rosa").get("/cajas/"))
    assert "Cajas y cortes" not in veronica
    assert "Cajas y cortes" in rosa
