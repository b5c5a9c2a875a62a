"""How what Verónica types settles what Doña Lupita owes, $146.17, to the centavo."""

import pytest

from caudal.window import policy
from caudal.window.policy import CannotSettle, InHand, Other, Part

DUE = {"010293": 146_17}


def hand(*, cash: str = "", amount: str = "", **others: tuple[str, str]) -> InHand:
    """Her account alone; each other tender is (amount, reference)."""
    return InHand(
        parts=(Part("010293", amount=amount, seen_cents=146_17),),
        cash=cash,
        others={kind: Other(*typed) for kind, typed in others.items()},
    )


def told(typed: InHand) -> tuple[str, str]:
    """The box and the words of a refusal."""
    with pytest.raises(CannotSettle) as refused:
        policy.settle(hand=typed, due=DUE)
    return str(refused.value.field), refused.value.what


def test_an_empty_box_of_cash_is_exact() -> None:
    settled = policy.settle(hand=hand(), due=DUE)
    assert [(each.kind, each.amount_cents, each.given_cents) for each in settled.tenders] == [
        ("cash", 146_17, 0)
    ]
    assert (settled.total_cents, settled.change_cents) == (146_17, 0)


def test_cash_gives_change() -> None:
    """$500.00 − $146.17 = $353.83."""
    assert policy.settle(hand=hand(cash="500"), due=DUE).change_cents == 353_83


def test_a_card_takes_its_part_and_cash_the_rest() -> None:
    """$146.17 − $100.00 = $46.17 out of $50.00: $3.83 back."""
    settled = policy.settle(hand=hand(cash="50", card=("100", "778899")), due=DUE)
    assert [(each.kind, each.amount_cents) for each in settled.tenders] == [("card", 100_00), ("cash", 46_17)]
    assert settled.change_cents == 3_83


def test_a_reference_alone_pays_all_that_is_left() -> None:
    settled = policy.settle(hand=hand(check=("", "000123")), due=DUE)
    assert [(each.kind, each.amount_cents, each.reference) for each in settled.tenders] == [
        ("check", 146_17, "000123")
    ]


def test_what_was_typed_stands_in_place_of_what_is_owed() -> None:
    assert policy.settle(hand=hand(amount="1,250.5"), due=DUE).total_cents == 1_250_50


@pytest.mark.parametrize(
    ("typed", "box", "words"),
    [
        (hand(cash="100"), "cash", "Faltan $46.17 para completar $146.17."),
        (hand(cash="1146.17"), "cash", "El cambio sería de $1,000.00."),
        (hand(cash="doscientos"), "cash", "«doscientos» no es una cantidad."),
        (hand(cash="-1"), "cash", "La cantidad no puede ser negativa."),
        (hand(amount="0"), "amount_010293", "La cantidad debe ser mayor que cero."),
        (hand(amount="10000000.01"), "amount_010293", "$10,000,000.01 es demasiado para un pago."),
        (hand(card=("100", "")), "card_reference", "Falta la autorización de la terminal."),
        (hand(card=("200", "7")), "card", "Con la tarjeta se cobran $200.00 y solo faltan $146.17."),
        (hand(card=("146.17", "7"), cash="1"), "cash", "Ya está todo pagado sin efectivo."),
        (hand(card=("", "7"), check=("", "8")), "check", "No queda nada por pagar con el cheque."),
    ],
)
def test_what_does_not_settle_says_which_box(typed: InHand, box: str, words: str) -> None:
    assert told(typed) == (box, words)


def test_the_largest_change_is_a_centavo_under_a_note() -> None:
    """$1,146.16 − $146.17 = $999.99."""
    assert policy.settle(hand=hand(cash="1146.16"), due=DUE).change_cents == 999_99


def test_nothing_owed_asks_for_an_amount() -> None:
    with pytest.raises(CannotSettle, match="no debe nada") as refused:
        policy.settle(hand=hand(), due={"010293": 0})
    assert refused.value.field == "amount_010293"


def test_without_accounts_there_is_nothing_to_charge() -> None:
    with pytest.raises(CannotSettle, match="ninguna cuenta"):
        policy.settle(hand=InHand(), due={})


@pytest.mark.parametrize(("text", "n"), [("", 0), ("1", 1), (" 12 ", 12)])
def test_months_ahead_are_a_number_up_to_twelve(text: str, n: int) -> None:
    assert policy.months_of(part=Part("010293", months=text)) == n


@pytest.mark.parametrize("text", ["0", "13", "tres", "-1", "1.5", "٣"])
def test_other_months_are_refused(text: str) -> None:
    with pytest.raises(CannotSettle) as refused:
        policy.months_of(part=Part("010293", months=text))
    assert refused.value.field == "months_010293"


def test_months_and_another_amount_do_not_go_together() -> None:
    with pytest.raises(CannotSettle) as refused:
        policy.months_of(part=Part("010293", amount="50", months="3"))
    assert refused.value.field == "amount_010293"


def test_a_charge_in_hand_is_the_same_after_its_column() -> None:
    typed = hand(cash="200", amount="50", card=("20", "7"))
    assert policy.in_hand(body=typed.as_body()) == typed
    assert policy.in_hand(body={}) == InHand()
