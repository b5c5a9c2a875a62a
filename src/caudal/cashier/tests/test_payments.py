"""At the window: money in, a receipt with its folio, and back again when it must be."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from caudal.cashier import commands as cashier
from caudal.cashier import queries
from caudal.cashier.models import Payment, ReceiptSeries
from caudal.kernel.idempotency import KeyWasUsedForAnotherRequest
from caudal.kernel.models import AuditEntry, Folio, IdempotencyKey
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger import queries as debts
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import Credit, JournalLine
from caudal.ledger.tests.builders import account, bill, moment
from caudal.registry.models import Account
from caudal.tariffs.queries import NoBookInForce

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
KEY = UUID("5f0d3c2e-0000-4000-8000-000000000001")


def take(
    holder: Account, amount_cents: int, *, on: date = MARCH_5, key: UUID | None = None, **words: Any
) -> dict[str, Any]:
    return cashier.post_payment(
        **{
            "account": holder,
            "amount_cents": amount_cents,
            "tender": "cash",
            "paid_at": moment(on, hour=11),
            "business_on": on,
            "by": "veronica",
            "key": key or uuid4(),
            **words,
        }
    )


@pytest.fixture
def chuy() -> Account:
    """Don Chuy owes January: water $100.00 and treatment $20.00, due on the 20th."""
    chuy = account("010117")
    bill(chuy, ChargeLine(catalog.WATER, 10_000), ChargeLine(catalog.WASTEWATER_TREATMENT, 2_000))
    return chuy


def test_the_receipt_says_what_was_paid_by_period_and_concept(chuy: Account) -> None:
    """$150.00 on 5 March: 2 % of $120.00 = $2.40 of surcharge, $120.00, and $27.60 in favor."""
    receipt = take(chuy, 15_000)

    assert receipt == {
        "receipt_folio": "A-000001",
        "account": "010117",
        "amount_cents": 15_000,
        "tender": "cash",
        "business_on": "2019-03-05",
        "paid_at": "2019-03-05T11:00:00-06:00",
        "received_by": "veronica",
        "channel": "window",
        "external_reference": "",
        "allocations": [
            {
                "period": 201901,
                "document": "bill",
                "concept_id": 1,
                "concept": "Agua potable",
                "amount_cents": 10_000,
            },
            {
                "period": 201901,
                "document": "bill",
                "concept_id": 3,
                "concept": "Saneamiento",
                "amount_cents": 2_000,
            },
            {
                "period": 201901,
                "document": "surcharge",
                "concept_id": 20,
                "concept": "Recargos",
                "amount_cents": 240,
            },
        ],
        "surcharge_cents": 240,
        "unallocated_cents": 2_760,
        "balance_cents": -2_760,
    }
    payment = Payment.objects.get()
    assert (payment.receipt_folio, payment.credit.document) == ("A-000001", "A-000001")
    assert AuditEntry.objects.filter(act="cashier.post_payment", object_id="A-000001", by="veronica").exists()


@pytest.mark.parametrize(
    ("tender", "funds"),
    [("cash", "1111"), ("card", "1112-01"), ("check", "1112-01"), ("transfer", "1112-01")],
)
def test_cash_goes_to_the_drawer_and_everything_else_to_the_bank(
    chuy: Account, tender: str, funds: str
) -> None:
    take(chuy, 5_000, tender=tender)
    assert JournalLine.objects.get(ledger_account_id=funds).amount_cents == 5_000


def test_the_same_key_takes_the_money_once_and_gives_the_same_receipt(chuy: Account) -> None:
    """A double click, and a resend an hour later."""
    first = take(chuy, 5_000, key=KEY)
    again = take(chuy, 5_000, key=KEY, paid_at=moment(MARCH_5, hour=12))

    assert json.dumps(again) == json.dumps(first)
    assert Payment.objects.count() == 1 and Folio.objects.count() == 1


def test_the_same_key_with_another_amount_is_refused(chuy: Account) -> None:
    take(chuy, 5_000, key=KEY)

    with pytest.raises(KeyWasUsedForAnotherRequest):
        take(chuy, 6_000, key=KEY)

    assert Payment.objects.get().amount_cents == 5_000


@pytest.mark.parametrize(
    ("words", "says", "field"),
    [
        ({"amount_cents": 0}, "mayor que cero", "amount"),
        ({"amount_cents": -100}, "mayor que cero", "amount"),
        ({"amount_cents": 1_000_000_001}, "demasiado grande", "amount"),
        ({"tender": "gold"}, "forma de pago no existe", "tender"),
        ({"business_on": MARCH_5 + timedelta(days=1)}, "fecha del pago es futura", "business_on"),
        ({"series": "Z"}, "No existe la serie de recibos Z", "series"),
        ({"series": "B"}, "cerrada desde el 01/03/2019", "series"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(
    chuy: Account, words: dict[str, Any], says: str, field: str
) -> None:
    ReceiptSeries.objects.create(
        code="B", name="Caja 2", opened_on=date(2019, 1, 1), closed_on=date(2019, 3, 1), closed_by="salas"
    )
    before = debts.balance(account_id=chuy.id)
    folios = Folio.objects.count()

    with pytest.raises(cashier.CannotPostPayment, match=says) as refused:
        take(chuy, words.pop("amount_cents", 5_000), **words)

    assert refused.value.field == field
    assert (
        not Payment.objects.exists() and not Credit.objects.exists() and not IdempotencyKey.objects.exists()
    )
    assert (debts.balance(account_id=chuy.id), Folio.objects.count()) == (before, folios)


def test_without_a_tariff_book_no_surcharge_is_guessed(chuy: Account) -> None:
    with pytest.raises(NoBookInForce):
        take(chuy, 5_000, on=date(2017, 3, 5))
    assert not Payment.objects.exists()


def test_a_reference_of_a_bank_is_paid_once(chuy: Account) -> None:
    take(chuy, 5_000, channel="bank", external_reference="8801")

    with pytest.raises(cashier.CannotPostPayment, match="8801 ya se pagó con el recibo A-000001"):
        take(chuy, 5_000, channel="bank", external_reference="8801")

    take(chuy, 5_000, channel="oxxo", external_reference="8801")  # another channel counts its own
    assert Payment.objects.count() == 2


def test_folios_have_no_gap_where_a_payment_was_refused(chuy: Account) -> None:
    take(chuy, 1_000)
    for _ in range(3):
        with pytest.raises(cashier.CannotPostPayment):
            take(chuy, 0)
    take(chuy, 1_000)

    assert list(Payment.objects.order_by("id").values_list("number", flat=True)) == [1, 2]


def cancel(
    receipt: dict[str, Any], *, on: date = MARCH_5, reason: str = "Cobrado a otra cuenta"
) -> dict[str, Any]:
    payment = queries.payment_by_folio(receipt_folio=receipt["receipt_folio"])
    assert payment is not None
    return cashier.cancel_payment(
        payment=payment, reason=reason, business_on=on, at=moment(on, hour=13), by="salas"
    )


def test_a_canceled_receipt_keeps_its_folio_and_the_debt_is_open_again(chuy: Account) -> None:
    receipt = take(chuy, 12_240)
    assert debts.balance(account_id=chuy.id) == 0

    canceled = cancel(receipt)

    assert canceled == {
        "receipt_folio": "A-000001",
        "cancellation_folio": "A-CAN-000001",
        "account": "010117",
        "amount_cents": 12_240,
        "reason": "Cobrado a otra cuenta",
    }
    assert debts.balance(account_id=chuy.id) == 12_240  # its two months of surcharge had passed
    amounts = Payment.objects.order_by("id").values_list("series", "number", "amount_cents")
    assert list(amounts) == [("A", 1, 12_240), ("A-CAN", 1, -12_240)]
    assert take(chuy, 100)["receipt_folio"] == "A-000002"


def test_a_receipt_is_canceled_once_with_a_reason_and_not_before_its_day(chuy: Account) -> None:
    receipt = take(chuy, 5_000)
    with pytest.raises(cashier.CannotCancelPayment, match="fecha anterior"):
        cancel(receipt, on=MARCH_5 - timedelta(days=1))
    with pytest.raises(ledger.CannotReverseCredit, match="Falta el motivo"):
        cancel(receipt, reason="")
    canceled = cancel(receipt)
    for folio in (receipt, {"receipt_folio": canceled["cancellation_folio"]}):
        with pytest.raises(cashier.CannotCancelPayment, match="ya está cancelado"):
            cancel(folio)
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("folio", ["", "A", "A-", "-1", "A-x", "Z-000001"])
def test_a_folio_that_is_none_finds_nothing(folio: str) -> None:
    assert queries.payment_by_folio(receipt_folio=folio) is None


def test_series_are_opened_and_closed_by_someone(chuy: Account) -> None:
    words = {"at": moment(MARCH_5), "by": "salas", "on": MARCH_5}
    cashier.open_series(code="C2", name="Caja 2", **words)
    assert take(chuy, 1_000, series="C2")["receipt_folio"] == "C2-000001"

    cashier.close_series(code="C2", **words)

    with pytest.raises(cashier.CannotPostPayment, match="cerrada"):
        take(chuy, 1_000, series="C2")
    for code, says in (("C2", "ya existe"), ("a b", "no sirve")):
        with pytest.raises(cashier.CannotChangeSeries, match=says):
            cashier.open_series(code=code, name="Caja", **words)
    with pytest.raises(cashier.CannotChangeSeries, match="No hay una serie C2 abierta"):
        cashier.close_series(code="C2", **words)


def test_payments_are_listed_by_account_and_day(chuy: Account) -> None:
    take(chuy, 1_000)
    take(chuy, 2_000, on=date(2019, 3, 6))

    assert [p.amount_cents for p in queries.payments(account_id=chuy.id)] == [2_000, 1_000]
    assert [p.amount_cents for p in queries.payments(business_on=MARCH_5)] == [1_000]
