import numpy as np
import pytest

from caudal.rules import columns, statement
from caudal.rules.bounds import OutOfBounds
from caudal.rules.tests.town import amounts, bill, book


def test_a_home_of_27_cubic_meters_pays_238_87() -> None:
    stated = bill(book(), consumption_m3=27)
    assert amounts(stated) == {
        ("water", None): 19420,  # 70.00 + 10 × 7.10 + 7 × 7.60
        ("wastewater_treatment", None): 3884,  # × 20 %
        ("infrastructure_charge", None): 583,  # × 3 % = 5.826
    }
    assert stated.total_cents.tolist() == [23887]
    assert stated.line("water").quantity.tolist() == [27_000]


def test_la_espiga_pays_tax_on_every_line() -> None:
    espiga = bill(book(), schedule=1, use=1, consumption_m3=45)
    # 110.00 + 10 × 11.20 + 25 × 12.00 = 522.00; 104.40; 15.66
    assert espiga.subtotal_cents.tolist() == [52200 + 10440 + 1566]
    assert espiga.vat_cents.tolist() == [8352 + 1670 + 251]
    assert (espiga.total_cents - espiga.subtotal_cents - espiga.vat_cents).tolist() == [0]


def test_a_batch_mixes_homes_shops_and_flat_service() -> None:
    rows = columns.bill_columns(
        schedule=[0, 1, 2], use=[0, 1, 0], consumption_m3=[27, 45, 0], is_metered=[1, 1, 0]
    )
    stated = statement.compute(columns=rows, book=book())
    assert stated.total_cents.tolist() == [23887, 74479, 13530]
    assert amounts(stated, row=2)[("water", None)] == 11000


def test_every_batch_has_the_lines_of_its_book_even_if_nobody_has_them() -> None:
    alone = bill(book(), consumption_m3=27)
    assert tuple((line.concept, line.reduces) for line in alone.lines) == tuple(
        (key.concept, key.reduces) for key in book().lines
    )
    with pytest.raises(KeyError):
        alone.line("sewerage")


def test_an_empty_batch_is_billed() -> None:
    nobody = columns.bill_columns(schedule=np.array([], dtype=np.int64), use=0)
    stated = statement.compute(columns=nobody, book=book())
    assert stated.total_cents.size == 0
    assert all(line.amount_cents.size == 0 for line in stated.lines)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"schedule": 3}, "«schedule», renglón 0: debe estar entre 0 y 2 (valor 3)"),
        ({"use": 2}, "«use», renglón 0: debe estar entre 0 y 1 (valor 2)"),
        ({"benefit": 3}, "«benefit», renglón 0: debe estar entre 0 y 2 (valor 3)"),
        ({"rival_benefit": 3}, "«rival_benefit»"),
    ],
)
def test_facts_that_point_outside_the_book_are_refused(facts: dict[str, int], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        bill(book(), **facts)
    assert said in str(refusal.value)


def test_computing_leaves_the_facts_as_they_were() -> None:
    rows = columns.bill_columns(schedule=np.array([0, 0]), use=0, consumption_m3=[19, 27], benefit=[1, 2])
    before = {
        name: getattr(rows, name).tolist() for name in ("schedule", "consumption_thousandths", "benefit")
    }
    statement.compute(columns=rows, book=book())
    assert {name: getattr(rows, name).tolist() for name in before} == before
