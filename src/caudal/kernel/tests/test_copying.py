"""Integer columns in and out, as they were."""

from datetime import date

import numpy as np
import pytest
from django.db import connection

from caudal.kernel import copying

pytestmark = pytest.mark.django_db
TYPES = {"small": "int2", "whole": "int4", "big": "int8", "day": "date", "yes": "bool"}


@pytest.fixture
def shelf() -> str:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE shelf (small int2, whole int4, big int8, day date, yes bool)")
    return "shelf"


def test_what_goes_in_comes_out(shelf: str) -> None:
    columns = {
        "small": np.array([-32768, 0, 32767]),
        "whole": np.array([-(2**31), 0, 2**31 - 1]),
        "big": np.array([-(2**63), 0, 2**63 - 1]),
        "day": np.array(["1999-12-31", "2000-01-01", "2019-03-05"], dtype="datetime64[D]"),
        "yes": np.array([True, False, True]),
    }
    copying.copy_in(table=shelf, types=TYPES, columns=columns)

    found = copying.copy_out(sql="SELECT * FROM shelf ORDER BY small", types=TYPES)

    for name in ("small", "whole", "big"):
        assert found[name].tolist() == columns[name].tolist()
    assert found["day"].tolist() == [-1, 0, (date(2019, 3, 5) - date(2000, 1, 1)).days]
    assert found["yes"].tolist() == [1, 0, 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT day, yes FROM shelf WHERE small = 32767")
        assert cursor.fetchone() == (date(2019, 3, 5), True)


def test_a_single_value_fills_its_column(shelf: str) -> None:
    columns = {"small": np.arange(3), "whole": 7, "big": -1, "day": date(2019, 3, 5), "yes": True}
    copying.copy_in(table=shelf, types=TYPES, columns=columns)
    found = copying.copy_out(sql="SELECT * FROM shelf", types=TYPES)
    assert found["whole"].tolist() == [7, 7, 7] and found["big"].tolist() == [-1, -1, -1]


def test_no_rows_is_no_rows(shelf: str) -> None:
    nothing = np.zeros(0, dtype=np.int64)
    copying.copy_in(
        table=shelf,
        types=TYPES,
        columns={"small": nothing, "whole": 1, "big": nothing, "day": nothing, "yes": nothing},
    )
    assert copying.copy_out(sql="SELECT * FROM shelf", types=TYPES)["big"].size == 0


def test_parameters_are_bound_not_pasted(shelf: str) -> None:
    copying.copy_in(
        table=shelf, types=TYPES, columns={"small": np.arange(5), "whole": 0, "big": 0, "day": 0, "yes": 0}
    )
    found = copying.copy_out(
        sql="SELECT small FROM shelf WHERE small = ANY(%s)", types={"small": "int2"}, params=([1, 3, 99],)
    )
    assert sorted(found["small"].tolist()) == [1, 3]


@pytest.mark.parametrize("sql", ["SELECT NULL::int4 AS a, 1 AS b", "SELECT 1 AS a, NULL::int4 AS b",
                                 "SELECT NULL::int4 AS a, NULL::int4 AS b"])  # fmt: skip
def test_a_null_is_refused_not_read_as_another_number(sql: str) -> None:
    with pytest.raises(ValueError, match="null"):
        copying.copy_out(sql=sql, types={"a": "int4", "b": "int4"})


def test_nulls_that_make_up_the_length_of_a_row_are_refused_too() -> None:
    """Rows of 2 + 3 × (4 + 4) = 26 bytes; 13 nulls of 4 bytes less are two rows' length."""
    with pytest.raises(ValueError, match="null"):
        copying.copy_out(
            sql="SELECT i AS a, CASE WHEN i > 13 THEN i END AS b, i AS c FROM generate_series(1, 26) AS i",
            types={"a": "int4", "b": "int4", "c": "int4"},
        )
