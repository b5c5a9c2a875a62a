"""The town in 2019 and in 2026 with its books; who owes, and how long."""

from datetime import date

import pytest
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.arrangements.tests.desk import owe
from caudal.disconnections.models import ReconnectionOrder
from caudal.disconnections.tests import crew, screen
from caudal.kernel import clock
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books_of

PUBLISHED = moment(date(2017, 12, 20))


@pytest.fixture
def books(town: Town) -> Town:
    """The town with its books published."""
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = tariffs.load_book(body=books_of.shipped_text(code=code), by="laura", at=PUBLISHED)
        tariffs.publish_book(book=book, by="salas", at=PUBLISHED)
    return town


@pytest.fixture
def july(books: Town) -> Town:
    """July 2019: don Chuy, doña Lupita, the lot, the school and the mill owe $100.00 of each of March, April and May."""
    town = books
    for account in (town.chuy, town.lupita, town.lot, town.school, town.espiga):
        for month in (3, 4, 5):
            owe(account, 100_00, period=201900 + month, due_on=date(2019, month + 1, 15))
    return town


@pytest.fixture
def at_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Saturday the 20th of July, at ten."""
    monkeypatch.setattr(clock, "now", lambda: screen.NOW)


@pytest.fixture
def laura(july: Town, at_ten: None) -> Client:
    return entered("laura")


@pytest.fixture
def salas(july: Town, at_ten: None) -> Client:
    counter.hire()
    return entered("salas")


@pytest.fixture
def water(july: Town, laura: Client) -> ReconnectionOrder:
    """Don Chuy was cut at 9:30 and paid everything at 10:00."""
    order = crew.dispatched(july.chuy)
    laura.post(f"/cortes/ordenes/{order.folio}/resultado/", screen.RESULT)
    counter.pay(july.chuy, 400_00, on=screen.DAY, hour=10)
    return ReconnectionOrder.objects.get()
