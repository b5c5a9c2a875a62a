"""Months paid ahead in a browser: quoted and charged at the window, followed and ended on their page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from caudal.campaigns.models import Campaign, PrepaidMonth, PrepaidMonthEnd
from tests.journeys.browsing import Walk
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
PAGE = "/cuentas/010117/meses-adelantados/"
PAGES = (PAGE, "/cuentas/010293/meses-adelantados/?months=3", "/cuentas/010117/", f"{PAGE}?months=99")


@transaction.atomic
def early() -> Campaign:
    at = moment(TODAY)
    return Campaign.objects.create(
        code="PRONTO-15", name="Pronto pago 15 %", starts_at=at - timedelta(days=31), ends_at=at + timedelta(days=31),
        on_prepayment=True, least_months=1, ppm=150_000, council_agreement="CA-1/2019", drafted_at=at,
        drafted_by="laura", published_at=at, published_by="salas",
    )  # fmt: skip


def test_a_year_from_the_window_to_its_end(living_site: str, walk: Start) -> None:
    """Verónica charges twelve months; Marta ends them; every page is sound at both widths."""
    early()
    veronica = walk(living_site, "veronica")
    veronica.go("/ventanilla/cuenta/010117/cobro/")
    veronica.page.locator("#months_010117").fill("12")
    veronica.page.keyboard.press("Enter")
    veronica.see("enero 2019 a diciembre 2019 $1,380.00 (precio completo $1,623.60, menos $243.60")
    veronica.see("$115.00 cada uno")
    veronica.page.locator("#charge-now").click()
    veronica.see("Cobrado ✓")
    assert PrepaidMonth.objects.count() == 12

    marta = walk(living_site, "marta")
    found = [fault for path in PAGES for fault in faults(marta, path)]
    assert found == [], "\n".join(found)
    marta.page.set_viewport_size({"width": 1366, "height": 768})
    marta.go(PAGE)
    marta.page.get_by_label("Motivo").fill("Vendió la casa")
    marta.page.get_by_role("button", name="Terminar 12 meses").click()
    marta.see("12 meses terminados. $1,380.00 quedan a favor.")
    assert PrepaidMonthEnd.objects.count() == 12
