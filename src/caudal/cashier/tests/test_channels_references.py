"""References of every kind: the published examples, and how many mistakes each one catches.

Random cases come from Hypothesis, which prints the one that fails; the rates are counted with a printed seed.
"""

from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.luhn import calc_check_digit

from caudal.cashier.channels import check_digits
from caudal.cashier.channels.references import (
    AccountNumber,
    Algorithm10,
    CannotMakeReference,
    CheckedNumber,
    PaymentSlip,
    ReferenceKind,
    ShopBarcode,
    Stub,
    UnreadableReference,
    VirtualClabe,
)

KINDS: dict[str, ReferenceKind] = {
    "base_10": CheckedNumber(prefix="77"),
    "137": CheckedNumber(check="137"),
    "algorithm_10": Algorithm10(base_year=2014),
    "clabe": VirtualClabe(prefix="6461801234"),
    "shop_barcode": ShopBarcode(prefix="12"),
    "shop_barcode_137": ShopBarcode(prefix="12", check="137"),
    "gs1_slip": PaymentSlip(),
    "stub": Stub(),
}
# of every hundred exchanges of two different neighbors, how many are caught at least
CAUGHT = {
    "base_10": 97, "137": 76, "algorithm_10": 100, "clabe": 87, "shop_barcode": 97, "shop_barcode_137": 83,
    "gs1_slip": 97, "stub": 97,
}  # fmt: skip
SEED = 20190305
accounts = st.integers(1, 9_999_999).map(lambda number: f"{number:07d}")
amounts = st.integers(1, 9_999_999)
days = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def is_read(kind: ReferenceKind, text: str) -> bool:
    try:
        kind.read(text=text)
    except UnreadableReference:
        return False
    return True


def test_the_published_reference_of_algorithm_10() -> None:
    """067591119700, $4,256.50, 23/05/1997, base 1988: 3494 the date, 6 the amount, 2, and 1286 mod 97 + 1 = 26."""
    reference = Algorithm10(base_year=1988).make(
        account_number="067591119700", amount_cents=425_650, due_on=date(1997, 5, 23)
    )
    assert reference == "06759111970034946226"
    said = Algorithm10(base_year=1988).read(text=reference)
    assert (said.account_number, said.due_on) == ("067591119700", date(1997, 5, 23))
    assert said.agrees_with(amount_cents=425_650)
    assert not said.agrees_with(amount_cents=425_651)
    # one digit cannot tell every amount: 3 × 5 + 7 × 0 = 15 and 3 × 4 + 7 × 9 = 75 end alike
    assert said.agrees_with(amount_cents=425_649)


def test_base_1988_has_no_days_left() -> None:
    """(2014 − 1988) × 372 = 9672; in 2015, 10044: five digits."""
    with pytest.raises(CannotMakeReference, match="año base 1988"):
        Algorithm10(base_year=1988).make(account_number="1", amount_cents=100, due_on=date(2015, 1, 1))


def test_the_published_check_digits() -> None:
    assert check_digits.base_10("067591119700") == "1"
    assert check_digits.clabe("03218000011835971") == "9"
    assert check_digits.clabe("00201007777777777") == "1"


@given(st.text("0123456789", min_size=1, max_size=40))
def test_base_10_is_the_luhn_digit_of_everybody(digits: str) -> None:
    assert check_digits.base_10(digits) == calc_check_digit(digits)


@pytest.mark.parametrize("name", KINDS)
@given(account=accounts, cents=amounts, due_on=days)
@settings(max_examples=60)
def test_a_reference_says_what_it_was_made_for(name: str, account: str, cents: int, due_on: date) -> None:
    said = KINDS[name].read(text=KINDS[name].make(account_number=account, amount_cents=cents, due_on=due_on))

    assert said.account_number.lstrip("0") == account.lstrip("0")
    assert said.agrees_with(amount_cents=cents)
    assert said.due_on in (None, due_on) and said.amount_cents in (None, cents)


@pytest.mark.parametrize("name", KINDS)
@given(account=accounts, cents=amounts, due_on=days, place=st.integers(0, 60), other=st.integers(1, 9))
@settings(max_examples=200)
def test_one_wrong_digit_is_always_noticed(
    name: str, account: str, cents: int, due_on: date, place: int, other: int
) -> None:
    """Of the digits that a check covers: in the slip (RUP), those of (8020); its amount is checked by the file."""
    kind = KINDS[name]
    reference = kind.make(account_number=account, amount_cents=cents, due_on=due_on)
    covered = range(4, 4 + 19) if name == "gs1_slip" else range(len(reference))
    at = covered[place % len(covered)]
    digit = str((int(reference[at]) + other) % 10)
    assert not is_read(kind, reference[:at] + digit + reference[at + 1 :])


@pytest.mark.parametrize("name", KINDS)
def test_exchanged_neighbors_are_noticed_at_a_known_rate(name: str) -> None:
    chance, kind, caught, tried = Random(SEED), KINDS[name], 0, 0
    while tried < 1_000:
        reference = kind.make(
            account_number=f"{chance.randrange(1, 10**7):07d}", amount_cents=chance.randrange(1, 10**7),
            due_on=date(2019, chance.randrange(1, 13), chance.randrange(1, 29)),
        )  # fmt: skip
        covered = range(4, 4 + 18) if name == "gs1_slip" else range(len(reference) - 1)
        at = chance.choice(covered)
        if reference[at] != reference[at + 1]:
            tried += 1
            swapped = reference[:at] + reference[at + 1] + reference[at] + reference[at + 2 :]
            caught += not is_read(kind, swapped)
    assert caught * 100 >= CAUGHT[name] * tried, f"seed {SEED}: {caught} of {tried}"


def test_zeros_that_fill_a_field_and_spaces_are_forgiven() -> None:
    kind = KINDS["base_10"]
    reference = kind.make(account_number="010117", amount_cents=1, due_on=date(2019, 3, 5))
    assert kind.read(text=f"000{reference[:5]} {reference[5:]}").account_number == "00010117"


def test_a_slip_is_read_from_the_reader_or_as_it_is_printed() -> None:
    kind = PaymentSlip()
    made = kind.make(account_number="010117", amount_cents=10_200, due_on=date(2019, 3, 5))
    printed = made.replace("\x1d", "").replace("8020", "(8020)", 1).replace("3902", "(3902)", 1)
    printed = printed.replace("90MXN", "(90)MXN")
    assert kind.read(text="]C1" + made) == kind.read(text=printed)
    for broken in ("", made.replace("MXN", "USD"), made[:10], made + "\x1d90MXN", made + "\x1d21x"):
        assert not is_read(kind, broken)


@pytest.mark.parametrize("name", KINDS)
def test_an_account_with_letters_or_too_long_has_no_reference(name: str) -> None:
    for number in ("A-117", "9" * 13, "１２３"):
        with pytest.raises(CannotMakeReference):
            KINDS[name].make(account_number=number, amount_cents=100, due_on=date(2019, 3, 5))


@pytest.mark.parametrize("kind", [ShopBarcode(), PaymentSlip(), Stub()], ids=str)
def test_an_amount_that_does_not_fit_has_no_reference(kind: ReferenceKind) -> None:
    with pytest.raises(CannotMakeReference, match="no cabe"):
        kind.make(account_number="1", amount_cents=10**11, due_on=date(2019, 3, 5))


@pytest.mark.parametrize(
    "spoil", [str.upper, lambda text: "", lambda text: text[:-1], lambda text: "x" + text[1:]]
)
def test_what_is_no_reference_is_refused(spoil: Callable[[str], str]) -> None:
    for kind in KINDS.values():
        made = kind.make(account_number="10117", amount_cents=10_200, due_on=date(2019, 3, 5))
        assert is_read(kind, made)
        assert spoil is str.upper or not is_read(kind, spoil(made))


def test_the_number_of_an_account_may_be_its_reference() -> None:
    assert AccountNumber().read(text=" a-117 ").account_number == "A-117"
    assert not is_read(AccountNumber(), "  ")
