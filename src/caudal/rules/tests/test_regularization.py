import numpy as np
import pytest

from caudal.rules import regularization
from caudal.rules.bounds import OutOfBounds


def test_a_real_reading_is_spread_by_days() -> None:
    assert regularization.spread(consumption_m3=90, days=[30, 30, 30]) == (30, 30, 30)
    assert regularization.spread(consumption_m3=100, days=[31, 28, 31]) == (35, 31, 34)


def test_units_left_over_go_to_the_largest_fractions_then_to_the_earliest() -> None:
    # 10 m³ over 20 + 30 + 50 days = 2, 3, 5; over 21 + 30 + 50: 2.08, 2.97, 4.95
    assert regularization.spread(consumption_m3=10, days=[20, 30, 50]) == (2, 3, 5)
    assert regularization.spread(consumption_m3=10, days=[21, 30, 50]) == (2, 3, 5)
    assert regularization.spread(consumption_m3=2, days=[30, 30, 30]) == (1, 1, 0)


def test_rows_of_different_length_are_filled_with_days_of_zero() -> None:
    shares = regularization.spread_batch(
        consumption_m3=np.array([61, 7]), days=np.array([[30, 31, 0], [30, 30, 30]])
    )
    assert shares.tolist() == [[30, 31, 0], [3, 2, 2]]


@pytest.mark.parametrize(
    ("consumption_m3", "days", "said"),
    [
        (-1, [[30]], "consumption_m3"),
        (10, [[-1, 31]], "days"),
        (10, [[0, 0]], "days"),
        (10, [30], "un renglón por consumo"),
        (10, [[30], [30]], "un renglón por consumo"),
    ],
)
def test_impossible_spreads_are_refused(consumption_m3: int, days: list[object], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        regularization.spread_batch(consumption_m3=np.array([consumption_m3]), days=np.array(days))
    assert said in str(refusal.value)
