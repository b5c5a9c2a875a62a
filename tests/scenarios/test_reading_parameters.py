"""How many months an estimate looks at is written in the tariff book, and metering asks it through the wiring."""

from datetime import date

import pytest

from caudal.metering import parameters
from caudal.metering.policy import USUAL_RULES
from caudal.tariffs import commands as tariffs
from caudal.tariffs import queries as books
from tests.town.cast import moment


@pytest.mark.django_db
def test_the_book_in_force_says_how_to_estimate() -> None:
    assert parameters.in_force(on=date(2019, 1, 31)) == USUAL_RULES  # no book yet
    text = books.shipped_text(code="la-barca-demo-2019").decode()
    usual = "mean_of = 6\nat_least = 3\nmost_consecutive = 2\n"
    assert usual in text
    body = text.replace(usual, "mean_of = 4\nat_least = 2\nmost_consecutive = 1\n")
    at = moment(date(2018, 12, 20))
    tariffs.publish_book(book=tariffs.load_book(body=body.encode(), by="laura", at=at), by="salas", at=at)

    rules = parameters.in_force(on=date(2019, 1, 31))

    assert (rules.estimate_mean_of, rules.estimate_at_least, rules.max_consecutive_estimates) == (4, 2, 1)
    assert parameters.in_force(on=date(2018, 1, 31)) == USUAL_RULES
