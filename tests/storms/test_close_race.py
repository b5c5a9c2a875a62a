"""Payments racing the close of their month: each entry is in it before the seal, or in the next one; the seal never lies."""

import os
import random
from datetime import date
from typing import Any

import pytest
from tests.storms.street import at_once, everything_agrees, open_tills, settle, take
from tests.town.cast import moment

from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger import queries
from caudal.ledger.models import JournalEntry, MonthClose
from caudal.registry.models import Account
from caudal.rules.periods import Period

SEED = int(os.environ.get("CAUDAL_STORM_SEED", "20190305"))
MARCH, APRIL_2 = Period(201903), date(2019, 4, 2)
HANDS = 6


@pytest.fixture
def street(own_database: str) -> list[Account]:
    """Eight accounts that owe two months of $100.00 each, late; January and February of the books are closed."""
    street = settle(houses=8)
    first = queries.first_open_month()
    while first is not None and first < MARCH:
        _close(first)
        first = queries.first_open_month() or MARCH
    return street


def _close(month: Period) -> MonthClose:
    digest = queries.month_figures(month=month).digest
    return ledger.close_month(
        month=month, digest=digest, reviewed_by="laura", closed_by="salas", at=moment(APRIL_2)
    )


def _insist() -> MonthClose:
    """Close March with the figures of this moment, again and again until none moved in between."""
    for _ in range(500):
        try:
            return _close(MARCH)
        except Refusal as refusal:
            assert "ya no son las que se revisaron" in str(refusal), refusal
    raise AssertionError("March never closed")


def test_each_payment_is_in_the_month_before_its_seal_or_in_the_next(street: list[Account]) -> None:
    """Six tills of 5 March take 20 payments each while Salas closes March: nobody at a window is refused."""
    chance, sessions = random.Random(SEED), open_tills(HANDS)
    acts: list[Any] = [
        lambda session=session, holder=chance.choice(street), cents=chance.randrange(100, 2_000): take(
            holder, cents, session=session
        )
        for _ in range(20)
        for session in sessions
    ]
    acts.insert(chance.randrange(len(acts)), _insist)

    results = at_once(acts, hands=HANDS + 1)

    assert not [each for each in results if isinstance(each, Refusal)], f"seed {SEED}"
    close = MonthClose.objects.get(month=201903)
    assert queries.month_figures(month=MARCH).by_account == close.figures, f"seed {SEED}"
    before = JournalEntry.objects.filter(kind="credit.payment", on=date(2019, 3, 5), happened_on=None).count()
    after = JournalEntry.objects.filter(
        kind="credit.payment", on=date(2019, 4, 1), happened_on=date(2019, 3, 5)
    ).count()
    assert before + after == 120 == JournalEntry.objects.filter(kind="credit.payment").count(), f"seed {SEED}"
    assert everything_agrees()


def test_two_people_closing_one_month_close_it_once(street: list[Account]) -> None:
    [session] = open_tills(1)
    take(street[0], 500, session=session)
    results = at_once([lambda: _close(MARCH)] * 6, hands=6)
    assert sum(isinstance(each, MonthClose) for each in results) == 1
    assert MonthClose.objects.filter(month=201903).count() == 1
    assert all(isinstance(each, MonthClose | Refusal) for each in results)
