"""Is a reading believable, and how much water does it mean? Column by column, and one at a time."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.metering import policy
from caudal.metering.exceptions import CODES, FollowUp, Treatment
from caudal.metering.policy import (
    AVERAGED,
    ESTIMATED,
    NO_SERVICE,
    REAL,
    UNKNOWN,
    USUAL_RULES,
    Doubt,
    Facts,
    ReadingRules,
)

# a house that uses 15 m³ a month: previous reading 1000, five digits, half-inch connection
USUAL: dict[str, Any] = {
    "value": 1015, "code": 0, "start": 1000, "carried_m3": 0, "dial_digits": 5, "has_meter": True,
    "is_interrupted": False, "diameter_mm": 13, "days": 30, "mean_m3": 15, "latest_mean_m3": 16,
    "class_mean_m3": 20, "unread_before": 0, "estimated_before": 0,
    "previous_reading": 1000,
}  # fmt: skip
MASKS = {"has_meter", "is_interrupted"}


def facts(*rows: dict[str, Any]) -> Facts:
    full = [USUAL | row for row in rows]
    return Facts(
        **{
            f.name: np.array([row[f.name] for row in full], dtype=np.bool_ if f.name in MASKS else np.int64)
            for f in fields(Facts)
        }
    )


def judged(rules: ReadingRules = USUAL_RULES, **row: Any) -> tuple[int, int, int, Doubt]:
    """basis, m³ of the period, dial at its end, doubts; for one point that nets nothing from before."""
    one = facts(row)
    judgment = policy.judge(one, rules=rules)
    basis = judgment.basis
    consumption = np.where(basis == REAL, judgment.counted_m3, judgment.estimate_m3)
    doubts = judgment.reading_doubts | policy.volume_doubts(
        one, consumption_m3=consumption, basis=basis, rules=rules
    )
    return int(basis[0]), int(consumption[0]), int(judgment.current_reading[0]), Doubt(int(doubts[0]))


NONE = Doubt(0)


@pytest.mark.parametrize(
    ("value", "m3", "doubt"),
    [
        (1015, 15, NONE),
        (1030, 30, NONE),  # exactly twice the mean is not above it
        (1031, 31, Doubt.HIGH),
        (1008, 8, NONE),  # 2 × 8 = 16 ≥ 15
        (1007, 7, Doubt.LOW),  # 2 × 7 = 14 < 15
        (1000, 0, Doubt.ZERO),
    ],
)
def test_a_reading_is_compared_with_the_mean(value: int, m3: int, doubt: Doubt) -> None:
    assert judged(value=value) == (REAL, m3, value, doubt)


def test_what_the_reader_verified_is_not_doubted_again() -> None:
    assert judged(value=1090, code=10) == (REAL, 90, 1090, NONE)
    assert judged(value=1002, code=11) == (REAL, 2, 1002, NONE)
    assert judged(value=1000, code=11) == (REAL, 0, 1000, NONE)


def test_nobody_uses_more_than_the_pipe_lets_through() -> None:
    # 13 mm: 3 m³/h × 24 h × 30 days = 2,160 m³
    quiet = {"mean_m3": 1500}
    assert judged(value=1000 + 2160, **quiet)[3] == NONE
    assert judged(value=1000 + 2161, **quiet)[3] == Doubt.ABOVE_DIAMETER
    # 20 mm is not in the table: it takes the flow of 25 mm, 7 × 24 × 30 = 5,040
    assert judged(value=1000 + 2900, diameter_mm=20, **quiet)[3] == NONE


def test_the_first_reading_has_nothing_to_be_compared_with() -> None:
    assert judged(value=1015, mean_m3=UNKNOWN) == (REAL, 15, 1015, Doubt.NO_HISTORY)


def test_the_hotels_dial_goes_round() -> None:
    # 100000 − 99980 + 14 = 34 ≤ 3 × 15: it rolled over. Above twice the mean, so it is also high.
    row = {"start": 99980, "previous_reading": 99980}
    assert judged(value=14, **row) == (REAL, 34, 14, Doubt.ROLLOVER | Doubt.HIGH)
    # 100000 − 99980 + 25 = 45 = 3 × 15: still; one more does not fit
    assert judged(value=25, **row)[:2] == (REAL, 45)
    assert judged(value=26, **row)[0] == ESTIMATED


def test_a_reader_may_say_that_the_dial_went_round() -> None:
    assert judged(value=50, start=99900, code=12) == (REAL, 150, 50, Doubt.ROLLOVER | Doubt.HIGH)
    assert judged(value=50, start=99900, code=12, mean_m3=UNKNOWN)[:2] == (REAL, 150)


def test_a_reading_that_goes_back_is_not_billed_but_estimated() -> None:
    # six-month mean 16; the dial is shown where it would be, 1000 + 16
    assert judged(value=990) == (ESTIMATED, 16, 1016, Doubt.NEGATIVE)


def test_two_swapped_digits_are_noticed() -> None:
    # 1051 read as 1015 against a start of 1040: 1051 − 1040 = 11 would be usual
    assert judged(value=1015, start=1040)[3] == Doubt.NEGATIVE | Doubt.REVERSED
    # 0931 has no swap that gives anything usual
    assert judged(value=931, start=1040)[3] == Doubt.NEGATIVE


@pytest.mark.parametrize(
    ("means", "m3"),
    [
        ({}, 16),  # mean of its latest
        ({"latest_mean_m3": UNKNOWN}, 20),  # too few: its class
        ({"latest_mean_m3": UNKNOWN, "class_mean_m3": UNKNOWN}, 0),  # nothing: only the minimum is charged
    ],
)
def test_an_unread_meter_is_estimated(means: dict[str, int], m3: int) -> None:
    assert judged(value=UNKNOWN, **means) == (ESTIMATED, m3, 1000 + m3, NONE)


def test_the_third_estimate_in_a_row_asks_for_an_inspection() -> None:
    assert judged(value=UNKNOWN, unread_before=1)[3] == NONE
    assert judged(value=UNKNOWN, unread_before=2)[3] == Doubt.TOO_MANY_ESTIMATES
    patient = ReadingRules(max_consecutive_estimates=3)
    assert judged(patient, value=UNKNOWN, unread_before=2)[3] == NONE


@pytest.mark.parametrize("code", [5, 6, 7, 13])
def test_a_broken_meter_is_averaged_whatever_it_shows(code: int) -> None:
    assert judged(value=1003, code=code) == (AVERAGED, 16, 1003, NONE)
    assert judged(value=UNKNOWN, code=code) == (AVERAGED, 16, 1000, NONE)  # the dial is left where it was


def test_a_cut_service_uses_nothing() -> None:
    assert judged(value=UNKNOWN, code=17) == (NO_SERVICE, 0, 1000, NONE)
    assert judged(value=1000, code=17) == (REAL, 0, 1000, NONE)
    assert judged(value=UNKNOWN, is_interrupted=True) == (NO_SERVICE, 0, 1000, NONE)


def test_a_cut_service_that_uses_water_is_told() -> None:
    assert judged(value=1015, code=17) == (REAL, 15, 1015, Doubt.CUT_WITH_USE)
    assert judged(value=1015, is_interrupted=True) == (REAL, 15, 1015, Doubt.CUT_WITH_USE)
    assert judged(value=1015, code=18)[3] == Doubt.CUT_WITH_USE | Doubt.SUSPECTED_FRAUD


def test_another_meters_number_is_not_believed() -> None:
    assert judged(value=4410, code=23) == (ESTIMATED, 16, 1016, Doubt.WRONG_METER)


def test_a_metered_service_without_meter_is_averaged() -> None:
    assert judged(value=UNKNOWN, has_meter=False, previous_reading=UNKNOWN) == (
        AVERAGED, 16, UNKNOWN, Doubt.NO_METER,
    )  # fmt: skip


def test_the_old_meters_share_counts_in_an_exchange() -> None:
    # old: 1009 − 1000 = 9 carried; new: 6 − 0 = 6; 15 in all
    assert judged(value=6, start=0, carried_m3=9, previous_reading=0) == (REAL, 15, 6, NONE)


def test_an_estimated_dial_also_goes_round() -> None:
    assert judged(value=UNKNOWN, previous_reading=99990, start=99990)[2] == 6  # 99990 + 16 − 100000


def test_the_26_codes_are_whole() -> None:
    assert sorted(CODES) == [f"{number:02d}" for number in range(26)]
    assert CODES["01"].treatment is Treatment.ESTIMATE
    assert CODES["07"].follow_up is FollowUp.METER_CHANGE
    assert all(each.text for each in CODES.values())
    assert set(policy.DOUBT_TEXTS) == set(Doubt)


def test_means_round_half_away_and_know_when_they_know_nothing() -> None:
    means = policy.mean(total_m3=np.array([5, 4, 0, 7]), periods=np.array([2, 3, 4, 0]))
    assert means.tolist() == [3, 1, 0, UNKNOWN]  # 2.5 → 3; 1.33 → 1; 0; no periods


def test_a_month_later_is_the_same_day_or_the_last() -> None:
    # days since 2000-01-01: 30 = Jan 31, 59 = Feb 29 (leap), 424 = Feb 28, 2001
    assert policy.months_after(np.array([30, 24]), months=1).tolist() == [59, 55]
    assert policy.months_after(np.array([396]), months=1).tolist() == [424]  # Jan 31, 2001 → Feb 28
    assert policy.months_after(np.array([-1]), months=1).tolist() == [30]  # Dec 31, 1999 → Jan 31


one_row = st.fixed_dictionaries(
    {
        "value": st.integers(-1, 99_999),
        "code": st.integers(0, 25),
        "start": st.integers(0, 99_999),
        "carried_m3": st.integers(0, 500),
        "dial_digits": st.sampled_from([5, 6]),
        "has_meter": st.booleans(),
        "is_interrupted": st.booleans(),
        "diameter_mm": st.sampled_from([13, 15, 19, 25, 50, 100, 150]),
        "days": st.integers(0, 400),
        "mean_m3": st.integers(-1, 300),
        "latest_mean_m3": st.integers(-1, 300),
        "class_mean_m3": st.integers(-1, 300),
        "unread_before": st.integers(0, 6),
        "estimated_before": st.integers(0, 6),
        "previous_reading": st.integers(-1, 99_999),
    }
)


def everything(batch: Facts) -> list[list[int]]:
    judgment = policy.judge(batch)
    consumption = np.where(judgment.basis == REAL, judgment.counted_m3, judgment.estimate_m3)
    volume = policy.volume_doubts(batch, consumption_m3=consumption, basis=judgment.basis)
    columns = [getattr(judgment, f.name) for f in fields(judgment)] + [consumption, volume]
    assert all(column.dtype == np.int64 for column in columns)
    return np.stack(columns, axis=1).tolist()


@given(st.lists(one_row, min_size=1, max_size=30))
def test_many_rows_are_many_times_one_row(rows: list[dict[str, Any]]) -> None:
    assert everything(facts(*rows)) == [everything(facts(row))[0] for row in rows]


@given(one_row)
def test_nothing_judged_is_absurd(row: dict[str, Any]) -> None:
    basis, m3, dial, doubts = judged(**row)
    assert m3 >= 0
    assert -1 <= dial < 10 ** row["dial_digits"]
    if basis == REAL:
        assert dial == row["value"]
        moved = (row["value"] - row["start"]) % 10 ** row["dial_digits"]
        assert m3 == row["carried_m3"] + moved
        assert (Doubt.ROLLOVER in doubts) == (row["value"] < row["start"])
    else:
        assert Doubt.HIGH not in doubts
