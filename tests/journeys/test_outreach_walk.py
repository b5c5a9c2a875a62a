"""Outreach in a browser: a plan from the desk, a row of the log from the street, sound at every width."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from caudal.outreach import commands
from caudal.outreach.models import OutreachEntry
from caudal.outreach.tests import winter
from caudal.registry.queries import account_by_number
from tests.journeys.browsing import Walk
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town import counter

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
HOME = "/difusion/campanas/PRONTO-2019/"


@transaction.atomic
def a_busy_january() -> OutreachEntry:
    """Radio, car, walls and Facebook; one row of them a mistake, one with its photo."""
    of = winter.campaign()
    winter.campaign(code="MARZO-2019", name="Marzo", published_at=None, published_by="", council_agreement="")
    spot = winter.planned(of)
    car = winter.planned(
        of, channel="loudspeaker_route", title="Perifoneo en el centro", place="Hidalgo, Morelos, Juárez y el malecón",
        planned_to=date(2019, 1, 31), cost_cents=80_000,
    )  # fmt: skip
    wall = winter.planned(
        of, channel="poster_site", title="Cartelones", place="Mercado, plaza y entrada a El Carmen"
    )
    page = winter.planned(
        of, channel="social_network", title="Publicación en Facebook", place="", cost_cents=0
    )
    winter.planned(of, channel="message", title="WhatsApp a quienes dieron su número", place="", cost_cents=0)
    for day in (2, 4, 7, 9, 11, 14, 16, 18, 21, 23, 25, 28, 30):
        winter.done(spot, 4, on=date(2019, 1, day), cost_cents=20_000)
    for day in (3, 12, 26):
        winter.done(
            car, 15 + day, on=date(2019, 1, day), cost_cents=30_000, note="Recorrido completo, dos vueltas"
        )
    winter.done(page, 1_240, on=date(2019, 1, 15))
    wrong = winter.done(wall, 120, on=date(2019, 1, 5))
    commands.void_entry(entry=wrong, reason="Fueron 12", at=winter.AT, by="laura")
    espiga = account_by_number(number="010405")
    winter.granted(of, espiga, TODAY)
    counter.pay(espiga, 83_450, on=TODAY)
    proof = commands.read_evidence(body=winter.photo())
    return winter.done(wall, 12, on=date(2019, 1, 5), cost_cents=14_400, evidence=proof)


def test_every_page_is_sound_at_three_widths(living_site: str, walk: Start) -> None:
    entry = a_busy_january()
    laura = walk(living_site, "laura")
    pages = (
        "/difusion/", HOME, f"{HOME}plan/", f"/difusion/acciones/{entry.action_id}/",
        f"/difusion/acciones/{entry.action_id}/anotacion/", f"/difusion/anotaciones/{entry.pk}/anulacion/",
        "/difusion/campanas/MARZO-2019/",
    )  # fmt: skip
    found = [fault for path in pages for fault in faults(laura, path)]
    laura.go(HOME)
    laura.page.get_by_text("Las cifras de cada día").click()
    laura.see("Cobrado ese día")
    assert found == [], "\n".join(found)


def test_on_the_street_one_figure_and_enter(living_site: str, walk: Start) -> None:
    """Marta with her telephone: the page is open at the figure; she types 8 and Enter."""
    entry = a_busy_january()
    marta = walk(living_site, "marta", width=360, height=740)
    marta.go(f"/difusion/acciones/{entry.action_id}/anotacion/")
    assert "Cuántos cartelones" in marta.focused()

    marta.page.keyboard.type("8")
    with marta.page.expect_navigation():
        marta.press("Enter")

    marta.see("Anotado: 8 cartelones.")
    written = OutreachEntry.objects.latest("pk")
    assert (written.quantity, written.on, written.by) == (8, TODAY, "marta")


def test_by_keyboard_from_the_menu_to_a_plan(living_site: str, walk: Start) -> None:
    a_busy_january()
    laura = walk(living_site, "laura")
    laura.go("/difusion/")
    laura.choose("Pronto pago 2019")
    laura.choose("Planear acción")
    laura.reach("Elija el canal")
    laura.page.keyboard.type("Cart")
    for words in ("Cartelón del jardín", "Jardín principal"):
        laura.press("Tab")
        laura.page.keyboard.type(words)
    laura.choose("Planear")
    laura.see("Planeado: Cartelón del jardín.")
