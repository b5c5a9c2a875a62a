"""A bill taken back and issued again: both stay, and the ledger shows both movements."""

from datetime import date
from uuid import uuid4

import pytest
from tests.town.cast import Town, moment

from caudal.billing import commands as billing
from caudal.billing import queries
from caudal.billing.models import Bill, BillCancellation
from caudal.billing.tests import months
from caudal.billing.tests.months import DECEMBER, FEBRUARY, JANUARY, LAURA, SALAS
from caudal.billing.tests.test_a_month import every_disagreement
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, Credit, JournalLine, PeriodBalance
from caudal.metering import commands as metering
from caudal.tariffs import queries as tariffs

ON = date(2019, 2, 11)


def cancel(town: Town, reason: str = "La lectura era de la vecina") -> BillCancellation:
    return billing.cancel_bill(
        account=town.lupita, period=JANUARY, reason=reason, authorized_by=SALAS, on=ON, at=moment(ON)
    )


def rebill(town: Town) -> object:
    return billing.rebill(account=town.lupita, period=JANUARY, by=LAURA, on=ON, at=moment(ON))


def open_cents(town: Town) -> int:
    return PeriodBalance.objects.get(period=JANUARY, account_id=town.lupita.pk).open_principal_cents


def test_a_canceled_bill_owes_nothing_and_stays(january: Town) -> None:
    months.issued(january, JANUARY)
    cancel(january)

    assert open_cents(january) == 0
    assert Bill.objects.get(account_id=january.lupita.pk).total_cents == 195_82
    credit = Credit.objects.get(account=january.lupita)
    assert (credit.kind, credit.amount_cents) == ("bill_cancellation", 195_82)
    assert queries.cancellations(account_id=january.lupita.pk) == {(JANUARY, 1)}
    # what the charges had brought to each revenue is taken back from that very revenue
    revenue = JournalLine.objects.filter(entry__kind="credit.bill_cancellation", amount_cents__gt=0)
    assert sum(revenue.values_list("amount_cents", flat=True)) >= 195_82
    assert every_disagreement() == []


def test_billed_again_it_is_the_second_revision(january: Town) -> None:
    """The dial said 1022: 22 m³ and not 27."""
    months.issued(january, JANUARY)
    cancel(january)
    point = january.point(january.lupita)
    metering.request_reread(service_point=point, period=JANUARY, reason="Aclaración", by=SALAS, at=moment(ON))
    reading = point.installations.get().readings.filter(period=JANUARY).latest("revision")
    metering.correct_reading(
        reading=reading, value=1022, reason="Se releyó", observer="julian", by=LAURA, at=moment(ON)
    )
    metering.assess_one(service_point=point, period=JANUARY, by=LAURA, at=moment(ON))

    done = rebill(january)

    # 70.00 + 71.00 + 2 × 7.60 = 156.20; + 31.24 + 4.69 (4.686); − (35.00 + 7.00 + 1.05)
    assert done == billing.Rebilled(JANUARY, january.lupita.pk, 2, 149_08)
    bills = Bill.objects.filter(account_id=january.lupita.pk).order_by("revision")
    assert [(bill.revision, bill.consumption_m3, bill.total_cents) for bill in bills] == [
        (1, 27, 195_82),
        (2, 22, 149_08),
    ]
    assert bills[1].due_on == date(2019, 2, 26)
    assert open_cents(january) == 149_08
    assert every_disagreement() == []


def test_a_second_bill_can_be_taken_back_too(january: Town) -> None:
    months.issued(january, JANUARY)
    cancel(january)
    rebill(january)
    cancel(january, "Otra vez")
    assert open_cents(january) == 0
    assert queries.cancellations(account_id=january.lupita.pk) == {(JANUARY, 1), (JANUARY, 2)}
    assert every_disagreement() == []


def test_what_somebody_paid_of_is_not_canceled(january: Town) -> None:
    months.issued(january, JANUARY)
    ledger.post_credit(
        account=january.lupita, kind=Credit.Kind.PAYMENT, amount_cents=50_00, on=ON, at=moment(ON), by="veronica",
        document=f"A-{uuid4()}", terms=tariffs.terms(book=tariffs.book_in_force(on=ON)), funds={"1111": 50_00},
    )  # fmt: skip
    with pytest.raises(billing.CannotCancelBill, match="ya tiene pagos"):
        cancel(january)
    assert open_cents(january) == 195_82 - 50_00
    assert not BillCancellation.objects.exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_cancellation_needs_a_reason(january: Town, reason: str) -> None:
    months.issued(january, JANUARY)
    with pytest.raises(billing.CannotCancelBill, match="Falta el motivo"):
        cancel(january, reason)
    assert open_cents(january) == 195_82


def test_there_must_be_a_bill_and_only_once(january: Town) -> None:
    months.issued(january, JANUARY)
    with pytest.raises(billing.CannotCancelBill, match="no tiene recibo de 12/2018"):
        billing.cancel_bill(
            account=january.lupita, period=DECEMBER, reason="x", authorized_by=SALAS, on=ON, at=moment(ON)
        )
    cancel(january)
    with pytest.raises(billing.CannotCancelBill, match="ya está cancelado"):
        cancel(january)
    assert Credit.objects.count() == 1


def test_only_a_canceled_bill_is_issued_again(january: Town) -> None:
    months.issued(january, JANUARY)
    with pytest.raises(billing.CannotRebill, match="no está cancelado"):
        rebill(january)
    assert Bill.objects.filter(account_id=january.lupita.pk).count() == 1
    assert not Charge.objects.filter(account_id=january.lupita.pk, sequence=2).exists()


def test_a_bill_that_a_computed_run_settles_waits_for_that_run(priced: Town) -> None:
    """January's house was closed; February's dial tells what it was, and February is computed, not issued: if
    January were canceled now, February would still credit or charge its difference."""
    months.read(priced, priced.lupita, JANUARY, None, "01")
    months.assess(priced, JANUARY)
    months.issued(priced, JANUARY)
    months.read(priced, priced.lupita, FEBRUARY, 1052)
    months.assess(priced, FEBRUARY)
    february = months.computed(priced, FEBRUARY)
    owed = open_cents(priced)

    with pytest.raises(billing.SettledByRunInHand, match=f"La facturación {february.pk}, ya calculada"):
        cancel(priced)
    assert (open_cents(priced), BillCancellation.objects.count()) == (owed, 0)

    billing.discard(run=february, by=LAURA, at=moment(ON), reason="Se corrige enero")
    cancel(priced)
    assert open_cents(priced) == 0
    assert every_disagreement() == []
