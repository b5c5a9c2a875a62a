"""Taking a receipt back: another person says yes; the original stays, and so does its folio."""

from datetime import date
from typing import Any

import pytest
from tests.town import counter

from caudal.access import policy as acts
from caudal.access.approvals import NeedsApproval
from caudal.access.models import Approval
from caudal.cashier import commands as cashier
from caudal.cashier import drawer, policy, queries
from caudal.cashier.models import Receipt, TillSession
from caudal.kernel.models import AuditEntry
from caudal.ledger import queries as debts
from caudal.ledger.tests.builders import moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
MARCH_6 = date(2019, 3, 6)


@pytest.fixture
def receipt(chuy: Account) -> Receipt:
    """Don Chuy paid his $122.40 in cash."""
    counter.pay(chuy, 12_240, on=MARCH_5)
    return Receipt.objects.get()


def yes(receipt: Receipt, act: str = acts.APPROVE_CANCELLATIONS, on: date = MARCH_5) -> Approval:
    return counter.approve(act, "receipt", receipt.folio, on=on)


def cancel(receipt: Receipt, session: TillSession, approval: Approval | None, **more: Any) -> dict[str, Any]:
    words: dict[str, Any] = {"reason": "1", "by": "veronica", "at": moment(MARCH_5, 13), **more}
    return cashier.cancel_receipt(
        receipt=queries.receipt_by_folio(folio=receipt.folio), session=session, approval=approval, **words
    )


def test_in_its_own_session_rosa_says_yes_and_the_debt_is_open_again(receipt: Receipt, chuy: Account) -> None:
    done = cancel(receipt, counter.session(MARCH_5), yes(receipt))

    assert (done["cancellation_folio"], done["reason"]) == ("A-CAN-000001", "Cuenta equivocada")
    canceled = Receipt.objects.get(series="A-CAN")
    assert (canceled.total_cents, canceled.reverses, canceled.session) == (-12_240, receipt, receipt.session)
    # the surcharge of $2.40 became a charge and stays
    assert debts.balance(account_id=chuy.pk) == 12_240
    entry = AuditEntry.objects.get(act="cashier.cancel_receipt")
    assert (entry.object_id, entry.by, entry.reason) == ("A-000001", "veronica", "Cuenta equivocada")
    assert (entry.after["asked_by"], entry.after["approved_by"]) == ("veronica", "rosa")
    assert queries.expected(session=counter.session(MARCH_5))["cash"] == 50_000


@pytest.mark.parametrize(
    ("code", "detail", "kept"),
    [
        ("1", "", "Cuenta equivocada"),
        ("2", "eran  $12.24", "Importe equivocado: eran $12.24"),
        ("3", "", "Forma de pago equivocada"),
        ("4", "", "La persona desistió"),
        ("5", "Cheque sin fondos", "Cheque sin fondos"),
        ("5", " ", None),
        ("6", "algo", None),
        ("", "", None),
    ],
)
def test_a_reason_is_one_key_and_the_last_one_asks_for_words(
    code: str, detail: str, kept: str | None
) -> None:
    assert policy.cancellation_reason(code=code, detail=detail) == kept


def test_without_a_reason_of_the_list_nothing_is_canceled(receipt: Receipt) -> None:
    with pytest.raises(cashier.CannotCancelReceipt, match="Falta el motivo"):
        cancel(receipt, counter.session(MARCH_5), yes(receipt), reason="5")
    assert Receipt.objects.count() == 1


def test_nobody_cancels_alone(receipt: Receipt) -> None:
    session = counter.session(MARCH_5)
    with pytest.raises(NeedsApproval, match="una sola persona"):
        cancel(receipt, session, None)
    other = counter.approve(acts.APPROVE_CANCELLATIONS, "receipt", "A-000009", on=MARCH_5)
    with pytest.raises(NeedsApproval, match="otra operación"):
        cancel(receipt, session, other)
    theirs = counter.approve(acts.APPROVE_CANCELLATIONS, "receipt", receipt.folio, on=MARCH_5, by="carmen")
    with pytest.raises(NeedsApproval, match="otra operación"):
        cancel(receipt, session, theirs)
    assert Receipt.objects.count() == 1


def test_after_its_session_closed_only_the_manager_says_yes_and_it_is_of_today(receipt: Receipt) -> None:
    counter.close(counter.session(MARCH_5), by="rosa")
    today = counter.session(MARCH_6)
    at = moment(MARCH_6, 13)
    with pytest.raises(NeedsApproval, match="otra operación"):
        cancel(receipt, today, yes(receipt, on=MARCH_6), at=at)
    approval = yes(receipt, acts.APPROVE_CLOSED_CANCELLATIONS, on=MARCH_6)
    assert approval.approver == "salas"
    cancel(receipt, today, approval, at=at)

    canceled = Receipt.objects.get(series="A-CAN")
    assert (canceled.session, canceled.business_on) == (today, MARCH_6)
    # the closed day stays as it was: its report still says $122.40
    assert receipt.session is not None
    assert drawer.session_report(session=receipt.session).total_cents == 12_240
    assert queries.expected(session=today)["cash"] == 50_000 - 12_240


def test_a_receipt_of_another_till_that_is_open_is_canceled_there(receipt: Receipt) -> None:
    counter.till("2", "B")
    other = counter.session(MARCH_5, by="carmen", code="2", series="B")
    with pytest.raises(cashier.CannotCancelReceipt, match="turno de veronica en Caja 1") as refused:
        cancel(receipt, other, yes(receipt), by="carmen")
    assert refused.value.field == "folio"
    assert Receipt.objects.count() == 1


def test_while_counting_it_is_still_possible_and_once_counted_no_longer(
    receipt: Receipt, espiga: Account
) -> None:
    """She finds the mistake among the papers; after declaring, the drawer is what she said."""
    counter.pay(espiga, 5_000, on=MARCH_5, tender="card")
    session = counter.session(MARCH_5)
    cashier.begin_balancing(session=session, at=moment(MARCH_5, 14), by="veronica")
    cancel(receipt, session, yes(receipt))
    cashier.declare_count(session=session, pieces={"50000": 1}, others={"card": 5_000}, at=moment(MARCH_5, 14), by="veronica")  # fmt: skip
    second = Receipt.objects.get(series="A", number=2)
    with pytest.raises(cashier.CannotCancelReceipt, match="ya se contó"):
        cancel(second, session, yes(second))
    closing = cashier.close_session(session=session, at=moment(MARCH_5, 15), by="rosa")
    assert (closing.n_receipts, closing.n_canceled) == (2, 1)
    assert closing.cancellation_head == bytes(Receipt.objects.get(series="A-CAN").hash).hex()
    assert all(each.difference_cents == 0 for each in closing.balances.all())


def test_cash_that_is_not_in_the_drawer_is_not_given_back(receipt: Receipt) -> None:
    session = counter.session(MARCH_5)
    taken = counter.approve(
        acts.SUPERVISE_TILLS, "till_session", session.pk, on=MARCH_5, after={"amount_cents": 60_000}
    )
    cashier.withdraw_cash(
        session=session, amount_cents=60_000, approval=taken, at=moment(MARCH_5, 13), by="veronica",
        key=counter.UUID(int=5),
    )  # fmt: skip
    with pytest.raises(cashier.CannotCancelReceipt, match="no debe haber tanto efectivo"):
        cancel(receipt, session, yes(receipt))
    assert Receipt.objects.count() == 1


def test_what_was_taken_back_is_not_taken_back_again(receipt: Receipt) -> None:
    session = counter.session(MARCH_5)
    cancel(receipt, session, yes(receipt))
    with pytest.raises(cashier.CannotCancelReceipt, match="ya está cancelado"):
        cancel(receipt, session, yes(receipt))
    canceled = Receipt.objects.get(series="A-CAN")
    with pytest.raises(cashier.CannotCancelReceipt, match="ya está cancelado"):
        cancel(canceled, session, yes(canceled))
    assert Receipt.objects.count() == 2


def test_a_session_of_somebody_else_cancels_nothing(receipt: Receipt) -> None:
    with pytest.raises(cashier.CannotCancelReceipt, match="El turno es de veronica"):
        cancel(receipt, counter.session(MARCH_5), yes(receipt), by="carmen")
    assert Receipt.objects.count() == 1


def test_a_session_of_the_day_before_does_not_cancel_a_later_payment(receipt: Receipt, chuy: Account) -> None:
    """Carmen's Monday drawer is still open on Tuesday; Tuesday's closed receipt is not hers to date on Monday."""
    counter.till("2", "B")
    counter.session(date(2019, 3, 4), by="carmen", code="2", series="B")
    counter.close(counter.session(MARCH_5), by="rosa")
    monday = queries.live_session(cashier="carmen")
    assert monday is not None
    approval = counter.approve(
        acts.APPROVE_CLOSED_CANCELLATIONS, "receipt", receipt.folio, on=MARCH_5, by="carmen"
    )
    with pytest.raises(cashier.CannotCancelReceipt, match="fecha anterior al pago"):
        cancel(receipt, monday, approval, by="carmen")
    assert Receipt.objects.count() == 1
