"""Money in favor meets the bills of a new month."""

from datetime import date

import pytest

from caudal.ledger import catalog, queries
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import Allocation, CreditBalance, JournalEntry
from caudal.ledger.tests.builders import account, bill, moment, pay, terms

pytestmark = pytest.mark.django_db
WATER = catalog.WATER
ISSUED_ON = date(2019, 2, 5)


def apply(account_ids: list[int] | None = None) -> ledger.AppliedCredit:
    return ledger.apply_credit_balance(
        account_ids=account_ids,
        on=ISSUED_ON,
        at=moment(ISSUED_ON),
        by="laura",
        document="run:7",
        terms=terms(),
    )


def test_a_year_paid_ahead_is_used_up_bill_by_bill_oldest_payment_first() -> None:
    """Lupita paid $50.00 and then $100.00 ahead; February bills $80.00: $50.00 of the first, $30.00 of the next.

    Don Chuy had nothing ahead and is not touched; the hotel had $30.00 for a bill of $500.00.
    """
    lupita, chuy, hotel = account("010293"), account("010117"), account("010620")
    first = pay(lupita, 5_000, on=date(2019, 1, 10), receipt="A-000001")
    second = pay(lupita, 10_000, on=date(2019, 1, 20), receipt="A-000002")
    pay(hotel, 3_000, on=date(2019, 1, 20), receipt="A-000003")
    for holder, cents in ((lupita, 8_000), (chuy, 11_000), (hotel, 50_000)):
        bill(holder, ChargeLine(WATER, cents), period=201902, due_on=date(2019, 2, 20))

    applied = apply()

    assert (applied.n_accounts, applied.amount_cents) == (2, 11_000)
    by_credit = dict(Allocation.objects.values_list("credit_id", "amount_cents"))
    assert (by_credit[first.credit.id], by_credit[second.credit.id]) == (5_000, 3_000)
    assert [queries.balance(account_id=each.id) for each in (lupita, chuy, hotel)] == [-7_000, 11_000, 47_000]


def test_applying_again_applies_nothing() -> None:
    lupita = account("010293")
    pay(lupita, 5_000, on=date(2019, 1, 10))
    bill(lupita, ChargeLine(WATER, 2_000), period=201902, due_on=date(2019, 2, 20))
    apply()
    n_entries = JournalEntry.objects.count()

    assert apply() == ledger.AppliedCredit(0, 0)
    assert JournalEntry.objects.count() == n_entries


def test_a_second_application_under_the_same_name_is_an_entry_of_its_own() -> None:
    lupita = account("010293")
    pay(lupita, 5_000, on=date(2019, 1, 10))
    for period in (201902, 201903):
        bill(lupita, ChargeLine(WATER, 2_000), period=period, due_on=date(2019, 3, 20))
        apply([lupita.id])

    documents = JournalEntry.objects.filter(kind="credit_application").order_by("id")
    assert [entry.document for entry in documents] == ["run:7", "run:7/2"]
    assert CreditBalance.objects.get(account_id=lupita.id).unallocated_cents == 1_000


def test_only_the_accounts_asked_are_settled() -> None:
    lupita, hotel = account("010293"), account("010620")
    for number, holder in enumerate((lupita, hotel), start=1):
        pay(holder, 5_000, on=date(2019, 1, 10), receipt=f"A-{number:06d}")
        bill(holder, ChargeLine(WATER, 5_000), period=201902, due_on=date(2019, 2, 20))

    apply([hotel.id])

    assert [queries.balance(account_id=each.id) for each in (lupita, hotel)] == [0, 0]
    assert CreditBalance.objects.get(account_id=lupita.id).unallocated_cents == 5_000
    assert CreditBalance.objects.get(account_id=hotel.id).unallocated_cents == 0


def test_money_in_favor_that_reaches_a_late_month_pays_its_surcharge_too() -> None:
    """A cancellation left $50.00 in favor while $40.00 of last month are one month late: $0.40 of surcharge."""
    chuy = account("010117")
    pay(chuy, 5_000, on=date(2019, 1, 10))
    bill(chuy, ChargeLine(WATER, 4_000), due_on=date(2019, 1, 20))

    applied = apply()

    assert applied.amount_cents == 4_040
    assert queries.balance(account_id=chuy.id) == -960
