from caudal.rules import columns, schedules, tariffs, workings
from caudal.rules.schedules import AreaBand, Schedule
from caudal.rules.tests.town import HOME, HOME_FLAT
from caudal.rules.workings import Step, StepKind


def steps(schedule: Schedule, **facts: object) -> tuple[Step, ...]:
    rows = columns.one(**({"schedule": 0, "use": 0} | facts))
    water = tariffs.water(columns=rows, schedules=schedules.freeze([schedule]))
    return workings.water_steps(water=water, row=0)


def test_a_bill_shows_how_many_units_at_which_price() -> None:
    assert steps(HOME, consumption_m3=27) == (
        Step(StepKind.FIXED, 7000),
        Step(StepKind.TIER, 0, 10_000, 0, 10_000, 0),  # what the base covers
        Step(StepKind.TIER, 7100, 10_000, 10_000, 20_000, 71_000),
        Step(StepKind.TIER, 5320, 7_000, 20_000, 30_000, 76_000),
    )


def test_the_last_tier_has_no_end() -> None:
    last = steps(HOME, consumption_m3=31)[-1]
    assert last == Step(StepKind.TIER, 820, 1_000, 30_000, None, 82_000)


def test_two_months_show_limits_twice_as_wide() -> None:
    shown = steps(HOME, consumption_m3=54, tier_days=60)
    assert [(each.from_thousandths, each.to_thousandths) for each in shown[1:]] == [
        (0, 20_000),
        (20_000, 40_000),
        (40_000, 60_000),
    ]
    assert sum(each.amount_cents for each in shown) == 2 * 19420


def test_thirds_of_a_centavo_are_shown_so_that_steps_add_up() -> None:
    # 31 days: 72.333… + 10.333… × 7.10 (73.366…) + 6.333… × 7.60 (48.133…) = 193.8333…
    shown = steps(HOME, consumption_m3=27, tier_days=31)
    assert [each.amount_cents for each in shown] == [7233, 0, 7337, 4813]
    assert sum(each.amount_cents for each in shown) == 19383


def test_the_minimum_shows_what_it_adds() -> None:
    low = Schedule("X", uniform_price=5_5000, minimum_price=78_0000)
    assert steps(low, consumption_m3=10) == (
        Step(StepKind.TIER, 5500, 10_000, 0, None, 5_5000),
        Step(StepKind.MINIMUM, 2300),
    )


def test_flat_table_and_area_are_named() -> None:
    assert steps(HOME_FLAT, is_metered=False) == (Step(StepKind.FLAT, 11000),)
    lot = Schedule("LOT", area_bands=(AreaBand(None, 1000),), table_prices=(50_0000, 60_0000))
    assert steps(lot, consumption_m3=1, lot_area_m2=100)[:2] == (
        Step(StepKind.TABLE, 6000),
        Step(StepKind.AREA, 1000),
    )


def test_rows_with_the_same_case_share_their_steps() -> None:
    rows = columns.bill_columns(schedule=0, use=0, consumption_m3=[19, 27, 19])
    water = tariffs.water(columns=rows, schedules=schedules.freeze([HOME]))
    shown = [workings.water_steps(water=water, row=row) for row in range(3)]
    assert shown[0] == shown[2] == workings.case_steps(water=water, case=int(water.case_of_row[0]))
    assert shown[0] != shown[1]
