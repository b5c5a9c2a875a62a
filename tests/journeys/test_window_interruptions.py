"""Whatever interrupts Verónica, the charge in hand is there when she is back, and nothing is charged twice."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Route

from caudal.cashier.models import Receipt
from caudal.documents.payment_codes import payment_reference
from caudal.window.models import WindowDraft
from tests.journeys.browsing import Walk, until
from tests.journeys.keys import Hands
from tests.town.cast import PIN

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
LUPITA = payment_reference(account_number="010293", amount_cents=11_699, due_on=date(2019, 1, 13))
OFFLINE = "net::ERR_"


@pytest.fixture
def veronica(living_site: str, walk: Start) -> Hands:
    """Doña Lupita's $146.17 is on her screen and she has typed the $200 that she was handed."""
    opened = walk(living_site, "veronica")
    opened.go("/ventanilla/")
    hands = Hands(opened)
    hands.scan(LUPITA)
    hands.type("200")
    until(lambda: WindowDraft.objects.get(clerk__username="veronica").body["cash"] == "200")
    return hands


def is_all_there(walk: Walk) -> bool:
    """The account, what it owes, what was typed and its change; and it charges as if nothing had happened."""
    hands = Hands(walk)
    walk.see("$146.17")
    assert walk.page.input_value("#cash") == "200"
    assert walk.page.locator("#change").inner_text() == "$53.83"
    hands.press("Enter", "Enter")
    walk.see("Cobrado ✓ folio A-000003 · cambio $53.83")
    return taken() == 3


def taken() -> int:
    return Receipt.objects.filter(series="A").count()


def forgive_the_network(walk: Walk) -> None:
    """A browser without network says so in its console; anything else is still a blemish."""
    walk.blemishes[:] = [each for each in walk.blemishes if OFFLINE not in each]


def test_1_reload(veronica: Hands) -> None:
    veronica.walk.page.reload()
    assert is_all_there(veronica.walk)


def test_2_back_and_forward(veronica: Hands) -> None:
    """Alt and the left arrow: she is on the page before; and comes back."""
    veronica.walk.page.go_back()
    veronica.walk.page.go_forward()
    assert is_all_there(veronica.walk)


def test_3_closed_tab(veronica: Hands) -> None:
    context = veronica.walk.context
    veronica.walk.page.close()
    veronica.walk.page = context.new_page()
    veronica.walk.go("/ventanilla/")
    assert is_all_there(veronica.walk)


def test_4_closed_tab_before_the_screen_had_time_to_keep(veronica: Hands) -> None:
    """She corrects the cash and closes at once: what she typed leaves with the page."""
    veronica.walk.page.fill("#cash", "150")
    veronica.walk.page.fill("#cash", "200")
    veronica.walk.page.close(run_before_unload=True)
    veronica.walk.page = veronica.walk.context.new_page()
    veronica.walk.go("/ventanilla/")
    assert is_all_there(veronica.walk)


def test_5_session_lock(veronica: Hands) -> None:
    """The lock falls over the screen; a scan behind it goes nowhere; the PIN opens it."""
    page = veronica.walk.page
    page.evaluate("document.dispatchEvent(new Event('caudal-locked'))")
    veronica.walk.see("Pantalla bloqueada")
    veronica.scan("010405")
    assert page.input_value("#lock-pin") == ""
    page.keyboard.type(PIN, delay=45)
    page.keyboard.press("Enter")
    page.locator("#lock").wait_for(state="hidden")
    assert is_all_there(veronica.walk)


def test_6_sign_out_and_in(veronica: Hands) -> None:
    veronica.walk.context.clear_cookies()
    veronica.press("Enter")
    veronica.walk.see("Contraseña")
    veronica.walk.sign_in("veronica")
    veronica.walk.go("/ventanilla/")
    assert is_all_there(veronica.walk)


def test_7_power_cut(veronica: Hands, living_site: str, walk: Start) -> None:
    """Another computer, another browser, nothing kept in it."""
    veronica.walk.context.close()
    again = walk(living_site, "veronica")
    again.go("/ventanilla/")
    assert is_all_there(again)


def test_8_another_page_in_between(veronica: Hands) -> None:
    """She looks at the account of somebody else, and comes back by the menu."""
    veronica.walk.go("/cuentas/010405/")
    veronica.walk.choose("Ventanilla")
    assert is_all_there(veronica.walk)


def test_the_reply_is_lost_after_the_charge(veronica: Hands) -> None:
    """The server charged and its answer never came: the same key asks again and hears the same folio."""
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        is_charge = 'name="step"\r\n\r\ncharge' in (route.request.post_data or "")
        if is_charge and not lost:
            route.fetch()
            lost.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    veronica.walk.page.route("**/ventanilla/cobro/", lose_once)
    veronica.press("Enter", "Enter")
    veronica.walk.see("Cobrado ✓ folio A-000003 · cambio $53.83")
    assert len(lost) == 1 and taken() == 3
    forgive_the_network(veronica.walk)


def test_the_network_blinks(veronica: Hands) -> None:
    """Without network she is told so and the charge waits; when it is back it goes by itself."""
    veronica.press("Enter")
    veronica.walk.context.set_offline(True)
    veronica.walk.page.keyboard.press("Enter")
    veronica.walk.page.get_by_text("No hay conexión con el servidor").wait_for(state="visible")
    assert taken() == 2
    veronica.walk.context.set_offline(False)
    veronica.walk.see("Cobrado ✓ folio A-000003")
    assert veronica.walk.page.locator("#link-lost").is_hidden() and taken() == 3
    forgive_the_network(veronica.walk)


@pytest.mark.parametrize("hurry", ["Enter", "F12"])
def test_keys_pressed_again_in_a_hurry_charge_once(veronica: Hands, hurry: str) -> None:
    """Enter and Enter, and more of the same before anything answers."""
    for _ in range(6):
        veronica.walk.page.keyboard.press(hurry)
    veronica.walk.see("Cobrado ✓ folio A-000003")
    veronica.settle()
    assert taken() == 3


def test_a_double_click_charges_once(veronica: Hands) -> None:
    veronica.walk.page.dblclick("#charge-now")
    veronica.walk.see("Cobrado ✓ folio A-000003")
    veronica.settle()
    assert taken() == 3


def test_two_windows_of_one_clerk_charge_once(veronica: Hands) -> None:
    """The same charge on two tabs: the second is told the same folio, and then they show what is in hand."""
    other = veronica.walk.context.new_page()
    other.goto(veronica.walk.page.url)
    veronica.press("Enter", "Enter")
    veronica.walk.see("Cobrado ✓ folio A-000003")
    other.locator("#charge-now").click()
    other.get_by_text("Cobrado ✓ folio A-000003").wait_for()
    assert taken() == 3


def test_a_window_that_stayed_behind_charges_nothing(veronica: Hands) -> None:
    """On a second tab she went on with another account: the first one shows it instead of charging."""
    other = veronica.walk.context.new_page()
    other.goto(veronica.walk.page.url)
    hands = Hands(veronica.walk)
    hands.scan("010405")
    veronica.walk.see("$865.60")
    other.locator("#charge-now").click()
    other.get_by_text("En esta ventanilla ya hay otro cobro en curso.").wait_for()
    other.get_by_text("$865.60").first.wait_for()
    assert taken() == 2
