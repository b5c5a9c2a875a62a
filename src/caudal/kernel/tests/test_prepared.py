"""Columns that travel as binary arrays arrive as what they were."""

import numpy as np
import pytest

from caudal.kernel import prepared

pytestmark = pytest.mark.django_db

TYPES = ("smallint[]", "int[]", "bigint[]", "text[]")
SQL = f"SELECT {', '.join(f'%s::{kind}' for kind in TYPES)}"


def asked(*params: object) -> list[object]:
    [row] = prepared.rows(sql=SQL, params=prepared.columns(types=TYPES, params=params))
    return list(row)


def test_columns_of_each_width_arrive_whole():
    small, middle, big = [-32768, 0, 32767], [-(2**31), 2**31 - 1], [-(2**63), -1, 2**63 - 1]
    columns = [np.array(column, dtype=np.int64) for column in (small, middle, big)]

    assert asked(*columns, ["1", "uno, dos"]) == [small, middle, big, ["1", "uno, dos"]]


def test_no_values_are_an_empty_array_of_its_type():
    nothing = np.zeros(0, dtype=np.int64)

    assert asked(nothing, nothing, nothing, []) == [[], [], [], []]


def test_lists_may_travel_beside_columns_with_what_is_not_known():
    assert asked([1], [None, 2], np.array([3]), []) == [[1], [None, 2], [3], []]


def test_a_value_that_does_not_fit_is_not_cut():
    with pytest.raises(OverflowError, match="int16"):
        prepared.columns(types=["smallint[]"], params=[np.array([40_000])])
