"""Months paid ahead: the debt goes first, the rest waits in favor and says which months it is for."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from tests.town import counter
from tests.town.cast import moment

from caudal.cashier import commands as cashier
from caudal.cashier import queries
from caudal.cashier.models import Prepayment, Receipt
from caudal.cashier.printing import sheets
from caudal.kernel.models import Folio
from caudal.ledger.models import CreditBalance
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
MONTHS = cashier.PrepaidMonths(((201904, 13_530), (201905, 13_530)), "la-barca-demo-2019")


def take(chuy: Account, cents: int, prepaid: cashier.PrepaidMonths = MONTHS, **words: Any) -> dict[str, Any]:
    return cashier.take_payment(
        session=counter.session(MARCH_5),
        parts=[cashier.AccountPart(chuy, cents, prepaid)],
        tenders=[cashier.TenderPart("cash", cents)],
        at=moment(MARCH_5, 11),
        by="veronica",
        **({"key": uuid4()} | words),
    )


def test_two_months_ahead_after_the_debt(chuy: Account) -> None:
    """He owes $120.00 and $2.40 of surcharge; with $270.60 more, April and May wait in favor."""
    receipt = take(chuy, 12_240 + 27_060)

    [kept] = Prepayment.objects.all()
    assert (int(kept.first_period), kept.months) == (201904, [[201904, 13_530], [201905, 13_530]])
    assert kept.payment.receipt.folio == receipt["receipt_folio"] and kept.book == "la-barca-demo-2019"
    assert CreditBalance.objects.get(pk=chuy.pk).unallocated_cents == 27_060


def test_money_that_does_not_reach_the_months_is_refused_and_nothing_is_taken(chuy: Account) -> None:
    counter.session(MARCH_5)
    folios = Folio.objects.count()

    with pytest.raises(cashier.CannotTakePayment, match="no alcanza para lo que debe") as refused:
        take(chuy, 12_240 + 27_059)

    assert refused.value.field == "amount"
    assert not Receipt.objects.exists() and not Prepayment.objects.exists()
    assert Folio.objects.count() == folios


@pytest.mark.parametrize("months", [(), ((201904, 0),), ((201904, -5),)])
def test_months_without_an_amount_are_refused(chuy: Account, months: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(cashier.CannotTakePayment, match="no tienen importe"):
        take(chuy, 50_000, cashier.PrepaidMonths(months, "la-barca-demo-2019"))
    assert not Receipt.objects.exists()


def test_the_same_key_with_other_months_is_another_request(chuy: Account) -> None:
    key = uuid4()
    first = take(chuy, 39_300, key=key)

    assert take(chuy, 39_300, key=key) == first
    with pytest.raises(Exception, match="ya se hizo con otros datos"):
        take(chuy, 39_300, cashier.PrepaidMonths(((201904, 13_530),), "la-barca-demo-2019"), key=key)
    assert Prepayment.objects.count() == 1


def test_the_receipt_says_which_months_it_pays(chuy: Account) -> None:
    """$393.10: the debt of 122.40, April and May at 135.30, and ten centavos in favor."""
    folio = take(chuy, 12_240 + 27_060 + 10)["receipt_folio"]

    sheet = sheets.sheet(receipt=queries.receipt_by_folio(folio=folio))

    assert sheet.accounts[0].notes[-2:] == (
        ("Por adelantado, abril a mayo 2019", 27_060),
        ("Queda a favor", 10),
    )
    counter.cancel(folio, on=MARCH_5)
    taken_back = Receipt.objects.get(reverses__isnull=False)
    assert sheets.sheet(receipt=taken_back).accounts[0].notes[-1:] == (("Queda a favor", -27_070),)
