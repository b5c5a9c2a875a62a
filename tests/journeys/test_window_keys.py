"""Verónica charges with the mouse unplugged; every key she presses is counted against its budget."""

from collections.abc import Callable
from datetime import date

import pytest

from caudal.cashier.models import CashWithdrawal, Payment, Prepayment, Receipt
from caudal.documents.payment_codes import payment_reference
from tests.journeys.browsing import Walk
from tests.journeys.keys import Hands
from tests.town.cast import PIN

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]

# the bars of their bills: they carry what the bill said, not what is owed today
LUPITA = payment_reference(account_number="010293", amount_cents=11_699, due_on=date(2019, 1, 13))
ESPIGA = payment_reference(account_number="010405", amount_cents=71_892, due_on=date(2019, 1, 13))


@pytest.fixture
def veronica(living_site: str, walk: Start) -> Hands:
    """She is at her window, her session open since eight, two receipts behind her."""
    opened = walk(living_site, "veronica")
    opened.go("/ventanilla/")
    return Hands(opened)


def last() -> Receipt:
    return Receipt.objects.filter(series="A").latest("number")


def tendered(receipt: Receipt) -> list[tuple[str, int, int, str]]:
    """Kind, kept, handed over, reference."""
    return [(t.kind, t.amount_cents, t.given_cents, t.reference) for t in receipt.tenders.order_by("id")]


def focus(hands: Hands) -> str:
    hands.settle()
    return str(hands.walk.page.evaluate("document.activeElement.id"))


def test_a_scanned_bill_paid_exact_takes_two_keys(veronica: Hands) -> None:
    """Scan, Enter, Enter: Doña Lupita owes $37.08 of November and $109.09 of December, surcharge and all."""
    with veronica.within(2):
        veronica.scan(LUPITA)
        veronica.walk.see("$146.17")
        veronica.press("Enter", "Enter")
        veronica.walk.see("Cobrado ✓ folio A-000003")
    assert (last().folio, last().total_cents) == ("A-000003", 37_08 + 109_09)
    assert tendered(last()) == [("cash", 146_17, 0, "")]
    assert focus(veronica) == "search"
    assert veronica.seconds(decisions=2) <= 6


def test_with_change_it_takes_five(veronica: Hands) -> None:
    """She hands over $500: $500.00 − $146.17 = $353.83, in digits that are read from afar."""
    with veronica.within(5):
        veronica.scan(LUPITA)
        veronica.type("500")
        change = veronica.walk.page.locator("#change")
        assert change.inner_text() == "$353.83"
        assert (
            veronica.walk.page.evaluate(
                "parseFloat(getComputedStyle(document.getElementById('change')).fontSize)"
            )
            >= 48
        )
        veronica.press("Enter", "Enter")
        veronica.walk.see("cambio $353.83")
    assert tendered(last()) == [("cash", 146_17, 500_00, "")]
    assert veronica.seconds(decisions=2) <= 7


def test_a_typed_account_takes_ten(veronica: Hands) -> None:
    """Seven digits and Enter, Enter, Enter; ours have six, with a zero in front they are seven."""
    with veronica.within(10):
        veronica.type("0010293")
        veronica.press("Enter", "Enter", "Enter")
        veronica.walk.see("Cobrado ✓ folio A-000003")


def test_a_typed_account_with_change_takes_thirteen(veronica: Hands) -> None:
    with veronica.within(13):
        veronica.type("0010293")
        veronica.press("Enter")
        veronica.type("200")
        veronica.press("Enter", "Enter")
        veronica.walk.see("cambio $53.83")


def test_by_name_it_takes_fourteen(veronica: Hands) -> None:
    """F10, eight letters without accents, the first of the list, Enter, Enter. The arrow may come before the list."""
    with veronica.within(14):
        veronica.press("F10")
        veronica.type("nunez vi")
        veronica.press("ArrowDown", "Enter")
        veronica.walk.see("$146.17")
        veronica.press("Enter", "Enter")
        veronica.walk.see("Cobrado ✓ folio A-000003")


def test_a_partial_payment_is_shown_applied_before_it_is_confirmed(veronica: Hands) -> None:
    """F6, 100, Enter: $37.08 to November and the other $62.92 to December; Enter, Enter. $46.17 is left."""
    with veronica.within(7):
        veronica.scan(LUPITA)
        veronica.press("F6")
        veronica.type("100")
        veronica.press("Enter")
        veronica.walk.see("010293: noviembre 2018 $37.08, diciembre 2018 $62.92. Queda debiendo $46.17.")
        assert Receipt.objects.filter(series="A").count() == 2
        veronica.press("Enter", "Enter")
        veronica.walk.see("Queda debiendo")
    assert last().total_cents == 100_00


def test_more_than_is_owed_stays_in_favor(veronica: Hands) -> None:
    """$200.00 − $146.17 = $53.83 stays for the bills to come."""
    veronica.scan(LUPITA)
    veronica.press("F6")
    veronica.type("200")
    veronica.press("Enter")
    veronica.walk.see("queda a favor $53.83")
    veronica.press("Enter", "Enter")
    veronica.walk.see("Cobrado ✓ folio A-000003")
    veronica.scan("010293")
    veronica.walk.see("Saldo a favor $53.83")


def test_a_benefit_already_granted_takes_no_keys(veronica: Hands) -> None:
    """Half of the first ten m³ of two months: 2 × ($33.66 + $6.73 + $1.01) = $82.80, shown as a line with its rule."""
    with veronica.within(0):
        veronica.scan(LUPITA)
        row = veronica.walk.page.locator("tr.reduction", has_text="50 % adulto mayor")
        assert row.locator("td").last.inner_text() == "−$82.80"
        assert "Art. 50, fracción IV" in row.inner_text()


def test_another_account_in_the_same_payment_takes_one_key(veronica: Hands) -> None:
    """Doña Lupita pays for the tortillería too: $146.17 + $865.60 in one receipt."""
    with veronica.within(2 + 3):
        veronica.scan(LUPITA)
        veronica.press("+")
        veronica.scan(ESPIGA)
        veronica.walk.see("$1,011.77")
        veronica.press("Enter", "Enter")
        veronica.walk.see("Cobrado ✓ folio A-000003")
    paid = Payment.objects.filter(receipt=last()).values_list("account__number", "amount_cents")
    assert sorted(paid) == [("010293", 146_17), ("010405", 865_60)]


def test_each_account_may_have_its_own_amount(veronica: Hands) -> None:
    """$146.17 of hers, and only $300.00 of the tortillería's."""
    veronica.scan(LUPITA)
    veronica.press("+")
    veronica.scan(ESPIGA)
    veronica.press("F6", "Tab", "Tab")
    assert focus(veronica) == "amount_010405"
    veronica.type("300")
    veronica.press("Enter")
    veronica.walk.see("$446.17")
    veronica.press("Enter", "Enter")
    veronica.walk.see("Cobrado ✓ folio A-000003")
    paid = Payment.objects.filter(receipt=last()).values_list("account__number", "amount_cents")
    assert sorted(paid) == [("010293", 146_17), ("010405", 300_00)]


def test_card_and_cash_in_one_receipt(veronica: Hands) -> None:
    """F3, $100 by card with its authorization, the other $46.17 in cash out of $50."""
    veronica.scan(LUPITA)
    veronica.type("50")
    veronica.press("F3")
    assert focus(veronica) == "card"
    veronica.type("100")
    veronica.press("Enter")
    assert focus(veronica) == "card_reference"
    veronica.type("778899")
    veronica.press("Enter", "Enter")
    veronica.walk.see("cambio $3.83")
    assert tendered(last()) == [("card", 100_00, 0, "778899"), ("cash", 46_17, 50_00, "")]


def test_f3_again_goes_to_the_next_form_of_payment(veronica: Hands) -> None:
    """Card, transfer, check: a check for all of it needs only its number."""
    veronica.scan(LUPITA)
    veronica.press("F3", "F3", "F3")
    assert focus(veronica) == "check"
    veronica.press("Enter")
    veronica.type("000123")
    veronica.press("Enter", "Enter")
    veronica.walk.see("Cobrado ✓ folio A-000003")
    assert tendered(last()) == [("check", 146_17, 0, "000123")]


def test_months_ahead_are_one_key_away(veronica: Hands) -> None:
    """Debt first, then three months at today's prices: the receipt says which."""
    veronica.scan(LUPITA)
    veronica.press("Alt+a")
    veronica.type("3")
    veronica.press("Enter")
    veronica.walk.see("por adelantado enero 2019 a marzo 2019")
    veronica.press("Enter", "Enter")
    veronica.walk.see("Cobrado ✓ folio A-000003")
    ahead = Prepayment.objects.get(payment__receipt=last())
    assert [period for period, _ in ahead.months] == [201901, 201902, 201903]
    assert last().total_cents == 146_17 + sum(cents for _, cents in ahead.months)


def test_the_statement_the_quote_and_the_last_paper_take_one_key(veronica: Hands) -> None:
    veronica.scan(LUPITA)
    for key, address in (("F4", "estado-de-cuenta"), ("F7", "cotizacion")):
        with veronica.within(1), veronica.walk.context.expect_page() as opened:
            veronica.press(key)
        assert address in opened.value.url or opened.value.url in ("about:blank", ":")
        opened.value.close()
    with veronica.within(1):
        veronica.press("F9")
        veronica.walk.see("A-000002")
    assert focus(veronica) == "cash"


def test_a_receipt_is_canceled_in_sixteen(veronica: Hands) -> None:
    """F8, folio, Enter, reason, PIN of the supervisor, Enter; the charge in hand is there when she is back."""
    veronica.scan(LUPITA)
    with veronica.within(16):
        veronica.press("F8")
        veronica.walk.see("Cancelar un comprobante")
        veronica.type("000002")
        veronica.press("Enter")
        veronica.press("1")
        veronica.type(PIN)
        veronica.press("Enter")
        veronica.walk.see("Comprobante A-000002 cancelado")
    assert Receipt.objects.filter(reverses__number=2).get().total_cents == -100_00
    assert veronica.walk.page.url.endswith("/ventanilla/")
    veronica.walk.see("$246.17")  # $146.17 and the $100.00 that were taken back


def test_a_withdrawal_takes_thirteen(veronica: Hands) -> None:
    """F11, $400, Enter, PIN of who receives it, Enter."""
    with veronica.within(13):
        veronica.press("F11")
        veronica.walk.see("Retiro")
        veronica.type("400")
        veronica.press("Enter")
        veronica.type(PIN)
        veronica.press("Enter")
        veronica.walk.see("RETIRO-000001")
    assert CashWithdrawal.objects.get().amount_cents == 400_00


def test_corte_x_takes_one(veronica: Hands) -> None:
    with veronica.within(1):
        veronica.press("Control+F12")
        veronica.walk.see("Corte X")


def test_f12_charges_at_once(veronica: Hands) -> None:
    with veronica.within(1):
        veronica.scan(LUPITA)
        veronica.press("F12")
        veronica.walk.see("Cobrado ✓ folio A-000003")


# what F-key and letter must do the same: the letter, and the id that has the focus or the words that are seen
TWINS = {
    "F1": ("Alt+y", "Teclas de la ventanilla"), "F2": ("Alt+x", "#charge-now"), "F3": ("Alt+p", "#card"),
    "F6": ("Alt+o", "#amount_010293"), "F9": ("Alt+i", "A-000002"), "F10": ("Alt+b", "#search"),
    "+": ("Alt+m", "#search"), "F12": ("Alt+l", "Cobrado ✓"),
}  # fmt: skip


@pytest.mark.parametrize("key", TWINS)
def test_every_key_has_a_letter_that_does_the_same(veronica: Hands, key: str) -> None:
    letter, expected = TWINS[key]
    veronica.scan(LUPITA)
    veronica.press(letter)
    if expected.startswith("#"):
        assert focus(veronica) == expected[1:]
    else:
        veronica.walk.see(expected)


def test_every_control_with_an_f_key_names_its_letter(veronica: Hands) -> None:
    """F5 is nobody's: it reloads the page, and the charge in hand stays."""
    veronica.scan(LUPITA)
    shortcuts = veronica.walk.page.evaluate(
        "[...document.querySelectorAll('[data-key]')].map((each) => [each.dataset.key, each.dataset.letter ?? ''])"
    )
    named = dict(shortcuts)
    assert {"F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "Ctrl+F12"} <= set(named)
    assert "F5" not in named
    letters = [letter for key, letter in shortcuts if key != "Escape"]
    assert all(letters) and len(set(letters)) == len(letters)


def test_the_help_opens_with_a_question_mark_and_closes_with_escape(veronica: Hands) -> None:
    veronica.scan(LUPITA)
    veronica.press("?")
    veronica.walk.see("Teclas de la ventanilla")
    veronica.press("Escape")
    assert veronica.walk.page.locator("#help").is_hidden()
    assert focus(veronica) == "cash" and veronica.walk.page.input_value("#cash") == ""
