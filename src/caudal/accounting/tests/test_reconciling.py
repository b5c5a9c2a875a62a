"""A day that agrees three ways, and each way in which it may not.

15 January 2019 at the window: Chuy pays $100.00 in cash, Lupita $50.50 by card, La Espiga $20.00 in cash, which is
canceled. The drawer opened with $500.00.
"""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.accounting import reconciling
from caudal.accounting.reconciling import Day
from caudal.cashier import commands as cashier
from caudal.cashier.models import TillClosing
from caudal.ledger import commands as ledger
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db

ON = date(2019, 1, 15)


@pytest.fixture
def collected(town: Town, books: None) -> Town:
    counter.pay(town.chuy, 10_000, on=ON)
    counter.pay(town.lupita, 5_050, on=ON, tender="card")
    counter.cancel(counter.pay(town.espiga, 2_000, on=ON)["receipt_folio"], on=ON)
    return town


def _close() -> TillClosing:
    counter.close(counter.session(ON))
    return TillClosing.objects.latest("number")


def _deposit(closing: TillClosing) -> None:
    cashier.deposit_closings(
        closings=[closing], bank_account="0123456789", reference="F-1", on=ON, at=moment(ON, 17), by="rosa"
    )


def _day() -> Day:
    return reconciling.day(on=ON)


def test_a_day_agrees_three_ways(collected: Town) -> None:
    _deposit(_close())
    found = _day()
    [control] = found.controls
    assert found.all_findings == [] and found.waiting == [] and found.state == "good"
    # 100.00 + 50.50 + 20.00 − 20.00
    assert control.receipts_cents == control.payments_cents == control.credits_cents == 15_050
    assert control.journal_cents == control.control_cents == control.tenders_cents == 15_050
    assert (control.cash_cents, control.other_cents) == (10_000, 5_050)
    assert (control.n_receipts, control.n_canceled) == (3, 1)
    assert control.closing is not None and control.slip is not None


def test_an_open_session_waits_and_then_its_deposit(collected: Town) -> None:
    [waits] = _day().waiting
    assert "está abierto" in waits.what and waits.link.route == "till_session"
    closing = _close()
    [waits] = _day().waiting
    assert (waits.what, waits.cents) == (f"El {closing.folio} no tiene depósito.", 10_000)
    assert _day().state == "watch"


def test_a_drawer_that_is_short_still_agrees(town: Town, books: None) -> None:
    """$100.07 taken and $100.00 counted: $0.07 short, in the journal and in the closing alike."""
    counter.pay(town.chuy, 10_007, on=ON)
    _deposit(_close())
    found = _day()
    assert found.all_findings == [] and found.state == "good"
    assert found.controls[0].control_cents == 10_007


def test_a_day_without_anything_is_neither(town: Town) -> None:
    assert _day().state == ""


def test_money_moved_by_no_paper_is_told_with_its_entry(collected: Town) -> None:
    _deposit(_close())
    entry = ledger.post_transfer(
        document="a mano", cents=1, source="1111", target="1112-01", description="Sin papel", on=ON,
        at=moment(ON, 18), by="laura",
    )  # fmt: skip
    assert entry is not None
    [finding] = _day().all_findings
    assert (
        finding.what
        == "La póliza a mano mueve dinero y no es de ningún comprobante, corte, ficha ni archivo."
    )
    assert finding.links[0].argument == entry.pk


def test_each_month_has_its_days(collected: Town) -> None:
    states = [each.state for each in reconciling.month(month=Period(201901))]
    assert states == [""] * 14 + ["watch"] + [""] * 16


def test_a_session_that_gives_back_a_receipt_of_a_closed_one(collected: Town) -> None:
    """Espiga's money of the 15th is given back on the 16th: each day agrees with itself."""
    first = counter.pay(collected.espiga, 3_000, on=ON)
    _deposit(_close())
    sixteenth = date(2019, 1, 16)
    counter.pay(collected.hotel, 9_000, on=sixteenth)
    counter.cancel(first["receipt_folio"], on=sixteenth)
    days = reconciling.days(since=ON, until=date(2019, 1, 17))
    assert [each.all_findings for each in days] == [[], []]
    assert [each.receipts_cents for each in days] == [18_050, 6_000]
