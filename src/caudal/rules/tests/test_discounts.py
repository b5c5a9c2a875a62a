import dataclasses

import pytest

from caudal.rules import columns, statement
from caudal.rules.bounds import OutOfBounds
from caudal.rules.discounts import AboveCap, Benefit, EarlyPayment
from caudal.rules.percentages import Percentage
from caudal.rules.tests.town import CHARGES, COUNCIL, SENIOR, amounts, bill, book


def reductions(stated: statement.Statement, row: int = 0) -> dict[tuple[str, str | None], int]:
    return {key: cents for key, cents in amounts(stated, row).items() if key[1]}


def test_lupita_pays_half_of_her_first_ten_cubic_meters_and_their_accessories() -> None:
    lupita = bill(book(), consumption_m3=19, benefit=1)
    assert reductions(lupita) == {
        ("benefit", "water"): -3500,
        ("benefit", "wastewater_treatment"): -700,
        ("benefit", "infrastructure_charge"): -105,
    }
    assert lupita.total_cents.tolist() == [13390 + 2678 + 402 - 4305]


def test_a_reduction_line_says_what_it_reached_and_at_which_rate() -> None:
    line = bill(book(), consumption_m3=19, benefit=1).line("benefit", reduces="wastewater_treatment")
    # not the 26.78 of the whole bill: the 14.00 that 10 m³ would bear
    assert (line.base_cents[0], line.rate_ppm[0], line.amount_cents[0]) == (1400, 500_000, -700)


def test_where_nothing_is_taken_off_nothing_is_explained() -> None:
    void = dataclasses.replace(SENIOR, above_cap=AboveCap.VOID)
    stated = bill(book(benefits=[void]), consumption_m3=19, benefit=1)
    line = stated.line("benefit", reduces="water")
    assert (line.amount_cents[0], line.base_cents[0], line.rate_ppm[0]) == (0, 0, 0)
    assert stated.granted.tolist() == [statement.NONE_GRANTED]


def test_two_benefits_compete_whatever_column_they_come_in() -> None:
    rates = book()
    senior, council = rates.benefit("senior"), rates.benefit("council")
    for first, second in ((senior, council), (council, senior)):
        at_27 = bill(rates, consumption_m3=27, benefit=first, rival_benefit=second)
        assert reductions(at_27) == {("council_reduction", "water"): -4855}  # 48.55 > 43.05
        assert at_27.granted.tolist() == [council - 1]
        at_8 = bill(rates, consumption_m3=8, benefit=first, rival_benefit=second)
        assert sum(reductions(at_8).values()) == -4305  # 43.05 > 70.00 × 25 % = 17.50
        assert at_8.granted.tolist() == [senior - 1]


def test_on_a_tie_the_first_stands() -> None:
    twin = dataclasses.replace(COUNCIL, code="twin", concept="twin_reduction")
    stated = bill(book(benefits=[COUNCIL, twin]), benefit=2, rival_benefit=1)
    assert reductions(stated) == {("twin_reduction", "water"): -1750}
    assert stated.granted.tolist() == [1]


def test_benefits_may_share_the_concept_of_their_line() -> None:
    other = dataclasses.replace(COUNCIL, concept="benefit")
    rows = columns.bill_columns(schedule=0, use=0, consumption_m3=19, benefit=[1, 2, 0])
    line = statement.compute(columns=rows, book=book(benefits=[SENIOR, other])).line(
        "benefit", reduces="water"
    )
    assert line.amount_cents.tolist() == [-3500, -3348, 0]  # 133.90 × 25 % = 33.475
    assert line.rate_ppm.tolist() == [500_000, 250_000, 0]


def test_early_payment_competes_or_stacks_as_the_book_says() -> None:
    facts = {"consumption_m3": 10, "benefit": 1, "prepaid_reduction_ppm": 150_000}
    competing = bill(book(), **facts)
    assert {concept for concept, _ in reductions(competing)} == {"benefit"}
    stacking = bill(book(early_payment=EarlyPayment("early_payment", CHARGES, stacks=True)), **facts)
    assert reductions(stacking)[("early_payment", "water")] == -525  # 15 % of 35.00
    assert sum(reductions(stacking).values()) == -4305 - 525 - 105 - 16
    assert stacking.granted.tolist() == [0]


def test_early_payment_is_only_for_the_uses_it_names() -> None:
    shop = bill(book(), schedule=1, use=1, prepaid_reduction_ppm=150_000)
    assert reductions(shop) == {}


def test_a_book_without_early_payment_refuses_a_month_that_brings_one() -> None:
    with pytest.raises(OutOfBounds, match="no prevé reducción por pago anticipado"):
        bill(book(early_payment=None), prepaid_reduction_ppm=150_000)


def test_a_free_benefit_leaves_the_lines_at_zero_but_there() -> None:
    school = Benefit("school", "exemption", 1_000_000, reduces=CHARGES)
    stated = bill(book(benefits=[school]), consumption_m3=45, benefit=1)
    assert stated.total_cents.tolist() == [0]
    assert len(amounts(stated)) == 6


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"benefits": [SENIOR, SENIOR]}, "se repite"),
        ({"benefits": [dataclasses.replace(SENIOR, code="")]}, "se repite o está vacía"),
        ({"benefits": [dataclasses.replace(SENIOR, ppm=1_000_001)]}, "beneficio senior»: debe estar entre"),
        ({"benefits": [dataclasses.replace(SENIOR, cap_thousandths=-1)]}, "beneficio senior»: debe estar entre"),
        ({"benefits": [dataclasses.replace(SENIOR, uses=("HOT",))]}, "el libro no tiene ese uso (valor HOT)"),
        ({"benefits": [dataclasses.replace(SENIOR, reduces=("tea",))]}, "el libro no cobra ese concepto (valor tea)"),
        ({"benefits": [dataclasses.replace(SENIOR, reduces=())]}, "debe reducir conceptos del libro bajo otro propio"),
        ({"benefits": [dataclasses.replace(SENIOR, concept="water")]}, "bajo otro propio"),
        (
            {"percentages": [Percentage("wastewater_treatment", 1, after_benefits=True), Percentage("infrastructure_charge", 1)]},
            "ese concepto ya se cobra sobre lo reducido (valor wastewater_treatment)",
        ),
        (
            {"early_payment": EarlyPayment("benefit", CHARGES, stacks=True)},
            "debe tener su propio concepto (valor benefit)",
        ),
    ],
)  # fmt: skip
def test_malformed_reductions_are_refused_by_name(changes: dict[str, object], said: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        book(**changes)
    assert said in str(refusal.value)
