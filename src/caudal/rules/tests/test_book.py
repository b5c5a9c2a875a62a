import pytest

from caudal.rules.book import LineKey
from caudal.rules.bounds import OutOfBounds
from caudal.rules.taxes import VatRule
from caudal.rules.tests.town import COUNCIL, SENIOR, book


def test_a_book_lists_its_lines_in_printing_order() -> None:
    assert book().lines == (
        LineKey("water"),
        LineKey("wastewater_treatment"),
        LineKey("infrastructure_charge"),
        LineKey("benefit", "water"),
        LineKey("benefit", "wastewater_treatment"),
        LineKey("benefit", "infrastructure_charge"),
        LineKey("council_reduction", "water"),
        LineKey("early_payment", "water"),
        LineKey("early_payment", "wastewater_treatment"),
        LineKey("early_payment", "infrastructure_charge"),
    )


def test_codes_become_the_numbers_of_the_columns() -> None:
    rates = book()
    assert rates.use("COM") == 1
    assert rates.benefits == (SENIOR.code, COUNCIL.code)
    assert [rates.benefit(code) for code in (None, "senior", "council")] == [0, 1, 2]
    assert rates.schedules.index("HAB-FLAT") == 2
    for ask, unknown in ((rates.use, "HOT"), (rates.benefit, "widowed")):
        with pytest.raises(OutOfBounds, match=f"no lo tiene.*{unknown}"):
            ask(unknown)


def test_the_smallest_book_charges_water_alone() -> None:
    rates = book(percentages=[], benefits=[], early_payment=None, vat=[VatRule("water", None, 0)])
    assert rates.lines == (LineKey("water"),)
    assert rates.benefits == ()


def test_uses_have_a_code_each() -> None:
    for uses in ((), ("HAB", "HAB")):
        with pytest.raises(OutOfBounds, match="cada uso debe tener su clave"):
            book(uses=uses)
