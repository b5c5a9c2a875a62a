"""The scanner works whatever has the focus, and leaves nothing where it should not."""

from collections.abc import Callable
from datetime import date

import pytest

from caudal.cashier.models import Receipt
from caudal.documents.payment_codes import payment_reference
from tests.journeys.browsing import Walk
from tests.journeys.keys import Hands

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
LUPITA = payment_reference(account_number="010293", amount_cents=11_699, due_on=date(2019, 1, 13))
ESPIGA = payment_reference(account_number="010405", amount_cents=71_892, due_on=date(2019, 1, 13))


@pytest.fixture
def veronica(living_site: str, walk: Start) -> Hands:
    opened = walk(living_site, "veronica")
    opened.go("/ventanilla/")
    return Hands(opened)


@pytest.mark.parametrize("key", ["", "F3", "F6", "F10", "Alt+a", "F2", "F1"])
def test_wherever_the_cursor_is(veronica: Hands, key: str) -> None:
    """In cash, card, amount, search, months, on the button, over the help: the next bill takes its place."""
    veronica.scan("010117")
    if key:
        veronica.press(key)
    veronica.scan(ESPIGA)
    veronica.walk.see("Tortillería La Espiga")
    assert veronica.walk.page.evaluate("document.activeElement.id") == "cash"
    boxes = veronica.walk.page.evaluate(
        "[...document.querySelectorAll('#window input:not([type=hidden])')].map((each) => each.value).join('')"
    )
    assert boxes == "" and Receipt.objects.filter(series="A").count() == 2


def test_what_was_typed_before_stays_typed(veronica: Hands) -> None:
    """Half an amount is in the box; a code that nobody knows is passed: the box keeps its half, and is told why."""
    veronica.scan(LUPITA)
    veronica.type("50")
    veronica.scan("77777777")
    veronica.walk.see("Nada coincide con «77777777».")
    assert veronica.walk.page.input_value("#cash") == "50"
    assert veronica.walk.page.evaluate("document.activeElement.id") == "search"


def test_the_same_bill_passed_twice_is_one(veronica: Hands) -> None:
    """The light of the scanner caught it again: within two seconds it says nothing new, not even while adding."""
    veronica.scan(LUPITA)
    veronica.type("200")
    veronica.scan(LUPITA)
    assert veronica.walk.page.input_value("#cash") == "200"


def test_fast_fingers_are_not_a_scanner(veronica: Hands) -> None:
    """Two digits that roll under two fingers in less than 20 ms are two digits."""
    veronica.scan(LUPITA)
    veronica.walk.page.keyboard.type("50")
    veronica.walk.page.wait_for_function("() => document.getElementById('cash').value === '50'")


def test_a_scanner_without_enter_works_too(veronica: Hands) -> None:
    """Some are set to send the code alone."""
    veronica.scan(LUPITA, ends="")
    veronica.walk.see("Guadalupe Núñez Viuda de Ortega")


def test_an_enter_that_comes_with_the_code_confirms_nothing(veronica: Hands) -> None:
    """A scanner set to send Enter twice: what nobody has seen is not charged."""
    veronica.scan(LUPITA, ends="EnterEnter")
    veronica.walk.see("$146.17")
    veronica.settle()
    assert Receipt.objects.filter(series="A").count() == 2
    assert veronica.walk.page.evaluate("document.activeElement.id") == "cash"


def test_an_account_in_the_payment_is_not_added_again(veronica: Hands) -> None:
    veronica.scan(LUPITA)
    veronica.press("+")
    veronica.scan("010293")
    veronica.walk.see("La cuenta 010293 ya está en este cobro.")
