"""The board over the story town: each figure against plain SQL over the rows, and against the list that it opens."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.town import counter
from tests.town.cast import moment

from caudal.billing import commands as billing
from caudal.billing.models import BillingRun
from caudal.kernel.wording import pesos
from caudal.registry.models import Account
from caudal.reports import board, board_relief, targets
from caudal.reports.figures import Figure
from caudal.reports.indicators import BY_CODE
from caudal.reports.tests import walking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
TODAY = date(2019, 1, 31)
YESTERDAY = date(2019, 1, 30)
AT = moment(TODAY, 12)


def ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def one(sql: str, *values: Any) -> int:
    return int(ask(sql, *values)[0][0] or 0)


def account(number: str) -> Account:
    return Account.objects.get(number=number)


@pytest.fixture
def paid(db: None) -> None:
    """Yesterday La Espiga left $200.00 and the school $50.00; today Doña Lupita left $100.00."""
    counter.pay(account("010405"), 20_000, on=YESTERDAY)
    counter.pay(account("010512"), 5_000, on=YESTERDAY)
    counter.pay(account("010512"), 7_500, on=date(2018, 2, 1))  # a Thursday, 364 days before today


def rows_behind(client: Client, figure: Figure) -> str:
    """What the list behind a figure says, as text."""
    answer = client.get(figure.href)
    assert answer.status_code == 200, figure.href
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.usefixtures("paid")
def test_the_money_of_yesterday_and_of_the_month(enter_as: Enter) -> None:
    found = board.collected(today=TODAY, aims=targets.all_targets())
    # $200.00 + $50.00 yesterday; $100.00 of Lupita today
    assert (found.yesterday_on, found.yesterday.value, found.today.value) == (YESTERDAY, 25_000, 10_000)
    month = one(
        "SELECT sum(total_cents) FROM cashier_receipt WHERE business_on BETWEEN %s AND %s",
        date(2019, 1, 1),
        TODAY,
    )
    assert found.month.value == month == 35_000
    ofelia = enter_as("ofelia")
    assert pesos(25_000) in rows_behind(ofelia, found.yesterday)
    assert pesos(35_000) in rows_behind(ofelia, found.month)


@pytest.mark.usefixtures("paid")
def test_the_parts_add_up_to_the_whole(enter_as: Enter) -> None:
    found = board.collected(today=TODAY, aims=targets.all_targets())
    for rows in (found.by_place, found.by_concept):
        assert sum(row.month.value for row in rows) == found.month.value
        assert sum(row.yesterday.value for row in rows) == found.yesterday.value
    assert [(row.label, row.month.value) for row in found.by_place] == [("Caja 1", 35_000)]
    by_concept = ask(
        """SELECT coalesce(c.name, ''), sum(a.amount_cents)::bigint FROM cashier_payment p
             JOIN cashier_receipt r ON r.id = p.receipt_id AND r.business_on >= '2019-01-01'
             JOIN ledger_allocation a ON a.credit_id = p.credit_id JOIN ledger_concept c ON c.id = a.concept_id
            GROUP BY 1"""
    )
    assert {row.label: row.month.value for row in found.by_concept if row.label != "Saldo a favor"} == dict(
        by_concept
    )
    ofelia = enter_as("ofelia")
    for row in (*found.by_place, *found.by_concept):
        assert pesos(row.month.value) in rows_behind(ofelia, row.month)


@pytest.mark.usefixtures("paid")
def test_each_day_with_its_week_and_its_like_a_year_before() -> None:
    days = board.collected(today=TODAY, aims=targets.all_targets()).days
    assert (len(days), days[0].on, days[-1].on) == (31, date(2019, 1, 1), TODAY)
    assert (days[-1].collected.value, days[-2].collected.value) == (10_000, 25_000)
    # ($250.00 + $100.00) ÷ 7 days = $50.00
    assert days[-1].mean_cents == 5_000
    assert days[-1].year_ago.value == 7_500
    by_day = dict(ask("SELECT business_on, sum(total_cents)::bigint FROM cashier_receipt GROUP BY 1"))
    assert [day.collected.value for day in days] == [by_day.get(day.on, 0) for day in days]


def test_a_day_without_money_is_told_of_the_last_that_had_any(paid: None) -> None:
    found = board.collected(
        today=date(2019, 2, 4), aims=targets.all_targets()
    )  # a Monday: nobody came since Thursday
    assert (found.yesterday_on, found.yesterday.value, found.month.value) == (TODAY, 10_000, 0)


def test_the_goal_of_the_month_and_of_a_till(paid: None, enter_as: Enter) -> None:
    for channel, value in (("", 100_000), ("1", 70_000)):
        targets.set_target(
            indicator=targets.COLLECTED, channel=channel, period=201901, value=value, reason="Consejo", at=AT, by="salas",
            known=BY_CODE,
        )  # fmt: skip
    found = board.collected(today=TODAY, aims=targets.all_targets())
    # $350.00 of $1,000.00
    assert (found.goal_cents, found.percent, found.by_place[0].goal_cents) == (100_000, 35, 70_000)
    page = enter_as("salas").get("/tablero/").content.decode()
    assert "35 % de $1,000.00 · día 31 de 31" in page and '<progress max="100000" value="35000"' in page


def test_what_is_past_due_by_age_by_debtor_and_by_neighborhood(enter_as: Enter) -> None:
    found = board.debt(today=TODAY)
    owed = ask(
        """SELECT account_id, sum(open_principal_cents + open_accessory_cents)::bigint FROM ledger_periodbalance
            WHERE period > 0 AND due_on < %s GROUP BY 1 HAVING sum(open_principal_cents + open_accessory_cents) > 0""",
        TODAY,
    )
    assert found.whole.value == sum(cents for _, cents in owed) > 0
    assert found.accounts == len(owed)
    assert sum(each.figure.value for each in found.ages) == found.whole.value
    assert sum(each.figure.value for each in found.neighborhoods) == found.whole.value
    numbers = dict(ask("SELECT id, number FROM registry_account"))
    largest = sorted(((cents, numbers[pk]) for pk, cents in owed), key=lambda each: (-each[0], each[1]))
    assert [(each.figure.value, each.detail) for each in found.debtors] == largest[: board.MOST_DEBTORS]
    ofelia = enter_as("ofelia")
    parts = (*found.ages, *found.debtors, *found.neighborhoods)
    for figure in (found.whole, *(each.figure for each in parts)):
        assert not figure.value or pesos(figure.value) in rows_behind(ofelia, figure)


def test_what_waits_for_a_person(enter_as: Enter) -> None:
    found = board.waiting(today=TODAY, at=AT)
    assert found.held.value == one(
        """SELECT count(*) FROM billing_heldbill h JOIN billing_billingrun r ON r.id = h.run_id
            WHERE h.decision = '' AND r.state <> 'discarded'"""
    )
    assert found.held.value > 0 and found.n == found.held.value + found.doubts.value
    assert (found.unidentified.value, found.unidentified_cents, found.requests) == (0, 0, 0)
    ofelia = enter_as("ofelia")
    for figure in (found.held, found.exceptions, found.doubts, found.unidentified):
        counted = "1 renglón" if figure.value == 1 else f"{figure.value} renglones"
        assert counted in rows_behind(ofelia, figure) or not figure.value, figure


def test_campaigns_cost_what_they_reduced(enter_as: Enter) -> None:
    assert (
        board_relief.campaign_costs(today=TODAY) == () and board_relief.reductions_by_clerk(today=TODAY) == ()
    )
    page = enter_as("salas").get("/tablero/").content.decode()
    assert "Ninguna campaña ha reducido nada este año" in page and "Este mes nadie ha condonado nada" in page


@pytest.mark.parametrize("username", ["salas", "laura", "ofelia"])
def test_the_page_is_few_questions_and_light_pictures(username: str, enter_as: Enter) -> None:
    client = enter_as(username)
    client.get("/tablero/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/tablero/").content.decode()
    assert len(asked) <= 30
    pictures = re.findall(r'<svg class="chart.*?</svg>', page, flags=re.DOTALL)
    assert len(pictures) >= 3 and all(len(each.encode()) <= 15_000 for each in pictures)
    assert all('aria-label="' in each for each in pictures)
    assert page.count("<summary>Ver") >= 2


def test_only_who_may_decide_is_sent_to_the_requests(enter_as: Enter) -> None:
    assert 'href="/por-aprobar/">0</a>' in enter_as("salas").get("/tablero/").content.decode()
    assert 'href="/por-aprobar/"' not in enter_as("ofelia").get("/tablero/").content.decode()


@pytest.mark.usefixtures("paid")
def test_every_figure_of_the_board_opens_a_list_that_says_the_same(enter_as: Enter) -> None:
    wrong, walked = walking.faults(enter_as("salas"), "/tablero/")
    assert wrong == [], "\n".join(wrong)
    # money by day, place and concept; debts by age, debtor and neighborhood; what waits
    assert walked["receipts"] >= 31 and walked["collected"] > 2 and walked["overdue_periods"] >= 6
    assert walked["overdue"] > 2 and walked["held_bills"] == walked["unidentified"] + 1 == 2
    assert walked["por-aprobar"] == 1


def test_a_round_of_today_opens_how_far_it_is(enter_as: Enter) -> None:
    """Julián takes December's bills out; he has delivered one."""
    run = BillingRun.objects.get(period=201812)
    (taken, *_) = billing.plan_delivery(
        run=run, on=TODAY, carriers=["julian"], at=moment(TODAY, 7), by="laura"
    )
    taken.stops.filter(sequence=1).update(outcome="delivered", done_at=AT)
    wrong, walked = walking.faults(enter_as("salas"), "/tablero/")
    assert wrong == [] and walked["recorridos"] == len(board.routes(at=AT, today=TODAY)) >= 1
    assert f">1 de {taken.stops.count()}</a>" in enter_as("salas").get("/tablero/").content.decode()


@pytest.mark.usefixtures("paid")
def test_only_a_mean_is_not_a_link(enter_as: Enter) -> None:
    """A figure in a table of the board opens its list, but for the mean of each of the 31 days."""
    page = enter_as("salas").get("/tablero/").content.decode()
    plain = [each for each in re.findall(r'<td class="amount[^"]*">(.*?)</td>', page) if "<a " not in each]
    assert len(plain) == board.DAYS


@pytest.mark.usefixtures("paid")
def test_what_has_no_neighborhood_is_not_compared_with_places(enter_as: Enter) -> None:
    tiles = re.findall(
        r'<a class="tile ([^"]+)".*?<span>([^<]+)</span>', enter_as("salas").get("/tablero/").content.decode()
    )
    unknown = [style for style, name in tiles if name == board.NOWHERE]
    assert unknown in ([], ["nowhere"]) and all(
        style.startswith("tint-") for style, _ in tiles[: -len(unknown) or None]
    )
    assert {name for _, name in tiles} == {each.name for each in board.debt(today=TODAY).neighborhoods}
