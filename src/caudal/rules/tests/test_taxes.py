from datetime import date

import numpy as np
import pytest

from caudal.rules import taxes
from caudal.rules.bounds import OutOfBounds
from caudal.rules.taxes import Treatment, VatRule
from caudal.rules.tests.town import bill, book

ON = date(2019, 1, 1)


def table(*rules: VatRule, on: date = ON) -> taxes.VatTable:
    return taxes.vat_table(rules, concepts=("water", "sewerage"), uses=("HAB", "COM"), on=on)


def test_a_rule_for_one_use_goes_before_the_rule_for_every_use() -> None:
    rates = table(
        VatRule("water", None, 160_000), VatRule("water", "HAB", 0), VatRule("sewerage", None, 160_000)
    )
    assert rates.ppm.tolist() == [[0, 160_000], [160_000, 160_000]]


def test_the_rate_is_that_of_the_day() -> None:
    rules = (
        VatRule("water", None, 0),
        VatRule("sewerage", None, 150_000, effective_to=date(2010, 1, 1)),
        VatRule("sewerage", None, 160_000, effective_from=date(2010, 1, 1)),
    )
    assert table(*rules, on=date(2009, 12, 31)).ppm[1].tolist() == [150_000, 150_000]
    assert table(*rules, on=date(2010, 1, 1)).ppm[1].tolist() == [160_000, 160_000]


def test_zero_rate_exempt_and_not_object_are_kept_apart() -> None:
    rates = table(
        VatRule("water", "HAB", 0),
        VatRule("water", "COM", 0, Treatment.EXEMPT),
        VatRule("sewerage", None, 0, Treatment.NOT_OBJECT),
    )
    assert rates.treatment.tolist() == [[0, 1], [2, 2]]
    assert not rates.ppm.any()


def test_each_line_is_taxed_by_its_concept_and_the_use_of_its_row() -> None:
    rates = table(VatRule("water", None, 160_000), VatRule("water", "HAB", 0), VatRule("sewerage", None, 0))
    tax = taxes.vat(
        amount_cents=np.array([13390, 13390, -700]), table=rates, concept=0, use=np.array([0, 1, 1])
    )
    assert tax.tolist() == [0, 2142, -112]
    nothing = taxes.vat(amount_cents=np.array([13390]), table=rates, concept=1, use=np.array([1]))
    assert nothing.tolist() == [0]


def test_the_tax_of_a_reduction_is_that_of_the_concept_it_reduces() -> None:
    vat = [
        VatRule("water", None, 0),
        VatRule("wastewater_treatment", None, 160_000),
        VatRule("infrastructure_charge", None, 160_000),
    ]
    lupita = bill(book(vat=vat), consumption_m3=19, benefit=1)
    tax = {(line.concept, line.reduces): int(line.vat_cents[0]) for line in lupita.lines if line.vat_cents[0]}
    assert tax == {
        ("wastewater_treatment", None): 428,  # 26.78 × 16 % = 4.2848
        ("infrastructure_charge", None): 64,  # 4.02 × 16 % = 0.6432
        ("benefit", "wastewater_treatment"): -112,
        ("benefit", "infrastructure_charge"): -17,  # 1.05 × 16 % = 0.168
    }
    assert lupita.vat_cents.tolist() == [363]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([VatRule("water", None, 0)], "«IVA de sewerage»: no tiene tasa para el uso HAB"),
        ([VatRule("water", "HAB", 0), VatRule("sewerage", None, 0)], "«IVA de water»: no tiene tasa para el uso COM"),
        ([VatRule("water", None, 0), VatRule("water", None, 1), VatRule("sewerage", None)], "tiene dos tasas a la vez"),
        ([VatRule("tea", None, 0)], "el libro no cobra ese concepto (valor tea)"),
        ([VatRule("water", "HOT", 0)], "«IVA de water»: el libro no tiene ese uso (valor HOT)"),
        ([VatRule("water", None, 160_000, Treatment.EXEMPT)], "exento o no objeto no lleva tasa"),
        ([VatRule("water", None, -1)], "«IVA de water»: debe estar entre 0"),
    ],
)  # fmt: skip
def test_a_rate_is_never_guessed(rules: list[VatRule], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        table(*rules)
    assert said in str(refusal.value)
