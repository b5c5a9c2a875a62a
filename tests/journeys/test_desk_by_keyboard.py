"""Doña Lupita comes to the desk; Marta attends her without touching the mouse."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.journeys.browsing import Walk

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]


def words_of_pdf(walk: Walk, address: str) -> str:
    """What a PDF says, fetched with the session of the walk."""
    answer = walk.context.request.get(address if address.startswith("http") else walk.base + address)
    assert answer.status == 200 and answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.body())).pages
    return "\n".join(page.extract_text() for page in pages).replace("\N{NO-BREAK SPACE}", " ")


def focused_link(walk: Walk) -> str:
    return str(walk.page.evaluate("document.activeElement.href"))


def test_from_signing_in_to_the_papers_in_her_hand(site: str, walk: Start) -> None:
    """F10, her name without its accents, Enter, her account; then her statement and her bill. 10 keys and 2 Enters to find her."""
    marta = walk(site, "marta")
    marta.see("Hoy en SIBAPAS")

    marta.press("F10")
    marta.page.keyboard.type("nunez viud")
    with marta.page.expect_navigation():
        marta.press("Enter")
    marta.see("1 cuenta para «nunez viud»")
    marta.choose("010293")

    marta.see("Guadalupe Núñez Viuda de Ortega")
    assert "$146.17" in marta.text

    marta.choose("Estado de cuenta")
    marta.see("Lo que debe, por periodo")
    marta.reach("Imprimir")
    statement = words_of_pdf(marta, focused_link(marta))
    assert "Guadalupe Núñez Viuda de Ortega" in statement and "$146.17" in statement

    marta.page.go_back()
    marta.reach("Último recibo")
    bill = words_of_pdf(marta, focused_link(marta))
    assert "Guadalupe Núñez Viuda de Ortega" in bill and "010 293" in bill and "108.01" in bill


def test_the_whole_number_needs_no_list(site: str, walk: Start) -> None:
    marta = walk(site, "marta")
    marta.press("Control+k")
    marta.page.keyboard.type("10293")
    with marta.page.expect_navigation():
        marta.press("Enter")
    assert marta.page.url == f"{site}/cuentas/010293/"


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(site: str, walk: Start) -> None:
    somebody = walk(site)
    somebody.go("/entrar/")
    somebody.page.keyboard.type("laura")
    somebody.press("Tab")
    somebody.page.keyboard.type("no-es-esta")
    with somebody.page.expect_navigation():
        somebody.press("Enter")
    somebody.see("El usuario o la contraseña no coinciden.")
    assert somebody.page.input_value("#id_username") == "laura"


def test_the_menu_is_skipped_and_the_focus_is_always_seen(site: str, walk: Start) -> None:
    """The first Tab offers to skip the menu; then every stop of the page has an outline, and none is a trap."""
    marta = walk(site, "marta")
    marta.go("/cuentas/010293/")
    marta.press("Tab")
    assert marta.focused() == "Ir al contenido"
    assert marta.page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    marta.press("Enter", "Tab")
    assert marta.page.evaluate("document.activeElement.id") == "search"

    marta.go("/cuentas/010293/")
    stops = []
    for _ in range(60):
        marta.press("Tab")
        stop = marta.page.evaluate(OUTLINE)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 10 and [stop for stop in stops if not stop["isSeen"]] == []


# who has the focus, whether a ring is drawn around it, and whether it is inside the window; null once past the page
OUTLINE = """async () => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const isInside = () => {
    const box = e.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  // the window scrolls to the focus within the next frames it draws
  for (let frame = 0; frame < 30 && !isInside(); frame++) await new Promise(requestAnimationFrame);
  const style = getComputedStyle(e);
  const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
  return { what: e.outerHTML.slice(0, 80), isSeen: ring && isInside() };
}"""
