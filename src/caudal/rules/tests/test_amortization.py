from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.rules import amortization
from caudal.rules.amortization import Installment
from caudal.rules.bounds import OutOfBounds


def plan(**changes: Any) -> tuple[Installment, ...]:
    terms: dict[str, Any] = {
        "total_cents": 1_000_00,
        "down_payment_cents": 300_00,
        "count": 3,
        "signed_on": date(2019, 4, 10),
        "first_due_on": date(2019, 5, 31),
    }
    return amortization.installments(**(terms | changes))


def test_don_chuy_gives_a_third_and_owes_three_months() -> None:
    assert plan() == (
        Installment(0, date(2019, 4, 10), 300_00),
        Installment(1, date(2019, 5, 31), 233_34),  # 700.00 = 3 × 233.33 + 0.01
        Installment(2, date(2019, 6, 30), 233_33),
        Installment(3, date(2019, 7, 31), 233_33),
    )


def test_without_a_down_payment_there_is_no_installment_zero() -> None:
    assert [each.number for each in plan(down_payment_cents=0)] == [1, 2, 3]


def test_the_down_payment_is_a_share_of_the_debt() -> None:
    assert amortization.down_payment(total_cents=238_87, ppm=300_000) == 71_66  # 71.661
    with pytest.raises(OutOfBounds):
        amortization.down_payment(total_cents=238_87, ppm=1_000_001)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total_cents": 0}, "total_cents"),
        ({"down_payment_cents": 1_000_01}, "down_payment_cents"),
        ({"down_payment_cents": -1}, "down_payment_cents"),
        ({"count": 0}, "count"),
        ({"down_payment_cents": 999_98}, "no alcanza un centavo por parcialidad (valor 2)"),
        ({"first_due_on": date(2019, 4, 10)}, "debe vencer después de la firma"),
    ],
)
def test_impossible_terms_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        plan(**changes)
    assert said in str(refusal.value)


def test_waiting_costs_one_percent_a_month_of_what_is_still_owed() -> None:
    """700.00 at 1 %: 7.00; then 466.66 → 4.67 (4.6666); then 233.33 → 2.33 (2.3333)."""
    later = plan(deferral_ppm=10_000)[1:]
    assert [each.deferral_cents for each in later] == [7_00, 4_67, 2_33]
    assert [each.total_cents for each in later] == [233_34 + 7_00, 233_33 + 4_67, 233_33 + 2_33]
    assert plan(deferral_ppm=10_000)[0].deferral_cents == 0


def test_the_fewest_payments_that_fit_in_what_can_be_paid() -> None:
    """800.00 at 200.00 a month: four. At 199.99: five of 160.00, and with 1 % five of 160.00 + 8.00."""
    for affordable, ppm, count in ((200_00, 0, 4), (199_99, 0, 5), (168_00, 10_000, 5), (167_99, 10_000, 6)):
        found = amortization.fewest_installments(
            deferred_cents=800_00, affordable_cents=affordable, most_count=12, deferral_ppm=ppm
        )
        assert found == count, (affordable, ppm)


def test_no_number_of_payments_fits() -> None:
    """12 × 66.66 are 799.92: the thirteenth is not admitted, and payments of less than 100.00 neither."""
    fits = {"deferred_cents": 800_00, "most_count": 12}
    assert amortization.fewest_installments(**fits, affordable_cents=66_66) is None
    assert (
        amortization.fewest_installments(**fits, affordable_cents=99_99, least_installment_cents=100_00)
        is None
    )


def test_the_most_that_fits_in_twelve_payments() -> None:
    """66.66 × 12 = 799.92. With 1 %: each 59.51 → 714.12, whose first month bears 7.14: 66.65; 59.52 would be
    714.24 → 7.14: 66.66; 59.53 → 714.36 → 7.14: 66.67, too much."""
    assert amortization.most_deferrable(affordable_cents=66_66, count=12) == 799_92
    assert amortization.most_deferrable(affordable_cents=66_66, count=12, deferral_ppm=10_000) == 714_24
    assert amortization.most_deferrable(affordable_cents=0, count=12) == 0


@given(
    total=st.integers(1, 10_000_000_00),
    down=st.integers(0, 1_000_000),
    count=st.integers(1, 120),
    ppm=st.integers(0, 100_000),
)
def test_the_table_always_adds_up(total: int, down: int, count: int, ppm: int) -> None:
    paid_now = total * down // 1_000_000
    if total - paid_now < count:
        return
    table = plan(total_cents=total, down_payment_cents=paid_now, count=count, deferral_ppm=ppm)
    later = [each for each in table if each.number]
    assert sum(each.amount_cents for each in table) == total
    assert all(earlier.due_on < after.due_on for earlier, after in pairwise(table))
    assert later[0].total_cents == max(each.total_cents for each in later)
    assert later[0].amount_cents - later[-1].amount_cents < count
    left = total - paid_now
    for each in later:
        # half away from zero, written another way: twice the product plus the whole, over twice the whole
        assert each.deferral_cents == (2 * left * ppm + 1_000_000) // 2_000_000
        left -= each.amount_cents
    assert left == 0


@given(
    deferred=st.integers(1, 1_000_000_00),
    affordable=st.integers(1, 100_000_00),
    most=st.integers(1, 60),
    ppm=st.integers(0, 50_000),
)
def test_what_is_suggested_fits_and_fewer_would_not(
    deferred: int, affordable: int, most: int, ppm: int
) -> None:
    count = amortization.fewest_installments(
        deferred_cents=deferred, affordable_cents=affordable, most_count=most, deferral_ppm=ppm
    )
    tried = [
        amortization.highest_payment(deferred_cents=deferred, count=each, deferral_ppm=ppm) <= affordable
        for each in range(1, (count or min(most, deferred)) + 1)
    ]
    assert tried[-1] == (count is not None) and not any(tried[:-1])
    fits = amortization.most_deferrable(affordable_cents=affordable, count=most, deferral_ppm=ppm)
    assert amortization.highest_payment(deferred_cents=fits, count=most, deferral_ppm=ppm) <= affordable
    assert amortization.highest_payment(deferred_cents=fits + most, count=most, deferral_ppm=ppm) > affordable
