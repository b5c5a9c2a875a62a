"""Don Chuy owes January, February and March of 2019, pays some of it and takes it back; the tills close at night.

Every row is told by day: what was taken on the 10th stays on the 10th, and its cancellation is of the 12th.
"""

from datetime import date
from typing import Any

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.arrangements.tests.conftest import april as april
from caudal.cashier import commands as cashier
from caudal.cashier.models import TillClosing
from caudal.reports.tests.reading_of import figure, raw, rows

pytestmark = pytest.mark.django_db
TENTH, TWELFTH = date(2019, 4, 10), date(2019, 4, 12)
COLLECTED = """
    SELECT concept.code, -sum(line.amount_cents)::bigint
    FROM ledger_journalentry entry JOIN ledger_journalline line ON line.entry_id = entry.id
    JOIN ledger_concept concept ON concept.id = line.concept_id
    WHERE entry.kind = 'credit.payment' AND entry.document = %s AND line.ledger_account_id LIKE '1124%%'
    GROUP BY 1 ORDER BY 1
"""


@pytest.fixture
def paid(april: Town) -> dict[str, Any]:
    """$150.00 of don Chuy in cash on the 10th, at eleven."""
    return counter.pay(april.chuy, 150_00, on=TENTH)


def test_a_receipt_is_of_its_day_and_its_cancellation_of_another(paid: dict[str, Any]) -> None:
    folio = paid["receipt_folio"]
    counter.cancel(folio, on=TWELFTH)

    assert rows("receipts", "happened_on", "kind", "state", "accounts", "amount_cents") == [
        (TENTH, "payment", "canceled", 1, 150_00),
        (TWELFTH, "cancellation", "canceled", 1, -150_00),
    ]
    # what was taken by the 11th does not change afterwards; the month comes to nothing
    assert figure("receipts", "amount_cents", since=TENTH, last=date(2019, 4, 11)) == 150_00
    assert figure("receipts", "amount_cents", since=date(2019, 4, 1), last=date(2019, 4, 30)) == 0
    # one person was served, whatever became of it
    assert figure("receipts", kind="payment") == 1
    for code in ("payments", "tenders", "collected"):
        assert figure(code, "amount_cents", since=TENTH, last=TENTH) == 150_00, code
        assert figure(code, "amount_cents", since=TWELFTH, last=TWELFTH) == -150_00, code


def test_a_payment_says_whose_and_where_and_by_whom(paid: dict[str, Any]) -> None:
    assert rows("payments", "folio", "account", "channel", "channel_name", "is_window", "till", "clerk") == [
        (paid["receipt_folio"], "010117", "window", "Ventanilla", "yes", "1", "veronica")
    ]
    assert rows("payments", "taken_at") == [moment(TENTH, 11)]


def test_what_was_paid_concept_by_concept_is_what_the_journal_says(paid: dict[str, Any]) -> None:
    found = sorted(rows("collected", "concept", "amount_cents"))

    assert found == raw(COLLECTED, paid["receipt_folio"])
    # the surcharges of January (2 months) and of February (1), 1 % each, then water
    assert dict(found)["surcharge"] + dict(found)["water"] == 150_00


def test_taken_back_it_comes_out_of_the_concepts_that_it_had_gone_to(paid: dict[str, Any]) -> None:
    before = sorted(rows("collected", "concept", "amount_cents"))
    counter.cancel(paid["receipt_folio"], on=TWELFTH)

    assert sorted(rows("collected", "concept", "amount_cents", last=TENTH)) == before
    assert sorted(rows("collected", "concept", "amount_cents", since=TWELFTH)) == [
        (concept, -cents) for concept, cents in before
    ]


def test_what_is_over_stays_in_favor(april: Town) -> None:
    counter.pay(april.hotel, 80_00, on=TENTH)

    assert rows("collected", "account", "concept", "concept_name", "amount_cents") == [
        ("010620", "credit_balance", "Saldo a favor", 80_00)
    ]


def test_each_tender_of_a_receipt_is_a_row(april: Town) -> None:
    counter.pay(april.chuy, 40_00, on=TENTH)
    counter.pay(april.chuy, 25_00, on=TENTH, tender="card")

    assert rows("tenders", "tender", "amount_cents") == [("cash", 40_00), ("card", 25_00)]
    assert figure("tenders", "amount_cents", tender="cash") == 40_00
    assert figure("tenders", "amount_cents") == figure("receipts", "amount_cents") == 65_00


def test_a_cancellation_says_why_and_who_agreed(paid: dict[str, Any]) -> None:
    counter.cancel(paid["receipt_folio"], on=TWELFTH, reason="Se cobró a otra cuenta")

    [(day, folio, taken_on, reason, clerk, approved_by, cents)] = rows(
        "canceled_receipts",
        "happened_on",
        "folio",
        "taken_on",
        "reason",
        "clerk",
        "approved_by",
        "amount_cents",
    )
    assert (day, folio, taken_on, clerk, cents) == (TWELFTH, paid["receipt_folio"], TENTH, "veronica", 150_00)
    assert "Se cobró a otra cuenta" in reason
    assert approved_by in ("rosa", "salas")


def test_a_till_that_closes_short_says_by_how_much(april: Town) -> None:
    counter.pay(april.chuy, 150_37, on=TENTH)
    counter.close(counter.session(TENTH))

    # seven lonely centavos are not counted
    [(till, clerk, closed_by, receipts, short, has, state)] = rows(
        "closings", "till", "clerk", "closed_by", "receipts", "difference_cents", "has_difference", "state"
    )
    assert (till, clerk, closed_by, receipts) == ("1", "veronica", "salas", 1)
    assert (short, has, state) == (-7, "yes", "waiting")
    assert figure("closings", "counted_cents") - figure("closings", "expected_cents") == -7


def test_a_deposit_says_which_tills_it_is_of(april: Town) -> None:
    counter.pay(april.chuy, 150_00, on=TENTH)
    counter.close(counter.session(TENTH))
    closing = TillClosing.objects.get()
    cashier.deposit_closings(
        closings=[closing], bank_account="BBVA 0117", reference="F-1001", on=TENTH, at=moment(TENTH, 17), by="salas",
    )  # fmt: skip

    assert rows("deposits", "happened_on", "folio", "till", "reference", "amount_cents") == [
        (TENTH, "DEPOSITO-000001", "1", "F-1001", 150_00)
    ]
    assert rows("closings", "state") == ["deposited"]
