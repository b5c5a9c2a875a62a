"""What was billed in January 2019 and what was put right of it: who has no bill, what was canceled, what else was charged."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun
from caudal.billing.tests import months
from caudal.billing.tests.conftest import january as january
from caudal.billing.tests.conftest import priced as priced
from caudal.billing.tests.months import JANUARY, LAURA, SALAS
from caudal.fees.tests import counter as fees
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.models import Credit, DocumentKind
from caudal.reports.tests import opening
from caudal.reports.tests.reading_of import figure, rows

pytestmark = pytest.mark.django_db
ISSUED, ON, LATER = date(2019, 2, 1), date(2019, 2, 11), date(2019, 2, 12)


@pytest.fixture
def run(january: Town) -> BillingRun:
    return months.issued(january, JANUARY)


def cancel(town: Town, reason: str = "La lectura era de la vecina") -> None:
    billing.cancel_bill(
        account=town.lupita, period=JANUARY, reason=reason, authorized_by=SALAS, on=ON, at=moment(ON)
    )


def rebill(town: Town) -> None:
    billing.rebill(account=town.lupita, period=JANUARY, by=LAURA, on=LATER, at=moment(LATER))


def test_a_bill_that_stopped_counting_says_why_and_whether_there_is_another(
    run: BillingRun, january: Town, enter_as: opening.Enter
) -> None:
    """27 m³ at Doña Lupita's are $195.82, and again $195.82 when billed anew from the same reading."""
    cancel(january)
    asked = ("happened_on", "folio", "period", "account", "reason", "by", "was_rebilled", "total_cents")
    told = (ON, "201901-010293", 201901, "010293", "La lectura era de la vecina", "salas")
    assert rows("bill_cancellations", *asked) == [(*told, "no", 195_82)]

    rebill(january)
    assert rows("bill_cancellations", *asked) == [(*told, "yes", 195_82)]
    assert figure("bill_cancellations", was_rebilled="no") == 0
    assert figure("bill_cancellations", "total_cents", period="201901", by="salas") == 195_82
    assert figure("bill_cancellations", last=date(2019, 2, 10)) == 0
    foot, hrefs = opening.read(enter_as, "bill_cancellations", since=ON, last=ON)
    assert "$195.82" in foot
    assert hrefs == ["/cuentas/010293/", "/recibos/201901-010293.pdf"]


def test_a_canceled_bill_takes_its_water_back_on_its_own_day(
    run: BillingRun, january: Town, enter_as: opening.Enter
) -> None:
    cancel(january)
    rebill(january)

    asked = ("happened_on", "folio", "kind", "state", "is_rebill", "m3", "total_cents")
    assert rows("bills", *asked, account="010293") == [
        (ISSUED, "201901-010293", "issued", "canceled", "no", 27, 195_82),
        (ON, "201901-010293", "cancellation", "canceled", "no", -27, -195_82),
        (LATER, "201901-010293-2", "issued", "valid", "yes", 27, 195_82),
    ]
    assert rows("water_billed", "happened_on", "folio", "kind", "m3", "amount_cents", account="010293") == [
        (ISSUED, "201901-010293", "bill", 27, 195_82),
        (ON, "201901-010293", "cancellation", -27, -195_82),
        (LATER, "201901-010293-2", "bill", 27, 195_82),
    ]
    # the eight bills of the first stay as they were told; the eleventh takes one away and the twelfth brings it back
    whole = sum(Bill.objects.filter(period=JANUARY, revision=1).values_list("total_cents", flat=True))
    for code, of in (("bills", "total_cents"), ("water_billed", "amount_cents")):
        assert figure(code, of, since=ON, last=ON) == -195_82
        assert figure(code, of, since=ON, last=LATER) == 0
        assert figure(code, of, last=ISSUED) == whole
    _, hrefs = opening.read(enter_as, "water_billed", since=ON, last=LATER)
    assert hrefs == ["/cuentas/010293/", "/recibos/201901-010293-2.pdf", "/recibos/201901-010293.pdf"]


def test_a_service_without_a_bill_says_its_cause(priced: Town, enter_as: opening.Enter) -> None:
    """January without readings: the five with a meter have no consumption, and the other three have their bill."""
    run = months.computed(priced, JANUARY)
    assert rows("unbilled", "happened_on", "run", "period", "account", "cause", "run_state") == [
        (ISSUED, run.pk, 201901, each.number, "no_consumption", "computed") for each in priced.metered
    ]
    assert figure("unbilled", cause="no_consumption") == 5 and figure("unbilled", period="201812") == 0
    _, hrefs = opening.read(enter_as, "unbilled", since=ISSUED, last=ISSUED)
    assert hrefs == [*(f"/cuentas/{each.number}/" for each in priced.metered), f"/facturacion/{run.pk}/"]

    # what was thrown away says nothing
    billing.discard(run=run, by=LAURA, at=moment(ON), reason="Faltan las lecturas")
    assert figure("unbilled") == 0


def test_a_charge_of_the_counter_that_is_canceled_comes_to_nothing(
    priced: Town, enter_as: opening.Enter
) -> None:
    """The ranch asks for a tanker, $480.00, and the next day does not want it."""
    asked = fees.ask(priced.rancho, "PIPA-10000", place="Establo", on=ON)
    told = ("happened_on", "account", "kind", "concept", "by", "amount_cents")
    assert rows("adjustments", *told) == [(ON, "020031", "service", "water_tanker_fee", "veronica", 480_00)]

    fees.cancel(asked, on=LATER)

    assert rows("adjustments", *told) == [
        (ON, "020031", "service", "water_tanker_fee", "veronica", 480_00),
        (LATER, "020031", "service_cancellation", "water_tanker_fee", "veronica", -480_00),
    ]
    assert rows("adjustments", "reason", kind="service_cancellation") == [f"{asked.folio}: Ya no lo quiere"]
    assert figure("adjustments", "amount_cents", last=ON) == 480_00
    assert figure("adjustments", "amount_cents") == 0
    foot, hrefs = opening.read(enter_as, "adjustments", since=LATER, last=LATER)
    assert "−$480.00" in foot and hrefs == ["/cuentas/020031/"]


def test_an_adjustment_lowers_a_debt_until_it_is_reversed(run: BillingRun, january: Town) -> None:
    """Don Chuy is let off $10.00 of January's water; the next day somebody sees that he was not to be."""
    posted = ledger.post_credit(
        account=january.chuy, kind=Credit.Kind.ADJUSTMENT, amount_cents=10_00, on=ON, at=moment(ON), by=SALAS,
        document="AJ-1", reason="Fuga no visible",
        targets=[ledger.Target(JANUARY, DocumentKind.BILL, 1, catalog.WATER, 10_00)],
    )  # fmt: skip
    ledger.reverse_credit(
        credit=posted.credit, on=LATER, at=moment(LATER), by=SALAS, document="AJ-1/R", reason="No había fuga"
    )

    assert rows(
        "adjustments", "happened_on", "account", "kind", "document", "reason", "by", "amount_cents"
    ) == [
        (ON, "010117", "adjustment", "AJ-1", "Fuga no visible", "salas", -10_00),
        (LATER, "010117", "adjustment", "AJ-1/R", "No había fuga", "salas", 10_00),
    ]
    assert figure("adjustments", "amount_cents", kind="adjustment", last=ON) == -10_00
    # a canceled bill is told among the bills, not here
    cancel(january)
    assert figure("adjustments") == 2
