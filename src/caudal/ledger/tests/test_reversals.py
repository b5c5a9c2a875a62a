"""Taking back: payments that were not, bills that were wrong. Both rows stay; every centavo is found again."""

from datetime import date

import pytest

from caudal.ledger import catalog, queries
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine, Target
from caudal.ledger.models import Credit, CreditBalance, DocumentKind, JournalEntry, JournalLine, PeriodBalance
from caudal.ledger.tests.builders import account, bill, moment, pay, terms
from caudal.registry.models import Account

pytestmark = pytest.mark.django_db
WATER = catalog.WATER
ON = date(2019, 3, 6)


def reverse(
    credit: Credit, *, document: str = "A-CAN-000001", reason: str = "Cheque sin fondos"
) -> ledger.Reversal:
    return ledger.reverse_credit(
        credit=credit, on=ON, at=moment(ON), by="salas", document=document, reason=reason
    )


def cancel(holder: Account, *, sequence: int = 1, period: int = 201901) -> ledger.Cancellation:
    return ledger.cancel_document_charges(
        account=holder,
        period=period,
        document_kind=DocumentKind.BILL,
        sequence=sequence,
        on=ON,
        at=moment(ON),
        by="laura",
        reason="Lectura equivocada",
    )


def total(ledger_account: str) -> int:
    return sum(
        JournalLine.objects.filter(ledger_account_id=ledger_account).values_list("amount_cents", flat=True)
    )


def test_a_bounced_check_opens_the_debt_again_but_not_the_months_that_passed() -> None:
    """$100.00 two months late, paid with $150.00: $2.00 surcharge, $100.00, $48.00 in favor. All comes back;
    the surcharge stays charged, so he owes $102.00."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    posted = pay(chuy, 15_000, on=date(2019, 3, 5))
    assert posted.unallocated_cents == 4_800

    reversal = reverse(posted.credit)

    assert reversal.credit.amount_cents == -15_000
    assert sorted(share.amount_cents for share in reversal.shares) == [-10_000, -200]
    assert CreditBalance.objects.get(account_id=chuy.id).unallocated_cents == 0
    held = PeriodBalance.objects.get(period=201901, account_id=chuy.id)
    assert (held.open_principal_cents, held.open_accessory_cents) == (10_000, 200)
    assert total("1111") == 0 and total("2119") == 0
    assert queries.statement(account_id=chuy.id, on=ON, terms=terms()).total_cents == 10_200


def test_a_payment_of_a_month_and_of_a_service_comes_back_from_both() -> None:
    """$100.00 of January and $90.00 of a certificate, which belongs to no month."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    bill(
        chuy,
        ChargeLine(catalog.NO_DEBT_CERTIFICATE_FEE, 9_000),
        kind=DocumentKind.FEE,
        period=0,
        due_on=date(2019, 1, 5),
    )
    posted = pay(chuy, 19_000, on=date(2019, 1, 15))

    reversal = reverse(posted.credit)

    assert {share.period: share.amount_cents for share in reversal.shares} == {0: -9_000, 201901: -10_000}
    assert queries.balance(account_id=chuy.id) == 19_000


def test_a_credit_is_reversed_once_and_its_reversal_never() -> None:
    chuy = account("010117")
    posted = pay(chuy, 5_000, on=date(2019, 3, 5))
    reversal = reverse(posted.credit)

    for credit in (posted.credit, reversal.credit):
        with pytest.raises(ledger.CannotReverseCredit, match="ya está cancelado"):
            reverse(credit, document="A-CAN-000002")
    assert Credit.objects.count() == 2


def test_a_reversal_without_a_reason_is_refused() -> None:
    posted = pay(account("010117"), 5_000, on=date(2019, 3, 5))

    with pytest.raises(ledger.CannotReverseCredit, match="Falta el motivo"):
        reverse(posted.credit, reason="  ")

    assert Credit.objects.count() == 1


def test_money_in_favor_that_paid_a_later_bill_comes_back_from_it() -> None:
    """$300.00 paid for nothing; February takes $120.00 of it; the payment is reversed: February is owed."""
    chuy = account("010117")
    posted = pay(chuy, 30_000, on=date(2019, 1, 10))
    bill(chuy, ChargeLine(WATER, 12_000), period=201902, due_on=date(2019, 3, 20))
    ledger.apply_credit_balance(
        account_ids=None,
        on=date(2019, 2, 5),
        at=moment(date(2019, 2, 5)),
        by="laura",
        document="run:1",
        terms=terms(),
    )
    assert queries.balance(account_id=chuy.id) == -18_000

    reverse(posted.credit)

    assert queries.balance(account_id=chuy.id) == 12_000


def test_an_unpaid_bill_is_canceled_whole_with_its_vat() -> None:
    """La Espiga: $100.00 + $16.00 VAT. Receivable, revenue and VAT all go back to zero."""
    espiga = account("010405")
    bill(espiga, ChargeLine(WATER, 10_000, vat_cents=1_600))

    canceled = cancel(espiga)

    assert (canceled.canceled_cents, canceled.released_cents) == (11_600, 0)
    assert queries.balance(account_id=espiga.id) == 0
    assert [total(code) for code in ("1124-03", "4143-08", "2117")] == [0, 0, 0]


def test_a_bill_with_a_regularization_in_favor_is_canceled_item_by_item() -> None:
    """$116.00 of water and −$34.80 of regularization, VAT inside both: each document gives back its own."""
    espiga = account("010405")
    bill(
        espiga,
        ChargeLine(WATER, 10_000, vat_cents=1_600),
        ChargeLine(catalog.SEWERAGE, -3_000, vat_cents=-480),
    )

    canceled = cancel(espiga)

    assert canceled.canceled_cents == 8_120
    assert queries.balance(account_id=espiga.id) == 0
    assert [total(code) for code in ("1124-03", "4143-08", "2117")] == [0, 0, 0]


def test_a_canceled_bill_gives_back_what_was_paid_of_it() -> None:
    """She had paid $60.00 of $100.00; canceled, the $60.00 are hers; re-billed at $40.00, $20.00 remain."""
    lupita = account("010293")
    bill(lupita, ChargeLine(WATER, 10_000))
    pay(lupita, 6_000, on=date(2019, 1, 15))

    canceled = cancel(lupita)

    assert (canceled.canceled_cents, canceled.released_cents) == (10_000, 6_000)
    assert queries.balance(account_id=lupita.id) == -6_000
    bill(lupita, ChargeLine(WATER, 4_000), due_on=date(2019, 3, 20))
    applied = ledger.apply_credit_balance(
        account_ids=[lupita.id], on=ON, at=moment(ON), by="laura", document="rebill:1", terms=terms()
    )
    assert (applied.n_accounts, applied.amount_cents) == (1, 4_000)
    assert queries.balance(account_id=lupita.id) == -2_000


def test_only_the_named_document_is_canceled() -> None:
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    bill(chuy, ChargeLine(WATER, 5_000), period=201902, due_on=date(2019, 2, 20))

    cancel(chuy, period=201902)

    assert [(item.period, item.open_cents) for item in queries.open_items(account_id=chuy.id)] == [
        (201901, 10_000)
    ]


def test_a_bill_is_canceled_once_and_only_if_it_exists() -> None:
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    cancel(chuy)
    n_entries = JournalEntry.objects.count()

    for sequence in (1, 2):
        with pytest.raises(ledger.CannotCancelCharges, match="no tiene cargos por cancelar"):
            cancel(chuy, sequence=sequence)

    assert JournalEntry.objects.count() == n_entries


def test_a_bill_with_an_adjustment_waits_for_the_adjustment_to_be_reversed() -> None:
    """An adjustment took back revenue, not money: it must not turn into money in favor."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000))
    adjusted = ledger.post_credit(
        account=chuy,
        kind=Credit.Kind.ADJUSTMENT,
        amount_cents=2_000,
        on=ON,
        at=moment(ON),
        by="salas",
        document="AJ-1",
        targets=[Target(201901, DocumentKind.BILL, 1, WATER, 2_000)],
        reason="Fuga no visible",
    )
    with pytest.raises(ledger.CannotCancelCharges, match="AJ-1"):
        cancel(chuy)
    assert queries.balance(account_id=chuy.id) == 8_000

    reverse(adjusted.credit, document="AJ-1-C", reason="Procede la cancelación del recibo")

    assert cancel(chuy).canceled_cents == 10_000
    assert [total(code) for code in ("1124-03", "4143-08")] == [0, 0]
