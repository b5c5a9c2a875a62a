import pytest

from caudal.rules.bounds import OutOfBounds
from caudal.rules.percentages import Percentage
from caudal.rules.taxes import VatRule
from caudal.rules.tests.town import SENIOR, amounts, bill, book


def plain(*percentages: Percentage, **changes: object) -> object:
    """A book with these percentages, no reductions and no tax."""
    concepts = dict.fromkeys(["water", *(each.concept for each in percentages)])
    vat = [VatRule(concept, None, 0) for concept in concepts]
    values = {"benefits": [], "early_payment": None, "vat": vat, "percentages": list(percentages)}
    return book(**(values | changes))


def test_a_percentage_may_bear_on_another() -> None:
    rates = plain(Percentage("sewerage", 300_000), Percentage("treatment", 100_000, of=("water", "sewerage")))
    # 194.20 × 30 % = 58.26; (194.20 + 58.26) × 10 % = 25.246
    assert amounts(bill(rates, consumption_m3=27)) == {
        ("water", None): 19420,
        ("sewerage", None): 5826,
        ("treatment", None): 2525,
    }


def test_a_concept_may_have_a_rate_for_each_use_and_none_for_another() -> None:
    by_use = plain(
        Percentage("sewerage", 300_000, uses=("HAB",)), Percentage("sewerage", 400_000, uses=("COM",))
    )
    assert amounts(bill(by_use, use=0))[("sewerage", None)] == 2100
    assert amounts(bill(by_use, use=1))[("sewerage", None)] == 2800
    homes_only = plain(Percentage("sewerage", 300_000, uses=("HAB",)))
    shop = bill(homes_only, use=1)
    assert amounts(shop) == {("water", None): 7000}
    assert shop.line("sewerage").rate_ppm.tolist() == [0]


def test_conditions_are_asked_of_the_service() -> None:
    rates = plain(Percentage("sewerage", 300_000, requires=("has_sewerage", "is_metered")))
    assert ("sewerage", None) in amounts(bill(rates))
    assert ("sewerage", None) not in amounts(bill(rates, has_sewerage=False))
    assert ("sewerage", None) not in amounts(bill(rates, schedule=2, is_metered=False))


def test_base_and_rate_stay_as_the_working() -> None:
    line = bill(plain(Percentage("sewerage", 300_000)), consumption_m3=27).line("sewerage")
    assert (line.base_cents[0], line.rate_ppm[0], line.quantity[0]) == (19420, 300_000, 0)


def test_a_percentage_after_benefits_bears_on_what_they_leave() -> None:
    after = Percentage("fund", 100_000, of=("water",), after_benefits=True)
    half = SENIOR.__class__("half", "benefit", 500_000, reduces=("water",))
    rates = plain(after, benefits=[half])
    line = bill(rates, consumption_m3=27, benefit=1).line("fund")
    assert (line.base_cents[0], line.amount_cents[0]) == (9710, 971)  # (194.20 − 97.10) × 10 %
    assert bill(rates, consumption_m3=27).line("fund").amount_cents[0] == 1942


@pytest.mark.parametrize(
    ("percentages", "said"),
    [
        ([Percentage("a", 1, of=("b",)), Percentage("b", 1)], "«a»: su base debe ir escrita antes (valor b)"),
        ([Percentage("a", 1, of=())], "«a»: no dice sobre qué se cobra"),
        ([Percentage("a", 1, requires=("has_garden",))], "«a»: condición desconocida (valor has_garden)"),
        ([Percentage("a", 1, uses=("HOT",))], "«a»: el libro no tiene ese uso (valor HOT)"),
        ([Percentage("a", 1), Percentage("a", 2, uses=("HAB",))], "«a»: dos tasas para el mismo uso (valor HAB)"),
        ([Percentage("a", 1_000_001)], "«a»: debe estar entre 0 y 1000000"),
        (
            [Percentage("a", 1, uses=("HAB",)), Percentage("a", 1, uses=("COM",), requires=("is_metered",))],
            "«a»: dos versiones difieren",
        ),
        (
            [Percentage("a", 1, after_benefits=True), Percentage("b", 1, of=("a",))],
            "«b»: se cobra antes de descuentos sobre un concepto que va después",
        ),
    ],
)  # fmt: skip
def test_malformed_percentages_are_refused_by_name(percentages: list[Percentage], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        plain(*percentages)
    assert said in str(refusal.value)
