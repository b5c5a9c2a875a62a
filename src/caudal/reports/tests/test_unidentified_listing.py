"""Money that a bank told of and that nobody recognized on 5 March 2019, and what became of it."""

from datetime import date
from typing import Any

import pytest
from tests.town.cast import Town

from caudal.arrangements.tests.conftest import april as april
from caudal.cashier import commands as cashier
from caudal.cashier.models import PaymentChannel
from caudal.cashier.tests.channel_stories import MARCH_5, line, load, open_channel, unidentified_cents
from caudal.ledger.tests.builders import moment
from caudal.reports.tests import opening
from caudal.reports.tests.reading_of import figure, rows

pytestmark = pytest.mark.django_db
AT = moment(MARCH_5, 19)


@pytest.fixture
def office(april: Town) -> PaymentChannel:
    """Don Chuy's $50.00 are recognized; $71.40 and $30.00 come with numbers that no account has."""
    office = open_channel()
    load(
        office,
        "010117,50.00,2019-03-05,1\n999999,71.40,2019-03-05,7\n888888,30.00,2019-03-04,8\n",
    )
    return office


def told() -> list[Any]:
    return rows("unidentified", "happened_on", "authorization", "state", "account", "amount_cents")


def test_what_nobody_recognized_waits_with_its_doubt(office: PaymentChannel) -> None:
    assert told() == [
        (date(2019, 3, 4), "8", "waiting", "", 30_00),
        (MARCH_5, "7", "waiting", "", 71_40),
    ]
    assert rows("unidentified", "channel", "channel_name", "reference", "doubt") == [
        ("plain", "Canal plain", "888888", "No existe la cuenta 888888."),
        ("plain", "Canal plain", "999999", "No existe la cuenta 999999."),
    ]
    assert figure("unidentified", "amount_cents") == unidentified_cents() == 101_40


def test_each_says_what_became_of_it(office: PaymentChannel, april: Town, enter_as: opening.Enter) -> None:
    """Doña Lupita brings the paper of the $71.40; the bank is asked to give the $30.00 back."""
    cashier.identify(line=line("7"), account=april.lupita, reason="Su comprobante", at=AT, by="rita")
    cashier.give_back(line=line("8"), reason="SPEI 7781", at=AT, by="rita")

    assert told() == [
        (date(2019, 3, 4), "8", "returned", "", 30_00),
        (MARCH_5, "7", "applied", "010293", 71_40),
    ]
    assert figure("unidentified", "amount_cents", state="waiting") == unidentified_cents() == 0
    assert figure("unidentified", "amount_cents", state="applied") == 71_40
    foot, hrefs = opening.read(enter_as, "unidentified", since=date(2019, 3, 1), last=MARCH_5)
    assert "$101.40" in foot
    assert hrefs == ["/cuentas/010293/", *sorted(f"/por-identificar/{line(each).pk}/" for each in "78")]


def test_what_was_applied_by_itself_waits_when_it_is_taken_back(office: PaymentChannel, april: Town) -> None:
    """The $50.00 were Doña Lupita's: for an hour they are of nobody, then hers."""
    cashier.withdraw(line=line("1"), reason="Era de Doña Lupita", at=AT, by="rita")
    assert (MARCH_5, "1", "waiting", "", 50_00) in told()
    assert figure("unidentified", "amount_cents", state="waiting") == unidentified_cents() == 151_40

    cashier.identify(line=line("1"), account=april.lupita, reason="Era suyo", at=AT, by="rita")
    assert (MARCH_5, "1", "applied", "010293", 50_00) in told()
    assert figure("unidentified", "amount_cents", state="waiting") == unidentified_cents() == 101_40


def test_what_the_bank_takes_back_before_anybody_knew_comes_to_nothing(office: PaymentChannel) -> None:
    load(office, "999999,-71.40,2019-03-05,7\n", name="otro.csv")
    assert rows("unidentified", "state", "amount_cents", state="reversed") == [
        ("reversed", 71_40), ("reversed", -71_40),
    ]  # fmt: skip
    assert figure("unidentified", "amount_cents", state="reversed") == 0
    assert figure("unidentified", "amount_cents", state="waiting") == unidentified_cents() == 30_00
