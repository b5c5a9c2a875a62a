"""The 26 digits of the stub: what they say, and how they refuse a finger that slipped."""

import random
from datetime import date, timedelta

import pytest

from caudal.documents import payment_codes
from caudal.documents.payment_codes import CannotEncodePayment, PaymentReference, UnreadablePaymentReference

SEED = 20190128


def some_references(count: int) -> list[str]:
    """References of a real month: small accounts, bills of a few hundred pesos, due within the quarter."""
    chance = random.Random(SEED)
    return [
        payment_codes.payment_reference(
            account_number=f"{chance.randrange(10_000, 30_000):06d}",
            amount_cents=chance.randrange(50_00, 3_000_00),
            due_on=date(2019, 1, 15) + timedelta(days=chance.randrange(90)),
        )
        for _ in range(count)
    ]


def is_refused(text: str) -> bool:
    try:
        payment_codes.read_payment_reference(text)
    except UnreadablePaymentReference:
        return True
    return False


def test_the_base_10_digit_is_the_one_banks_use() -> None:
    assert payment_codes.base_10_check_digit("067591119700") == 1


def test_doña_lupitas_reference_says_account_amount_and_due_date() -> None:
    reference = payment_codes.payment_reference(
        account_number="010293", amount_cents=644_78, due_on=date(2019, 2, 15)
    )
    assert payment_codes.in_groups(reference) == "00010293 000064478 20190215 8"
    assert payment_codes.read_payment_reference("00010293 000064478 20190215 8") == PaymentReference(
        account_number="00010293", amount_cents=644_78, due_on=date(2019, 2, 15)
    )


def test_an_account_in_credit_asks_for_nothing() -> None:
    reference = payment_codes.payment_reference(
        account_number="010620", amount_cents=-50_00, due_on=date(2019, 2, 15)
    )
    assert payment_codes.read_payment_reference(reference).amount_cents == 0


def test_every_single_wrong_digit_is_refused() -> None:
    """26 places × 9 other digits × 100 bills: none may pass for another account or another amount."""
    for reference in some_references(100):
        for place, right in enumerate(reference):
            for wrong in "0123456789".replace(right, ""):
                assert is_refused(reference[:place] + wrong + reference[place + 1 :]), (
                    reference,
                    place,
                    wrong,
                )


def test_at_least_98_of_100_swapped_neighbors_are_refused() -> None:
    """Base 10 misses 09 for 90 alone; in a date most of those make a day that does not exist."""
    swapped = [
        reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
        for reference in some_references(1_000)
        for place in range(25)
        if reference[place] != reference[place + 1]
    ]
    refused = sum(is_refused(text) for text in swapped)
    assert refused >= len(swapped) * 98 // 100, f"seed {SEED}: {refused} of {len(swapped)}"


@pytest.mark.parametrize(
    ("account", "amount_cents", "field"),
    [
        ("01-0293", 644_78, "account_number"),
        ("123456789", 644_78, "account_number"),
        ("٠١٠٢٩٣", 644_78, "account_number"),
        ("", 644_78, "account_number"),
        ("010293", 10_000_000_00, "total_cents"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(account: str, amount_cents: int, field: str) -> None:
    with pytest.raises(CannotEncodePayment) as refusal:
        payment_codes.payment_reference(
            account_number=account, amount_cents=amount_cents, due_on=date(2019, 2, 15)
        )
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "debe tener 26 dígitos"),
        ("00010293 000064478 20190215", "debe tener 26 dígitos"),
        ("00010293 000064478 20190215 7", "no coincide"),
        (
            "0001029300006447820190230" + str(payment_codes.base_10_check_digit("0001029300006447820190230")),
            "no existe",
        ),
    ],
)
def test_an_unreadable_reference_says_what_to_do(text: str, said: str) -> None:
    with pytest.raises(UnreadablePaymentReference, match=said) as refusal:
        payment_codes.read_payment_reference(text)
    assert refusal.value.remedy
