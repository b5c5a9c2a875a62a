import numpy as np
import pytest

from caudal.rules import cases


def assert_gives_back(*columns: np.ndarray) -> int:
    """The chosen rows, spread over the cases, are the columns again. Gives the number of cases."""
    first_row, case_of_row = cases.distinct(*columns)
    for column in columns:
        assert np.array_equal(column[first_row][case_of_row], column)
    assert first_row.size == len(set(zip(*(column.tolist() for column in columns), strict=True)))
    return int(first_row.size)


def test_rows_that_are_alike_share_a_case() -> None:
    schedule = np.array([0, 0, 1, 0])
    volume = np.array([19_000, 27_000, 19_000, 19_000])
    assert assert_gives_back(schedule, volume) == 3


def test_no_rows_no_cases() -> None:
    empty = np.array([], dtype=np.int64)
    first_row, case_of_row = cases.distinct(empty, empty)
    assert first_row.size == case_of_row.size == 0


def test_whole_units_and_thousandths_are_told_apart() -> None:
    whole = np.arange(200) * 1000
    assert assert_gives_back(whole) == 200
    assert assert_gives_back(np.append(whole, 199_001)) == 201


@pytest.mark.parametrize("reach", [2, 1_000, 10**6, 10**9])
def test_columns_of_any_reach_are_told_apart(reach: int) -> None:
    rng = np.random.default_rng(reach)
    columns = [rng.integers(-1, reach, 3_000) for _ in range(5)]
    columns.append(rng.integers(0, 3, 3_000))
    assert assert_gives_back(*columns) <= 3_000
