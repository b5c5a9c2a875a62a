"""Who pays an arrangement is asked for the month and for the installment that is due, not for the whole debt."""

from datetime import date
from uuid import uuid4

import pytest

from caudal.arrangements import commands as arrangements
from caudal.arrangements.policy import Terms
from caudal.billing.models import Bill
from caudal.frontdesk import pages
from caudal.ledger import queries as ledger
from caudal.registry import queries as registry
from caudal.tariffs import queries as tariffs
from caudal.window import queries
from caudal.window.policy import in_hand
from tests.scenarios.test_prepaid_year import bill
from tests.scenarios.test_relief_2019 import owe, priced
from tests.town import counter
from tests.town.cast import Town, moment

pytestmark = pytest.mark.django_db
SIGNED = date(2019, 1, 20)
__all__ = ["priced"]


@pytest.fixture
def signed(priced: Town) -> Town:
    """1,000.00 due on 13 January and 10.00 of surcharge: 310.00 on signing, then 350.00 on 15 February and on 15 March."""
    owe(priced.chuy, 1_000_00, period=201811)
    arrangements.sign_arrangement(
        account=priced.chuy, terms=Terms(down_cents=310_00, count=2, first_due_on=date(2019, 2, 15)), on=SIGNED,
        at=moment(SIGNED), signer=arrangements.Signer(name="Jesús Ramírez Ochoa", document="INE 0455"), by="veronica",
        key=uuid4(),
    )  # fmt: skip
    counter.pay(priced.chuy, 310_00, on=SIGNED)
    return priced


def test_the_bill_asks_for_the_installments_due_by_its_own_day(signed: Town) -> None:
    """January's is issued on 1 February and due on the 15th or 16th: one installment of 350.00, not both."""
    run = bill(signed, 201901)
    of_january = Bill.objects.get(account_id=signed.chuy.pk, period=201901)
    due = [350_00 for on in (date(2019, 2, 15), date(2019, 3, 15)) if on <= run.due_on]
    assert of_january.prior_balance_cents == sum(due) == 350_00
    assert ledger.balance(account_id=signed.chuy.pk) == 700_00 + of_january.total_cents


def test_the_window_asks_for_the_next_installment_and_says_what_is_left(signed: Town) -> None:
    at = moment(date(2019, 2, 10))
    statement = ledger.statement(
        account_id=signed.chuy.pk, on=at.date(), terms=tariffs.terms_on(on=at.date())
    )
    assert (statement.total_cents, statement.later_cents) == (700_00, 350_00)
    assert [(each.name, each.due_on, each.total_cents) for each in statement.due_periods] == [
        ("parcialidad de convenio", date(2019, 2, 15), 350_00)
    ]
    hand = in_hand(body={"parts": [{"number": "010117"}]})
    assert queries.dues(hand=hand, at=at).due == {"010117": 350_00}


def test_how_the_arrangement_stands_is_a_pill(signed: Town) -> None:
    def words(on: date) -> list[str]:
        statement = ledger.statement(account_id=signed.chuy.pk, on=on, terms=tariffs.terms_on(on=on))
        card = registry.account_card(account=signed.chuy, on=on)
        return [each.words for each in pages.pills(card=card, statement=statement)]

    assert "En convenio, 2 por pagar" in words(date(2019, 2, 10))
    assert "Convenio atrasado, 1 parcialidad" in words(date(2019, 2, 16))
