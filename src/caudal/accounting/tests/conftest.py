"""The demo books of 2018 and 2019 are in force, and after every story everything must agree."""

from collections.abc import Iterator
from datetime import date
from importlib import resources

import pytest
from tests.town.cast import moment

from caudal.cashier import checks as cashier_checks
from caudal.kernel import checks as kernel_checks
from caudal.kernel.models import Utility
from caudal.ledger import checks as ledger_checks
from caudal.tariffs import commands as tariffs


@pytest.fixture
def books(db: None) -> None:
    """Late payment costs 1 % per month or fraction; oldest month first, accessories before principal."""
    for year in (2018, 2019):
        body = (resources.files("caudal.tariffs") / "books" / f"la-barca-demo-{year}.toml").read_bytes()
        at = moment(date(year, 1, 1), hour=0)
        tariffs.publish_book(book=tariffs.load_book(body=body, by="laura", at=at), by="salas", at=at)


@pytest.fixture
def utility(db: None) -> Utility:
    """The utility whose name is on every paper."""
    return Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Sistema Barquense de Agua Potable", rfc="SBA010101AA4",
        locality="La Barca", phone="392 935 0000",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def everything_agrees(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("django_db"):
        checks = [*kernel_checks.CHECKS, *ledger_checks.CHECKS, *cashier_checks.CHECKS]
        assert [finding for check in checks for finding in check.find()] == []
