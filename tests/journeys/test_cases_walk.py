"""Reports in a browser: a leak told from a telephone in four things, taken at the desk by keyboard, sound at every width."""

from collections.abc import Callable

import pytest
from django.db import transaction

from caudal.cases import commands, keys
from caudal.cases.models import Case
from caudal.cases.tests import desk
from caudal.registry.queries import account_by_number
from tests.journeys.browsing import Walk
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
TEN = moment(TODAY, 10)


@transaction.atomic
def a_busy_morning() -> tuple[Case, Case]:
    """Two neighbors report one leak, don Chuy claims his bill, a drain is late, one was resolved."""
    at = {"at": TEN}
    leak = desk.leak(photos=[desk.picture((800, 600))], neighborhood="Centro", **at)
    again = desk.leak(place=(20_280_180, -102_550_000), description="Hay un charco grande", **at)
    desk.leak(
        type="high_consumption",
        account=account_by_number(number="010117"),
        description="No gasté tanto",
        **at,
    )
    desk.leak(type="blocked_drain", at=moment(TODAY, 0).replace(day=30), address="Morelos 80", place=None)
    commands.order_for_case(case=leak, by="marta", **at)
    done = desk.leak(type="no_water", place=None, **at)
    commands.resolve_case(case=done, text="Se abrió la válvula de Juárez.", by="marta", **at)
    return again, done


def tracked(case: Case) -> str:
    return f"/reportes/seguimiento/{case.folio}/{keys.key_of(case.folio)}/"


def test_every_page_is_sound_at_three_widths(living_site: str, walk: Start) -> None:
    again, done = a_busy_morning()
    marta = walk(living_site, "marta")
    pages = (
        "/reportes/", "/reportes/?estado=resueltos", "/reportes/?colonia=Nada", "/reportes/alta/",
        "/cuentas/010117/reporte/", "/reportes/REP-000001/", f"/reportes/{again.folio}/", "/reportes/REP-000003/",
        f"/reportes/{done.folio}/",
    )  # fmt: skip
    found = [fault for path in pages for fault in faults(marta, path)]
    anybody = walk(living_site)
    public = (
        "/reportes/nuevo/",
        "/reportes/seguimiento/",
        tracked(again),
        tracked(done),
        "/reportes/seguimiento/REP-1/A/",
    )
    found += [fault for path in public for fault in faults(anybody, path)]
    assert found == [], "\n".join(found)


def test_anybody_reports_from_a_telephone_and_says_that_it_was_not_resolved(
    living_site: str, walk: Start
) -> None:
    """Five keys and an address: no account, no sign-in."""
    somebody = walk(living_site, width=360, height=740)
    somebody.go("/reportes/nuevo/")
    somebody.page.get_by_label("Fuga en la calle").check()
    somebody.page.get_by_label("¿Dónde?").fill("Juárez 40, esquina con Morelos, Centro")
    somebody.page.get_by_role("button", name="Enviar reporte").click()
    somebody.see("Recibimos su reporte")
    case = Case.objects.get()
    somebody.see(keys.key_of(case.folio))

    commands.resolve_case(case=case, text="Se cambió el tubo.", at=TEN.replace(minute=50), by="marta")
    somebody.go(tracked(case))
    somebody.page.get_by_label("¿Qué sigue pasando?").fill("Sigue tirando agua")
    somebody.page.get_by_role("button", name="No quedó resuelto").click()
    somebody.page.wait_for_load_state()
    assert "No quedó resuelto" not in somebody.text
    case.refresh_from_db()
    assert case.priority == 1


def test_by_keyboard_a_report_is_taken_in_one_pass(living_site: str, walk: Start) -> None:
    """Type, Tab, channel, Tab, words, Tab, account; Enter at the button: nothing else is needed."""
    marta = walk(living_site, "marta")
    marta.go("/reportes/alta/")
    assert marta.page.evaluate("document.activeElement.name") == "type"
    marta.page.keyboard.type("Medidor inv")
    marta.press("Tab", "Tab")
    marta.page.keyboard.type("Gira al reves")
    marta.press("Tab")
    marta.page.keyboard.type("010293")
    marta.choose("Guardar reporte")
    marta.see("Reporte REP-")
    assert Case.objects.get().type.code == "inverted_meter"
