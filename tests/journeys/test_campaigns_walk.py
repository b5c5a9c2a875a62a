"""Campaigns in a browser: prepared by keyboard, published with a PIN, every page sound at every width."""

from collections.abc import Callable

import pytest
from django.db import transaction

from caudal.campaigns import commands
from caudal.campaigns.models import Campaign
from caudal.campaigns.tests.stories import draft, in_force, pay_at_once
from caudal.registry.queries import account_by_number
from tests.journeys.browsing import Walk
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town.cast import PIN, moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]


@transaction.atomic
def a_busy_winter() -> None:
    """One in force that forgave, one being prepared, one withdrawn, one announced."""
    january = {"starts_at": moment(TODAY.replace(day=1), 0), "ends_at": moment(TODAY, 23)}
    in_force(
        code="ENERO-2019",
        name="Enero: 10 % del agua",
        reduces=["water"],
        ppm=100_000,
        cap_cents=500_00,
        **january,
    )
    draft()
    in_force(
        code="PRUEBA", name="Descuento que el consejo revocó", withdrawn_at=january["starts_at"],
        withdrawn_by="salas", withdrawal_reason="El consejo la revocó en la sesión del 12", **january,
    )  # fmt: skip
    in_force(
        code="DICIEMBRE-2019", name="Diciembre sin recargos", starts_at=moment(TODAY.replace(month=12, day=1), 0),
        ends_at=moment(TODAY.replace(month=12), 23), published_at=january["starts_at"],
    )  # fmt: skip
    for place, (number, cents) in enumerate(
        (("010117", 50_000_00), ("010405", 50_000_00), ("010620", 90_000_00))
    ):
        pay_at_once(account_by_number(number=number), cents, on=TODAY, document=f"A-00007{place}")
    commands.take_back_waivers(
        document="A-000071", reversal="A-000080", reason="Se cobró a otra cuenta", on=TODAY, at=moment(TODAY, 12),
        by="rosa",
    )  # fmt: skip


def test_every_page_is_sound_at_three_widths(living_site: str, walk: Start) -> None:
    a_busy_winter()
    laura = walk(living_site, "laura")
    pages = (
        "/campanas/", "/campanas/nueva/", "/campanas/ABRIL-2019/borrador/", "/campanas/ABRIL-2019/",
        "/campanas/ENERO-2019/", "/campanas/PRUEBA/", "/campanas/condonado/",
    )  # fmt: skip
    found = [fault for path in pages for fault in faults(laura, path)]
    assert found == [], "\n".join(found)


def test_by_keyboard_from_the_menu_to_a_published_campaign(living_site: str, walk: Start) -> None:
    laura = walk(living_site, "laura")
    laura.go("/campanas/")
    laura.choose("Preparar campaña")
    laura.page.keyboard.type("Marzo sin recargos")
    for words in ("MARZO-2019", "CA-7/2019", "01/03/2019", "31/03/2019", "75"):
        laura.press("Tab")
        laura.page.keyboard.type(words)
    laura.reach("Pago en una sola exhibición")
    laura.press("Space")
    laura.choose("Guardar borrador")
    laura.see("Se guardó el borrador de Marzo sin recargos.")
    laura.reach("Motivo")
    laura.page.keyboard.type("Sesión del 20")
    laura.press("Tab")
    laura.page.keyboard.type("Ing")
    laura.press("Tab")
    laura.page.keyboard.type(PIN)
    with laura.page.expect_navigation():
        laura.press("Enter")

    laura.see("Marzo sin recargos está publicada.")
    assert Campaign.objects.get().published_by == "salas"
