"""In practice every page says so in a ribbon of its own, which who does not see the page finds as well."""

from collections.abc import Callable

import pytest

from caudal.kernel.models import Utility
from tests.journeys.browsing import Walk
from tests.journeys.test_every_screen import faults

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("marta", "/cuentas/010293/"),
        ("veronica", "/ventanilla/"),
        ("", "/entrar/"),
        ("", "/reportes/nuevo/"),
        ("", "/v/"),
    ],
)
def test_the_ribbon_of_practice_is_a_place_of_the_page(
    living_site: str, walk: Start, username: str, path: str
) -> None:
    Utility.objects.update(is_practice=True)
    somebody = walk(living_site, username)
    assert faults(somebody, path) == []
    ribbon = somebody.page.get_by_role("region", name="Modo de práctica")
    assert ribbon.inner_text() == "PRÁCTICA — no es dinero real"
    assert ribbon.is_visible()


def test_on_real_days_there_is_no_ribbon(site: str, walk: Start) -> None:
    desk = walk(site, "marta")
    desk.go("/cuentas/010293/")
    assert desk.page.get_by_role("region", name="Modo de práctica").count() == 0
