"""Three agreements in July 2019: what became of each payment, and the list and the board that say it.

Don Chuy broke his at number 2, the baker paid all on its day, the hotel paid number 1 late and is late with number 2.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.town import counter
from tests.town.cast import Town

from caudal.arrangements import queries as arrangements
from caudal.arrangements.tests import desk
from caudal.arrangements.tests.conftest import april as april
from caudal.arrangements.tests.test_queries import JULY
from caudal.arrangements.tests.test_queries import three as three
from caudal.campaigns.tests import stories
from caudal.reports import board_relief
from caudal.reports.board_relief import Reached
from caudal.reports.tests import walking
from caudal.reports.tests.reading_of import figure, rows

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture
def july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", f"{JULY.isoformat()}T12:00")


def counts(row: Reached) -> tuple[int, ...]:
    figures = (row.reached, row.on_time, row.paid_late, row.late, row.broke)
    return (row.number, *(each.value for each in figures), row.kept_ppm)


@pytest.mark.usefixtures("three")
def test_each_payment_says_what_became_of_it() -> None:
    found = rows("arrangement_payments", "folio", "number", "fate", last=JULY)
    assert [fate for folio, _, fate in found if folio == "CON-000001"] == [
        "on_time", "on_time", "broke", "broke_before", "broke_before",
    ]  # fmt: skip
    assert [fate for folio, _, fate in found if folio == "CON-000002"] == ["on_time"] * 5
    assert [fate for folio, _, fate in found if folio == "CON-000003"] == [
        "on_time", "paid_late", "late", "to_come", "to_come",
    ]  # fmt: skip
    # the hotel paid 60.00 of its down payment and 60.00 of number 1
    assert figure("arrangement_payments", "paid_cents", last=JULY, has_arrived="yes") == sum(
        each.paid_cents for each in arrangements.find(on=JULY)
    )


@pytest.mark.usefixtures("three")
def test_the_board_counts_what_the_room_of_agreements_counts() -> None:
    found = board_relief.survival(today=JULY)
    assert [counts(row) for row in found.payments] == [
        (row.number, row.reached, row.paid_on_time, row.paid_late, row.late, row.defaulted, row.kept_ppm)
        for row in arrangements.survival(on=JULY)
    ]
    # of number 2 three came to it and two stand: 66.7 %
    assert (found.payments[2].stands.value, found.payments[2].decided, found.payments[2].percent) == (
        2,
        3,
        67,
    )
    assert [(each.name, each.figure.value) for each in found.states] == [
        ("Vigentes", 1), ("Cumplidos", 1), ("Incumplidos", 1),
    ]  # fmt: skip


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("days", [0, 30, 61, 200, 731])
def test_they_agree_on_any_day(days: int) -> None:
    today = desk.SIGNED + timedelta(days=days)
    since = today - timedelta(days=board_relief.AGREEMENTS_DAYS)
    assert [counts(row) for row in board_relief.survival(today=today).payments] == [
        (row.number, row.reached, row.paid_on_time, row.paid_late, row.late, row.defaulted, row.kept_ppm)
        for row in arrangements.survival(on=today, since=since, until=today)
        if row.reached
    ]


def test_one_canceled_is_not_there(april: Town) -> None:
    signed = desk.sign(april.chuy)
    desk.arrangements.cancel_arrangement(
        arrangement=signed, reason="Otra cuenta", on=desk.SIGNED, at=desk.moment(desk.SIGNED), by="veronica"
    )
    assert rows("arrangement_payments", "folio", last=JULY) == []
    assert board_relief.survival(today=JULY).payments == ()


@pytest.mark.usefixtures("three", "july")
def test_every_figure_of_agreements_and_campaigns_opens_its_list(april: Town, enter_as: Enter) -> None:
    """The ranch pays at once with April's campaign: $300.00 and $3.00 of surcharges, $2.25 of them off."""
    stories.in_force()
    for period, due_on in (
        (201901, date(2019, 2, 15)),
        (201902, date(2019, 3, 15)),
        (201903, date(2019, 4, 15)),
    ):
        desk.owe(april.rancho, 100_00, period=period, due_on=due_on)
    tenth = date(2019, 4, 29)
    counter.pay(april.rancho, desk.owed(april.rancho, on=tenth) - 3_75, on=tenth)
    wrong, walked = walking.faults(enter_as("salas"), "/tablero/")
    assert wrong == [], "\n".join(wrong)
    # three states; of five payments a bar, six counts each
    assert (walked["arrangements"], walked["arrangement_payments"]) == (3, 5 + 5 * 6)
    # three bars, three figures of the campaign and their totals
    assert walked["campaign_money"] == 9
