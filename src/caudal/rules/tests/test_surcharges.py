from datetime import date

import numpy as np
import pytest

from caudal.rules import surcharges
from caudal.rules.bounds import OutOfBounds

RATES = surcharges.surcharge_rates(monthly_ppm={2018: 10_000, 2019: 15_000}, cap_ppm=None)


def late(
    cents: int, due_on: date, months: int, charged: int = 0, rates: surcharges.SurchargeRates = RATES
) -> tuple[int, int, int]:
    result = surcharges.late_surcharges(
        overdue_cents=np.array([cents]),
        due_ordinals=np.array([due_on.toordinal()]),
        months_late=np.array([months]),
        months_charged=np.array([charged]),
        rates=rates,
    )
    return int(result.amount_cents[0]), int(result.rate_ppm[0]), int(result.months[0])


def test_don_chuy_owes_one_percent_for_each_month_of_2018_and_more_in_2019() -> None:
    # due 15 November 2018, three months: 16 Nov and 16 Dec at 1 %, 16 Jan at 1.5 %
    assert late(100_00, date(2018, 11, 15), 3) == (350, 35_000, 3)


def test_a_month_belongs_to_the_year_in_which_it_begins() -> None:
    assert late(100_00, date(2018, 12, 30), 1) == (100, 10_000, 1)  # begins 31 December
    assert late(100_00, date(2018, 12, 31), 1) == (150, 15_000, 1)  # begins 1 January


def test_months_charged_before_are_not_charged_again() -> None:
    whole = late(238_87, date(2018, 11, 15), 6)
    first = late(238_87, date(2018, 11, 15), 4)
    rest = late(238_87, date(2018, 11, 15), 6, charged=4)
    assert first[1] + rest[1] == whole[1]
    assert rest[2] == 2
    assert late(238_87, date(2018, 11, 15), 4, charged=4) == (0, 0, 0)
    assert late(238_87, date(2018, 11, 15), 0, charged=4) == (0, 0, 0)


def test_the_cap_counts_what_was_charged() -> None:
    capped = surcharges.surcharge_rates(monthly_ppm={2018: 10_000, 2019: 15_000}, cap_ppm=40_000)
    assert late(100_00, date(2018, 11, 15), 6, rates=capped) == (400, 40_000, 6)
    assert late(100_00, date(2018, 11, 15), 6, charged=3, rates=capped) == (50, 5_000, 3)
    assert late(100_00, date(2018, 11, 15), 9, charged=6, rates=capped) == (0, 0, 3)


def test_a_year_without_a_rate_is_refused_not_guessed() -> None:
    with pytest.raises(OutOfBounds, match="ese año.*valor 2020"):
        late(100_00, date(2019, 11, 15), 3)
    with pytest.raises(OutOfBounds, match="ese año.*valor 2017"):
        late(100_00, date(2017, 11, 15), 1)
    assert late(100_00, date(2017, 11, 15), 0) == (0, 0, 0)  # not late: no rate is needed


@pytest.mark.parametrize(
    ("monthly", "cap"), [({}, None), ({2018: 1, 2020: 1}, None), ({2018: -1}, None), ({2018: 1}, -1)]
)
def test_a_table_with_holes_or_absurd_rates_is_refused(monthly: dict[int, int], cap: int | None) -> None:
    with pytest.raises(OutOfBounds):
        surcharges.surcharge_rates(monthly_ppm=monthly, cap_ppm=cap)


def test_negative_principal_bears_no_surcharge_it_is_refused() -> None:
    with pytest.raises(OutOfBounds, match="overdue_cents"):
        late(-1, date(2018, 11, 15), 1)


def test_one_rate_for_all_in_scalars_and_columns() -> None:
    assert surcharges.late_surcharge(overdue_cents=23887, months_late=3, monthly_ppm=10_000) == 717  # 716.61
    column = surcharges.late_surcharge(
        overdue_cents=np.array([23887, 0]), months_late=np.array([3, 9]), monthly_ppm=10_000
    )
    assert column.tolist() == [717, 0]


def test_inflation_is_off_unless_the_book_turns_it_on() -> None:
    debt, at_due, now = (
        np.array([100_000, 100_000]),
        np.array([110_872, 115_493]),
        np.array([115_493, 110_872]),
    )
    off = surcharges.inflation_update(principal_cents=debt, index_at_due=at_due, index_at_payment=now)
    assert off.tolist() == [0, 0]
    on = surcharges.inflation_update(
        principal_cents=debt, index_at_due=at_due, index_at_payment=now, applies=True
    )
    assert on.tolist() == [4168, 0]


def test_an_index_that_is_not_positive_or_too_large_a_product_is_refused() -> None:
    one = np.array([1])
    with pytest.raises(OutOfBounds, match="index_at_due"):
        surcharges.inflation_update(
            principal_cents=one, index_at_due=one - 1, index_at_payment=one, applies=True
        )
    with pytest.raises(OutOfBounds, match="64 bits"):
        surcharges.inflation_update(
            principal_cents=one * 10**12, index_at_due=one, index_at_payment=one * 10**12, applies=True
        )


def test_enforcement_costs_keep_between_floor_and_ceiling() -> None:
    debts = np.array([0, 100_000, 500_000, 9_000_000])
    cost = surcharges.enforcement_cost(debt_cents=debts, ppm=50_000, floor_cents=8449, ceiling_cents=253_470)
    assert cost.tolist() == [0, 8449, 25_000, 253_470]
    with pytest.raises(OutOfBounds, match="mínimo de gastos"):
        surcharges.enforcement_cost(debt_cents=debts, ppm=50_000, floor_cents=2, ceiling_cents=1)
