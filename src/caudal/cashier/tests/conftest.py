"""The demo books of 2018 and 2019 are in force, and after every story everything must agree, seal by seal."""

from collections.abc import Iterator
from datetime import date
from importlib import resources

import pytest
from tests.oracle.seals import broken_seals

from caudal.cashier import checks as cashier_checks
from caudal.kernel import checks as kernel_checks
from caudal.ledger import catalog
from caudal.ledger import checks as ledger_checks
from caudal.ledger.commands import ChargeLine
from caudal.ledger.tests.builders import account, bill, moment
from caudal.registry.models import Account
from caudal.tariffs import commands as tariffs


@pytest.fixture
def books(db: None) -> None:
    """Late payment costs 1 % per month or fraction; oldest month first, accessories before principal."""
    for year in (2018, 2019):
        body = (resources.files("caudal.tariffs") / "books" / f"la-barca-demo-{year}.toml").read_bytes()
        at = moment(date(year, 1, 1), hour=0)
        tariffs.publish_book(book=tariffs.load_book(body=body, by="laura", at=at), by="salas", at=at)


@pytest.fixture
def chuy(db: None) -> Account:
    """Don Chuy owes January: water $100.00 and treatment $20.00, due on the 20th."""
    chuy = account("010117")
    bill(chuy, ChargeLine(catalog.WATER, 10_000), ChargeLine(catalog.WASTEWATER_TREATMENT, 2_000))
    return chuy


@pytest.fixture
def espiga(db: None) -> Account:
    """The tortillería owes January: water $300.00, due on the 20th."""
    espiga = account("010405")
    bill(espiga, ChargeLine(catalog.WATER, 30_000))
    return espiga


@pytest.fixture(autouse=True)
def everything_agrees(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("django_db"):
        checks = [*kernel_checks.CHECKS, *ledger_checks.CHECKS, *cashier_checks.CHECKS]
        assert [finding for check in checks for finding in check.find()] == []
        assert broken_seals() == []
