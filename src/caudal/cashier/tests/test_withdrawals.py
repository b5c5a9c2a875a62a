"""Cash leaves the drawer into Rosa's hands: with her yes, its folio, and never more than there is."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.town import counter

from caudal.access import policy as acts
from caudal.access.approvals import NeedsApproval
from caudal.access.models import Approval
from caudal.cashier import commands as cashier
from caudal.cashier import drawer, queries
from caudal.cashier.models import CashCount, CashWithdrawal, TillSession
from caudal.kernel.models import AuditEntry
from caudal.ledger.tests.builders import moment
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
AT = moment(MARCH_5, 12)


@pytest.fixture
def session(chuy: Account) -> TillSession:
    """$500.00 of float and $100.00 that Don Chuy paid."""
    counter.pay(chuy, 10_000, on=MARCH_5)
    return counter.session(MARCH_5)


def yes(session: TillSession, cents: int) -> Approval:
    return counter.approve(
        acts.SUPERVISE_TILLS, "till_session", session.pk, on=MARCH_5, after={"amount_cents": cents}, hour=12
    )


def withdraw(session: TillSession, cents: int, **more: Any) -> CashWithdrawal:
    words: dict[str, Any] = {"approval": yes(session, cents), "by": "veronica", "key": uuid4(), **more}
    return cashier.withdraw_cash(session=session, amount_cents=cents, at=AT, **words)


def test_cash_leaves_with_a_folio_a_receiver_and_its_pieces(session: TillSession) -> None:
    """2 × $100.00 + 10 × $5.00 = $250.00; $600.00 − $250.00 = $350.00 stay."""
    taken = withdraw(session, 25_000, pieces={"10000": 2, "500": 10})

    assert (taken.folio, taken.handed_by, taken.received_by) == ("RETIRO-000001", "veronica", "rosa")
    assert taken.count is not None and taken.count.pieces == {"10000": 2, "500": 10}
    assert queries.expected(session=session)["cash"] == 35_000
    assert AuditEntry.objects.get(act="cashier.withdraw_cash").after["received_by"] == "rosa"
    report = drawer.session_report(session=session)
    assert (report.withdrawn_cents, report.cash_cents, report.total_cents) == (25_000, 35_000, 10_000)


def test_all_there_is_may_leave_and_not_a_centavo_more(session: TillSession) -> None:
    """The refusal does not say how much there is: the count is blind."""
    with pytest.raises(cashier.CannotWithdraw, match="no debe haber tanto efectivo") as refused:
        withdraw(session, 60_001)
    assert "600" not in str(refused.value)
    assert not CashWithdrawal.objects.exists()
    withdraw(session, 60_000)
    assert queries.expected(session=session)["cash"] == 0


def test_the_same_key_takes_it_out_once(session: TillSession) -> None:
    """Two clicks: the second yes is not even spent."""
    key = UUID(int=7)
    assert withdraw(session, 10_000, key=key) == withdraw(session, 10_000, key=key)
    assert CashWithdrawal.objects.count() == 1
    assert queries.expected(session=session)["cash"] == 50_000


@pytest.mark.parametrize(
    ("cents", "more", "says"),
    [
        (0, {}, "mayor que cero"),
        (-100, {}, "mayor que cero"),
        (10_000, {"by": "carmen"}, "no es suyo"),
        (10_000, {"pieces": {"10000": 2}}, "no suman"),
    ],
)
def test_what_cannot_leave_is_refused(
    session: TillSession, cents: int, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(cashier.CannotWithdraw, match=says):
        withdraw(session, cents, **more)
    assert not CashWithdrawal.objects.exists()
    assert not CashCount.objects.filter(purpose="withdrawal").exists()


def test_a_yes_for_one_amount_is_no_yes_for_another(session: TillSession) -> None:
    with pytest.raises(cashier.CannotWithdraw, match="otro importe"):
        withdraw(session, 20_000, approval=yes(session, 10_000))
    with pytest.raises(NeedsApproval, match="una sola persona"):
        withdraw(session, 20_000, approval=None)
    spent = yes(session, 5_000)
    withdraw(session, 5_000, approval=spent)
    with pytest.raises(NeedsApproval, match="ya se usó"):
        withdraw(session, 5_000, approval=spent)
    assert CashWithdrawal.objects.count() == 1


def test_nothing_leaves_once_the_count_began(session: TillSession) -> None:
    cashier.begin_balancing(session=session, at=AT, by="veronica")
    with pytest.raises(cashier.CannotWithdraw, match="no está abierto"):
        withdraw(session, 10_000)
    assert not CashWithdrawal.objects.exists()
