"""Pesos, percentages and volumes as people write them, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.tariffs.format import amounts, locating


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("7.10", 71_000),
        ("7", 70_000),
        ("$1,250.5", 12_505_000),
        ("0.0001", 1),
        ("7.10000", 71_000),
        (" 7.1 ", 71_000),
    ],
)
def test_prices(text: str, price: int) -> None:
    assert amounts.price(text) == price


@pytest.mark.parametrize("text", ["", "siete", "7,10", "1,25", "7.1.0", "7.00001", "1e3", "nan", "٧", "+7"])
def test_what_is_not_a_price_is_never_guessed(text: str) -> None:
    with pytest.raises(amounts.NotANumber):
        amounts.price(text)


def test_percentages_carry_their_sign() -> None:
    assert amounts.ppm("20 %") == amounts.ppm("20%") == 200_000
    assert amounts.ppm("0.0001 %") == 1
    with pytest.raises(amounts.NotANumber, match="signo %"):
        amounts.ppm("0.2")


def test_amounts_keep_two_decimals_and_prices_at_least_two() -> None:
    assert amounts.cents("450.5") == 45_050
    assert [amounts.price_text(each) for each in (71_000, 78_750, 70_000, 1)] == [
        "7.10",
        "7.875",
        "7.00",
        "0.0001",
    ]
    assert amounts.ppm_text(15_000) == "1.5 %"
    assert [amounts.thousandths_text(each) for each in (10_000, 2_500)] == ["10", "2.5"]


@given(st.integers(min_value=-(10**10), max_value=10**10))
def test_what_is_written_is_read_back(value: int) -> None:
    assert amounts.price(amounts.price_text(value)) == value
    assert amounts.cents(amounts.cents_text(value)) == value
    assert amounts.ppm(amounts.ppm_text(value)) == value
    assert amounts.thousandths(amounts.thousandths_text(value)) == value


TEXT = '''code = "x"  # [no] = es "código"
tiers = [
    { from = 11, price = "7.10" },  # }
    { price = "8" },
]
note = """
[[fake]]
"""

[[rows]]
name = "a"
[[rows.inner]]
deep.er = 1
[[rows]]
list = [1, 2,
        3]
[last]
key = 'v'
'''


def test_lines_of_a_text() -> None:
    lines = locating.line_numbers(TEXT)
    assert lines[("code",)] == 1
    assert lines[("tiers", 0, "price")] == 3
    assert lines[("tiers", 1)] == 4
    assert lines[("rows", 0, "name")] == 11
    assert lines[("rows", 0, "inner", 0, "deep", "er")] == 13
    assert lines[("rows", 1, "list", 2)] == 16
    assert lines[("last", "key")] == 18
    assert ("fake",) not in lines
    assert locating.line_of(lines, ("rows", 1, "missing", 4)) == 14
    assert locating.line_of(lines, ("nothing",)) is None


@given(st.text(alphabet="[]{}=,\"'#\n ab1.", max_size=60))
def test_no_text_breaks_the_search_for_lines(text: str) -> None:
    locating.line_numbers(text)
