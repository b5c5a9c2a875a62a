import numpy as np
import pytest

from caudal.rules import bounds, columns
from caudal.rules.bounds import OutOfBounds


def test_one_value_stands_for_every_row() -> None:
    facts = columns.bill_columns(schedule=[0, 1, 1], use=0, consumption_m3=[10, 19, 27], is_metered=True)
    assert len(facts) == 3
    assert facts.use.tolist() == [0, 0, 0]
    assert facts.consumption_thousandths.tolist() == [10_000, 19_000, 27_000]
    assert facts.is_metered.tolist() == [True, True, True]
    assert facts.tier_days.tolist() == [30, 30, 30]


def test_one_account_is_a_column_of_one() -> None:
    lupita = columns.one(schedule=0, use=0, consumption_m3=19, benefit=1)
    assert len(lupita) == 1
    assert lupita.benefit.tolist() == [1]
    with pytest.raises(OutOfBounds, match="una sola cuenta"):
        columns.one(schedule=[0, 0], use=0)


def test_rows_become_columns() -> None:
    rows = [
        {"schedule": 0, "use": 0, "consumption_m3": 19, "has_sewerage": True},
        {"schedule": 3, "use": 3, "consumption_m3": 45, "has_sewerage": False},
    ]
    facts = columns.from_rows(rows)
    assert facts.schedule.tolist() == [0, 3]
    assert facts.has_sewerage.tolist() == [True, False]


def test_rows_that_do_not_bring_the_same_facts_are_refused() -> None:
    with pytest.raises(OutOfBounds, match="renglón 1: no trae las mismas columnas"):
        columns.from_rows([{"schedule": 0, "use": 0}, {"schedule": 0}])
    with pytest.raises(OutOfBounds, match="no hay renglones"):
        columns.from_rows([])


def test_an_empty_batch_is_a_batch() -> None:
    facts = columns.bill_columns(schedule=np.array([], dtype=np.int64), use=0)
    assert len(facts) == 0
    assert facts.tier_days.size == 0


def test_taking_rows_keeps_the_unit() -> None:
    facts = columns.bill_columns(schedule=[0, 1, 2], use=0, unit="gal")
    assert facts.take(slice(1, 3)).schedule.tolist() == [1, 2]
    assert facts.take(np.array([2, 0])).schedule.tolist() == [2, 0]
    assert facts.take(slice(0, 1)).unit == "gal"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"consumption_m3": 19.5}, "«consumption_m3»: se esperaban números enteros"),
        ({"consumption_m3": [10, -1]}, "«consumption_m3», renglón 1: debe estar entre 0 y 1000000 (valor -1)"),
        ({"consumption_m3": 10**6 + 1}, "renglón 0: debe estar entre 0 y 1000000"),
        ({"consumption_thousandths": -1}, "«consumption_thousandths»"),
        ({"consumption_m3": 1, "consumption_thousandths": 1000}, "se dio dos veces"),
        ({"tier_days": 0}, "«tier_days», renglón 0: debe estar entre 1 y 3660"),
        ({"schedule": [0, 1], "tier_days": [30, 30, 30]}, "debe tener 3 renglones"),
        ({"schedule": [[0, 1]]}, "«schedule»: debe tener"),
        ({"is_metered": 2}, "«is_metered»"),
        ({"is_metered": "sí"}, "se esperaban números enteros"),
        ({"benefit": -1}, "«benefit»"),
        ({"lot_area_m2": -1}, "«lot_area_m2»"),
        ({"prepaid_reduction_ppm": 1_000_001}, "«prepaid_reduction_ppm»"),
    ],
)  # fmt: skip
def test_absurd_facts_are_refused_by_name_row_and_value(change: dict[str, object], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        columns.bill_columns(**({"schedule": 0, "use": 0} | change))
    assert said in str(refusal.value)


def test_a_refusal_can_be_read_by_a_program_too() -> None:
    with pytest.raises(OutOfBounds) as refusal:
        columns.bill_columns(schedule=0, use=0, tier_days=[30, 30, 4000])
    assert (refusal.value.column, refusal.value.row, refusal.value.value) == ("tier_days", 2, 4000)


def test_scalars_must_be_whole_numbers() -> None:
    assert bounds.require_scalar(5, 0, 10, name="x") == 5
    for value in (5.0, True, "5", 11, -1):
        with pytest.raises(OutOfBounds):
            bounds.require_scalar(value, 0, 10, name="x")  # type: ignore[arg-type]


def test_a_column_widens_only_when_it_must() -> None:
    narrow = np.array([1, 2])
    assert bounds.wide_enough(narrow, most=2**62 - 1) is narrow
    wide = bounds.wide_enough(narrow, most=2**62)
    assert (wide * 2**70).tolist() == [2**70, 2**71]
