"""The pages of agreements on 20 April 2019: don Chuy owes $306.00 and comes to the counter."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.journeys.fixtures import entered
from tests.town.cast import PIN, Town

from caudal.access.models import Approval
from caudal.arrangements.models import AbilityToPay, PaymentArrangement
from caudal.arrangements.tests.desk import TERMS, approve, default, owe, owed, pay, sign, written
from caudal.campaigns.tests.stories import in_force

pytestmark = pytest.mark.django_db
ASSISTANT = "/cuentas/010117/convenio/"
SIMULATION = "/cuentas/010117/convenio/simulacion/"
TODAY = date(2019, 4, 20)
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def clock_of_april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-20T10:42")


@pytest.fixture
def marta(april: Town) -> Client:
    """Marta attends the desk and may read what is sensitive."""
    return entered("marta")


def text(answer: Any, *, status: int = 200) -> str:
    assert answer.status_code == status
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def form(**typed: str) -> dict[str, str]:
    """What the browser sends; what nobody typed goes blank, and the name of the holder was there already."""
    return {"key": str(uuid4()), "signer_name": "Jesús Ramírez Ochoa", "signer_as": "titular", **typed}


def test_the_assistant_shows_the_debt_and_the_usual_table(marta: Client) -> None:
    """306.00 × 20 % = 61.20 today; the other 244.80 in four of 61.20. Looking writes nothing."""
    before = written()
    page = text(marta.get(ASSISTANT))
    assert "enero 2019 agua potable $100.00, recargos $3.00 $103.00" in page
    assert "Se conviene pagar $306.00" in page and "Se condona" not in page
    assert "Pago inicial 20 abr 2019 $61.20 $244.80" in page and "4 20 ago 2019 $61.20 $0.00" in page
    assert "Firmar: $61.20 hoy y 4 parcialidades de $61.20" in page
    assert "Hasta 12 parcialidades de al menos $50.00, con 20 % de pago inicial." in page
    assert "PIN de quien aprueba" not in page and written() == before


def test_what_the_household_can_pay_becomes_terms(marta: Client) -> None:
    """9,000 − 3,000 − 2 × 1,200 = 3,600 free, 30 % is 1,080; they say 130: two payments of 122.40."""
    before = written()
    sent = {"income": "9,000", "expenses": "3000", "dependents": "2", "can_pay": "130"}
    part = marta.post(SIMULATION, form(**sent), headers={"HX-Request": "true"})
    told = text(part)
    assert "$61.20 hoy y 2 parcialidades de $122.40" in told and "<html" not in part.content.decode()
    assert 'hx-swap-oob="true"' in part.content.decode()
    whole = marta.post(SIMULATION, form(**sent))
    assert (
        "$61.20 hoy y 2 parcialidades de $122.40" in text(whole) and 'value="9,000"' in whole.content.decode()
    )
    assert written() == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"income": "9000"}, "Falta cuánto puede pagar al mes."),
        ({"income": "mucho"}, "El importe no se entiende."),
        ({"first_due_on": "31/02/2019"}, "La fecha no se entiende."),
        ({"first_due_on": "20/04/2019"}, "La primera parcialidad debe vencer después de hoy."),
        ({"down_payment": "306"}, "El pago inicial debe ser menor que los $306.00"),
        ({"count": "0"}, "Escriba un número, como 6."),
        ({"count": "seis"}, "Escriba un número, como 6."),
        ({"count": "999999999999"}, "Es demasiado: revise."),
        ({"income": "9000", "expenses": "9000", "can_pay": "50"}, "no queda nada libre para un convenio"),
        ({"income": "9000", "can_pay": "10"}, "Con $10.00 al mes no se alcanza a pagar en 12 parcialidades."),
        ({"signer_name": " "}, "Falta: nombre de quien firma."),
        ({"signer_as": "vecino"}, "Elija de la lista en calidad de qué firma."),
    ],
)
def test_what_does_not_do_is_told_and_nothing_is_signed(
    marta: Client, typed: dict[str, str], said: str
) -> None:
    """Signing answers 422 with the reason beside its field; calculating only tells it."""
    before = written()
    assert said in text(marta.post(ASSISTANT, form(**typed)), status=422)
    assert text(marta.post(SIMULATION, form(**typed)))
    assert written() == before


def test_signed_once_however_often_it_is_sent(april: Town, marta: Client) -> None:
    sent = form(
        down_payment="66", count="4", first_due_on="20/05/2019", signer_document="INE 0455",
        income="9000", can_pay="100",
    )  # fmt: skip
    first, again = (marta.post(ASSISTANT, sent) for _ in range(2))
    assert first["Location"] == again["Location"] == "/convenios/CON-000001/"
    signed = PaymentArrangement.objects.get()
    assert (signed.by, signed.signer_as, signed.approval, signed.down_payment_cents) == (
        "marta", "titular", None, 66_00,
    )  # fmt: skip
    assert AbilityToPay.objects.get().can_pay_cents == 100_00
    page = text(marta.get("/convenios/CON-000001/"))
    assert "Convenio CON-000001 firmado. Cobre el pago inicial de $66.00 en la ventanilla." in page
    # 306.00 − 66.00 = 240.00 = 4 × 60.00
    assert "1 20 may 2019 20 may 2019 $60.00 — por pagar" in page
    assert "Firma Jesús Ramírez Ochoa, titular Se identificó con INE 0455 Atendió Marta" in page
    assert marta.get(ASSISTANT)["Location"] == "/convenios/CON-000001/"


def test_beyond_the_policy_another_person_signs_with_their_pin(april: Town, marta: Client) -> None:
    """240.00 in six is 40.00 each, less than 50.00: a wrong PIN signs nothing, the right one does."""
    before = written()
    sent = form(down_payment="66", count="6")
    page = text(marta.post(ASSISTANT, sent), status=422)
    assert "La parcialidad es de $40.00; la mínima es $50.00." in page
    assert "Falta el PIN de quien aprueba." in page and "Escriba por qué se pide la excepción." in page
    sent |= {"approver": "salas", "reason": "Pensionado", "pin": "000001"}
    assert "El PIN no es correcto." in text(marta.post(ASSISTANT, sent), status=422)
    assert written() == before
    assert marta.post(ASSISTANT, sent | {"pin": PIN})["Location"] == "/convenios/CON-000001/"
    given = Approval.objects.get()
    assert (given.act, given.approver, given.asked_by) == ("arrangements.approve", "salas", "marta")
    shown = text(marta.get("/convenios/CON-000001/"))
    assert "Autorizó Ing. Héctor Salas Pérez: Pensionado" in shown


def test_a_campaign_is_seen_before_signing_and_on_each_paper(april: Town, marta: Client) -> None:
    """75 % of 2.25 + 1.50 + 0.75 = 4.50 of the 6.00 of surcharges: 301.50 is agreed, 60.30 of it today."""
    in_force()
    page = text(marta.get(ASSISTANT))
    assert "Se condonan $4.50" in page and "Abril sin recargos." in page
    assert "enero 2019 agua potable $100.00, recargos $3.00 se condonan $2.25 $103.00 −$2.25 $100.75" in page
    assert "Se conviene pagar $306.00 −$4.50 $301.50" in page
    assert "Firmar: $60.30 hoy y 4 parcialidades de $60.30" in page
    marta.post(ASSISTANT, form())
    shown = text(marta.get("/convenios/CON-000001/"))
    assert "Condonado si se cumple $4.50 Abril sin recargos" in shown
    answer = marta.get("/convenios/CON-000001/contrato.pdf")
    contract = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    told = re.sub(r"\s+", " ", contract.replace("\N{NO-BREAK SPACE}", " "))
    for sentence in (
        "Condonación de $4.50, con condición. Abril sin recargos, acuerdo CA-12/2019.",
        "trescientos un pesos 50/100 M.N.", "Pago inicial 20 abr 2019 $60.30", "Total $301.50",
        "Con 2 parcialidades vencidas sin pagar, o 2 recibos del mes vencidos, el convenio se da por incumplido.",
        "Lo condonado se vuelve a deber.", "Los recargos vuelven a contar desde que venció cada recibo.",
        "La Barca, a 20 de abril de 2019",
    ):  # fmt: skip
        assert sentence in told, sentence
    assert answer["Content-Disposition"] == 'inline; filename="CON-000001.pdf"'


def test_the_notes_and_the_calendar_leave_out_what_is_paid_today(april: Town, marta: Client) -> None:
    """64.00 today; four notes and four events of 60.50."""
    sign(april.chuy)
    notes = PdfReader(BytesIO(marta.get("/convenios/CON-000001/pagares.pdf").content))
    told = " ".join(page.extract_text() for page in notes.pages)
    assert (
        told.count("Bueno por $60.50") == 4 and "sesenta pesos 50/100 M.N." in told and "$64.00" not in told
    )
    answer = marta.get("/convenios/CON-000001/calendario.ics")
    body = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and body.count("BEGIN:VALARM") == 4
    assert "SUMMARY:Pagar $60.50 del convenio de agua\\, 1 de 4" in body
    assert "DTSTART;VALUE=DATE:20190520" in body and "UID:CON-000001-4@caudal" in body


def test_what_a_household_earns_is_not_for_everybody(april: Town, marta: Client) -> None:
    marta.post(ASSISTANT, form(income="9000", can_pay="100"))
    assert "Ingreso al mes $9,000.00" in text(marta.get("/convenios/CON-000001/"))
    seen = text(entered("veronica").get("/convenios/CON-000001/"))
    assert "$9,000.00" not in seen and "Capacidad de pago" not in seen
    assert "Darlo por incumplido" not in seen


def test_payments_show_on_their_installment(april: Town, marta: Client) -> None:
    """64.00 and 20.00 of the 60.50 that come next: 40.50 are left of it, 222.00 in all."""
    sign(april.chuy)
    pay(april.chuy, 84_00, on=TODAY)
    page = text(marta.get("/convenios/CON-000001/"))
    assert "$64.00 $64.00 pagada 20 abr 2019" in page
    assert "$60.50 $20.00 por pagar, faltan $40.50" in page
    assert "Falta pagar $222.00 nada vencido Pagado $84.00 0 de 4 parcialidades" in page
    assert "Siguiente pago $40.50 parcialidad 1, vence el 20 may 2019" in page


def test_only_with_a_reason_it_is_broken_and_the_debt_comes_back(april: Town) -> None:
    sign(april.chuy)
    salas = entered("salas")
    before = written()
    page = text(salas.post("/convenios/CON-000001/incumplimiento/", {"reason": " "}), status=422)
    assert "Falta el motivo. Escriba por qué se incumplió." in page and written() == before
    answer = salas.post("/convenios/CON-000001/incumplimiento/", {"reason": "No pagó nada"})
    shown = text(salas.get(answer["Location"]))
    assert "Convenio CON-000001 incumplido. Vuelven a deberse $306.00." in shown
    assert "Cómo incumplido Cuándo 20 abr 2019 Quién Ing. Héctor Salas Pérez Motivo No pagó nada" in shown
    assert shown.count("sin efecto") == 5 and owed(april.chuy, on=TODAY) == 306_00
    again = text(salas.post("/convenios/CON-000001/incumplimiento/", {"reason": "Otra vez"}), status=422)
    assert "El convenio CON-000001 ya terminó: incumplido." in again


def test_it_is_canceled_the_same_day_and_no_other(april: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(april.chuy)
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-21T09:00")
    salas = entered("salas")
    assert "Cancelarlo" not in text(salas.get("/convenios/CON-000001/"))
    late = text(salas.post("/convenios/CON-000001/cancelacion/", {"reason": "Error"}), status=422)
    assert "Un convenio solo se cancela el día en que se firmó." in late
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-20T12:00")
    salas = entered("salas")
    assert "Cancelarlo" in text(salas.get("/convenios/CON-000001/"))
    salas.post("/convenios/CON-000001/cancelacion/", {"reason": "Era de otra cuenta"})
    assert "cancelado" in text(salas.get("/convenios/?estado=terminados"))
    assert salas.get(ASSISTANT).status_code == 200


def test_the_list_by_how_far_each_is(april: Town, marta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 21 June two payments of 60.50 and the down payment of 64.00 are past due: 185.00."""
    sign(april.chuy)
    page = text(marta.get("/convenios/"))
    assert "Al corriente (1) Atrasados (0) Incumplidos (0) Terminados (0)" in page
    assert "CON-000001 4 pagos 010117 Jesús Ramírez Ochoa" in page and "Todavía no vence ningún pago" in page
    monkeypatch.setenv("CAUDAL_NOW", "2019-06-21T10:00")
    marta = entered("marta")
    late = text(marta.get("/convenios/", {"estado": "atrasados"}))
    assert "atrasado 3 pagos vencidos, $185.00" in late and "Total de esta lista $306.00" in late
    assert "Ningún convenio al corriente" in text(marta.get("/convenios/", {"estado": "nada"}))


def test_the_curve_and_its_table_say_the_same(april: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two, don Chuy paid the first of his and Doña Lupita broke hers there: the half goes on."""
    owe(april.lupita, 306_00, period=201903, due_on=date(2019, 4, 30))
    for account in (april.chuy, april.lupita):
        signed = sign(account)
        pay(account, 64_00, on=TODAY)
    pay(april.chuy, 60_50, on=date(2019, 5, 20))
    default(signed, on=date(2019, 6, 15))
    monkeypatch.setenv("CAUDAL_NOW", "2019-06-15T19:00")
    marta = entered("marta")
    page = marta.get("/convenios/").content.decode()
    assert ": 0 100 %; 1 50 %" in page
    told = text(marta.get("/convenios/"))
    assert "Pago Llegaron Lo pagaron Siguen Pago inicial 2 2 100 % 1 2 1 50 %" in told


def test_an_account_that_owes_nothing_has_nothing_to_sign(april: Town, marta: Client) -> None:
    page = text(marta.get("/cuentas/010293/convenio/"), status=422)
    assert "La cuenta no debe nada que se pueda poner en convenio." in page


def test_after_a_default_another_one_needs_a_yes(april: Town, marta: Client) -> None:
    default(sign(april.chuy), on=TODAY)
    page = text(marta.get(ASSISTANT))
    assert "Pasa de lo que firma una sola persona. La cuenta ya incumplió un convenio." in page
    assert "PIN de quien aprueba" in page


def test_addresses_that_lead_nowhere_say_so(april: Town, marta: Client) -> None:
    for path in ("/convenios/CON-777777/", "/convenios/nada/", "/cuentas/999999/convenio/"):
        assert marta.get(path).status_code == 404
    assert marta.get(SIMULATION).status_code == 405
    assert marta.post("/cuentas/999999/convenio/simulacion/").status_code == 422


def test_terms_that_were_approved_beforehand_do_not_help_other_ones(april: Town, marta: Client) -> None:
    """A yes given at his desk is of the command line; at this screen it is given with the PIN."""
    approve(april.chuy, TERMS, by="marta")
    assert "Falta el PIN" in text(marta.post(ASSISTANT, form(count="6")), status=422)
