"""Many hands on one payment agreement: signed once, ended once, and no payment lost while it ends."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from tests.storms.street import MARCH_5, at_once, everything_agrees, open_tills, settle, take
from tests.town.cast import moment

from caudal.arrangements import checks, queries
from caudal.arrangements import commands as arrangements
from caudal.arrangements.models import ArrangementEnd, PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.ledger.models import Credit
from caudal.registry.models import Account

pytestmark = pytest.mark.slow
# 200.00 and on 5 March two months or fractions of January (due on the 20th) and one of February: 2.00 + 1.00
OWED = 203_00


@pytest.fixture
def neighbor(own_database: str) -> Account:
    return settle(houses=1)[0]


def sign(holder: Account, key: Any = None) -> PaymentArrangement:
    return arrangements.sign_arrangement(
        account=holder, terms=Terms(down_cents=43_00, count=2, first_due_on=date(2019, 4, 5)),
        signer=arrangements.Signer(name="Ana Ortega"), on=MARCH_5, at=moment(MARCH_5, 9), by="veronica",
        key=key or uuid4(),
    )  # fmt: skip


def all_agree() -> bool:
    assert [finding for check in checks.CHECKS for finding in check.find()] == []
    return everything_agrees()


def test_sixteen_hands_sign_and_one_is_signed(neighbor: Account) -> None:
    results = at_once([lambda: sign(neighbor)] * 16, hands=16)

    assert sum(isinstance(each, PaymentArrangement) for each in results) == 1
    assert sum(isinstance(each, arrangements.CannotSignArrangement) for each in results) == 15
    assert PaymentArrangement.objects.get().total_cents == OWED
    assert all_agree()


def test_one_request_sent_eight_times_signs_once(neighbor: Account) -> None:
    key = uuid4()
    results = at_once([lambda: sign(neighbor, key)] * 8, hands=8)
    assert {each.folio for each in results} == {"CON-000001"}
    assert all_agree()


def test_paid_at_the_window_while_the_night_breaks_it(neighbor: Account) -> None:
    """Eight payments of $5.00, short of the 43.00 down, and four nights at once: it ends once, and the 40.00 are on the debt."""
    signed = sign(neighbor)
    tills = open_tills(8, on=date(2019, 3, 9))
    nights = [
        lambda: arrangements.default_overdue(
            on=date(2019, 3, 9), at=moment(date(2019, 3, 9), 12), by="sistema"
        )
    ] * 4
    at_once([*(lambda till=till: take(neighbor, 5_00, session=till) for till in tills), *nights], hands=12)

    end = ArrangementEnd.objects.get()
    assert (end.arrangement, end.reason) == (signed, "No se hizo el pago inicial.")
    paid = Credit.objects.filter(kind=Credit.Kind.PAYMENT)
    assert sum(each.amount_cents for each in paid) == 40_00
    assert end.paid_cents == end.replayed_cents <= 40_00
    assert queries.live_of(account=neighbor) is None
    assert all_agree()
