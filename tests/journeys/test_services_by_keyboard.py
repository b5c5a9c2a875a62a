"""The ranch wants water and Doña Rosa a certificate: Marta attends both without touching the mouse."""

from collections.abc import Callable

import pytest

from tests.journeys.browsing import Walk

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]


def test_a_tanker_from_the_account_to_its_order(living_site: str, walk: Start) -> None:
    """The account, «Trámites», the tanker, where to take it, Enter: charged under a folio, with its paper."""
    marta = walk(living_site, "marta")
    marta.go("/cuentas/010293/")
    # the menu has one too: the account's comes after the search box
    marta.reach("Trámites")
    marta.choose("Trámites")
    assert marta.page.url.endswith("/cuentas/010293/tramites/")
    marta.choose("Pipa de agua de 10,000 litros")
    # the cursor waits in the first field
    assert "A dónde se lleva" in marta.focused()
    marta.page.keyboard.type("Morelos 293, portón azul")
    with marta.page.expect_navigation():
        marta.press("Enter")
    marta.see("Se cargó a la cuenta: Pipa de agua de 10,000 litros, $480.00.")
    assert "por pagar" in marta.text and "Morelos 293, portón azul" in marta.text
    marta.reach("Orden de servicio")


def test_what_is_missing_takes_the_cursor_to_its_field(living_site: str, walk: Start) -> None:
    """Enter without saying where: the notice has the focus, its link leads to the field, and nothing is charged."""
    marta = walk(living_site, "marta")
    marta.go("/cuentas/020031/tramites/PIPA-10000/")
    with marta.page.expect_navigation():
        marta.press("Enter")
    assert "No se pidió." in marta.focused()
    marta.press("Tab", "Enter")
    assert "A dónde se lleva" in marta.focused()
    marta.go("/cuentas/020031/tramites/")
    assert marta.text.count("TRA-") == 1  # this morning's


def test_the_statement_of_a_past_day_by_keyboard(site: str, walk: Start) -> None:
    marta = walk(site, "marta")
    marta.go("/cuentas/010293/")
    marta.choose("Estado de cuenta")
    marta.reach("al día")
    marta.press("Control+a")
    marta.page.keyboard.type("15/12/2018")
    with marta.page.expect_navigation():
        marta.press("Enter")
    marta.see("Saldo al 15 dic 2018")
    assert "$134.39" in marta.text and "A-000002" not in marta.text
