"""75 % off surcharges, on paper: each item rounded once, caps that add up, never more than is owed."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.rules import waivers
from caudal.rules.bounds import OutOfBounds
from caudal.rules.waivers import Waiving


def waived(waiving: Waiving, cents: list[int], accounts: list[int], reached: list[bool]) -> list[int]:
    given_cents: list[int] = waivers.waive(
        waiving=waiving,
        open_cents=np.array(cents, dtype=np.int64),
        account_of_item=np.array(accounts, dtype=np.int64),
        is_reached=np.array(reached, dtype=np.bool_),
    ).tolist()
    return given_cents


def test_three_quarters_of_the_surcharges_and_nothing_of_the_water() -> None:
    """0.75 × 4.92 = 3.69; 0.75 × 0.03 = 0.0225 → 0.02; the water is not reached."""
    assert waived(Waiving(ppm=750_000), [492, 20_000, 3], [0, 0, 1], [True, False, True]) == [369, 0, 2]


def test_half_a_centavo_rounds_away() -> None:
    assert waived(Waiving(ppm=500_000), [1, 3], [0, 0], [True, True]) == [1, 2]  # 0.5 → 1, 1.5 → 2


def test_the_whole_is_forgiven_whole() -> None:
    assert waived(Waiving(ppm=1_000_000), [492, 1], [0, 0], [True, True]) == [492, 1]


def test_what_is_in_favor_is_not_forgiven() -> None:
    assert waived(Waiving(ppm=750_000), [-500, 100], [0, 0], [True, True]) == [0, 75]


def test_a_cap_is_shared_in_proportion_and_adds_up() -> None:
    """75 % would be 75.00 + 150.00 = 225.00 and the cap is 100.00: 33.33 + 66.67. The other account stays below."""
    assert waived(
        Waiving(ppm=750_000, cap_cents=100_00), [100_00, 200_00, 40_00], [0, 0, 1], [True, True, True]
    ) == [33_33, 66_67, 30_00]


def test_a_fixed_amount_never_passes_what_is_owed() -> None:
    assert waived(Waiving(fixed_cents=50_00), [30_00, 90_00, 20_00], [0, 0, 1], [True] * 3) == [
        12_50,
        37_50,
        20_00,
    ]


def test_a_fixed_amount_has_a_cap_too() -> None:
    assert waived(Waiving(fixed_cents=50_00, cap_cents=10_00), [30_00], [0], [True]) == [10_00]


def test_nobody_is_nothing() -> None:
    assert waived(Waiving(ppm=1), [], [], []) == []


@pytest.mark.parametrize(
    ("ppm", "fixed", "cap", "column"),
    [
        (0, 0, None, "ppm"),
        (150_000, 10_00, None, "ppm"),
        (1_000_001, 0, None, "ppm"),
        (-1, 0, None, "ppm"),
        (0, -1, None, "fixed_cents"),
        (150_000, 0, 0, "cap_cents"),
    ],
)
def test_absurd_rules_are_refused(ppm: int, fixed: int, cap: int | None, column: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        Waiving(ppm=ppm, fixed_cents=fixed, cap_cents=cap)
    assert refusal.value.column == column


def test_more_than_there_is_cannot_be_shared() -> None:
    with pytest.raises(OutOfBounds):
        waivers.in_proportion(total=11, weights=np.array([5, 5], dtype=np.int64))


items = st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 3), st.booleans()), max_size=12)
rules = st.one_of(
    st.builds(Waiving, ppm=st.integers(1, 10**6), cap_cents=st.one_of(st.none(), st.integers(1, 10**9))),
    st.builds(
        Waiving, fixed_cents=st.integers(1, 10**9), cap_cents=st.one_of(st.none(), st.integers(1, 10**9))
    ),
)


@given(waiving=rules, columns=items)
def test_never_more_than_is_owed_than_the_cap_or_outside_the_rule(
    waiving: Waiving, columns: list[tuple[int, int, bool]]
) -> None:
    cents, accounts, reached = (
        (list(column) for column in zip(*columns, strict=True)) if columns else ([], [], [])
    )
    result = waived(waiving, cents, accounts, reached)
    for part, owed, is_reached in zip(result, cents, reached, strict=True):
        assert 0 <= part <= (max(owed, 0) if is_reached else 0)
    for account in set(accounts):
        total = sum(part for part, mine in zip(result, accounts, strict=True) if mine == account)
        assert waiving.cap_cents is None or total <= waiving.cap_cents
        assert not waiving.fixed_cents or total <= waiving.fixed_cents


@given(columns=st.lists(st.integers(0, 10**9), min_size=1, max_size=9), share=st.integers(0, 10**6))
def test_parts_add_up_and_nobody_takes_more_than_their_weight(columns: list[int], share: int) -> None:
    total = sum(columns) * share // 10**6
    parts = waivers.in_proportion(total=total, weights=np.array(columns, dtype=np.int64)).tolist()
    assert sum(parts) == total
    assert all(0 <= part <= weight for part, weight in zip(parts, columns, strict=True))
    ordered = sorted(zip(columns, parts, strict=True))
    assert all(first[1] <= second[1] + 1 for first, second in pairwise(ordered))
