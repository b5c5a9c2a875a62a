"""What an installment collects is told in the concepts of its agreement, each with its line of the CRI.

Don Chuy owes $100.00 of water of January and $50.00 of sewerage of February. He signs on 20 March with surcharges of 2.00
and 0.50: 152.50 in a down payment of 52.50 and two installments of 50.00.
"""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.accounting import revenue, sharing
from caudal.accounting.loading.revenue import moments
from caudal.arrangements.models import PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.arrangements.tests import desk
from caudal.kernel.models import Utility
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger import queries as ledger_queries
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db

SIGNED, APRIL_20, MAY_20, JUNE_20 = date(2019, 3, 20), date(2019, 4, 20), date(2019, 5, 20), date(2019, 6, 20)
WATER, SEWERAGE, SURCHARGE = (
    ("43", "Agua potable, en parcialidades"),
    ("43", "Alcantarillado, en parcialidades"),
    ("45", "Recargos, en parcialidades"),
)


@pytest.fixture
def signed(town: Town, books: None, utility: Utility) -> PaymentArrangement:
    desk.owe(town.chuy, 100_00, period=201901, due_on=date(2019, 2, 15))
    desk.owe(town.chuy, 50_00, period=201902, due_on=date(2019, 3, 15), concept=catalog.SEWERAGE)
    terms = Terms(down_cents=52_50, count=2, first_due_on=APRIL_20)
    return desk.sign(town.chuy, terms, on=SIGNED)


def _told(on: date, last: date | None = None) -> dict[tuple[str, str], tuple[int, int]]:
    """Collected and applied by classifier and concept; and nothing is lost or made on the way."""
    found = revenue.revenue(since=on, last=last or on)
    raw = moments(since=on, until=(last or on).replace(day=(last or on).day + 1))
    for moment_of in ("accrued_cents", "vat_cents", "collected_cents", "applied_cents"):
        assert sum(getattr(row, moment_of) for row in found.rows) == sum(
            getattr(row, moment_of) for row in raw
        )
    return {
        (each.classifier, each.name): (each.collected_cents, each.applied_cents)
        for each in found.by_concept
        if each.collected_cents or each.applied_cents
    }


def test_an_agreement_kept_collects_just_what_it_put_together(signed: PaymentArrangement) -> None:
    """52.50 of 152.50: 34.426 of water, 17.213 of sewerage and 0.861 of surcharges; the centavo left over is water's."""
    desk.pay(signed.account, 52_50, on=SIGNED)
    assert _told(SIGNED) == {WATER: (34_43, 0), SEWERAGE: (17_21, 0), SURCHARGE: (86, 0)}
    desk.pay(signed.account, 50_00, on=APRIL_20)
    # 102.50: 67.213, 33.607 and 1.680, less what had been told
    assert _told(APRIL_20) == {WATER: (32_78, 0), SEWERAGE: (16_40, 0), SURCHARGE: (82, 0)}
    desk.pay(signed.account, 50_00, on=MAY_20)
    assert _told(SIGNED, MAY_20) == {WATER: (100_00, 0), SEWERAGE: (50_00, 0), SURCHARGE: (2_50, 0)}
    [water, *_] = [
        row for row in revenue.revenue(since=MAY_20, last=MAY_20).rows if row.concept_id == catalog.WATER
    ]
    assert (water.receivable_account, water.revenue_account, revenue.row_name(water)) == (
        catalog.ARRANGEMENTS_RECEIVABLE, catalog.DUES_REVENUE, "Derechos por prestación de servicios",
    )  # fmt: skip


def test_broken_its_money_is_told_once(signed: PaymentArrangement) -> None:
    """102.50 leave the installments for the debt of January: 2.00 and 50.50, then 0.50 and 49.50. Collected once."""
    desk.pay(signed.account, 52_50, on=SIGNED)
    desk.pay(signed.account, 50_00, on=APRIL_20)
    desk.default(signed, on=JUNE_20)
    assert _told(JUNE_20) == {
        WATER: (0, -67_21), SEWERAGE: (0, -33_61), SURCHARGE: (0, -1_68),
        ("43", "Agua potable"): (0, 100_00), ("45", "Recargos"): (0, 2_50),
    }  # fmt: skip
    [_, (*_, collected)] = revenue.revenue(since=SIGNED, last=JUNE_20).budget
    assert collected == 102_50


def test_a_receipt_taken_back_takes_back_each_concept(signed: PaymentArrangement) -> None:
    taken = desk.pay(signed.account, 52_50, on=SIGNED)
    counter.cancel(taken["receipt_folio"], on=date(2019, 3, 21))
    assert _told(date(2019, 3, 21)) == {WATER: (-34_43, 0), SEWERAGE: (-17_21, 0), SURCHARGE: (-86, 0)}
    assert _told(SIGNED, date(2019, 3, 21)) == {}


def test_what_comes_late_for_a_closed_month_is_told_in_the_next(signed: PaymentArrangement) -> None:
    """March is closed when the 52.50 of the 29th appear: the books of 1 April tell them."""
    for month in (Period(201901), Period(201902), Period(201903)):
        ledger.close_month(
            month=month, digest=ledger_queries.month_figures(month=month).digest, reviewed_by="laura",
            closed_by="salas", at=moment(date(2019, 4, 2)),
        )  # fmt: skip
    desk.pay(signed.account, 52_50, on=date(2019, 3, 29))
    assert _told(date(2019, 3, 29)) == {}
    assert _told(date(2019, 4, 1)) == {WATER: (34_43, 0), SEWERAGE: (17_21, 0), SURCHARGE: (86, 0)}


def test_centavos_left_over_go_to_the_largest_fractions_then_in_order() -> None:
    assert sharing.apportion(cents=100, weights={1: 1, 2: 1, 3: 1}) == {1: 34, 2: 33, 3: 33}
    assert sharing.apportion(cents=5, weights={1: 10, 2: 1, 3: 9}) == {1: 3, 2: 0, 3: 2}  # 2.5, 0.25, 2.25
    assert sharing.apportion(cents=-5, weights={1: 10, 2: 1, 3: 9}) == {1: -3, 2: 0, 3: -2}

    # a regularization in favor of the customer is put in installments too
    assert sharing.apportion(cents=100, weights={1: 150, 2: -50}) == {1: 150, 2: -50}
    assert sharing.apportion(cents=-3, weights={1: -1, 2: -2}) == {1: -1, 2: -2}
