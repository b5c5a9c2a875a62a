"""January 2019 as the indicators see it: what was held, read and consumed, what was paid of it and by when."""

from datetime import date

import pytest
from tests.town import counter
from tests.town.cast import Town

from caudal.arrangements.tests import desk
from caudal.arrangements.tests.conftest import april as april
from caudal.billing.models import BillingRun, HeldBill
from caudal.billing.tests import months
from caudal.billing.tests.conftest import january as january
from caudal.billing.tests.conftest import priced as priced
from caudal.billing.tests.months import JANUARY
from caudal.campaigns.tests import stories
from caudal.reports.tests import opening
from caudal.reports.tests.reading_of import figure, rows

pytestmark = pytest.mark.django_db
READ, END, ISSUED, PAID = date(2019, 1, 25), date(2019, 1, 31), date(2019, 2, 1), date(2019, 2, 5)
BACK, DUE = date(2019, 2, 12), date(2019, 2, 16)
TENTH, TWELFTH = date(2019, 4, 10), date(2019, 4, 12)


@pytest.fixture
def run(january: Town) -> BillingRun:
    return months.issued(january, JANUARY)


def test_half_of_a_bill_is_half_of_its_water_and_not_a_bill_on_time(
    run: BillingRun, january: Town, enter_as: opening.Enter
) -> None:
    """Doña Lupita pays $97.91 of the $195.82 of her 27 m³: 13,500 litres. Taken back, they go back on that day."""
    folio = counter.pay(january.lupita, 97_91, on=PAID)["receipt_folio"]
    asked = ("happened_on", "folio", "account", "period", "kind", "litres", "amount_cents")
    paid = (PAID, folio, "010293", 201901, "bill", 13_500, 97_91)
    assert rows("water_paid", *asked) == [paid]
    bill = (DUE, "201901-010293", "010293", 201901, "no", 195_82)
    due = ("happened_on", "folio", "account", "period", "on_time", "amount_cents", "paid_cents")
    assert rows("due_bills", *due, account="010293") == [(*bill, 97_91)]

    counter.cancel(folio, on=BACK)

    assert rows("water_paid", *asked) == [paid, (BACK, folio, "010293", 201901, "bill", -13_500, -97_91)]
    assert figure("water_paid", "litres") == figure("water_paid", "amount_cents") == 0
    assert figure("water_paid", "litres", last=PAID) == 13_500
    assert rows("due_bills", *due, account="010293") == [(*bill, 0)]
    foot, hrefs = opening.read(enter_as, "water_paid", since=BACK, last=BACK)
    assert "−$97.91" in foot and hrefs == [f"/comprobantes/{folio}/", "/cuentas/010293/"]


def test_a_bill_paid_whole_on_its_last_day_was_on_time(
    run: BillingRun, january: Town, enter_as: opening.Enter
) -> None:
    counter.pay(january.lupita, 195_82, on=DUE)

    assert rows("due_bills", "folio", "paid_cents", on_time="yes") == [("201901-010293", 195_82)]
    assert (figure("due_bills"), figure("due_bills", on_time="no")) == (8, 7)
    assert figure("due_bills", "paid_cents") == 195_82
    _, hrefs = opening.read(enter_as, "due_bills", since=DUE, last=DUE)
    assert {"/recibos/201901-010293.pdf", "/cuentas/010293/"} <= set(hrefs) and len(hrefs) == 16


def test_each_service_of_the_month_says_its_meter_and_what_is_known_of_it(
    run: BillingRun, january: Town, enter_as: opening.Enter
) -> None:
    """Of the school and the lot no telephone is known; of the ranch, no neighborhood."""
    unknown = {january.school, january.lot, january.rancho}
    assert rows("services", "happened_on", "account", "meter", "known") == [
        (
            END,
            each.number,
            "working" if each in january.metered else "none",
            "incomplete" if each in unknown else "complete",
        )
        for each in january.accounts
    ]
    assert figure("services", meter="working") == 5 and figure("services", known="incomplete") == 3
    assert figure("services", tariff_class="Habitacional genérica", route="01-001") == 2
    _, hrefs = opening.read(enter_as, "services", since=END, last=END)
    assert hrefs == [f"/cuentas/{each.number}/" for each in january.accounts]


def test_the_water_of_each_meter_is_there_before_it_is_billed(january: Town, enter_as: opening.Enter) -> None:
    assert rows("water_consumed", "happened_on", "account", "period", "basis", "m3", period="201901") == [
        (END, number, 201901, "1", m3)
        for number, m3 in (("010293", 27), ("010405", 30), ("010512", 50), ("010620", 190), ("010818", 500))
    ]
    # November, 25 + 28 + 45 + 170 + 480; December, 25 + 28 + 45 + 170 + 480
    assert figure("water_consumed", "m3", since=END, last=END) == 797
    assert figure("water_consumed", "m3") == 797 + 2 * 748
    foot, hrefs = opening.read(enter_as, "water_consumed", since=END, last=END)
    assert "797" in foot and len(hrefs) == 5


def test_a_bill_that_somebody_must_see_waits_and_then_says_what_was_decided(
    priced: Town, enter_as: opening.Enter
) -> None:
    """Doña Lupita's dial says 60 m³ against a mean of 25."""
    months.read_january(priced, lupita=1060)
    run = months.computed(priced, JANUARY)
    held = HeldBill.objects.get(account=priced.lupita)
    asked = (
        "happened_on",
        "run",
        "period",
        "account",
        "reason",
        "decision",
        "decided_by",
        "m3",
        "mean_m3",
        "total_cents",
    )
    told = (ISSUED, run.pk, 201901, "010293", "above_mean")
    assert rows("held_bills", *asked) == [(*told, "waiting", "", 60, 25, held.total_cents)]

    months.release(held)

    assert rows("held_bills", *asked) == [(*told, "released", "salas", 60, 25, held.total_cents)]
    assert figure("held_bills", decision="waiting") == 0
    assert figure("held_bills", "total_cents", reason="above_mean") == held.total_cents > 195_82
    _, hrefs = opening.read(enter_as, "held_bills", since=ISSUED, last=ISSUED)
    assert hrefs == ["/cuentas/010293/", f"/facturacion/{run.pk}/"]


def test_a_house_that_was_closed_is_an_exception_of_its_reading(
    priced: Town, enter_as: opening.Enter
) -> None:
    months.read(priced, priced.lupita, JANUARY, None, code="01")
    months.assess(priced, JANUARY)

    assert rows(
        "reading_exceptions", "happened_on", "period", "account", "value", "source", "exception", "reader", period="201901"
    ) == [(READ, 201901, "010293", None, "phone", "01", "julian")]  # fmt: skip
    assert figure("reading_exceptions", exception="01") == 1
    assert rows("readings", "account", "was_read", period="201901") == [("010293", "no")]
    _, hrefs = opening.read(enter_as, "reading_exceptions", since=READ, last=READ)
    assert hrefs == ["/cuentas/010293/"]


def test_what_a_campaign_cost_goes_back_with_its_receipt(april: Town, enter_as: opening.Enter) -> None:
    """Don Chuy owed $303.00 and paid $300.75, with $2.25 of his $3.00 of surcharges off."""
    stories.in_force()
    folio = counter.pay(april.chuy, desk.owed(april.chuy, on=TENTH) - 2_25, on=TENTH)["receipt_folio"]
    counter.cancel(folio, on=TWELFTH)

    asked = (
        "happened_on",
        "campaign",
        "account",
        "receipt",
        "owed_cents",
        "reduced_cents",
        "collected_cents",
    )
    told = ("ABRIL-2019", "010117", folio)
    assert rows("campaign_money", *asked) == [
        (TENTH, *told, 303_00, 2_25, 300_75),
        (TWELFTH, *told, -303_00, -2_25, -300_75),
    ]
    assert figure("campaign_money", "collected_cents", last=TENTH, campaign="ABRIL-2019") == 300_75
    assert figure("campaign_money", "reduced_cents") == 0
    foot, hrefs = opening.read(enter_as, "campaign_money", since=TENTH, last=TENTH)
    assert "$300.75" in foot and hrefs == [f"/comprobantes/{folio}/", "/cuentas/010117/"]
