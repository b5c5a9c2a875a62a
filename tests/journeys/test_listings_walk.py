"""Listings in a browser: narrowed by hand, opened on a document, sound at three widths."""

from collections.abc import Callable

import pytest

from tests.journeys.browsing import Walk
from tests.journeys.test_every_screen import faults

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
ALL = "desde=2018-01-01&hasta=2019-01-31"
PAGES = (
    "/listados/", f"/listados/bills/?{ALL}", f"/listados/readings/?{ALL}&source=phone", f"/listados/collected/?{ALL}",
    "/listados/overdue/", "/listados/active_services/", f"/listados/cuts/?{ALL}", "/listados/bills/?desde=ayer",
    f"/listados/closings/?{ALL}",
)  # fmt: skip


def test_every_page_is_sound_at_three_widths(site: str, walk: Start) -> None:
    ofelia = walk(site, "ofelia")
    assert [fault for path in PAGES for fault in faults(ofelia, path)] == []


def test_the_auditor_narrows_a_listing_and_opens_its_document(site: str, walk: Start) -> None:
    ofelia = walk(site, "ofelia")
    ofelia.go(f"/listados/collected/?{ALL}")
    ofelia.page.get_by_label("Concepto", exact=True).select_option(label="Agua potable")
    ofelia.page.get_by_role("button", name="Ver").click()
    ofelia.see("Concepto: Agua potable.")
    ofelia.page.get_by_role("link", name="A-000001").first.click()
    ofelia.see("A-000001")
    assert ofelia.page.url.endswith("/comprobantes/A-000001/")
