"""What goes wrong in any office, and how it is put right: a receipt of another account, money that nobody knows."""

from datetime import date
from typing import Final

from caudal.access import approvals
from caudal.cashier import commands as cashier
from caudal.cashier import queries as receipts
from caudal.cashier.models import SettlementLine
from caudal.intake.demo.stage import PIN, moment
from caudal.intake.demo.year.bank import Bank
from caudal.intake.demo.year.town import Household
from caudal.intake.demo.year.window import CASHIER, Window

# months in which somebody's deposit brings a number that is no account; what comes in the last one still waits
UNKNOWN_MONTHS: Final = (2, 5, 8, 11)
WRONG_MONTHS: Final = (3, 6, 9, 10)
OTHER_ACCOUNT: Final = "1"  # of the reasons to cancel a receipt
NO_ACCOUNT: Final = "9990{month:02d}"


def charge_another(*, window: Window, wrong: Household, right: Household, cents: int) -> None:
    """Verónica takes a payment for the account next door, sees it, and Rosa comes to approve that it is canceled."""
    taken = window.take(wrong.account, cents)
    receipt = receipts.receipt_by_folio(folio=taken["receipt_folio"])
    at, session = window.tick(), window.session
    session.refresh_from_db()
    approval = approvals.approve_present(
        act=cashier.act_of_cancellation(receipt=receipt, session=session), approver="rosa", pin=PIN,
        asked_by=CASHIER, object_kind="receipt", object_id=receipt.folio, reason="Era de la cuenta de al lado", at=at,
    )  # fmt: skip
    cashier.cancel_receipt(
        receipt=receipt, session=session, reason=OTHER_ACCOUNT, approval=approval, at=at, by=CASHIER
    )
    window.undo(receipt.total_cents)
    window.take(right.account, cents)


def deposit_unknown(*, bank: Bank, month: int, cents: int, on: date) -> None:
    """Somebody pays at the bank with a number that is no account."""
    bank.pays(NO_ACCOUNT.format(month=month), cents, on)


def find_owner(*, month: int, owner: Household, on: date) -> int:
    """They bring their slip, and Rosa applies the money as of the day it came (centavos)."""
    line = SettlementLine.objects.get(reference=NO_ACCOUNT.format(month=month))
    cashier.identify(
        line=line, account=owner.account, reason="Trajo la ficha del depósito", at=moment(on, 12), by="rosa"
    )
    return int(line.amount_cents)
