"""Random timelines: a batch is what the ledger says at that moment, and no cost is ever charged twice."""

import random
from datetime import date, timedelta

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.dunning import checks, commands, queries
from caudal.dunning.models import Notice, NoticeCost
from caudal.dunning.tests.collection import costs, issue, overdue, owe, serve
from caudal.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
FIRST = date(2019, 2, 11)
DUES = {
    201809: date(2018, 10, 15),
    201810: date(2018, 11, 13),
    201811: date(2018, 12, 13),
    201812: date(2019, 1, 15),
}
OUTCOMES = ("delivered", "refused", "absent", "posted", "not_delivered")


@pytest.mark.parametrize("seed", range(6))
def test_a_batch_is_the_sum_of_its_notices_and_of_the_debts_of_that_moment(priced: Town, seed: int) -> None:
    chance = random.Random(seed)
    for account in priced.accounts:
        for period, due_on in DUES.items():
            if chance.random() < 0.6:
                owe(account, chance.randint(50_00, 9_000_00), period=period, due_on=due_on,
                    sewerage=chance.choice((0, 70_01)))  # fmt: skip
    for account in priced.accounts:
        if overdue(account) and chance.random() < 0.3:
            counter.pay(account, chance.randint(1_00, overdue(account)), on=FIRST - timedelta(days=20))
    told = queries.portfolio(on=FIRST)
    assert told.total_cents == sum(overdue(each) for each in priced.accounts), f"seed {seed}"
    notices = issue("courtesy_letter")
    owed = {each.pk: overdue(each) for each in priced.accounts}
    for notice in notices:
        assert notice.total_cents == owed[notice.account_id], f"seed {seed}, {notice.folio}"
        assert notice.total_cents == sum(each.total_cents for each in notice.debts.all()), f"seed {seed}"
    assert [each.number for each in notices] == list(range(1, len(notices) + 1)), f"seed {seed}"


@pytest.mark.parametrize("seed", range(8))
def test_no_timeline_charges_a_cost_twice(priced: Town, seed: int) -> None:
    """Forty days of batches, visits, payments and cancellations in any order: one cost a notice that was served."""
    chance = random.Random(100 + seed)
    for account in priced.accounts:
        owe(account, chance.randint(600_00, 20_000_00))
    on = FIRST
    for _ in range(40):
        on += timedelta(days=chance.choice((0, 1, 1, 3)))
        _something(priced, chance, on)
    for account in priced.accounts:
        charged = NoticeCost.objects.filter(notice__account=account).values_list("amount_cents", flat=True)
        assert sorted(costs(account)) == sorted(charged), f"seed {seed}"
    for notice in Notice.objects.all():
        assert notice.services.filter(effects_on__isnull=False).count() <= 1, f"seed {seed}, {notice.folio}"
    assert [finding for check in checks.CHECKS for finding in check.find()] == [], f"seed {seed}"


def _something(town: Town, chance: random.Random, on: date) -> None:
    """One thing that happens on a day; what the house refuses, does not happen."""
    notices = list(Notice.objects.select_related("stage", "account"))
    what = chance.choice(("issue", "serve", "serve", "serve", "pay", "cancel", "charge"))
    try:
        if what == "issue":
            issue(chance.choice(("demand", "second_demand", "courtesy_letter")), on=on)
        elif what == "serve" and notices:
            serve(chance.choice(notices), chance.choice(OUTCOMES), on=on, hour=chance.randint(8, 18))
        elif what == "pay":
            account = chance.choice(town.accounts)
            counter.pay(account, chance.randint(1_00, 3_000_00), on=on)
        elif what == "cancel" and notices:
            commands.cancel_notice(
                notice=chance.choice(notices), reason="No procede", on=on, at=moment(on, 19), by="laura"
            )
        elif what == "charge" and notices:
            served = [each for each in notices if each.services.filter(effects_on__isnull=False).exists()]
            if served:
                commands.charge_cost(notice=chance.choice(served), on=on, at=moment(on, 19), by="laura")
    except Refusal:
        return
