"""The town in April 2019 with its books; don Chuy owes three months and nobody else owes anything."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.arrangements.tests.desk import owe
from caudal.kernel.models import Utility
from caudal.registry.models import Account
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

PUBLISHED = moment(date(2018, 12, 20))


@pytest.fixture
def april(town: Town) -> Town:
    """Don Chuy owes $100.00 of each of January, February and March, due on the 15th of the month after."""
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariffs.load_book(body=books.shipped_text(code=code), by="laura", at=PUBLISHED)
        tariffs.publish_book(book=book, by="salas", at=PUBLISHED)
    Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Sistema Barquense de Agua Potable", rfc="SBA010101AA4",
        locality="La Barca", phone="392 935 0000",
    )  # fmt: skip
    for period, due_on in (
        (201901, date(2019, 2, 15)),
        (201902, date(2019, 3, 15)),
        (201903, date(2019, 4, 15)),
    ):
        owe(town.chuy, 100_00, period=period, due_on=due_on)
    return town


@pytest.fixture
def neighbor(april: Town) -> Account:
    """The ranch owes the very same as don Chuy and signs nothing."""
    for period, due_on in (
        (201901, date(2019, 2, 15)), (201902, date(2019, 3, 15)), (201903, date(2019, 4, 15)),
    ):  # fmt: skip
        owe(april.rancho, 100_00, period=period, due_on=due_on)
    return april.rancho
