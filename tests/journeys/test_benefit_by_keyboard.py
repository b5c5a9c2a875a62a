"""Doña Chayo got her pension: Verónica registers her benefit while she waits, with the mouse unplugged."""

from collections.abc import Callable
from datetime import date

import pytest

from caudal.benefits.models import BenefitEvidence
from caudal.benefits.tests.window import picture, register
from caudal.quotes import queries as quotes
from caudal.registry import commands as registry
from caudal.registry.models import Account, Benefit, Locality, Route, TariffClass
from tests.journeys.browsing import Walk
from tests.journeys.keys import Hands
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]

# picking the card up and holding it before the camera: an assumption, as long as a person takes to say it
CAMERA = 15.0


@pytest.fixture
def chayo(living_site: str) -> Account:
    """010950, flat, of Zaragoza 50; she owes nothing."""
    return registry.open_account(
        number="010950", holder=registry.Holder(full_name="Rosario Villaseñor Ochoa", phone="392 925 0950"),
        place=registry.Place(
            address="Zaragoza 50", locality=Locality.objects.get(code="LA BARCA"),
            route=Route.objects.get(code="01-001"), walk_sequence=50,
        ),
        tariff_class=TariffClass.objects.get(code="HAB-GEN"), is_metered=False, opened_on=date(2018, 1, 2),
        by="laura", at=moment(TODAY, 8),
    )  # fmt: skip


def reach(hands: Hands, words: str, *, most: int = 45) -> None:
    """Tab until the control with these words; every Tab is a key of the person."""
    for _ in range(most):
        hands.press("Tab")
        if words in hands.walk.focused():
            return
    raise AssertionError(f"{most} tabs did not reach «{words}»")


def test_from_her_account_to_her_benefit_within_45_seconds(
    living_site: str, walk: Start, chayo: Account
) -> None:
    """Account, «Beneficio», Space on the first category, folio, expiry, lives there, photo, Enter."""
    veronica = Hands(walk(living_site, "veronica"))
    page = veronica.walk.page
    veronica.walk.go("/cuentas/010950/")
    veronica.walk.reach("Trámites")  # the menu's; what she presses counts from the account's own actions
    reach(veronica, "Beneficio")
    if "Beneficiarios" in veronica.walk.focused():
        reach(veronica, "Beneficio")
    with page.expect_navigation():
        veronica.press("Enter")
    assert page.url.endswith("/cuentas/010950/beneficio/")
    veronica.press("Space", "Tab", "Tab")
    assert "Últimos 4" in veronica.walk.focused()
    veronica.type("2930")
    veronica.press("Tab")
    veronica.type("15062020")
    veronica.press("Tab", "Space")
    assert "Vive en este predio" in veronica.walk.focused()
    veronica.press("Tab")
    page.set_input_files("#id_photo", {"name": "tarjeta.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    reach(veronica, "Registrar beneficio", most=3)
    with page.expect_navigation():
        veronica.press("Enter")
    veronica.walk.see("Beneficio registrado: pensionado o jubilado.")
    veronica.walk.see("Los recibos ya emitidos no cambian.")

    held = Benefit.objects.get(account=chayo)
    # the card lasts to June 2020, but this utility asks for it again in a year
    assert (held.effective_from, held.effective_to) == (TODAY, date(2020, 1, 31))
    seen = BenefitEvidence.objects.get(benefit=held)
    assert (seen.kind, seen.folio_last4, seen.expires_on) == (
        "credencial de pensionado del IMSS", "2930", date(2020, 6, 15),
    )  # fmt: skip
    assert seen.photo
    # which category, which document, does she live there, is it right; and two looks at the card
    assert veronica.seconds(decisions=6, response=CAMERA) <= 45
    # 135.30 a month: 110.00 + 22.00 + 3.30; half of each is 55.00 + 11.00 + 1.65 = 67.65
    ahead = quotes.months_ahead(account=chayo, months=2, on=TODAY)
    assert [(line.full_cents, line.benefit_cents, line.quoted_cents) for line in ahead.lines] == [
        (135_30, 67_65, 67_65)
    ] * 2


def test_the_pages_are_sound_at_three_widths(living_site: str, walk: Start, chayo: Account) -> None:
    """Empty, filled, refused, looked at: nothing for axe to say and nothing beyond the edge."""
    held = register(chayo, shown={"photo": picture()})
    marta = walk(living_site, "marta")
    paths = (
        "/cuentas/010950/beneficio/", "/cuentas/010117/beneficio/", f"/beneficiarios/{held.pk}/",
        f"/beneficiarios/{held.pk}/renovacion/", "/beneficiarios/", "/beneficiarios/?estado=ended",
        "/beneficiarios/renovaciones/?dias=366",
    )  # fmt: skip
    assert [fault for path in paths for fault in faults(marta, path)] == []


def test_what_is_missing_takes_the_cursor_to_its_field(living_site: str, walk: Start, chayo: Account) -> None:
    """Enter with the folio forgotten: the cursor waits in it, and what was chosen is still chosen."""
    marta = walk(living_site, "marta")
    marta.go("/cuentas/010950/beneficio/")
    marta.press("Space", "Tab", "Tab")
    with marta.page.expect_navigation():
        marta.press("Enter")
    assert "Últimos 4 de su folio" in marta.focused()
    assert "Falta: últimos 4 de su folio." in marta.text
    assert marta.page.is_checked("input[value=pensioner]")
    assert not Benefit.objects.filter(account=chayo).exists()


def test_looking_at_the_document_by_keyboard(living_site: str, walk: Start, chayo: Account) -> None:
    held = register(chayo, shown={"photo": picture()})
    marta = walk(living_site, "marta")
    marta.go(f"/beneficiarios/{held.pk}/")
    marta.reach("Para qué lo consulta")
    marta.page.keyboard.type("Cotejar el folio")
    with marta.page.expect_navigation():
        marta.press("Enter")
    marta.see("termina en 2930")
    assert marta.page.evaluate("document.querySelector('img.proof').naturalWidth") == 640
