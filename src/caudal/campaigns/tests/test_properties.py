"""Whatever the debts and the rules: never more than is open, only what a rule reduces, and every centavo adds up."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.town.cast import Town

from caudal.campaigns import planning, queries
from caudal.campaigns.models import Campaign, Waiver
from caudal.campaigns.planning import Places
from caudal.campaigns.tests.stories import APRIL, MAY, TODAY, in_force, owe, owed, pay_at_once
from caudal.ledger import catalog, checks
from caudal.ledger import commands as ledger
from caudal.ledger.chart import Chart, ChartedConcept
from caudal.ledger.models import Credit
from caudal.ledger.policy import KINDS, Debts, Items, LateSurcharges
from caudal.ledger.queries import Position

CONCEPTS = Chart({
    number: ChartedConcept(number, code, code, kind, "", "")
    for number, code, kind in ((1, "water", "principal"), (2, "sewerage", "principal"), (20, "surcharge", "surcharge"),
                               (41, "installment", "principal"))
})  # fmt: skip
NOTHING = np.zeros(0, dtype=np.int64)

items = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(0, 3), st.sampled_from([1, 2, 20, 41]), st.integers(-50_00, 300_00),
        st.integers(-40, 400),
    ),
    max_size=25,
)  # fmt: skip
rules = st.lists(
    st.fixed_dictionaries({
        "ppm": st.integers(0, 1_000_000),
        "fixed_cents": st.integers(1, 400_00),
        "cap_cents": st.integers(0, 200_00),
        "reduces": st.lists(st.sampled_from(["water", "sewerage", "surcharge", "installment"]), min_size=1),
        "stacks": st.booleans(),
        "precedence": st.integers(0, 2),
        "least_balance_cents": st.integers(0, 300_00),
        "most_age_days": st.none() | st.integers(0, 400),
        "uses": st.lists(st.sampled_from(["residential", "hotel"]), max_size=1),
    }),
    max_size=5,
)  # fmt: skip


def position(rows: list[tuple[int, ...]]) -> Position:
    columns = (
        [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)] if rows else [NOTHING] * 5
    )
    account, period, concept, open_cents, age = columns
    period = np.where(period > 0, 201800 + period, 0)
    kind = np.array([KINDS.index(CONCEPTS.concepts[each].kind) for each in concept.tolist()], dtype=np.int64)
    due = TODAY.toordinal() - age
    zeros = np.zeros(account.size, dtype=np.int64)
    return Position(
        Debts(*[NOTHING] * 6),
        Items(account, period, zeros + 1, zeros, concept, kind, due, open_cents, open_cents, zeros),
        LateSurcharges(NOTHING, NOTHING, NOTHING),
        NOTHING,
        CONCEPTS,
    )


def campaign(place: int, told: dict[str, Any]) -> Campaign:
    told = {**told, "fixed_cents": 0 if told["ppm"] else told["fixed_cents"]}
    return Campaign(code=f"C{place}", name="Regla", on_single_payment=True, **told)


@given(rows=items, told=rules)
@settings(max_examples=300, deadline=None)
def test_never_more_than_is_open_nor_what_a_rule_does_not_reduce(
    rows: list[tuple[int, ...]], told: list[dict[str, Any]]
) -> None:
    of = position(rows)
    campaigns = [campaign(place, each) for place, each in enumerate(told)]
    places = Places(
        np.array([1, 2, 3]), np.array(["residential", "hotel", "hotel"]), np.array(["A", "A", "B"]),
        np.array([True, False, True]),
    )  # fmt: skip

    forgiven = planning.forgive(position=of, places=places, campaigns=campaigns, on=TODAY)

    total = planning.total(forgiven=forgiven, position=of)
    assert np.all(total >= 0)
    assert np.all(total <= np.maximum(of.items.open_cents, 0))
    assert not total[of.items.concept_id == 41].any()
    single: dict[int, set[str]] = {}
    for each in forgiven:
        reduced = planning.concept_ids(campaign=each.campaign, concepts=CONCEPTS)
        assert set(of.items.concept_id[each.given > 0].tolist()) <= set(reduced)
        most = each.campaign.cap_cents
        for account in np.unique(of.items.account_id[each.given > 0]).tolist():
            cents = int(each.given[of.items.account_id == account].sum())
            assert not most or cents <= most
            assert not each.campaign.fixed_cents or cents <= each.campaign.fixed_cents
            if not each.campaign.stacks:
                single.setdefault(account, set()).add(each.campaign.code)
    assert all(len(codes) == 1 for codes in single.values())
    # of what owes net, never below zero
    for key in np.unique(of.items.account_id * 1_000_000 + of.items.period).tolist():
        mine = of.items.account_id * 1_000_000 + of.items.period == key
        assert int(total[mine].sum()) <= max(int(of.items.open_cents[mine].sum()), 0)


debts = st.lists(
    st.tuples(st.integers(1, 900_00), st.integers(0, 300_00), st.integers(0, 11)), min_size=1, max_size=4
)
money = st.lists(st.tuples(st.integers(1, 2_500_00), st.booleans(), st.booleans()), min_size=1, max_size=4)


@pytest.mark.django_db
@given(owes=debts, ppm=st.integers(1, 1_000_000), cap=st.integers(0, 90_00), pays=money)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_forgiven_and_paid_and_owed_are_what_was_charged(
    priced: Town,
    owes: list[tuple[int, int, int]],
    ppm: int,
    cap: int,
    pays: list[tuple[int, bool, bool]],
) -> None:
    """Months of debt, and payments of any size; some of just what is left, some taken back at once."""
    with transaction.atomic():
        point = transaction.savepoint()
        in_force(reduces=["surcharge", "sewerage"], ppm=ppm, cap_cents=cap)
        for place, (water, sewerage, months) in enumerate(owes):
            due = date(2019, 4, 13) - timedelta(days=31 * months)
            lines = [ledger.ChargeLine(catalog.SEWERAGE, sewerage)] if sewerage else []
            owe(priced.chuy, *lines, water=water, period=201801 + place, due_on=due)
        for place, (cents, is_exact, is_back) in enumerate(pays):
            _pay(priced, cents, is_exact, is_back, f"A-{place}")
            _adds_up(priced)
        transaction.savepoint_rollback(point)


def _pay(town: Town, cents: int, is_exact: bool, is_back: bool, document: str) -> None:
    from caudal.campaigns import commands
    from caudal.tariffs import queries as tariffs

    terms = tariffs.terms_on(on=TODAY)
    at = APRIL + timedelta(days=9)
    offer = queries.offers(account_ids=[town.chuy.pk], at=at, terms=terms).get(town.chuy.pk)
    if is_exact and offer and offer.payable_cents:
        cents = offer.payable_cents
    waivers = pay_at_once(town.chuy, cents, at=at, document=document)
    assert sum(each.cents for each in waivers) in (0, offer.cents if offer else 0)
    assert not (is_exact and offer and offer.payable_cents) or waivers
    if is_back:
        told = {"on": TODAY, "at": at, "by": "rosa", "reason": "Se cobró a otra cuenta"}
        commands.take_back_waivers(document=document, reversal=f"{document}-C", **told)
        credit = Credit.objects.get(kind="payment", document=document, reverses=None)
        ledger.reverse_credit(credit=credit, document=f"{document}-C", **told)


def _adds_up(town: Town) -> None:
    """The ledger's own checks, and those of campaigns: charged = paid + forgiven + owed − in favor."""
    from caudal.campaigns import checks as own

    assert [finding for check in (*checks.CHECKS, *own.CHECKS) for finding in check.find()] == []
    assert owed(town.chuy) >= 0
    assert all(APRIL <= each.at < MAY for each in Waiver.objects.all())
