"""Many hands on one counter service: asked once, delivered once, and never both paid for and taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.storms.street import MARCH_5, at_once, everything_agrees, open_tills, settle, take
from tests.town.cast import moment

from caudal.fees import checks, queries
from caudal.fees import commands as fees
from caudal.fees.models import CertificatePrint, CounterService, CounterServiceEnd, NoDebtCertificate
from caudal.kernel.refusals import Refusal
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge, DocumentKind
from caudal.ledger.tests.builders import account
from caudal.registry.models import Account

pytestmark = pytest.mark.slow
NOON = moment(MARCH_5, 12)


@pytest.fixture
def neighbor(own_database: str) -> Account:
    """Somebody who owes nothing, with the book of the year in force."""
    settle(houses=1)
    return account("099999")


def ask(holder: Account, code: str) -> CounterService:
    return fees.ask_service(
        account=holder,
        code=code,
        place="Hidalgo 1",
        on=MARCH_5,
        at=moment(MARCH_5, 9),
        by="veronica",
        key=uuid4(),
    )


def all_agree() -> bool:
    assert [finding for check in checks.CHECKS for finding in check.find()] == []
    return everything_agrees()


def test_sixteen_hands_ask_for_one_certificate_and_one_is_charged(neighbor: Account) -> None:
    """$95.00 + $15.20 of VAT, once: the other fifteen are told that it is under way."""
    results = at_once([lambda: ask(neighbor, "CONSTANCIA")] * 16, hands=16)

    assert sum(isinstance(each, CounterService) for each in results) == 1
    assert sum(isinstance(each, fees.CannotAskService) for each in results) == 15
    assert Charge.objects.filter(document_kind=DocumentKind.FEE).count() == 1
    assert ledger.balance(account_id=neighbor.pk) == 95_00 + 15_20
    assert all_agree()


def test_eight_hands_deliver_it_once_and_print_one_original(neighbor: Account) -> None:
    service, [session] = ask(neighbor, "CONSTANCIA"), open_tills(1)
    take(neighbor, 110_20, session=session)

    ended = at_once(
        [lambda: fees.deliver_service(service=service, on=MARCH_5, at=NOON, by="marta")] * 8, hands=8
    )
    certificate = NoDebtCertificate.objects.get()
    printed = at_once(
        [lambda: fees.print_certificate(certificate=certificate, at=NOON, by="marta")] * 8, hands=8
    )

    assert sum(isinstance(each, CounterServiceEnd) for each in ended) == 1
    assert sum(isinstance(each, fees.CannotDeliverService) for each in ended) == 7
    assert sorted(each.copy for each in printed) == list(range(8)) and CertificatePrint.objects.count() == 8
    assert all_agree()


def test_paid_at_the_window_while_it_is_canceled_at_the_desk(neighbor: Account) -> None:
    """Ten tankers, each paid and canceled at once: who comes first decides, and the money is never lost.

    Paid first: it is not canceled. Canceled first: the $480.00 stay in favor and pay the next tanker at once.
    """
    [session] = open_tills(1)
    canceled = 0
    for turn in range(10):
        service = ask(neighbor, "PIPA-10000")
        at = NOON + timedelta(minutes=turn)
        paid, ended = at_once(
            [
                lambda: take(neighbor, 480_00, session=session),
                lambda service=service, at=at: fees.cancel_service(
                    service=service, reason="Ya llovió", on=MARCH_5, at=at, by="marta"
                ),
            ],
            hands=2,
        )
        assert not isinstance(paid, Refusal)
        canceled += isinstance(ended, CounterServiceEnd)
        assert isinstance(ended, CounterServiceEnd | fees.CannotCancelService)
    paid_for = 10 - canceled
    assert ledger.balance(account_id=neighbor.pk) == paid_for * 480_00 - 10 * 480_00
    states = queries.states_of(services=list(CounterService.objects.select_related("end")))
    assert sorted(states.values()).count("cancelado") == canceled
    assert all_agree()
