"""Which bills a person must see, and why an account gets none: one story per row."""

import numpy as np
import pytest

from caudal.billing import policy
from caudal.billing.models import HeldBill, UnbilledAccount
from caudal.billing.policy import Cause, Hold, HoldTerms, Judged
from caudal.metering.policy import Doubt

USUAL = {
    "is_metered": True, "consumption_m3": 20, "mean_m3": 20, "estimated_periods": 0, "doubts": 0, "review": 0,
    "total_cents": 200_00,
}  # fmt: skip
STORIES = [
    ("an ordinary month", {}, Hold.NONE),
    ("twice the mean is not yet above it", {"consumption_m3": 40}, Hold.NONE),
    ("one m³ more is", {"consumption_m3": 41}, Hold.ABOVE_MEAN),
    ("10 m³ after 1: the base covers it", {"consumption_m3": 10, "mean_m3": 1}, Hold.NONE),
    ("11 m³ after 1", {"consumption_m3": 11, "mean_m3": 1}, Hold.ABOVE_MEAN),
    ("water where there never was", {"consumption_m3": 30, "mean_m3": 0}, Hold.ABOVE_MEAN),
    ("the house stood empty", {"consumption_m3": 0}, Hold.ZERO_WITH_HISTORY),
    ("it always stands empty", {"consumption_m3": 0, "mean_m3": 0}, Hold.NONE),
    ("first reading ever", {"mean_m3": -1}, Hold.FIRST_BILL),
    ("a flat service has no history to ask for", {"is_metered": False, "mean_m3": -1}, Hold.NONE),
    ("two estimates in a row are allowed", {"estimated_periods": 2}, Hold.NONE),
    ("three are not", {"estimated_periods": 3}, Hold.TOO_MANY_ESTIMATES),
    ("the dial turned over", {"doubts": int(Doubt.ROLLOVER)}, Hold.READING_DOUBT),
    ("metering calls it high: the book's own terms decide", {"doubts": int(Doubt.HIGH)}, Hold.NONE),
    ("half of what it drank", {"consumption_m3": 9, "doubts": int(Doubt.LOW)}, Hold.READING_DOUBT),
    (
        "half of what the base covers",
        {"consumption_m3": 4, "mean_m3": 10, "doubts": int(Doubt.LOW)},
        Hold.NONE,
    ),
    ("seen in the Crítica: high", {"consumption_m3": 41, "review": 1}, Hold.NONE),
    ("seen: the dial turned over", {"doubts": int(Doubt.ROLLOVER), "review": 1}, Hold.NONE),
    ("seen: low", {"consumption_m3": 9, "doubts": int(Doubt.LOW), "review": 1}, Hold.NONE),
    ("seen: an empty house", {"consumption_m3": 0, "review": 1}, Hold.NONE),
    ("seen: its first reading", {"mean_m3": -1, "review": 1}, Hold.NONE),
    ("seen: the third estimate", {"estimated_periods": 3, "review": 1}, Hold.NONE),
    ("seen, but it is a fortune", {"total_cents": 50_000_01, "review": 1}, Hold.ABOVE_AMOUNT),
    ("two readers disagree over an ordinary month", {"review": 2}, Hold.READING_DOUBT),
    ("a flat service has no reading to disagree over", {"is_metered": False, "review": 2}, Hold.NONE),
    ("more than 50,000 pesos", {"total_cents": 50_000_01}, Hold.ABOVE_AMOUNT),
    ("just 50,000 pesos", {"total_cents": 50_000_00}, Hold.NONE),
    ("a regularization beyond the bill", {"total_cents": -1}, Hold.NEGATIVE),
    ("the gravest reason is told", {"consumption_m3": 99, "doubts": int(Doubt.REVERSED)}, Hold.READING_DOUBT),
]


def judged(*rows: dict[str, int]) -> Judged:
    whole = [USUAL | row for row in rows]
    columns = {name: np.array([row[name] for row in whole]) for name in USUAL}
    return Judged(**columns | {"is_metered": columns["is_metered"].astype(bool)})


@pytest.mark.parametrize(("story", "facts", "expected"), STORIES, ids=[story for story, *_ in STORIES])
def test_a_bill_is_held_when(story: str, facts: dict[str, int], expected: Hold) -> None:
    assert policy.reasons_to_hold(bills=judged(facts), terms=HoldTerms()).tolist() == [expected]


def test_a_whole_month_is_judged_like_each_bill() -> None:
    together = policy.reasons_to_hold(bills=judged(*(facts for _, facts, _ in STORIES)), terms=HoldTerms())
    assert together.tolist() == [expected for *_, expected in STORIES]


def test_a_book_may_think_otherwise() -> None:
    terms = HoldTerms(above_mean_percent=50, ordinary_m3=0, max_estimated_periods=0, holds_first_bill=False)
    bills = judged({"consumption_m3": 31}, {"consumption_m3": 30}, {"estimated_periods": 1}, {"mean_m3": -1})
    assert policy.reasons_to_hold(bills=bills, terms=terms).tolist() == [
        Hold.ABOVE_MEAN, Hold.NONE, Hold.TOO_MANY_ESTIMATES, Hold.NONE,
    ]  # fmt: skip


def test_the_doubts_about_a_reading_are_those_metering_names() -> None:
    judged_here = Doubt.HIGH | Doubt.LOW | Doubt.ZERO | Doubt.TOO_MANY_ESTIMATES | Doubt.NO_HISTORY
    every = 0
    for doubt in Doubt:
        every |= doubt
    assert int(every & ~judged_here) == policy.READING_DOUBTS


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({}, Cause.NONE),
        ({"is_billed": True, "is_assessed": False}, Cause.BILLED_ELSEWHERE),
        ({"is_assessed": False}, Cause.NO_CONSUMPTION),
        ({"is_assessed": False, "is_metered": False}, Cause.NONE),
        ({"consumption_m3": 1_000_001}, Cause.OUT_OF_BOUNDS),
        ({"consumption_m3": -1}, Cause.OUT_OF_BOUNDS),
        ({"lot_area_m2": 10**8 + 1}, Cause.OUT_OF_BOUNDS),
        ({"schedule": -1}, Cause.NO_PRICE),
    ],
)
def test_an_account_goes_without_a_bill_when(facts: dict[str, int], cause: Cause) -> None:
    usual = {
        "is_billed": False, "is_metered": True, "is_assessed": True, "consumption_m3": 20, "lot_area_m2": 0,
        "schedule": 3,
    }  # fmt: skip
    columns = {name: np.array([value]) for name, value in (usual | facts).items()}
    assert policy.causes_before_computing(**columns).tolist() == [cause]


def test_a_bill_without_lines_says_whether_the_service_is_cut() -> None:
    found = policy.causes_of_nothing(
        has_lines=np.array([True, False, False]), is_interrupted=np.array([True, True, False])
    )
    assert found.tolist() == [Cause.NONE, Cause.INTERRUPTED, Cause.NOTHING_TO_CHARGE]


def test_every_reason_and_cause_has_its_words() -> None:
    assert {each.name.lower() for each in Hold if each} == set(HeldBill.Reason.values)
    assert {each.name.lower() for each in Cause if each} == set(UnbilledAccount.Cause.values)
