"""Amounts as people write them."""

import pytest

from caudal.cashier import policy


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("250", 25_000),
        ("1250.50", 125_050),
        ("1,250.5", 125_050),
        ("$ 1,250.05", 125_005),
        ("0.01", 1),
        (" 12,345,678.90 ", 1_234_567_890),
    ],
)
def test_an_amount_is_read(text: str, cents: int) -> None:
    assert policy.parse_pesos(text) == cents


@pytest.mark.parametrize(
    "text", ["", "-5", "1.250,50", "12,50", "1,25", "1.234", "5 pesos", "1e3", "$", ".5", "١٢a", "1250.50.1"]
)
def test_what_is_not_an_amount_is_not_guessed(text: str) -> None:
    assert policy.parse_pesos(text) is None


def test_an_account_number_typed_as_an_amount_is_absurd() -> None:
    assert policy.is_absurd(amount_cents=1_029_300_000)
    assert not policy.is_absurd(amount_cents=1_000_000_000)
