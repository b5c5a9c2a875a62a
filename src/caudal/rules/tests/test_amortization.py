from datetime import date
from typing import Any

import pytest

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
