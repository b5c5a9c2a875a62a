import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.rules import money
from caudal.rules.bounds import OutOfBounds


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (5, 10, 1),
        (-5, 10, -1),
        (4, 10, 0),
        (-4, 10, 0),
        (15, 10, 2),
        (25, 10, 3),
        (-25, 10, -3),
        (7, 3, 2),
        (8, 3, 3),
        (0, 7, 0),
    ],
)
def test_halves_go_away_from_zero_in_scalars_and_in_columns(
    numerator: int, denominator: int, expected: int
) -> None:
    assert money.divide_half_away(numerator, denominator) == expected
    column = money.divide_half_away(np.array([numerator]), denominator)
    assert column.tolist() == [expected]
    assert column.dtype == np.int64


def test_a_tie_of_large_amounts_is_still_a_tie() -> None:
    odd = 2**61 + 1
    assert money.divide_half_away(np.array([odd, -odd]), 2).tolist() == [2**60 + 1, -(2**60) - 1]


def test_each_row_may_have_its_own_divisor() -> None:
    halves = money.divide_half_away(np.array([1, 1, -1]), np.array([2, 3, 2]))
    assert halves.tolist() == [1, 0, -1]


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_divisor_that_is_not_positive_is_refused(denominator: int) -> None:
    with pytest.raises(OutOfBounds, match="divisor"):
        money.divide_half_away(10, denominator)
    with pytest.raises(OutOfBounds, match="divisor"):
        money.divide_half_away(np.array([10]), np.array([denominator]))


def test_a_share_may_have_one_rate_for_all_or_one_for_each() -> None:
    water = np.array([19420, 13390])
    assert money.share_of(water, ppm=200_000).tolist() == [3884, 2678]
    assert money.share_of(water, ppm=np.array([200_000, 30_000])).tolist() == [3884, 402]
    assert money.share_of(19420, ppm=30_000) == 583


def test_a_share_that_would_overflow_is_refused_not_wrapped() -> None:
    with pytest.raises(OutOfBounds, match="64 bits"):
        money.share_of(np.array([10**14]), ppm=10**6)
    assert money.share_of(10**14, ppm=10**6) == 10**14


def test_an_even_split_leaves_the_remainder_in_the_first_part() -> None:
    assert money.split_evenly(10000, parts=3) == (3334, 3333, 3333)
    assert money.split_evenly(2, parts=3) == (2, 0, 0)
    for total, parts in ((-1, 2), (10, 0)):
        with pytest.raises(OutOfBounds):
            money.split_evenly(total, parts=parts)


@given(
    total=st.integers(-(10**9), 10**9), weights=st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8)
)
def test_what_is_shared_out_adds_up_and_no_part_is_a_whole_one_off(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    if not whole:
        with pytest.raises(OutOfBounds):
            money.apportion(total, weights=weights)
        return
    parts = money.apportion(total, weights=weights)
    assert sum(parts) == total
    assert all(
        abs(part * whole - total * weight) < abs(whole) for part, weight in zip(parts, weights, strict=True)
    )


def test_ten_centavos_to_three_alike_give_the_odd_one_to_the_first() -> None:
    assert money.apportion(10, weights=[1, 1, 1]) == [4, 3, 3]
    assert money.apportion(-10, weights=[1, 1, 1]) == [-3, -3, -4]
