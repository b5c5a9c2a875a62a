"""Amounts, dates and months as they are written, to the last space."""

from datetime import UTC, date, datetime

import pytest

from caudal.kernel import wording
from caudal.kernel.templatetags import caudal as on_a_page


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "$0.00"),
        (5, "$0.05"),
        (63_690, "$636.90"),
        (123_456, "$1,234.56"),
        (100_000_000, "$1,000,000.00"),
        (-5_000, "−$50.00"),
        (-1, "−$0.01"),
    ],
)
def test_an_amount_has_one_way_of_being_written(cents: int, written: str) -> None:
    assert wording.pesos(cents) == written == on_a_page.dinero(cents)


def test_the_minus_is_a_minus_and_not_a_hyphen() -> None:
    assert wording.pesos(-1)[0] == "\N{MINUS SIGN}"
    assert wording.thousands(-12_345) == "\N{MINUS SIGN}12,345"


@pytest.mark.parametrize(("cents", "written"), [(1_107, "+$11.07"), (-38_866, "−$388.66"), (0, "$0.00")])
def test_a_change_says_which_way(cents: int, written: str) -> None:
    assert wording.signed_pesos(cents) == written == on_a_page.con_signo(cents)


def test_days_and_months_are_said_in_spanish() -> None:
    assert wording.short_date(date(2026, 11, 24)) == "24 nov 2026"
    assert wording.short_date(date(2019, 1, 5)) == "5 ene 2019"
    assert [wording.month_name(201900 + month).split()[0] for month in range(1, 13)] == list(wording.MONTHS)
    assert wording.month_name(201901) == "enero 2019"


def test_the_months_have_short_names_of_three_letters() -> None:
    assert wording.MONTHS_SHORT == (
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
    )  # fmt: skip


def test_thousands_are_parted_by_commas() -> None:
    assert [wording.thousands(n) for n in (0, 999, 1_000, 12_304_000)] == ["0", "999", "1,000", "12,304,000"]
    assert on_a_page.miles(12_345) == "12,345"


def test_what_is_missing_is_written_as_nothing() -> None:
    assert [on_a_page.dinero(None), on_a_page.con_signo(None), on_a_page.dia(None)] == ["", "", ""]
    assert [on_a_page.momento(None), on_a_page.miles(None)] == ["", ""]


def test_a_moment_is_told_in_the_zone_of_the_utility() -> None:
    """A quarter past five in the morning of 1 February in London is still 31 January in La Barca."""
    at = datetime(2019, 2, 1, 5, 15, tzinfo=UTC)
    assert on_a_page.dia(at) == "31 ene 2019"
    assert on_a_page.momento(at) == "31 ene 2019, 23:15"


def test_the_bucket_of_one_off_charges_is_not_a_month() -> None:
    assert on_a_page.periodo(0) == on_a_page.periodo(None) == "otros cargos"
    assert on_a_page.periodo(201811) == "noviembre 2018"


def test_what_an_old_system_wrote_in_capitals_is_easy_to_read() -> None:
    """The padrón of the old system shouts; people's names on their bills should not."""
    read = wording.in_reading_case
    assert read("MARIA DE LA LUZ NUÑEZ") == "Maria de la Luz Nuñez"
    assert read("EMPACADORA LA PONDEROSA S.P.R. DE R.L.") == "Empacadora la Ponderosa S.P.R. de R.L."
    assert (
        read("ALLENDE SUR 118-B, SANTA CECILIA, EL CARMEN") == "Allende Sur 118-B, Santa Cecilia, El Carmen"
    )
    assert read("RANCHO EL CARMEN (MARTIN IÑIGUEZ)") == "Rancho el Carmen (Martin Iñiguez)"


def test_what_somebody_wrote_with_care_stays_as_it_is() -> None:
    assert wording.in_reading_case("Guadalupe Núñez Viuda de Ortega") == "Guadalupe Núñez Viuda de Ortega"
    assert wording.in_reading_case("eBay de México") == "eBay de México"
    assert wording.in_reading_case("") == ""
