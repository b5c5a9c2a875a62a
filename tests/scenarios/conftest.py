"""The tariff books that the stories lean on."""

import pytest

from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books
from tests.scenarios.old_system import AT


@pytest.fixture
def classes(db: None) -> None:
    """The classes of the demonstration book, as publishing it leaves them."""
    book = tariffs.load_book(body=books.shipped_text(code="la-barca-demo-2019"), by="salas", at=AT)
    tariffs.publish_book(book=book, by="rosa", at=AT)
