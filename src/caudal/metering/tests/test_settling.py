"""What was counted is spread and nothing is lost, for any number of points and estimated periods."""

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from caudal.metering.commands.assessment import settle
from caudal.metering.loading import EstimatedPeriods, Loaded
from caudal.metering.policy import USUAL_RULES, Facts
from caudal.rules.periods import Period

JUNE = Period(201806)
# per point: m³ counted, days of this period, and (estimated m³, days) of each estimated period before
point = st.tuples(
    st.integers(0, 5000),
    st.integers(0, 70),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 62)), max_size=5),
)


def loaded(points: list[tuple[int, int, list[tuple[int, int]]]]) -> Loaded:
    n = len(points)
    columns = {f.name: np.zeros(n, dtype=np.int64) for f in fields(Facts)}
    columns |= {
        "value": np.array([1000 + counted for counted, _, _ in points]),
        "start": np.full(n, 1000),
        "previous_reading": np.full(n, 1000),
        "dial_digits": np.full(n, 5),
        "diameter_mm": np.full(n, 13),
        "mean_m3": np.full(n, 20),
        "has_meter": np.ones(n, dtype=np.bool_),
        "is_interrupted": np.zeros(n, dtype=np.bool_),
        "days": np.array([days for _, days, _ in points]),
        "estimated_before": np.array([len(before) for _, _, before in points]),
    }
    rows = [
        (row, JUNE.shift(turn - len(before)), m3, days)
        for row, (_, _, before) in enumerate(points)
        for turn, (m3, days) in enumerate(before)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    day = np.zeros(n, dtype=np.int64)
    return Loaded(
        np.arange(1, n + 1), day + 7, day, day + columns["days"], Facts(**columns), EstimatedPeriods(*table.T)
    )


@given(st.lists(point, min_size=1, max_size=12))
def test_shares_add_up_to_what_the_dial_moved(points: list) -> None:
    outcome = settle(loaded=loaded(points), period=JUNE, rules=USUAL_RULES)
    now = np.asarray(outcome.consumption["consumption_m3"])
    real, owner = (np.asarray(outcome.revisions[name]) for name in ("real_m3", "service_point_id"))
    for row, (counted, _, before) in enumerate(points):
        shares = real[owner == row + 1]
        assert int(now[row]) + int(shares.sum()) == counted
        assert len(shares) == len(before)
        assert (shares >= 0).all()


@given(st.lists(point, min_size=1, max_size=8))
def test_a_batch_is_many_batches_of_one(points: list) -> None:
    outcome = settle(loaded=loaded(points), period=JUNE, rules=USUAL_RULES)
    singles = [settle(loaded=loaded([each]), period=JUNE, rules=USUAL_RULES) for each in points]
    for name in ("consumption_m3", "doubts", "current_reading", "estimated_periods"):
        together = np.asarray(outcome.consumption[name]).tolist()
        assert together == [int(np.asarray(one.consumption[name])[0]) for one in singles]
    for name in ("period", "estimated_m3", "real_m3", "days"):
        together = np.asarray(outcome.revisions[name]).tolist()
        assert together == [int(v) for one in singles for v in np.asarray(one.revisions[name])]
