"""How the window looks: no scroll where it must not, the cursor always in sight, nothing that axe complains of."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from caudal.cashier.models import Till
from caudal.ledger import commands as ledger
from caudal.ledger.models import Concept, DocumentKind
from caudal.registry.models import Account
from tests.journeys import story
from tests.journeys.browsing import Walk
from tests.journeys.keys import Hands
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
# 1366×768, the same at 125 % of zoom, and a window with the bars of a browser
SCREENS = {"full": (1366, 768), "zoom 125 %": (1093, 614), "with bars": (1366, 657)}
RING = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return 'nothing has the focus';
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'no ring: ' + e.outerHTML.slice(0, 80);
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return inside ? '' : 'out of sight: ' + e.outerHTML.slice(0, 80);
}"""
SCROLLS = """() => [document.documentElement, ...document.querySelectorAll('#window, .desk, .debt, .lines, .money')]
  .filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.className || e.tagName} ${e.scrollWidth}×${e.scrollHeight} in ${e.clientWidth}×${e.clientHeight}`)"""


def owe(number: str, *, months: range) -> None:
    """An account owes some more months of 2018, with their water, sewage treatment and infrastructure."""
    account = Account.objects.get(number=number)
    concepts = dict(Concept.objects.values_list("code", "id"))
    for month in months:
        ledger.post_charges(
            account=account, period=201800 + month, document_kind=DocumentKind.OPENING_BALANCE,
            due_on=date(2018, month + 1, 15), on=story.TODAY, at=moment(story.TODAY), by="laura",
            lines=[
                ledger.ChargeLine(concepts[code], cents)
                for code, cents in (("water", 10_577), ("wastewater_treatment", 2_115), ("infrastructure_charge", 317))
            ],
        )  # fmt: skip


def at_window(base: str, walk: Start, size: tuple[int, int]) -> Hands:
    opened = walk(base, "veronica", width=size[0], height=size[1])
    opened.go("/ventanilla/")
    return Hands(opened)


def seen(hands: Hands, what: str) -> list[Any]:
    hands.settle()
    return list(hands.walk.page.evaluate(what))


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("months", [range(0), range(5, 11), range(1, 11)], ids=["2", "8", "12"])
def test_nothing_scrolls(living_site: str, walk: Start, screen: str, months: range) -> None:
    """Two periods, eight, and twelve (which are seven and a line): with a benefit, an amount applied and its change."""
    owe("010293", months=months)
    hands = at_window(living_site, walk, SCREENS[screen])
    assert seen(hands, SCROLLS) == []
    hands.scan("010293")
    assert seen(hands, SCROLLS) == []
    rows = hands.walk.page.locator("tbody tr").all_inner_texts()
    assert len([row for row in rows if "periodos más" in row]) == (len(months) == 10)
    total = hands.walk.page.locator("#total").inner_text()
    hands.press("F6")
    hands.type("150")
    hands.press("Enter")
    hands.walk.see("Se aplica así")
    assert seen(hands, SCROLLS) == []
    hands.press("F3")
    assert seen(hands, SCROLLS) == []
    assert total in hands.walk.page.locator(".sums").inner_text()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_full_drawer_asks_in_one_line_and_takes_no_room_from_the_debt(
    living_site: str, walk: Start, screen: str
) -> None:
    """Twelve periods under it, an amount applied; and F11 leads to the withdrawal."""
    Till.objects.update(cash_limit_cents=50_000)
    owe("010293", months=range(1, 11))
    hands = at_window(living_site, walk, SCREENS[screen])
    hands.scan("010293")
    hands.walk.see("entregue un retiro")
    assert seen(hands, SCROLLS) == []
    hands.press("F6")
    hands.type("150")
    hands.press("Enter")
    hands.walk.see("Se aplica así")
    assert seen(hands, SCROLLS) == []
    assert Axe().run(hands.walk.page).response["violations"] == []
    hands.press("F11")
    hands.walk.see("Retiro")
    assert "/caja/retiro/" in hands.walk.page.url


def test_the_lines_add_up_to_the_total(living_site: str, walk: Start) -> None:
    owe("010293", months=range(1, 11))
    hands = at_window(living_site, walk, SCREENS["full"])
    hands.scan("010293")
    cents = [
        int(text.replace("−", "-").replace("$", "").replace(",", "").replace(".", ""))
        for text in hands.walk.page.locator("tbody tr td:last-child").all_inner_texts()
    ]
    assert hands.walk.page.locator("#total").inner_text() == f"${sum(cents) // 100:,}.{sum(cents) % 100:02d}"


def test_the_cursor_is_always_seen(living_site: str, walk: Start) -> None:
    """After every key of a long day the focus has a ring and is inside the screen."""
    hands = at_window(living_site, walk, SCREENS["zoom 125 %"])
    assert hands.walk.page.evaluate(RING) == ""
    hands.scan("010293")
    for key in (
        "Tab", "F3", "F3", "F3", "F3", "F6", "Alt+a", "F10", "Escape", "F1", "Escape", "F2", "Escape", "+", "Escape",
        "F9", "Escape", "Escape", "Escape", "F10", "?",
    ):  # fmt: skip
        if key == "F9":
            continue
        hands.press(key)
        hands.settle()
        assert (key, hands.walk.page.evaluate(RING)) == (key, "")


def test_there_is_no_trap(living_site: str, walk: Start) -> None:
    """Tab passes by everything and comes out; each stop is seen."""
    hands = at_window(living_site, walk, SCREENS["full"])
    hands.scan("010293")
    stops = []
    for _ in range(60):
        hands.walk.page.keyboard.press("Tab")
        stop = hands.walk.page.evaluate(
            "document.activeElement === document.body ? null : document.activeElement.outerHTML"
        )
        if stop is None:
            break
        stops.append(stop)
        assert hands.walk.page.evaluate(RING) == ""
    assert 10 < len(stops) < 45


@pytest.mark.parametrize("size", [(1366, 768), (768, 1024), (360, 740)], ids=["1366", "768", "360"])
def test_axe_finds_nothing(living_site: str, walk: Start, size: tuple[int, int]) -> None:
    """Empty, an account, an amount applied, a refusal, other tenders, several accounts, a list, the help, charged."""
    hands = at_window(living_site, walk, size)
    axe = Axe()

    def clean(where: str) -> None:
        hands.settle()
        found = axe.run(hands.walk.page).response["violations"]
        assert (where, [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]) == (
            where,
            [],
        )
        wide = hands.walk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (where, wide) == (where, 0)

    clean("empty")
    hands.scan("010293")
    clean("account")
    hands.press("F6")
    hands.type("50")
    hands.press("Enter")
    clean("applied")
    hands.type("1")
    hands.press("Enter")
    clean("refused")
    hands.press("F3")
    clean("other tenders")
    hands.press("Escape", "F1")
    clean("help")
    hands.press("Escape")
    hands.scan("010117")
    hands.press("+")
    hands.scan("010405")
    clean("several")
    hands.press("F2", "Enter")
    hands.walk.see("Cobrado ✓")
    clean("charged")
    hands.type("centro")
    hands.press("Enter")
    clean("list")


def test_the_script_is_light(site: str) -> None:
    """At most 150 KB of our own and the library, so that an old computer opens it at once."""
    import django_htmx

    ours = Path(__file__).resolve().parents[2] / "src/caudal"
    files = [ours / "window/static/window/window.js", ours / "kernel/static/kernel/caudal.js"]
    files += [
        ours / "access/static/access/door.js",
        Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js",
    ]
    assert sum(each.stat().st_size for each in files) <= 150_000


def test_without_script_the_same_forms_charge(living_site: str, chromium: Any) -> None:
    """The number, Enter; the cash, Enter; the button has the focus: Enter."""
    context = chromium.new_context(java_script_enabled=False, locale="es-MX")
    opened = Walk(context=context, base=living_site)
    opened.sign_in("veronica")
    opened.go("/ventanilla/")
    page = opened.page
    page.fill("#search", "010293")
    page.press("#search", "Enter")
    opened.see("$146.17")
    page.fill("#cash", "100")
    page.press("#cash", "Enter")
    opened.see("Faltan $46.17 para completar $146.17.")
    page.fill("#cash", "200")
    page.press("#cash", "Enter")
    opened.see("$53.83")
    page.press("#charge-now", "Enter")
    opened.see("Cobrado ✓ folio A-000003 · cambio $53.83")
    assert opened.blemishes == []
    context.close()
