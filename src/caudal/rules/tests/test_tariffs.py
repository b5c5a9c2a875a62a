import numpy as np
import pytest

from caudal.rules import columns, schedules, tariffs
from caudal.rules.bounds import OutOfBounds
from caudal.rules.schedules import AreaBand, Schedule, Tier, WhileInterrupted
from caudal.rules.tests.town import HOME, HOME_FLAT, SHOP


def cents(prices: schedules.Schedules, **facts: object) -> list[int]:
    rows = columns.bill_columns(**({"schedule": 0, "use": 0} | facts))
    return tariffs.water(columns=rows, schedules=prices).cents_of(slice(None)).tolist()


def test_each_row_is_priced_by_its_own_list() -> None:
    prices = schedules.freeze([HOME, SHOP, HOME_FLAT])
    # 70.00 + 9 × 7.10; 110.00 + 10 × 11.20 + 25 × 12.00; flat 110.00
    paid = cents(prices, schedule=[0, 1, 2], consumption_m3=[19, 45, 0], is_metered=[1, 1, 0])
    assert paid == [13390, 52200, 11000]


def test_rows_that_are_alike_are_priced_once() -> None:
    rows = columns.bill_columns(schedule=0, use=0, consumption_m3=[19, 27, 19, 19])
    water = tariffs.water(columns=rows, schedules=schedules.freeze([HOME]))
    assert len(water.cases) == water.amount_cents.size == 2
    assert water.cents_of(slice(None)).tolist() == [13390, 19420, 13390, 13390]
    assert water.cents_of(slice(1, 3)).tolist() == [19420, 13390]


def test_parts_combine_fixed_table_uniform_area_and_flat() -> None:
    everything = Schedule(
        "ALL",
        fixed_price=10_0000,
        uniform_price=5000,
        table_prices=(0, 2_0000, 5_0000),
        table_excess_price=4_0000,
        flat_price=33_0000,
        area_bands=(AreaBand(100, 0), AreaBand(None, 1000)),
    )
    prices = schedules.freeze([everything])
    # 10.00 + 4 × 0.50 + (5.00 + 2 × 4.00) + 50 m² × 0.10
    assert cents(prices, consumption_m3=4, lot_area_m2=150) == [3000]
    # 10.00 + 33.00 + 5.00, without a meter nothing of the volume
    assert cents(prices, consumption_m3=4, lot_area_m2=150, is_metered=False) == [4800]


def test_a_cap_prices_at_most_that_volume_and_the_days_scale_it() -> None:
    prices = schedules.freeze([HOME])
    rows = columns.bill_columns(schedule=0, use=0, consumption_m3=[27, 27, 8, 45], tier_days=[30, 30, 30, 60])
    cap = np.array([tariffs.NO_CAP, 20_000, 20_000, 20_000])
    water = tariffs.water(columns=rows, schedules=prices, cap_thousandths=cap)
    # no cap; 70 + 10 × 7.10; under the cap; 40 m³ in two months: 2 × 141.00
    assert water.cents_of(slice(None)).tolist() == [19420, 14100, 7000, 28200]


def test_passing_a_limit_is_told_exactly_whatever_the_days() -> None:
    prices = schedules.freeze([HOME])
    rows = columns.bill_columns(
        schedule=0,
        use=0,
        consumption_thousandths=[10_000, 10_001, 10_333, 10_334],
        tier_days=[30, 30, 31, 31],
    )
    over = tariffs.exceeds(rows, prices, np.full(4, 10_000))
    assert over.tolist() == [False, True, False, True]  # 10 × 31 / 30 = 10.333…


def test_passing_a_limit_is_told_exactly_across_units() -> None:
    in_gallons = schedules.freeze([HOME], unit="gal")
    # 1,000 gal = 3.785411784 m³
    rows = columns.bill_columns(schedule=0, use=0, consumption_thousandths=[3_785, 3_786])
    assert tariffs.exceeds(rows, in_gallons, np.full(2, 1_000_000)).tolist() == [False, True]


def test_a_cut_service_owes_what_the_book_says_and_a_running_one_is_untouched() -> None:
    minimum = Schedule(
        "HAB", fixed_price=20_0000, flat_price=90_0000, minimum_price=78_0000, tiers=HOME.tiers
    )
    owed = {
        policy.name: cents(
            schedules.freeze([minimum], while_interrupted=policy),
            consumption_m3=[30, 30],
            is_interrupted=[True, False],
        )
        for policy in WhileInterrupted
    }
    running = 2000 + 20 * 710 + 10 * 760
    assert owed == {
        "AS_USUAL": [running, running],
        "MINIMUM": [7800, running],
        "FLAT": [11000, running],
        "NOTHING": [0, running],
    }


def test_wide_numbers_give_the_same_centavos_as_narrow_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    prices = schedules.freeze([HOME, SHOP])
    facts = {"schedule": [0, 1, 1], "consumption_m3": [27, 45, 3], "tier_days": [31, 59, 30]}
    narrow = cents(prices, **facts)
    monkeypatch.setattr("caudal.rules.bounds.SAFE_INT64", 0)
    assert cents(prices, **facts) == narrow


def test_a_huge_price_is_computed_wide_and_an_absurd_amount_refused() -> None:
    dear = schedules.freeze([Schedule("DEAR", tiers=(Tier(None, 10**10),))])
    assert cents(dear, consumption_m3=9_000) == [9_000 * 10**8]  # 1,000,000.00 pesos each
    with pytest.raises(OutOfBounds, match="fuera de toda proporción"):
        cents(dear, consumption_m3=10_001)


def test_a_schedule_that_the_book_lacks_is_refused() -> None:
    with pytest.raises(OutOfBounds, match="«schedule», renglón 1: debe estar entre 0 y 0"):
        cents(schedules.freeze([HOME]), schedule=[0, 1])


def test_an_empty_batch_costs_nothing() -> None:
    assert cents(schedules.freeze([HOME]), schedule=np.array([], dtype=np.int64)) == []
