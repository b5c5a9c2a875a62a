"""The town in April 2019 with its books; don Chuy owes three months."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.kernel.models import Utility
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.models import DocumentKind
from caudal.registry.models import Account
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

PUBLISHED = moment(date(2018, 12, 20))


def owe(account: Account, cents: int, *, period: int, due_on: date) -> None:
    """A bill of water, as if a run had issued it at the end of its month."""
    on = date(period // 100, period % 100, 28)
    ledger.post_charges(
        account=account, lines=[ledger.ChargeLine(catalog.WATER, cents)], document_kind=DocumentKind.BILL,
        due_on=due_on, on=on, at=moment(on), by="laura", period=period,
    )  # fmt: skip


@pytest.fixture
def april(town: Town) -> Town:
    """Don Chuy owes $100.00 of January, $110.00 of February and $120.00 of March."""
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariffs.load_book(body=books.shipped_text(code=code), by="laura", at=PUBLISHED)
        tariffs.publish_book(book=book, by="salas", at=PUBLISHED)
    Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Sistema Barquense de Agua Potable", rfc="SBA010101AA4", locality="La Barca",
        phone="392 935 0000", public_url="https://agua.labarca.example",
    )  # fmt: skip
    owe(town.chuy, 100_00, period=201901, due_on=date(2019, 2, 15))
    owe(town.chuy, 110_00, period=201902, due_on=date(2019, 3, 15))
    owe(town.chuy, 120_00, period=201903, due_on=date(2019, 3, 31))
    return town
