"""Late debts, payments, installments and spread consumptions, against the oracle."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracle import debts

from caudal.rules import allocation, amortization, periods, regularization, surcharges

SEEDS = st.integers(0, 2**32 - 1)
OPTIONS = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, max_examples=60)
DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))


@settings(OPTIONS, max_examples=500)
@given(due_on=DAYS, late=st.integers(-40, 1500))
def test_months_late_are_those_found_by_walking_the_calendar(due_on: date, late: int) -> None:
    on = due_on + timedelta(days=late)
    expected = len(debts.month_starts(due_on, on))
    assert periods.months_late(due_on=due_on, on=on) == expected
    ordinals = np.array([due_on.toordinal()])
    assert periods.months_late_columns(due_ordinals=ordinals, on=on).tolist() == [expected]


@OPTIONS
@given(seed=SEEDS)
def test_surcharges(seed: int) -> None:
    dice = Random(seed)
    by_year = {year: dice.randint(0, 45_000) for year in range(2010, 2022)}
    cap = dice.choice([None, 1_000_000, dice.randint(0, 500_000)])
    on = date(2020, 1, 1) + timedelta(days=dice.randint(0, 300))
    due = [date(2011, 1, 1) + timedelta(days=dice.randint(0, 3500)) for _ in range(100)]
    owed = [dice.randint(0, 10**7) for _ in due]
    charged = [dice.choice([0, 0, dice.randint(0, 12)]) for _ in due]
    ordinals = np.array([each.toordinal() for each in due])
    result = surcharges.late_surcharges(
        overdue_cents=np.array(owed),
        due_ordinals=ordinals,
        months_late=periods.months_late_columns(due_ordinals=ordinals, on=on),
        months_charged=np.array(charged),
        rates=surcharges.surcharge_rates(monthly_ppm=by_year, cap_ppm=cap),
    )
    rates = {year: Fraction(ppm, 10**6) for year, ppm in by_year.items()}
    limit = None if cap is None else Fraction(cap, 10**6)
    expected = [
        debts.surcharge(*each, rates, limit) for each in zip(owed, due, [on] * len(due), charged, strict=True)
    ]
    assert result.amount_cents.tolist() == expected


@OPTIONS
@given(seed=SEEDS)
def test_payments_of_many_accounts_at_once(seed: int) -> None:
    dice = Random(seed)
    ranks = tuple(dice.sample(range(4), 4))
    order = allocation.AllocationOrder(ranks, oldest_first=dice.random() < 0.5)
    payments = [dice.choice([0, dice.randint(0, 50_000)]) for _ in range(20)]
    items = [
        (dice.randrange(20), dice.randrange(4), 737_000 + dice.randint(0, 5), dice.randint(0, 9_000))
        for _ in range(120)
    ]
    account, kind, due, owed = (np.array(column) for column in zip(*items, strict=True))
    result = allocation.allocate_batch(
        payment_cents=np.array(payments),
        payment_of_item=account,
        open_cents=owed,
        kind=kind,
        due_ordinals=due,
        order=order,
    )
    for number, payment in enumerate(payments):
        mine = [each[1:] for each in items if each[0] == number]
        paid, left = debts.allocate(payment, mine, ranks, order.oldest_first)
        assert result.allocated_cents[account == number].tolist() == paid
        assert result.unallocated_cents[number] == left
        assert sum(paid) + left == payment


@settings(OPTIONS, max_examples=300)
@given(total=st.integers(2_000, 10**9), down=st.integers(0, 1_000), count=st.integers(1, 60), first=DAYS)
def test_installments_add_up_and_differ_by_the_stated_remainder(
    total: int, down: int, count: int, first: date
) -> None:
    plan = amortization.installments(
        total_cents=total,
        down_payment_cents=down,
        count=count,
        signed_on=first - timedelta(days=10),
        first_due_on=first,
    )
    monthly = [each for each in plan if each.number]
    assert sum(each.amount_cents for each in plan) == total
    assert {each.amount_cents for each in monthly[1:]} <= {(total - down) // count}
    assert 0 <= monthly[0].amount_cents - (total - down) // count < count
    assert [each.due_on for each in monthly] == sorted({each.due_on for each in monthly})
    assert all(each.due_on.day == first.day or each.due_on.day > 27 for each in monthly)


@OPTIONS
@given(seed=SEEDS)
def test_spread_consumptions(seed: int) -> None:
    dice = Random(seed)
    width = dice.randint(1, 7)
    days = [[dice.choice([0, 28, 30, 31, 61]) for _ in range(width)] for _ in range(50)]
    days = [each if sum(each) else [30] * width for each in days]
    units = [dice.choice([0, 1, dice.randint(0, 400)]) for _ in days]
    shares = regularization.spread_batch(consumption_m3=np.array(units), days=np.array(days))
    assert shares.tolist() == [debts.spread(*each) for each in zip(units, days, strict=True)]
    assert shares.sum(axis=1).tolist() == units
