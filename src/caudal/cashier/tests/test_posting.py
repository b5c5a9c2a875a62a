"""What the database seals is what the chain says a receipt is."""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cashier import chain
from caudal.cashier import commands as cashier
from caudal.cashier.models import Receipt
from caudal.kernel.models import Folio
from caudal.ledger import catalog
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import JournalEntry
from caudal.ledger.tests.builders import bill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "books")]
MARCH_5 = date(2019, 3, 5)
KEY = "00000000-0000-4000-8000-000000000001"


def sealed_by_hand(receipt: Receipt) -> bytes:
    return chain.seal(
        previous=bytes(receipt.previous_hash),
        body=chain.body(
            receipt=receipt,
            payments=receipt.payments.values_list("account_id", "amount_cents"),
            tenders=receipt.tenders.values_list("kind", "amount_cents", "given_cents", "reference"),
            reverses=receipt.reverses.folio if receipt.reverses else "",
        ),
    )


@pytest.fixture
def mixed(town: Town) -> Receipt:
    """Don Chuy and La Espiga in one receipt: $120.00 and $50.00, $100.00 in cash of $200.00 and the rest by card."""
    bill(town.chuy, ChargeLine(catalog.WATER, 10_000), ChargeLine(catalog.WASTEWATER_TREATMENT, 2_000))
    reply = cashier.take_payment(
        session=counter.session(MARCH_5),
        parts=[cashier.AccountPart(town.espiga, 5_000), cashier.AccountPart(town.chuy, 12_000)],
        tenders=[
            cashier.TenderPart("cash", 10_000, given_cents=20_000),
            cashier.TenderPart("card", 7_000, reference=" AUT|Ñ 0042 "),
        ],
        at=moment(MARCH_5, 11, 7),
        by="veronica",
        key=counter.UUID(KEY),
    )
    return Receipt.objects.get(number=1, series="A", verification=reply["verification"])


def test_a_receipt_of_two_accounts_and_two_tenders_is_one_folio_and_one_entry(
    mixed: Receipt, town: Town
) -> None:
    """Cash $100.00, bank $70.00; $117.60 to Chuy's debt with $2.40 of surcharge; $50.00 in favor of La Espiga."""
    entry = JournalEntry.objects.get(kind="credit.payment", document="A-000001")
    lines = dict(entry.lines.values_list("ledger_account_id", "amount_cents").exclude(concept__isnull=False))
    assert lines == {"1111": 10_000, "1112-01": 7_000, "2119": -5_000}
    assert -sum(entry.lines.filter(concept__isnull=False).values_list("amount_cents", flat=True)) == 12_000
    assert Folio.objects.filter(series="A").count() == 1
    assert mixed.total_cents == 17_000 and mixed.tender_words == "efectivo y tarjeta"


def test_the_seal_of_the_database_is_the_seal_of_the_chain(mixed: Receipt, town: Town) -> None:
    counter.pay(town.chuy, 100, on=MARCH_5, tender="transfer")
    counter.cancel("A-000001", on=MARCH_5)

    for receipt in Receipt.objects.order_by("id"):
        assert bytes(receipt.hash) == sealed_by_hand(receipt), receipt.folio
    first, second = Receipt.objects.filter(series="A").order_by("number")
    assert bytes(first.previous_hash) == chain.GENESIS
    assert bytes(second.previous_hash) == bytes(first.hash)
    canceled = Receipt.objects.get(series="A-CAN")
    assert (canceled.total_cents, canceled.reverses, canceled.reason) == (
        -17_000,
        first,
        "Se cobró a otra cuenta",
    )
    assert bytes(canceled.previous_hash) == chain.GENESIS
