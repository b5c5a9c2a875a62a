"""Closings go to the bank: each once, to the centavo, with their checks; the float stays in the safe."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.town import counter

from caudal.access import policy as acts
from caudal.cashier import commands as cashier
from caudal.cashier import drawer, till_sheets
from caudal.cashier.models import DepositedClosing, DepositSlip, TillClosing
from caudal.ledger.models import JournalEntry, JournalLine
from caudal.ledger.tests.builders import moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
MARCH_6 = date(2019, 3, 6)
AT = moment(MARCH_6, 9)


@pytest.fixture
def tuesday(chuy: Account, espiga: Account) -> TillClosing:
    """$130.00 in cash, of which Rosa took $100.00, and a check of $80.00: counted $530.00."""
    counter.pay(chuy, 13_000, on=MARCH_5)
    counter.pay(espiga, 8_000, on=MARCH_5, tender="check")
    session = counter.session(MARCH_5)
    yes = counter.approve(
        acts.SUPERVISE_TILLS, "till_session", session.pk, on=MARCH_5, after={"amount_cents": 10_000}
    )
    cashier.withdraw_cash(
        session=session, amount_cents=10_000, approval=yes, at=moment(MARCH_5, 13), by="veronica",
        key=counter.UUID(int=3),
    )  # fmt: skip
    counter.close(session, by="rosa")
    return session.closing


@pytest.fixture
def wednesday(tuesday: TillClosing, espiga: Account) -> TillClosing:
    """$50.00 in cash."""
    counter.pay(espiga, 5_000, on=MARCH_6, hour=8)
    session = counter.session(MARCH_6)
    counter.close(session, by="rosa")
    return session.closing


def deposit(*closings: TillClosing, **more: Any) -> DepositSlip:
    words: dict[str, Any] = {"bank_account": "BANORTE 0123456789", "reference": "7788", "on": MARCH_6, **more}
    return cashier.deposit_closings(closings=closings, at=AT, by="rosa", **words)


def cash_in_the_books() -> int:
    return sum(JournalLine.objects.filter(ledger_account_id="1111").values_list("amount_cents", flat=True))


def test_what_was_counted_and_withdrawn_less_the_float_goes_to_the_bank(
    tuesday: TillClosing, wednesday: TillClosing
) -> None:
    """Tuesday: 530.00 counted + 100.00 withdrawn − 500.00 of float = 130.00. Wednesday: 550.00 − 500.00 = 50.00."""
    slip = deposit(tuesday, wednesday)

    assert (slip.folio, slip.amount_cents, slip.checks_cents) == ("DEPOSITO-000001", 13_000 + 5_000, 8_000)
    parts = dict(DepositedClosing.objects.values_list("closing__number", "amount_cents"))
    assert parts == {1: 13_000, 2: 5_000}
    entry = JournalEntry.objects.get(kind="transfer", document="DEPOSITO-000001")
    assert dict(entry.lines.values_list("ledger_account_id", "amount_cents")) == {
        "1112-01": 18_000, "1111": -18_000,
    }  # fmt: skip
    assert cash_in_the_books() == 0
    assert drawer.closings_to_deposit() == []


def test_a_closing_goes_into_one_slip(tuesday: TillClosing, wednesday: TillClosing) -> None:
    deposit(tuesday)
    with pytest.raises(cashier.CannotDeposit, match="ya está en la ficha DEPOSITO-000001"):
        deposit(tuesday, wednesday, reference="7789")
    assert DepositSlip.objects.count() == 1
    assert [part.closing_id for part in drawer.closings_to_deposit()] == [wednesday.pk]


@pytest.mark.parametrize(
    ("more", "says", "field"),
    [
        ({"bank_account": " "}, "cuenta del banco", "bank_account"),
        ({"reference": ""}, "referencia del banco", "reference"),
        ({"on": MARCH_6 + timedelta(days=1)}, "todavía no llega", "on"),
        ({"on": MARCH_5 - timedelta(days=1)}, "es del 05/03/2019", "on"),
    ],
)
def test_what_cannot_be_deposited_is_refused_beside_its_field(
    tuesday: TillClosing, more: dict[str, Any], says: str, field: str
) -> None:
    with pytest.raises(cashier.CannotDeposit, match=says) as refused:
        deposit(tuesday, **more)
    assert refused.value.field == field
    assert not DepositSlip.objects.exists() and cash_in_the_books() == 13_000


def test_a_slip_needs_closings_and_a_reference_of_its_own(
    tuesday: TillClosing, wednesday: TillClosing
) -> None:
    with pytest.raises(cashier.CannotDeposit, match="No eligió ningún corte"):
        deposit()
    deposit(tuesday)
    with pytest.raises(cashier.CannotDeposit, match="ya está en otra ficha"):
        deposit(wednesday)
    assert DepositSlip.objects.count() == 1


def test_a_drawer_that_gave_back_more_than_it_took_goes_with_another(
    tuesday: TillClosing, espiga: Account
) -> None:
    """On Wednesday Tuesday's $130.00 are given back: the drawer ends $130.00 under its float."""
    counter.cancel("A-000001", on=MARCH_6)
    session = counter.session(MARCH_6)
    counter.close(session, by="rosa")
    closing = session.closing

    with pytest.raises(cashier.CannotDeposit, match="no queda efectivo"):
        deposit(closing)
    slip = deposit(tuesday, closing)
    # 130.00 − 130.00 in cash; the check of 80.00 remains
    assert (slip.amount_cents, slip.checks_cents) == (0, 8_000)
    assert not JournalEntry.objects.filter(kind="transfer").exists()


def test_the_slip_lists_the_checks_that_were_not_given_back(tuesday: TillClosing) -> None:
    slip = deposit(tuesday)
    sheet = till_sheets.deposit_sheet(slip=slip)
    assert [(each.number, each.receipt_folio, each.cents) for each in sheet.checks] == [
        ("123456", "A-000002", 8_000)
    ]
    assert till_sheets.deposit_pdf(slip=slip).startswith(b"%PDF")
