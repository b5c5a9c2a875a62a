"""A benefit given at the window and the bills around it: the next one is halved, the one before stays as it was."""

from datetime import date
from uuid import uuid4

import pytest

from caudal.benefits import commands as benefits
from caudal.billing.models import Bill
from caudal.billing.tests import months
from caudal.ledger.models import Charge
from caudal.registry import commands as registry
from caudal.registry.models import Account
from tests.town.cast import Town, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def january(town: Town) -> Town:
    """The town with its books, and read to the end of January 2019."""
    months.publish_books()
    months.read_history(town)
    months.read_january(town)
    return town


def lines(account: Account, period: int) -> list[tuple[int, int, int]]:
    """Concept, what it reduces, centavos."""
    charges = Charge.objects.filter(account_id=account.pk, period=period).order_by("concept_id", "reduces_id")
    return [(each.concept_id, each.reduces_id, each.amount_cents) for each in charges]


def test_her_next_bill_has_its_half_and_the_one_before_does_not_change(january: Town) -> None:
    """Flat HAB-GEN: 110.00 + 20 % 22.00 + 3 % 3.30 = 135.30. On 1 February she owes it, not yet due; the benefit
    given that day reaches February: − (55.00 + 11.00 + 1.65) = 67.65."""
    chayo = registry.open_account(
        number="010950", holder=registry.Holder(full_name="Rosario Villaseñor Ochoa"),
        place=registry.Place(
            address="Zaragoza 50", locality=january.la_barca, route=january.routes["01-001"], walk_sequence=50
        ),
        tariff_class=january.classes["HAB-GEN"], is_metered=False, opened_on=date(2019, 1, 1), by="laura",
        at=january.at,
    )  # fmt: skip
    months.issued(january, months.JANUARY)
    before = lines(chayo, months.JANUARY)
    assert before == [(1, 0, 110_00), (3, 0, 22_00), (4, 0, 3_30)]

    on = date(2019, 2, 1)
    benefits.register_benefit(
        account=chayo, category="pensioner", shown=benefits.Shown(folio="2930"), lives_there=True, on=on,
        at=moment(on), by="veronica", key=uuid4(),
    )  # fmt: skip
    for name, dials in months.DIALS.items():
        months.read(january, getattr(january, name), months.FEBRUARY, (dials[2] + 25) % 100_000)
    months.assess(january, months.FEBRUARY)
    run = months.computed(january, months.FEBRUARY)
    for held in run.held.filter(decision=""):
        months.release(held)
    months.issue(run)

    assert lines(chayo, months.JANUARY) == before
    assert lines(chayo, months.FEBRUARY) == [
        (1, 0, 110_00), (3, 0, 22_00), (4, 0, 3_30), (10, 1, -55_00), (10, 3, -11_00), (10, 4, -1_65),
    ]  # fmt: skip
    assert Bill.objects.get(account_id=chayo.pk, period=months.FEBRUARY).total_cents == 67_65
