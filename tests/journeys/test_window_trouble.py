"""What goes wrong at a window: each thing is told beside its box, the cursor goes there, and nothing is charged."""

import socket
from collections.abc import Callable
from datetime import date

import pytest

from caudal.cashier import commands as cashier
from caudal.cashier.models import PrintJob, Receipt, Till, TillSession
from caudal.cashier.printing import sender
from caudal.documents.payment_codes import payment_reference
from caudal.registry.models import Account
from tests.journeys import story
from tests.journeys.browsing import Walk, until
from tests.journeys.keys import Hands
from tests.town import counter
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
LUPITA = payment_reference(account_number="010293", amount_cents=11_699, due_on=date(2019, 1, 13))


@pytest.fixture
def veronica(living_site: str, walk: Start) -> Hands:
    """Doña Lupita's $146.17 is on her screen."""
    opened = walk(living_site, "veronica")
    opened.go("/ventanilla/")
    hands = Hands(opened)
    hands.scan(LUPITA)
    return hands


def taken() -> int:
    return Receipt.objects.filter(series="A").count()


def focus(hands: Hands) -> str:
    hands.settle()
    return str(hands.walk.page.evaluate("document.activeElement.id"))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("12a", "«12a» no es una cantidad. Escriba solo números, por ejemplo 200 o 1,250.50."),
        ("-200", "La cantidad no puede ser negativa."),
        ("0", "La cantidad debe ser mayor que cero."),
        ("100", "Faltan $46.17 para completar $146.17."),
        ("10,50", "«10,50» no es una cantidad."),
        ("010293", "El cambio sería de $10,146.83. Es más que un billete de $1,000.00"),
        ("99999999999", "$99,999,999,999.00 es demasiado para un pago."),
    ],
)
def test_cash_that_makes_no_sense(veronica: Hands, typed: str, told: str) -> None:
    veronica.type(typed)
    veronica.press("Enter")
    veronica.walk.see(told)
    assert focus(veronica) == "cash" and veronica.walk.page.input_value("#cash") == typed
    assert taken() == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("abc", "«abc» no es una cantidad."),
        ("-5", "La cantidad no puede ser negativa."),
        ("0.00", "La cantidad debe ser mayor que cero."),
        ("10000001", "$10,000,001.00 es demasiado para un pago."),
    ],
)
def test_another_amount_that_makes_no_sense(veronica: Hands, typed: str, told: str) -> None:
    veronica.press("F6")
    veronica.type(typed)
    veronica.press("Enter")
    veronica.walk.see(told)
    assert focus(veronica) == "amount_010293" and taken() == 2


def test_a_card_without_its_authorization(veronica: Hands) -> None:
    """Charged at once with F12: the reference is asked for, and the cursor is there."""
    veronica.press("F3")
    veronica.type("146.17")
    veronica.press("F12")
    veronica.walk.see("Falta la autorización de la terminal.")
    assert focus(veronica) == "card_reference" and taken() == 2
    veronica.type("778899")
    veronica.press("F12")
    veronica.walk.see("Cobrado ✓ folio A-000003")


def test_a_card_for_more_than_is_charged(veronica: Hands) -> None:
    veronica.press("F3")
    veronica.type("200")
    veronica.press("Enter")
    veronica.type("778899")
    veronica.press("Enter")
    veronica.walk.see("Con la tarjeta se cobran $200.00 y solo faltan $146.17.")
    assert focus(veronica) == "card" and taken() == 2


def test_months_that_are_no_number(veronica: Hands) -> None:
    veronica.press("Alt+a")
    veronica.type("13")
    veronica.press("Enter")
    veronica.walk.see("«13» no es un número de meses. Escriba de 1 a 12.")
    assert focus(veronica) == "months_010293" and taken() == 2


def test_a_code_that_nobody_knows(veronica: Hands) -> None:
    """The account that was there stays."""
    veronica.scan("99999999")
    veronica.walk.see("Nada coincide con «99999999».")
    assert focus(veronica) == "search"
    veronica.walk.see("Guadalupe Núñez Viuda de Ortega")


def test_an_account_that_owes_nothing(veronica: Hands) -> None:
    veronica.press("Enter", "Enter")
    veronica.walk.see("Cobrado ✓ folio A-000003")
    veronica.scan("010293")
    veronica.walk.see("No debe nada")
    veronica.press("Enter")
    veronica.walk.see("La cuenta 010293 no debe nada.")
    assert focus(veronica) == "amount_010293" and taken() == 3


def test_an_account_that_was_paid_meanwhile_at_another_till(veronica: Hands) -> None:
    """Her son pays $100.00 at till 2 while Verónica counts: she is told, sees $46.17, and charges that."""
    veronica.type("200")
    session = counter.session(story.TODAY, by="rosa", code="2", series="B")
    cashier.take_payment(
        session=session, parts=[cashier.AccountPart(Account.objects.get(number="010293"), 100_00)],
        tenders=[cashier.TenderPart("cash", 100_00)], at=moment(story.TODAY, 10, 41), by="rosa",
        key="7a1c1f5e-0000-4000-8000-000000000001",
    )  # fmt: skip
    veronica.press("Enter")
    veronica.walk.see("La cuenta 010293 cambió: debía $146.17 y ahora debe $46.17.")
    assert taken() == 2 and focus(veronica) == "cash"
    assert veronica.walk.page.input_value("#cash") == "200"
    veronica.press("Enter", "Enter")
    veronica.walk.see("cambio $153.83")
    assert Receipt.objects.latest("id").total_cents == 46_17


def test_a_session_closed_meanwhile(veronica: Hands) -> None:
    """Her supervisor began the count: nothing is charged, she is told, and the charge stays."""
    veronica.press("Enter")
    veronica.settle()
    session = TillSession.objects.get(cashier="veronica", business_on=story.TODAY)
    cashier.begin_balancing(session=session, at=moment(story.TODAY, 10, 42), by="veronica")
    veronica.press("Enter")
    veronica.walk.see("El turno ya no recibe pagos.")
    veronica.walk.see("El turno está en arqueo.")
    assert taken() == 2 and focus(veronica) == "cash"
    veronica.walk.see("$146.17")


def test_without_a_session_it_offers_to_open_one(living_site: str, walk: Start) -> None:
    """Rosa has no session: she may look, she may not charge, and one link away she opens hers."""
    opened = walk(living_site, "rosa")
    opened.go("/ventanilla/")
    rosa = Hands(opened)
    rosa.scan(LUPITA)
    opened.see("No tiene un turno abierto.")
    assert opened.page.locator("#charge-now").is_disabled()
    opened.page.get_by_role("link", name="Abra su turno").first.press("Enter")
    opened.see("Abrir turno")
    assert Receipt.objects.filter(series="A").count() == 2


def test_a_receipt_of_another_till_is_not_canceled_here(veronica: Hands) -> None:
    """It is of a session that is still open: there it is canceled."""
    session = counter.session(story.TODAY, by="rosa", code="2", series="B")
    cashier.take_payment(
        session=session, parts=[cashier.AccountPart(Account.objects.get(number="010293"), 100_00)],
        tenders=[cashier.TenderPart("cash", 100_00)], at=moment(story.TODAY, 10, 41), by="rosa",
        key="7a1c1f5e-0000-4000-8000-000000000002",
    )  # fmt: skip
    veronica.press("F8")
    veronica.walk.page.wait_for_url("**/caja/cancelacion/**")
    veronica.type("B-000001")
    veronica.press("Enter")
    veronica.press("1")
    veronica.type("402917")
    veronica.press("Enter")
    veronica.walk.see("sigue sin cerrar")
    assert not Receipt.objects.filter(reverses__isnull=False).exists()


def test_a_printer_that_is_off(veronica: Hands) -> None:
    """The charge stands, the paper waits in its queue, and the screen says so."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: whoever calls is refused
        Till.objects.filter(code="1").update(printer=f"127.0.0.1:{nobody.getsockname()[1]}")
        veronica.press("Enter", "Enter")
        veronica.walk.see("Cobrado ✓ folio A-000003")
        veronica.walk.see("el papel espera en la cola")
        until(lambda: PrintJob.objects.filter(receipt__number=3, state="waiting").exists())
        Till.objects.filter(code="1").update(printer="")
        sender.rest()
    assert taken() == 3 and focus(veronica) == "search"


def test_whoever_may_not_charge_does_not_enter(living_site: str, walk: Start) -> None:
    opened = walk(living_site, "julian")
    assert opened.go("/ventanilla/") == 403
