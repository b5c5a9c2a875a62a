"""One box on every page: Marta types, the list opens under it, and her hands never leave the keyboard."""

from collections.abc import Callable

import pytest

from tests.journeys.browsing import Walk
from tests.journeys.test_every_screen import AXE, CLIPPED, RULES

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
BOX = "#search"
OPTIONS = "#search-options [role=option]"


def type_in(desk: Walk, words: str, *, until: str) -> None:
    """Type in the box and wait until the list says so."""
    desk.press("F10")
    desk.page.keyboard.type(words)
    desk.page.locator("#search-options").get_by_text(until).first.wait_for(state="visible")


def state(desk: Walk) -> tuple[str, str, str]:
    """Whether the list is open, which option is active, and what the box says."""
    box = desk.page.locator(BOX)
    active = box.get_attribute("aria-activedescendant") or ""
    account = desk.page.locator(f"#{active}").get_attribute("data-account") if active else ""
    return box.get_attribute("aria-expanded") or "", account or "", box.input_value()


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("marta", "/"), ("marta", "/cuentas/010117/"), ("laura", "/facturacion/"), ("laura", "/tarifas/"),
        ("veronica", "/cuentas/"),
    ],
)  # fmt: skip
def test_from_any_page_four_letters_an_arrow_and_enter(
    site: str, walk: Start, username: str, path: str
) -> None:
    """F10, «nuñe» with a slip of the finger, ↓, Enter: seven keys to Doña Lupita, from wherever one stands."""
    desk = walk(site, username)
    desk.go(path)
    type_in(desk, "nune", until="Guadalupe Núñez")
    desk.press("ArrowDown")
    assert state(desk) == ("true", "010293", "nune")
    with desk.page.expect_navigation():
        desk.press("Enter")
    assert desk.page.url == f"{site}/cuentas/010293/"


def test_the_arrows_go_round_and_come_back_to_what_was_typed(site: str, walk: Start) -> None:
    """Juárez is a street and a school: two options."""
    desk = walk(site, "marta")
    type_in(desk, "juarez", until="Tortillería")
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        desk.press(key)
        seen.append(state(desk)[1])
    assert seen == ["010405", "010512", "", "010512", "010405", ""]
    assert (
        desk.page.locator("form.searchbox [role=status]").inner_text() == "2 cuentas. Elija con las flechas."
    )


def test_escape_closes_the_list_and_keeps_the_words(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    desk.go("/cuentas/010117/")
    type_in(desk, "juarez", until="Tortillería")
    desk.press("ArrowDown", "Escape")
    assert state(desk) == ("false", "", "juarez") and not desk.page.locator("#search-options").is_visible()
    desk.press("ArrowDown")
    assert state(desk) == ("true", "010405", "juarez")
    desk.press("Escape")
    with desk.page.expect_navigation():
        desk.press("Enter")
    desk.see("2 cuentas para «juarez»")
    assert desk.page.input_value(BOX) == "juarez"


def test_who_types_on_does_not_choose_what_was_marked_before(site: str, walk: Start) -> None:
    """The mark goes with the words it was made for: Enter after another letter asks for the words."""
    desk = walk(site, "marta")
    type_in(desk, "juarez", until="Tortillería")
    desk.press("ArrowDown")
    desk.page.keyboard.type(" 45")
    assert state(desk)[1] == ""
    with desk.page.expect_navigation():
        desk.press("Enter")
    desk.see("1 cuenta para «juarez 45»")


def test_the_list_goes_away_with_the_focus_and_with_the_words(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    desk.go("/cuentas/010117/")
    type_in(desk, "juarez", until="Tortillería")
    desk.press("Tab")
    assert state(desk)[0] == "false"
    type_in(desk, "juarez", until="Tortillería")
    desk.press("Control+a", "Delete")
    assert state(desk) == ("false", "", "")


def test_nothing_found_says_what_to_try(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    type_in(desk, "zzzz", until="Ninguna cuenta coincide")
    desk.press("ArrowDown")
    assert state(desk)[1] == ""


def test_the_mouse_works_too(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    type_in(desk, "juarez", until="Tortillería")
    with desk.page.expect_navigation():
        desk.page.locator(OPTIONS).nth(1).click()
    assert desk.page.url == f"{site}/cuentas/010512/"


def test_a_page_may_keep_the_account_for_itself(site: str, walk: Start) -> None:
    """Whoever listens to the choice and prevents it stays where it is: so does a page that charges."""
    desk = walk(site, "marta")
    desk.page.evaluate(
        "document.addEventListener('account-chosen', e => { e.preventDefault(); window.chosen = e.detail.account; })"
    )
    type_in(desk, "nunez", until="Guadalupe")
    desk.press("ArrowDown", "Enter")
    assert desk.page.evaluate("window.chosen") == "010293" and desk.page.url == f"{site}/"


def test_a_session_that_ended_asks_who_it_is_and_puts_no_page_in_the_list(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    desk.context.clear_cookies()
    desk.press("F10")
    with desk.page.expect_navigation(url="**/entrar/**"):
        desk.page.keyboard.type("nunez")


def test_without_script_the_box_is_a_form(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    cookies = desk.context.cookies()
    browser = desk.context.browser
    assert browser
    plain = browser.new_context(java_script_enabled=False, locale="es-MX")
    plain.add_cookies(
        [{name: each[name] for name in ("name", "value", "domain", "path")} for each in cookies]
    )  # type: ignore[misc, literal-required]
    page = plain.new_page()
    page.goto(f"{site}/cuentas/010117/")
    page.fill(BOX, "guadalpue nuñes")
    page.press(BOX, "Enter")
    page.get_by_text("1 cuenta para «guadalpue nuñes»").wait_for()
    plain.close()


@pytest.mark.parametrize(
    ("width", "words"), [(1366, "juarez"), (768, "barca"), (360, "barca"), (360, "zzzz")]
)
def test_the_open_list_is_sound(site: str, walk: Start, width: int, words: str) -> None:
    desk = walk(site, "marta", width=width)
    desk.go("/cuentas/010293/")
    type_in(
        desk, words, until="Ninguna" if words == "zzzz" else "Juárez" if words == "juarez" else "La Barca"
    )
    desk.press("ArrowDown")
    desk.page.evaluate(AXE.axe_script)
    assert [each["id"] for each in desk.page.evaluate(RULES)] == [] == desk.page.evaluate(CLIPPED)
    beyond = desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0
