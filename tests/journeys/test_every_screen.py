"""Every page at three widths: nothing for axe to say, nothing beyond the edge, nothing on the console.

The window of a walk also fails on a script error, a word of the console, a breach of the content policy, or a
request to another host; see `browsing.Walk`.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from caudal.billing.models import BillingRun
from caudal.frontdesk import manual
from caudal.registry.models import Benefit
from tests.journeys.browsing import Walk
from tests.journeys.routes import PAGES
from tests.journeys.story import PROPOSAL

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
WIDTHS = (360, 768, 1366)

# beyond the pages of the doors: what is empty, refused, long or forbidden
OTHERS = {
    "laura": (
        "/buscar/?q=zzzzzz", "/buscar/?q=a", "/cuentas/010117/", "/cuentas/010818/", "/cuentas/020031/",
        "/cuentas/999999/", "/cuentas/010293/estado-de-cuenta/?al=15/12/2018&meses=todo",
        "/cuentas/010117/estado-de-cuenta/?al=ayer", "/cuentas/010293/historial/?tipo=lecturas", "/tramites/?dia=1/1/2019",
        "/facturacion/{december}/", "/facturacion/{december}/detenidos/",
        "/facturacion/{january}/detenidos/?cuenta=010818", f"/tarifas/{PROPOSAL}/",
        "/tarifas/comparacion/?a=no-existe&b=tampoco", "/no-existe/",
    ),
    "salas": (f"/tarifas/{PROPOSAL}/", "/facturacion/{january}/", "/por-aprobar/"),
    "julian": ("/", *(f"/ayuda/{slug}/" for slug in manual.PAGES)),
    "admin": (
        "/facturacion/", "/", "/personas/", "/personas/nueva/", "/personas/permisos/", "/personas/de/veronica/",
        "/mi-acceso/",
    ),
    "": ("/entrar/", "/no-existe/", "/constancias/7KQ2/"),
}  # fmt: skip

OF_LAURA = tuple(
    door.path
    for door in PAGES
    if "billing_analyst" in door.roles
    and not door.path.partition("?")[0].endswith(
        (".pdf", ".toml", ".csv", ".xlsx", ".docx", ".md", "/avance/")
    )
    # parts of a page: they are looked at in their place, under the box and on the board
    and door.route not in ("search_suggestions", "rounds_board")
)


def faults(walk: Walk, path: str, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with a page, opened once and looked at in each width."""
    walk.go(path)
    walk.page.evaluate(AXE.axe_script)
    found = []
    for width in widths:
        walk.page.set_viewport_size({"width": width, "height": 768})
        broken = [
            f"{each['id']}: {node['html'][:120]}"
            for each in walk.page.evaluate(RULES)
            for node in each["nodes"]
        ]
        beyond = walk.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        broken += [f"goes {beyond} px beyond the edge"] if beyond > 0 else []
        broken += [f"cuts off {words}" for words in walk.page.evaluate(CLIPPED)]
        broken += [f"writes too small {words}" for words in walk.page.evaluate(SMALL)]
        found += [f"{path} at {width}: {each}" for each in broken]
    return found


AXE = Axe()
RULES = "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
# amounts that stick out of a sheet which cannot be scrolled: the reader never sees them
CLIPPED = """() => [...document.querySelectorAll('.sheet td.amount, .sheet th.amount, .card-figure .value')]
  .filter(e => e.offsetParent && !e.closest('.scroll'))
  .filter(e => e.getBoundingClientRect().right > e.closest('.sheet, .card-figure').getBoundingClientRect().right + 1)
  .map(e => e.innerText)"""
# letters below 11 px on the glass, those of a chart at the scale it is drawn; its titles are said, not written
SMALL = """() => [...document.querySelectorAll('main *')]
  .filter(e => e.offsetParent || (e.ownerSVGElement && e.tagName !== 'title' && e.getClientRects().length))
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => {
    const size = parseFloat(getComputedStyle(e).fontSize);
    const svg = e.ownerSVGElement;
    return size * (svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1) < 10.95;
  }).map(e => e.textContent.trim().slice(0, 30))"""


@pytest.mark.parametrize("username", ["pages of laura", *OTHERS])
def test_every_screen_is_sound(site: str, walk: Start, username: str) -> None:
    runs = {run.period: run.pk for run in BillingRun.objects.all()}
    runs_of = {"january": runs[201901], "december": runs[201812], "benefit": Benefit.objects.get().pk}
    somebody = walk(site, "laura" if username == "pages of laura" else username)
    paths = OTHERS.get(username, OF_LAURA)
    assert [fault for path in paths for fault in faults(somebody, path.format(**runs_of))] == []


def test_on_a_phone_what_is_owed_is_seen_without_scrolling_aside(site: str, walk: Start) -> None:
    phone = walk(site, "marta", width=360, height=740)
    phone.go("/cuentas/010293/")
    cell = phone.page.get_by_role("cell", name="$109.09").bounding_box()
    assert cell and cell["x"] + cell["width"] <= 360
    assert phone.page.get_by_text("Debe hoy").bounding_box()["y"] < 740  # type: ignore[index]


def test_on_a_desk_the_head_of_an_account_is_one_line(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    desk.go("/cuentas/010293/")
    tops = {
        round(box["y"])
        for box in (each.bounding_box() for each in desk.page.locator(".head .actions > *").all())
        if box
    }
    assert len(tops) == 1


def test_a_very_long_name_does_not_push_anything_out(living_site: str, walk: Start) -> None:
    """A company's whole name, and one word of eighty letters."""
    from caudal.registry.models import Person

    Person.objects.filter(full_name__startswith="Guadalupe").update(
        full_name="Sociedad Cooperativa de Producción Rural de Responsabilidad Limitada " + "x" * 80
    )
    desk = walk(living_site, "marta")
    assert [faults(desk, path) for path in ("/cuentas/010293/", "/buscar/?q=sociedad")] == [[], []]


def test_big_amounts_fit(living_site: str, walk: Start) -> None:
    """A utility with a million accounts: every figure of the run at its longest."""
    run = BillingRun.objects.get(period=201812)
    figures = dict.fromkeys(("total_cents", "change_cents", "previous_total_cents"), 123_456_789_012)
    run.summary = {**run.summary, **figures, "bills": 1_234_567, "consumption_m3": 98_765_432}
    run.save(update_fields=["summary"])
    laura = walk(living_site, "laura")
    for path in (f"/facturacion/{run.pk}/", "/facturacion/", "/"):
        assert faults(laura, path) == [] and "$1,234,567,890.12" in laura.text


def test_the_page_prints_without_its_chrome(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    desk.go("/cuentas/010293/")
    desk.page.emulate_media(media="print")
    shown = {
        name: desk.page.locator(name).first.is_visible()
        for name in (".side", ".topbar", ".actions", "h1", "table")
    }
    assert shown == {".side": False, ".topbar": False, ".actions": False, "h1": True, "table": True}


def test_without_chromium_the_journeys_fail_and_say_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.journeys import browsing

    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(AssertionError, match="sudo apt-get install -y chromium"):
        browsing.open_chromium(None)  # type: ignore[arg-type]
