"""A day of the drawer without a mouse, each key counted: open, withdraw, count, close, dispute, deposit (U9)."""

from collections.abc import Callable

import pytest

from caudal.cashier.models import DepositSlip, DifferenceDispute, TillClosing, TillSession
from tests.journeys.browsing import Walk
from tests.journeys.keys import Hands
from tests.journeys.test_every_screen import faults
from tests.town.cast import PIN

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]

# notes of 1000, 500, 200, 100, 50, 20; coins of 20, 10, 5, 2, 1, 0.50; and of 0.20 and 0.10, which nobody has
DRAWER = ("3", "7", "12", "9", "4", "6", "5", "8", "11", "14", "9", "6", "", "")
# 3,000 + 3,500 + 2,400 + 900 + 200 + 120 + 100 + 80 + 55 + 28 + 9 + 3
COUNTED = 10_395_00
FLOAT = ("", "", "", "2", "3", "4", "", "5", "8", "", "9", "2", "", "")
# 200 + 150 + 80 + 50 + 40 + 9 + 1
FLOAT_CENTS = 530_00


def fill(hands: Hands, pieces: tuple[str, ...]) -> None:
    """One denomination a line, Enter to the next."""
    for n in pieces:
        if n:
            hands.type(n)
        hands.press("Enter")


def count(hands: Hands) -> None:
    """Stop taking, the pieces, the papers of the other tenders, declare."""
    with hands.walk.page.expect_navigation():
        hands.press("Enter")  # «Dejar de cobrar y contar» has the cursor
    fill(hands, DRAWER)
    fill(hands, ("1250.50", "800", ""))
    assert hands.walk.focused() == "Declarar $10,395.00"
    with hands.walk.page.expect_navigation():
        hands.press("Enter")


def test_a_blind_count_and_its_closing_take_sixty_keys(living_site: str, walk: Start) -> None:
    """Twelve denominations, two other tenders, and Rosa's or the manager's PIN on the spot."""
    veronica = Hands(walk(living_site, "veronica"))
    veronica.walk.go("/caja/arqueo/")
    with veronica.within(60):
        count(veronica)
        veronica.walk.see("Cerrar el turno")
        assert "600.00" not in veronica.walk.text
        veronica.type(PIN)
        with veronica.walk.page.expect_navigation():
            veronica.press("Enter")
    # one decision a line, and three for the stop, the declaration and the PIN: within 90 s of screen time
    assert veronica.seconds(decisions=17) <= 90

    closing = TillClosing.objects.latest("number")
    assert closing.balances.get(kind="cash").declared_cents == COUNTED
    assert closing.balances.get(kind="card").declared_cents == 1_250_50
    # $500.00 of float and the $100.00 of Doña Lupita
    assert "$600.00" in veronica.walk.text and "$10,395.00" in veronica.walk.text
    assert faults(veronica.walk, f"/caja/cortes/{closing.number}/") == []


def test_a_session_is_opened_in_forty_seconds(living_site: str, walk: Start) -> None:
    veronica = Hands(walk(living_site, "veronica"))
    veronica.walk.go("/caja/arqueo/")
    count(veronica)
    veronica.type(PIN)
    with veronica.walk.page.expect_navigation():
        veronica.press("Enter")
    veronica.walk.go("/caja/")
    veronica.keys = 0
    fill(veronica, FLOAT)
    assert veronica.walk.focused() == "Caja 1"
    veronica.press("Enter")
    assert veronica.walk.focused() == "Abrir turno con $530.00"
    with veronica.walk.page.expect_navigation():
        veronica.press("Enter")
    assert veronica.seconds(decisions=8) <= 40, veronica.keys
    assert TillSession.objects.latest("id").float_cents == FLOAT_CENTS


def test_the_arrows_go_up_and_down_and_the_sum_grows(living_site: str, walk: Start) -> None:
    veronica = walk(living_site, "veronica")
    veronica.go("/caja/arqueo/")
    with veronica.page.expect_navigation():
        veronica.press("Enter")
    assert veronica.focused() == "1,000 pesos"
    veronica.page.keyboard.type("2")
    veronica.press("ArrowDown", "ArrowDown")
    assert veronica.focused() == "200 pesos"
    veronica.page.keyboard.type("3")
    veronica.press("ArrowUp")
    assert veronica.focused() == "500 pesos"
    assert veronica.page.locator("[data-pieces-total]").inner_text() == "$2,600.00"
    veronica.press("Escape")  # something is half typed: it stays
    assert veronica.page.url.endswith("/caja/arqueo/")


def test_rosa_closes_a_difference_is_disputed_and_the_money_goes_to_the_bank(
    living_site: str, walk: Start
) -> None:
    veronica, rosa = Hands(walk(living_site, "veronica")), walk(living_site, "rosa")
    veronica.walk.go("/caja/arqueo/")
    count(veronica)
    assert faults(veronica.walk, "/caja/") == []

    rosa.go("/cajas/")
    rosa.choose("Verónica Torres Díaz")
    rosa.see("Lo contado contra lo esperado")
    rosa.reach("Nota")
    rosa.page.keyboard.type("Se revisa con la cámara")
    rosa.choose("Cerrar el turno")
    rosa.see("Se revisa con la cámara")
    closing = TillClosing.objects.latest("number")
    assert faults(rosa, f"/cajas/cortes/{closing.number}/") == []

    veronica.walk.go(f"/caja/cortes/{closing.number}/")
    veronica.walk.reach("Su aclaración")
    veronica.walk.page.keyboard.type("Quedó dinero de ayer")
    veronica.walk.choose("Aclarar la diferencia")
    veronica.walk.see("Su aclaración quedó junto a la diferencia.")
    assert DifferenceDispute.objects.get().by == "veronica"

    rosa.go("/cajas/depositos/nuevo/")
    rosa.page.keyboard.type("7788")
    rosa.press("Shift+Tab")
    rosa.page.keyboard.type("BANORTE 0123456789")
    rosa.choose("Registrar el depósito")
    rosa.see("Ficha DEPOSITO-000001 registrada.")
    assert DepositSlip.objects.get().closings.count() == TillClosing.objects.count()
    assert faults(rosa, "/cajas/depositos/1/") == []


PAGES = {
    "veronica": (
        "/caja/", "/caja/corte-x/", "/caja/retiro/", "/caja/cancelacion/", "/caja/arqueo/", "/caja/cortes/1/",
    ),
    "rosa": (
        "/caja/", "/cajas/", "/cajas/turnos/2/", "/cajas/turnos/2/arqueo/", "/cajas/cortes/", "/cajas/cortes/1/",
        "/cajas/depositos/", "/cajas/depositos/nuevo/",
    ),
    "salas": ("/cajas/nueva/", "/cajas/1/", "/cajas/"),
}  # fmt: skip


@pytest.mark.parametrize("username", PAGES)
def test_every_page_of_the_tills_is_clear_in_three_widths(site: str, walk: Start, username: str) -> None:
    somebody = walk(site, username)
    assert [fault for path in PAGES[username] for fault in faults(somebody, path)] == []
