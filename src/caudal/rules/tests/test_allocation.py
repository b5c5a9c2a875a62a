import numpy as np
import pytest

from caudal.rules import allocation
from caudal.rules.allocation import AllocationOrder
from caudal.rules.bounds import OutOfBounds

COST, SURCHARGE, WATER = 0, 1, 2
LAW = AllocationOrder(ranks=(0, 1, 2))
JANUARY, FEBRUARY = 737_075, 737_106


def pay(cents: int, items: list[tuple[int, int, int]], order: AllocationOrder = LAW) -> tuple[list[int], int]:
    """Pay items of (kind, due day, centavos); give what each got and what is left."""
    kind, due, owed = (np.array(column, dtype=np.int64) for column in zip(*items, strict=True))
    result = allocation.allocate(
        payment_cents=cents, kind=kind, due_ordinals=due, open_cents=owed, order=order
    )
    return result.allocated_cents.tolist(), int(result.unallocated_cents[0])


CHUY = [
    (WATER, FEBRUARY, 12000),
    (WATER, JANUARY, 10000),
    (SURCHARGE, FEBRUARY, 200),
    (SURCHARGE, JANUARY, 300),
]


def test_the_oldest_month_goes_first_and_in_it_accessories_before_water() -> None:
    assert pay(10_150, CHUY) == ([0, 9850, 0, 300], 0)


def test_another_law_another_order() -> None:
    assert pay(10_150, CHUY, AllocationOrder((0, 1, 2), oldest_first=False)) == ([0, 9650, 200, 300], 0)
    assert pay(10_150, CHUY, AllocationOrder((2, 1, 0))) == ([0, 10_000, 0, 150], 0)


def test_what_no_debt_takes_is_left_over() -> None:
    assert pay(30_000, CHUY) == ([12000, 10000, 200, 300], 7500)
    assert pay(0, CHUY) == ([0, 0, 0, 0], 0)


def test_items_alike_are_paid_as_they_come() -> None:
    assert pay(150, [(WATER, JANUARY, 100), (WATER, JANUARY, 100)]) == ([100, 50], 0)


def test_an_account_without_debt_keeps_its_payment() -> None:
    none = np.array([], dtype=np.int64)
    result = allocation.allocate(payment_cents=500, kind=none, due_ordinals=none, open_cents=none, order=LAW)
    assert result.allocated_cents.tolist() == []
    assert result.unallocated_cents.tolist() == [500]


def test_no_account_pays_the_debt_of_another() -> None:
    result = allocation.allocate_batch(
        payment_cents=np.array([100, 0, 70]),
        payment_of_item=np.array([2, 0, 1, 2, 0]),
        open_cents=np.array([50, 60, 30, 50, 10]),
        kind=np.full(5, WATER),
        due_ordinals=np.array([JANUARY, JANUARY, JANUARY, FEBRUARY, FEBRUARY]),
        order=LAW,
    )
    assert result.allocated_cents.tolist() == [50, 60, 0, 20, 10]
    assert result.unallocated_cents.tolist() == [30, 0, 0]


@pytest.mark.parametrize(
    ("payment", "items", "said"),
    [
        (-1, CHUY, "payment_cents"),
        (100, [(WATER, JANUARY, -1)], "open_cents"),
        (100, [(3, JANUARY, 1)], "«kind», renglón 0: debe estar entre 0 y 2"),
    ],
)
def test_impossible_payments_are_refused(payment: int, items: list[tuple[int, int, int]], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        pay(payment, items)
    assert said in str(refusal.value)


def test_an_item_of_an_unknown_payment_is_refused() -> None:
    one = np.array([1])
    with pytest.raises(OutOfBounds, match="payment_of_item"):
        allocation.allocate_batch(
            payment_cents=one, payment_of_item=one, open_cents=one, kind=one, due_ordinals=one, order=LAW
        )
