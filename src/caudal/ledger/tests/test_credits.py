"""Payments meet debts: order, surcharges to the day, money in favor, cents that add up."""

from datetime import date

import pytest

from caudal.ledger import catalog, checks, queries
from caudal.ledger.commands import ChargeLine
from caudal.ledger.tests.builders import account, bill, pay

pytestmark = pytest.mark.django_db
WATER, TREATMENT, INFRASTRUCTURE = (
    catalog.WATER,
    catalog.WASTEWATER_TREATMENT,
    catalog.INFRASTRUCTURE_CHARGE,
)


def found() -> list[str]:
    return [finding for check in checks.CHECKS for finding in check.find()]


def test_don_chuy_pays_two_months_late_and_owes_nothing():
    """His bill of $246.00 was due on 20 January; he comes on 5 March: two months or fractions at 1 %."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 20_000), ChargeLine(TREATMENT, 4_000), ChargeLine(INFRASTRUCTURE, 600))

    posted = pay(chuy, 25_092, on=date(2019, 3, 5))  # 246.00 + 2 × 1 % × 246.00 = 246.00 + 4.92

    assert posted.surcharge_cents == 492
    assert posted.unallocated_cents == 0
    assert {(share.concept_id, share.amount_cents) for share in posted.shares} == {
        (catalog.SURCHARGE, 492),
        (WATER, 20_000),
        (TREATMENT, 4_000),
        (INFRASTRUCTURE, 600),
    }
    assert queries.balance(account_id=chuy.id) == 0
    assert found() == []
