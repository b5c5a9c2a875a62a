"""Verónica charges with the mouse unplugged; every key she presses is counted against its budget."""

from collections.abc import Callable
from datetime import date

import pytest

from caudal.cashier.models import Receipt
from caudal.documents.payment_codes import payment_reference
from tests.journeys.browsing import Walk
from tests.journeys.keys import Hands

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]

# the bars of Doña Lupita's bill: they carry what it said, not what she owes today
LUPITA = payment_reference(account_number="010293", amount_cents=11_699, due_on=date(2019, 1, 13))


@pytest.fixture
def veronica(living_site: str, walk: Start) -> Hands:
    """She is at her window, her session open since eight."""
    opened = walk(living_site, "veronica")
    opened.go("/ventanilla/")
    return Hands(opened)


def folios() -> list[str]:
    return [each.folio for each in Receipt.objects.filter(series="A").order_by("number")]


def test_scan_enter_enter(veronica: Hands) -> None:
    """Scan, Enter, Enter: Doña Lupita pays her $146.17 exact ($37.08 + $109.09) with two keys."""
    with veronica.within(2):
        veronica.scan(LUPITA)
        veronica.walk.see("$146.17")
        veronica.press("Enter", "Enter")
        veronica.walk.see("Cobrado ✓ folio A-000003")
    last = Receipt.objects.latest("id")
    assert (last.folio, last.total_cents) == ("A-000003", 14_617)
    assert veronica.walk.page.evaluate("document.activeElement.id") == "search"
