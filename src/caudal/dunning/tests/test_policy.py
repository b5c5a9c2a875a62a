"""Business days, ages and rates: pure decisions, checked by hand."""

from datetime import date

import numpy as np
import pytest

from caudal.dunning import policy
from caudal.dunning.policy import BusinessCalendar

HOLY_WEEK = frozenset({date(2019, 4, 18), date(2019, 4, 19)})


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2019, 9, 16), False),  # Independence, a Monday
        (date(2019, 9, 17), True),
        (date(2019, 11, 18), False),  # the Revolution is kept on the third Monday
        (date(2019, 11, 20), True),  # and the 20th, a Wednesday, is a day like any other
        (date(2019, 2, 4), False),  # the Constitution, first Monday
        (date(2024, 10, 1), False),  # a president takes office, every six years
        (date(2019, 10, 1), True),
        (date(2019, 9, 14), False),  # Saturday
    ],
)
def test_a_day_counts_by_the_labor_law(on: date, counts: bool) -> None:
    assert BusinessCalendar().is_business_day(on) is counts


def test_a_friday_before_independence_is_followed_by_a_tuesday() -> None:
    """13 September 2019 is Friday; 14 and 15 the weekend, 16 the holiday: the next business day is the 17th."""
    assert BusinessCalendar().next_after(date(2019, 9, 13)) == date(2019, 9, 17)


def test_the_days_the_utility_closes_lengthen_a_term() -> None:
    """From Wednesday 17 April 2019: two business days are the 18th and 19th; closed for Holy Week, the 22nd and 23rd."""
    assert BusinessCalendar().add(date(2019, 4, 17), 2) == date(2019, 4, 19)
    assert BusinessCalendar(HOLY_WEEK).add(date(2019, 4, 17), 2) == date(2019, 4, 23)


def test_a_notice_takes_effect_the_next_business_day_and_its_term_counts_from_the_one_after() -> None:
    """Served on Friday 13 September: effect on the 17th, and 15 business days from the 18th end on 8 October.

    18, 19, 20 (3) · 23–27 (8) · 30 Sep – 4 Oct (13) · 7, 8 Oct (15).
    """
    told = policy.dates(served_on=date(2019, 9, 13), term_days=15, calendar=BusinessCalendar())
    assert (told.effects_on, told.term_ends_on) == (date(2019, 9, 17), date(2019, 10, 8))


def test_the_next_stage_waits_at_least_for_the_day_after_the_term() -> None:
    days = BusinessCalendar()
    assert policy.next_stage_on(term_ends_on=date(2019, 10, 8), wait_days=0, calendar=days) == date(
        2019, 10, 9
    )
    # 9, 10, 11, 14, 15 October
    assert policy.next_stage_on(term_ends_on=date(2019, 10, 8), wait_days=5, calendar=days) == date(
        2019, 10, 15
    )


def test_business_days_between_two_days_leave_the_first_out() -> None:
    assert BusinessCalendar().between(date(2019, 9, 13), date(2019, 9, 18)) == 2  # 17 and 18


def test_each_age_falls_in_its_bucket() -> None:
    ages = np.array([-5, 0, 30, 31, 60, 61, 90, 91, 180, 181, 365, 366, 4000], dtype=np.int64)
    assert policy.bucket_of(age_days=ages).tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_rate_is_what_happened_only_when_enough_of_it_happened() -> None:
    """20 notices asked for $1,000.00 and brought $250.00: 25 %. 19 are too few, and what was assumed stays."""
    notified = [(20, 1_000_00, 250_00), (19, 1_000_00, 900_00)]
    assert policy.recovery_rates(notified=notified, assumed_ppm=[500_000, 400_000]) == (250_000, 400_000)


def test_what_is_expected_is_the_debt_by_the_rate_of_its_age() -> None:
    """$1,642.00 at 20 % = $328.40."""
    told = policy.expected_recovery(
        debt_cents=np.array([1_642_00]), bucket=np.array([3]), rates_ppm=(0, 0, 0, 200_000, 0, 0)
    )
    assert told.tolist() == [328_40]


@pytest.mark.parametrize(
    ("outcome", "needs_personal", "had_appointment", "serves"),
    [
        ("delivered", True, False, True),
        ("refused", True, False, True),
        ("posted", True, False, False),  # nobody was waited for
        ("posted", True, True, True),
        ("posted", False, False, True),
        ("absent", True, False, False),
        ("not_delivered", False, True, False),
    ],
)
def test_what_must_be_served_in_person_is_posted_only_after_an_appointment(
    outcome: str, needs_personal: bool, had_appointment: bool, serves: bool
) -> None:
    told = policy.is_effective(
        outcome=outcome, needs_personal=needs_personal, had_appointment=had_appointment
    )
    assert told is serves


def test_work_is_shared_as_even_as_can_be() -> None:
    assert policy.in_parts(count=10, parts=3) == [4, 3, 3]


@pytest.mark.parametrize(
    ("typed", "number"), [("NOT-000012", 12), ("not 12", 12), ("12", 12), ("NOT-x", None), ("", None)]
)
def test_a_folio_is_understood_however_it_is_typed(typed: str, number: int | None) -> None:
    assert policy.notice_number(typed) == number
