"""How paper writes amounts, dates and numbers."""

from datetime import date

import pytest

from caudal.documents import figures


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "$0.00"),
        (5, "$0.05"),
        (644_78, "$644.78"),
        (1_234_567_89, "$1,234,567.89"),
        (-50_00, "−$50.00"),
        (-5, "−$0.05"),
    ],
)
def test_pesos(cents: int, written: str) -> None:
    assert figures.pesos(cents) == written


@pytest.mark.parametrize(
    ("ten_thousandths", "written"),
    [(7_1000, "$7.10"), (7_1025, "$7.1025"), (8_2050, "$8.205"), (12_345_0000, "$12,345.00"), (500, "$0.05")],
)
def test_a_unit_price_shows_the_decimals_that_count(ten_thousandths: int, written: str) -> None:
    assert figures.unit_price(ten_thousandths) == written


@pytest.mark.parametrize(
    ("last", "months", "written"),
    [
        (201901, 1, "enero 2019"),
        (201902, 2, "enero a febrero 2019"),
        (201901, 2, "diciembre 2018 a enero 2019"),
        (201912, 12, "enero a diciembre 2019"),
    ],
)
def test_the_months_billed(last: int, months: int, written: str) -> None:
    assert figures.period_name(last=last, months=months) == written


def test_dates_stay_on_one_line() -> None:
    assert figures.short_date(date(2019, 2, 15)) == "15\N{NO-BREAK SPACE}feb\N{NO-BREAK SPACE}2019"
    assert figures.tied("75 % de 19 m³, art. 61 fr. II") == (
        "75\N{NO-BREAK SPACE}% de 19\N{NO-BREAK SPACE}m³, art.\N{NO-BREAK SPACE}61 fr.\N{NO-BREAK SPACE}II"
    )


@pytest.mark.parametrize(
    ("number", "written"), [("010293", "010 293"), ("00010293", "00 010 293"), ("7", "7"), ("1234", "1 234")]
)
def test_an_account_is_read_aloud_in_threes(number: str, written: str) -> None:
    assert figures.account_in_groups(number).replace("\N{NO-BREAK SPACE}", " ") == written


@pytest.mark.parametrize(
    ("now_m3", "year_ago_m3", "said"),
    [
        (19, 18, "Gastaste 1 m³ más que en enero de 2018 (6 % más)."),  # 1 / 18 = 5.6 %
        (15, 20, "Gastaste 5 m³ menos que en enero de 2018 (25 % menos)."),
        (18, 18, "Gastaste lo mismo que en enero de 2018."),
        (9, 0, "Gastaste 9 m³ más que en enero de 2018."),  # no percentage of nothing, nor of almost nothing
    ],
)
def test_the_comparison_with_last_year(now_m3: int, year_ago_m3: int, said: str) -> None:
    assert figures.comparison(now_m3=now_m3, year_ago_m3=year_ago_m3, last=201901) == said


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "cero pesos 00/100 M.N."),
        (1_00, "un peso 00/100 M.N."),
        (21_50, "veintiún pesos 50/100 M.N."),
        (30_00, "treinta pesos 00/100 M.N."),
        (31_05, "treinta y un pesos 05/100 M.N."),
        (100_00, "cien pesos 00/100 M.N."),
        (101_00, "ciento un pesos 00/100 M.N."),
        (999_99, "novecientos noventa y nueve pesos 99/100 M.N."),
        (1_000_00, "mil pesos 00/100 M.N."),
        (1_001_50, "mil un pesos 50/100 M.N."),
        (21_716_24, "veintiún mil setecientos dieciséis pesos 24/100 M.N."),
        (100_500_00, "cien mil quinientos pesos 00/100 M.N."),
        (1_000_000_00, "un millón de pesos 00/100 M.N."),
        (2_000_100_00, "dos millones cien pesos 00/100 M.N."),
        (999_999_999_999_99, "novecientos noventa y nueve mil novecientos noventa y nueve millones novecientos "
         "noventa y nueve mil novecientos noventa y nueve pesos 99/100 M.N."),
    ],
)  # fmt: skip
def test_an_amount_in_words(cents: int, written: str) -> None:
    assert figures.pesos_in_words(cents) == written


def test_every_amount_up_to_ten_thousand_pesos_has_words_of_its_own() -> None:
    assert len({figures.pesos_in_words(whole * 100) for whole in range(10_001)}) == 10_001


@pytest.mark.parametrize("cents", [-1, 10**14])
def test_an_amount_that_no_note_says_is_not_written(cents: int) -> None:
    with pytest.raises(ValueError, match="promissory note"):
        figures.pesos_in_words(cents)


def test_a_document_says_its_date_in_full() -> None:
    assert figures.long_date(date(2019, 1, 31)) == "31 de enero de 2019"
