"""Lists, what is due, and how far agreements live."""

from dataclasses import astuple
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.town.cast import Town, moment

from caudal.arrangements import commands as arrangements
from caudal.arrangements import queries
from caudal.arrangements.models import PaymentArrangement
from caudal.arrangements.policy import State, Terms, arrangement_number
from caudal.arrangements.tests.desk import SIGNED, TERMS, default, owe, pay, sign

pytestmark = pytest.mark.django_db

JULY = date(2019, 7, 1)


@pytest.fixture
def three(april: Town) -> dict[str, PaymentArrangement]:
    """Of three that owe 300.00 and more: don Chuy breaks his at number 2, the baker pays all on its day, the hotel
    paid number 1 late and is late with number 2. All give 60.00 or 64.00 today and pay in May, June, July, August."""
    for who in (april.espiga, april.hotel):
        owe(who, 300_00, period=201903, due_on=date(2019, 4, 30))
    terms = Terms(down_cents=60_00, count=4, first_due_on=date(2019, 5, 20))
    signed = {
        "chuy": sign(april.chuy, TERMS),
        "baker": sign(april.espiga, terms),
        "hotel": sign(april.hotel, terms),
    }
    pay(april.chuy, 64_00 + 60_50, on=SIGNED)
    pay(april.espiga, 300_00, on=SIGNED)
    pay(april.hotel, 60_00, on=SIGNED)
    pay(april.hotel, 60_00, on=date(2019, 6, 1))
    default(signed["chuy"], on=date(2019, 6, 25))
    arrangements.finish_paid(on=date(2019, 6, 25), at=moment(date(2019, 6, 25)), by="sistema")
    return signed


def test_how_far_they_live(three: dict[str, PaymentArrangement]) -> None:
    """Of number 2 three came to it: the baker paid it, the hotel is late, don Chuy broke there: 2 of 3 stand. Of
    number 3 only the baker's is decided, and don Chuy did not get there: 1 of 2."""
    assert [astuple(row) for row in queries.survival(on=JULY)] == [
        # number, reached, on time, paid late, late, broken there, standing
        (0, 3, 3, 0, 0, 0, 1_000_000),
        (1, 3, 2, 1, 0, 0, 1_000_000),
        (2, 3, 1, 0, 1, 1, 666_667),
        (3, 1, 1, 0, 0, 0, 500_000),
        (4, 1, 1, 0, 0, 0, 500_000),
    ]
    assert queries.survival(on=JULY, since=date(2019, 4, 21)) == []
    assert queries.survival(on=JULY, until=date(2019, 4, 19)) == []


def test_one_canceled_is_not_counted(april: Town) -> None:
    signed = sign(april.chuy)
    arrangements.cancel_arrangement(
        arrangement=signed, reason="Otra cuenta", on=SIGNED, at=moment(SIGNED), by="veronica"
    )
    assert queries.survival(on=JULY) == []


def test_they_are_found_by_how_they_stand(three: dict[str, PaymentArrangement], april: Town) -> None:
    def folios(**asked: object) -> list[str]:
        return [told.arrangement.folio for told in queries.find(on=JULY, **asked)]  # type: ignore[arg-type]

    assert folios() == ["CON-000003", "CON-000002", "CON-000001"]
    assert folios(state=State.LATE) == ["CON-000003"]
    assert folios(state=State.FINISHED) == ["CON-000002"]
    assert folios(state=State.DEFAULTED) == ["CON-000001"]
    assert folios(state=State.LIVE) == folios(state=State.PAID) == folios(state=State.CANCELED) == []
    assert folios(account=april.espiga) == ["CON-000002"]
    assert folios(since=date(2019, 4, 21)) == folios(until=date(2019, 4, 19)) == []


def test_how_one_stands(three: dict[str, PaymentArrangement]) -> None:
    told = queries.standing(arrangement=three["hotel"], on=JULY)
    assert (told.state, told.n_paid, told.n_late, told.late_cents) == ("atrasado", 1, 1, 60_00)
    assert (told.paid_cents, told.open_cents, told.next_due_on) == (120_00, 180_00, date(2019, 6, 20))
    assert [str(row.state) for row in told.rows] == [
        "pagada",
        "pagada tarde",
        "vencida",
        "por pagar",
        "por pagar",
    ]
    assert [row.paid_on for row in told.rows[:2]] == [SIGNED, date(2019, 6, 1)]


def test_what_is_due_on_a_day(three: dict[str, PaymentArrangement]) -> None:
    """On 20 July number 3 of the hotel: the baker paid his and don Chuy's has no effect."""
    assert [
        (told.arrangement.folio, row.number, row.open_cents)
        for told, row in queries.due_on_day(on=date(2019, 7, 20))
    ] == [("CON-000003", 3, 60_00)]
    assert queries.due_on_day(on=date(2019, 7, 21)) == []


def test_lists_take_as_many_questions_for_three_as_for_one(
    three: dict[str, PaymentArrangement], april: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The agreements, their ends, what live ones were paid, their installments; of an ended one nothing is paid."""
    with django_assert_num_queries(4):
        queries.find(on=JULY)
    with django_assert_num_queries(3):
        queries.find(on=JULY, account=april.chuy)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CON-000012", 12),
        (" con 12", 12),
        ("12", 12),
        ("con-", None),
        ("CON-1A", None),
        ("٣", None),
        ("", None),
    ],
)
def test_a_folio_is_read_however_it_is_typed(text: str, number: int | None) -> None:
    assert arrangement_number(text) == number


def test_an_unknown_folio_is_told(april: Town) -> None:
    with pytest.raises(queries.UnknownArrangement, match="CON-9") as refusal:
        queries.arrangement_by_folio(folio="CON-9")
    assert refusal.value.field == "folio"
