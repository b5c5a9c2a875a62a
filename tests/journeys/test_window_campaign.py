"""A campaign at the window: a line of the debt, a smaller total in the same two keys, its name on the paper."""

from collections.abc import Callable
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from caudal.campaigns.models import Waiver
from caudal.campaigns.tests import stories
from caudal.cashier.models import Receipt
from tests.journeys.browsing import Walk
from tests.journeys.keys import Hands
from tests.journeys.test_window_keys import LUPITA
from tests.town.cast import ZONE

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]


@pytest.fixture
def veronica(living_site: str, walk: Start) -> Hands:
    """January forgives three quarters of the surcharges; Doña Lupita owes $146.17, of them 1.08 of surcharge."""
    stories.in_force(
        code="ENERO-2019", name="75 % en recargos", starts_at=datetime(2019, 1, 1, tzinfo=ZONE),
        ends_at=datetime(2019, 2, 1, tzinfo=ZONE),
    )  # fmt: skip
    opened = walk(living_site, "veronica")
    opened.go("/ventanilla/")
    return Hands(opened)


def test_what_is_forgiven_is_a_line_and_the_charge_takes_the_same_two_keys(veronica: Hands) -> None:
    """0.75 × 1.08 = 0.81; 146.17 − 0.81 = 145.36."""
    with veronica.within(2):
        veronica.scan(LUPITA)
        veronica.walk.see("75 % en recargos")
        veronica.walk.see("$145.36")
        veronica.press("Enter", "Enter")
        veronica.walk.see("Cobrado ✓ folio A-000003")
    receipt = Receipt.objects.filter(series="A").latest("number")
    waiver = Waiver.objects.get()
    assert (receipt.total_cents, waiver.cents, waiver.document) == (145_36, 81, "A-000003")
    veronica.walk.go(f"/comprobantes/{receipt.folio}/")
    veronica.walk.see("Se condonó: 75 % en recargos")


def test_who_pays_less_is_told_what_is_lost_before_confirming(veronica: Hands) -> None:
    veronica.scan(LUPITA)
    veronica.press("F6")
    veronica.type("100")
    veronica.press("Enter")
    veronica.walk.see("Queda debiendo $46.17.")
    veronica.walk.see("Si paga todo hoy: 75 % en recargos")
    veronica.walk.see("se condonan $0.81, pagaría $145.36")
    assert not Waiver.objects.exists()


def test_the_window_with_a_campaign_has_nothing_that_axe_complains_of(veronica: Hands) -> None:
    veronica.scan(LUPITA)
    veronica.walk.see("$145.36")
    assert Axe().run(veronica.walk.page).response["violations"] == []


def test_the_statement_and_the_quote_say_the_same(veronica: Hands) -> None:
    veronica.walk.go("/cuentas/010293/estado-de-cuenta/")
    veronica.walk.see("paga $145.36")
    assert Axe().run(veronica.walk.page).response["violations"] == []
    veronica.walk.go("/cuentas/010293/cotizacion/")
    veronica.walk.see("Se condona: 75 % en recargos")
    veronica.walk.see("$145.36")
    assert Axe().run(veronica.walk.page).response["violations"] == []
