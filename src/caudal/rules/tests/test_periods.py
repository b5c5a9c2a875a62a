from datetime import date

import numpy as np
import pytest

from caudal.rules import periods
from caudal.rules.bounds import OutOfBounds
from caudal.rules.periods import DateRange, Period


def test_a_period_is_an_integer_that_knows_its_month() -> None:
    january = Period(201901)
    assert january == 201901
    assert f"{january}" == str(january) == "201901"
    assert (january.year, january.month) == (2019, 1)
    assert (january.first_day, january.last_day) == (date(2019, 1, 1), date(2019, 1, 31))


def test_periods_walk_over_the_turn_of_the_year() -> None:
    december = Period.of(date(2018, 12, 31))
    assert december.next() == Period(201901)
    assert Period(201901).previous() == december
    assert december.shift(-12) == Period(201712)
    assert december.shift(14) == Period(202002)
    assert december.months_until(Period(202002)) == 14
    assert Period(202002).months_until(december) == -14
    assert Period(202002).last_day == date(2020, 2, 29)


@pytest.mark.parametrize("value", [0, 2019, 201900, 201913, 189912, 300001, -201901])
def test_what_is_not_a_month_is_refused(value: int) -> None:
    with pytest.raises(OutOfBounds, match="AAAAMM"):
        Period(value)


def test_a_range_of_days_leaves_its_last_day_out() -> None:
    law_of_2019 = DateRange(date(2019, 1, 1), date(2020, 1, 1))
    assert law_of_2019.contains(date(2019, 1, 1))
    assert law_of_2019.contains(date(2019, 12, 31))
    assert not law_of_2019.contains(date(2020, 1, 1))
    assert not law_of_2019.contains(date(2018, 12, 31))
    assert law_of_2019.days == 365


def test_an_open_range_never_ends() -> None:
    from_2020 = DateRange(date(2020, 1, 1))
    assert from_2020.contains(date(2999, 1, 1))
    assert from_2020.days is None


def test_ranges_that_touch_do_not_overlap() -> None:
    law_of_2019 = DateRange(date(2019, 1, 1), date(2020, 1, 1))
    law_of_2020 = DateRange(date(2020, 1, 1))
    decree = DateRange(date(2019, 12, 31), date(2020, 2, 1))
    assert not law_of_2019.overlaps(law_of_2020)
    assert not law_of_2020.overlaps(law_of_2019)
    assert decree.overlaps(law_of_2019)
    assert decree.overlaps(law_of_2020)
    assert law_of_2020.overlaps(decree)


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(OutOfBounds, match="terminar después"):
        DateRange(date(2019, 1, 1), date(2019, 1, 1))


def test_a_column_of_due_days_counts_as_each_of_its_days() -> None:
    on = date(2019, 3, 1)
    due = [date(2019, 1, 31), date(2019, 2, 28), date(2019, 3, 1), date(2018, 2, 28), date(2016, 2, 29)]
    ordinals = np.array([each.toordinal() for each in due])
    late = periods.months_late_columns(due_ordinals=ordinals, on=on)
    assert late.tolist() == [2, 1, 0, 13, 37]
    assert late.tolist() == [periods.months_late(due_on=each, on=on) for each in due]


def test_a_day_that_a_month_lacks_becomes_its_last_one_but_is_not_forgotten() -> None:
    dates = periods.monthly_dates(first_on=date(2019, 12, 31), count=4)
    assert dates == (date(2019, 12, 31), date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 31))
