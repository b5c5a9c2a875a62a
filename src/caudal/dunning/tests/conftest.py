"""The town in the first days of February 2019, with the books of both years and the debts a story gives it."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.kernel.models import Utility
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books

PUBLISHED = moment(date(2017, 12, 20))


@pytest.fixture
def priced(town: Town) -> Town:
    """The 2018 and 2019 books in force, and the utility that signs the notices."""
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariffs.load_book(body=books.shipped_text(code=code), by="laura", at=PUBLISHED)
        tariffs.publish_book(book=book, by="salas", at=PUBLISHED)
    Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Sistema Barquense de Agua Potable, Alcantarillado y Saneamiento",
        rfc="SBA010101AA4", locality="La Barca", phone="392 935 0000", address="Morelos 100, Centro",
    )  # fmt: skip
    return town
