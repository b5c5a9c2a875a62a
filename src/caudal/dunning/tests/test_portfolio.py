"""The portfolio: every figure adds up, every figure opens the accounts that make it, and what each stage brought."""

from datetime import date, timedelta

import pytest
from tests.town import counter
from tests.town.cast import Town

from caudal.dunning import queries
from caudal.dunning.queries import Cut
from caudal.dunning.tests.collection import TODAY, issue, overdue, owe, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def owing(priced: Town) -> Town:
    """Chuy owes since November and since January; the tortillería since November; the rancho since 1 February."""
    owe(priced.chuy, 1_000_00)
    owe(priced.chuy, 200_00, period=201812, due_on=date(2019, 1, 15))
    owe(priced.espiga, 2_000_00)
    owe(priced.rancho, 300_00, period=201812, due_on=date(2019, 2, 1))
    owe(priced.lot, 100_00, period=201901, due_on=TODAY + timedelta(days=3))  # not due yet
    return priced


def test_each_debt_ages_by_itself(owing: Town) -> None:
    """Chuy: $1,030.00 of 90 days, $202.00 of 27. La Espiga: $2,060.00 of 90. The rancho: $303.00 of 10."""
    told = queries.portfolio(on=TODAY)
    assert {row.key: row.cents for row in told.rows} == {
        "residential": (202_00, 0, 1_030_00, 0, 0, 0),
        "commercial": (0, 0, 2_060_00, 0, 0, 0),
        "mixed_rural": (303_00, 0, 0, 0, 0, 0),
    }
    assert told.cents == (505_00, 0, 3_090_00, 0, 0, 0)
    assert (told.total_cents, told.n_accounts) == (3_595_00, 3)
    assert told.total_cents == sum(overdue(each) for each in owing.accounts)


def test_what_is_expected_is_each_account_by_the_rate_of_its_oldest_debt(owing: Town) -> None:
    """Assumed: 30 % at 90 days, 50 % at 10. 30 % of $3,292.00 = $987.60; 50 % of $303.00 = $151.50."""
    assert queries.portfolio(on=TODAY).expected_cents == 987_60 + 151_50


@pytest.mark.parametrize("by", ["use", "locality", "route"])
def test_every_figure_opens_the_accounts_that_make_it(owing: Town, by: str) -> None:
    told = queries.portfolio(on=TODAY, by=by)
    for row in told.rows:
        for bucket, cents in enumerate(row.cents):
            listed = queries.debtor_rows(on=TODAY, cut=Cut(**{by: row.key}, bucket=bucket))  # type: ignore[arg-type]
            assert sum(each.cents for each in listed) == cents
        assert len(queries.debtor_rows(on=TODAY, cut=Cut(**{by: row.key}))) == row.n_accounts  # type: ignore[arg-type]
    assert sum(row.total_cents for row in told.rows) == told.total_cents == 3_595_00


def test_cuts_cross(owing: Town) -> None:
    told = queries.portfolio(on=TODAY, by="route", cut=Cut(use="residential", locality="LA BARCA"))
    assert [(row.key, row.total_cents) for row in told.rows] == [("01-001", 1_232_00)]


def test_the_list_begins_where_most_is_expected(owing: Town) -> None:
    """La Espiga 30 % of $2,060.00 = $618.00; Chuy 30 % of $1,232.00 = $369.60; the rancho $151.50."""
    told = queries.debtor_rows(on=TODAY, cut=Cut())
    assert [(each.number, each.expected_cents) for each in told] == [
        ("010405", 618_00), ("010117", 369_60), ("020031", 151_50)
    ]  # fmt: skip


def test_a_stage_recovers_what_is_paid_after_it_within_thirty_and_ninety_days(owing: Town) -> None:
    """Served on 11 February. $500.00 on the 20th (9 days), $400.00 on 1 April (49), $100.00 on 1 June (110: too late)."""
    [chuy, _] = issue()
    serve(chuy)
    for cents, on in ((500_00, date(2019, 2, 20)), (400_00, date(2019, 4, 1)), (100_00, date(2019, 6, 1))):
        counter.pay(owing.chuy, cents, on=on)
    [told] = queries.recovered_by_stage(on=date(2019, 6, 30))
    assert (told.code, told.n_served, told.asked_cents) == ("demand", 1, 1_232_00)
    assert (told.within_30_cents, told.within_90_cents) == (500_00, 900_00)
    # on the day of its first payment nobody knows of the second
    assert queries.recovered_by_stage(on=date(2019, 2, 20))[0].within_90_cents == 500_00


def test_a_payment_counts_for_the_last_notice_before_it_and_never_beyond_what_it_asked(owing: Town) -> None:
    """The letter of the 11th asked $1,232.00 and got nothing; the demand of 4 March got all it asked, not more."""
    [letter, *_] = issue("courtesy_letter")
    serve(letter)
    day = date(2019, 3, 4)
    [demand] = issue(on=day, uses=("residential",))
    serve(demand, on=day)
    counter.pay(owing.chuy, 5_000_00, on=date(2019, 3, 5))
    told = {each.code: each for each in queries.recovered_by_stage(on=date(2019, 3, 31))}
    assert told["courtesy_letter"].within_90_cents == 0
    assert told["demand"].within_30_cents == demand.total_cents


def test_a_canceled_payment_recovered_nothing(owing: Town) -> None:
    [chuy, _] = issue()
    serve(chuy)
    paid = counter.pay(owing.chuy, 500_00, on=date(2019, 2, 12))
    counter.cancel(paid["receipt_folio"], on=date(2019, 2, 12))
    assert queries.recovered_by_stage(on=date(2019, 3, 31))[0].within_30_cents == 0
