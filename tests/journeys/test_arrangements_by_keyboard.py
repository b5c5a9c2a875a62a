"""Don Chuy is two months behind and signs an agreement: Marta at the keyboard, Ing. Salas beside her with his PIN."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from caudal.registry.queries import account_by_number
from tests.journeys.browsing import Walk
from tests.journeys.test_every_screen import faults
from tests.town import counter
from tests.town.cast import PIN

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
ASSISTANT = "/cuentas/010117/convenio/"


def sign_in_six(marta: Walk) -> None:
    """$264.08 of November and December: $60.00 today and six payments, less than $50.00 each."""
    marta.go(ASSISTANT)
    assert "Ingreso del hogar al mes" in marta.focused()
    for words in ("9000", "2", "3000", "200", "60", "6", "28/02/2019"):
        marta.page.keyboard.type(words)
        marta.press("Tab")
    marta.see("$60.00 hoy y 6 parcialidades de $34.01")
    marta.see("La parcialidad es de $34.01; la mínima es $50.00.")
    # what changed is read aloud to who does not see it
    assert marta.page.locator("#plan-words").inner_text() == "$60.00 hoy y 6 parcialidades de $34.01"
    marta.reach("Por qué se pide la excepción")
    marta.page.keyboard.type("Pensión de $3,000.00")
    marta.reach("PIN de quien aprueba")
    marta.page.keyboard.type(PIN)
    with marta.page.expect_navigation():
        marta.press("Enter")


def test_six_payments_and_a_down_payment_from_the_account_to_the_papers(
    living_site: str, walk: Start
) -> None:
    """$264.08 − $60.00 = $204.08 = $34.03 + 5 × $34.01: the centavos that do not divide go with the first."""
    marta = walk(living_site, "marta")
    marta.go("/cuentas/010117/")
    # the menu has one too, «Convenios»: the account's comes after the search box
    marta.reach("Convenios")
    marta.choose("Convenio")
    assert marta.page.url.endswith(ASSISTANT)
    sign_in_six(marta)
    marta.see("Convenio CON-000001 firmado. Cobre el pago inicial de $60.00 en la ventanilla.")
    assert marta.page.url.endswith("/convenios/CON-000001/") and "al corriente" in marta.text
    told = " ".join(marta.text.split())
    assert "Pago inicial 31 ene 2019 $60.00 — por pagar" in told
    assert "1 28 feb 2019 $34.03 — por pagar" in told and "6 28 jul 2019 $34.01 — por pagar" in told
    assert "Total $264.08 $0.00" in told

    papers = {
        name: marta.page.request.get(f"{living_site}/convenios/CON-000001/{name}")
        for name in ("contrato.pdf", "pagares.pdf", "calendario.ics")
    }
    assert all(each.status == 200 for each in papers.values())
    contract = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(papers["contrato.pdf"].body())).pages
    )
    assert "CON-000001" in contract and "doscientos sesenta y cuatro pesos 08/100 M.N." in contract
    calendar = papers["calendario.ics"].text()
    assert calendar.count("BEGIN:VEVENT") == 6 and "DTSTART;VALUE=DATE:20190728" in calendar

    # the same address leads now to the agreement: there is one at a time
    marta.go(ASSISTANT)
    assert marta.page.url.endswith("/convenios/CON-000001/")


def test_enter_calculates_and_never_signs(living_site: str, walk: Start) -> None:
    """Whoever presses Enter after a number sees the table again, also where there is no script."""
    marta = walk(living_site, "marta")
    marta.go(ASSISTANT)
    marta.reach("Número de parcialidades")
    marta.page.keyboard.type("3")
    with marta.page.expect_navigation():
        marta.press("Enter")
    marta.see("$52.82 hoy y 3 parcialidades de $70.42")
    marta.go("/convenios/")
    marta.see("Ningún convenio al corriente")


def test_the_manager_ends_it_and_each_screen_is_whole(living_site: str, walk: Start) -> None:
    """Each page at three widths, before and after: signed, with a payment, broken, in its list."""
    marta = walk(living_site, "marta")
    assert faults(marta, ASSISTANT) == []
    marta.page.set_viewport_size({"width": 1366, "height": 768})
    sign_in_six(marta)
    counter.pay(account_by_number(number="010117"), 60_00, on=date(2019, 1, 31))
    salas = walk(living_site, "salas")
    found = [*faults(salas, "/convenios/CON-000001/"), *faults(salas, "/convenios/")]
    salas.page.set_viewport_size({"width": 1366, "height": 768})
    salas.go("/convenios/CON-000001/")
    salas.see("pagada 31 ene 2019")
    assert "Cancelarlo" not in salas.text
    salas.reach("Darlo por incumplido")
    salas.press("Enter", "Tab")
    with salas.page.expect_navigation():
        salas.press("Enter")
    salas.see("Falta el motivo.")
    salas.page.fill("#default_reason", "No volvió a pagar")
    with salas.page.expect_navigation():
        salas.page.locator("#default_reason").press("Enter")
    salas.see("Convenio CON-000001 incumplido.")
    found += [*faults(salas, "/convenios/CON-000001/"), *faults(salas, "/convenios/?estado=incumplidos")]
    assert found == []
