"""What goes wrong in a month and is put right: held, late, read again, canceled, billed again, settled once."""

from datetime import date

import pytest

from caudal.billing import commands as billing
from caudal.billing.models import Bill
from caudal.ledger.models import Charge, DocumentKind
from caudal.metering import commands as metering
from caudal.registry import commands as registry
from caudal.registry.models import BillingCycle, Route
from tests.scenarios.world import office as of
from tests.scenarios.world.office import Office, charges
from tests.town.cast import Town, moment

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = 201809, 201810, 201811, 201812
JANUARY, FEBRUARY, MARCH, APRIL = 201901, 201902, 201903, 201904
LUPITA = {SEPTEMBER: 974, OCTOBER: 999, NOVEMBER: 1025}  # 24, 25, 26 m³: a mean of 25
CLOSED = (None, "01")


@pytest.fixture
def office(town: Town) -> Office:
    """The town with its books, and three months read at Doña Lupita's: December is next."""
    of.publish("la-barca-demo-2018", "la-barca-demo-2019")
    office = Office(town)
    for period, dial in LUPITA.items():
        office.read(period, lupita=dial)
        office.assess(period)
    return office


def lupita_2019(m3: int) -> int:
    """Her bill of 20 to 30 m³ by the book of 2019: water, 20 %, 3 %, less half of the first 10 m³ (43.05)."""
    water = 70_00 + 71_00 + (m3 - 20) * 7_60
    return water + (water * 20 + 50) // 100 + (water * 3 + 50) // 100 - 43_05


def correct(office: Office, period: int, value: int, on: date) -> None:
    """Her meter is read again in a month that is billed."""
    point = office.town.point(office.town.lupita)
    metering.request_reread(
        service_point=point, period=period, reason="Aclaración", by="salas", at=moment(on, 8)
    )
    reading = point.installations.get().readings.filter(period=period).latest("revision")
    metering.correct_reading(
        reading=reading, value=value, reason="Se releyó", observer="julian", by="laura", at=moment(on, 9)
    )
    metering.assess_one(service_point=point, period=period, by="laura", at=moment(on, 9))
    office.agree()


def test_a_bill_that_waited_goes_out_after_the_next_month(office: Office) -> None:
    """January's 60 m³ were held as a leak; she says in March that it was one. Due fifteen days from then."""
    lupita = office.town.lupita
    office.bill_month(DECEMBER, lupita=1050)
    run = office.bill_month(JANUARY, lupita=1110, releases=False)
    assert office.held(run, lupita).reason == "above_mean"
    office.bill_month(FEBRUARY, lupita=1137)
    assert charges(lupita, JANUARY) == {}

    office.release(office.held(run, lupita), on=date(2019, 3, 12))

    bill = office.bill(lupita, JANUARY)
    # 60 m³: 70.00 + 71.00 + 76.00 + 20 × 8.20 + 10 × 9.00 = 471.00
    assert bill.total_cents == 471_00 + 94_20 + 14_13 - 43_05
    assert (bill.issued_on, bill.due_on) == (date(2019, 3, 12), date(2019, 3, 27))
    due = {debt.period: debt.surcharge_cents for debt in office.statement(lupita, date(2019, 3, 27)).periods}
    assert due[JANUARY] == 0
    assert due[FEBRUARY] == round(lupita_2019(27) / 100)  # due 16 March: one month late


def test_a_bill_read_again_goes_out_as_read(office: Office) -> None:
    """January is sent to be read again, is issued without her, and goes out as what the second reading says."""
    lupita, on = office.town.lupita, date(2019, 2, 11)
    office.bill_month(DECEMBER, lupita=1050)
    office.read(JANUARY, lupita=1110)
    office.assess(JANUARY)
    run = office.computed(JANUARY)
    billing.send_to_reread(
        held=office.held(run, lupita), reason="Puede ser fuga", by="salas", at=moment(run.issued_on)
    )
    office.issue(run)
    assert not Bill.objects.filter(period=JANUARY, account_id=lupita.pk).exists()

    point = office.town.point(lupita)
    reading = point.installations.get().readings.filter(period=JANUARY).latest("revision")
    metering.correct_reading(reading=reading, value=1077, reason="Se releyó", by="laura", at=moment(on))
    billing.recompute_held(held=office.held(run, lupita), by="laura", on=on, at=moment(on))
    office.agree()

    assert office.bill(lupita, JANUARY).total_cents == lupita_2019(27)
    office.bill_month(FEBRUARY, lupita=1100)  # counted from the second reading
    assert office.bill(lupita, FEBRUARY).total_cents == lupita_2019(23)


@pytest.fixture
def three_closed_months(office: Office) -> Office:
    """December real; January, February and March estimated at 25 m³ each; March waits: too many estimates."""
    office.bill_month(DECEMBER, lupita=1050)
    for period in (JANUARY, FEBRUARY):
        office.bill_month(period, lupita=CLOSED)
    run = office.bill_month(MARCH, lupita=CLOSED, releases=False)
    assert office.held(run, office.town.lupita).reason == "too_many_estimates"
    return office


def added(m3: int) -> int:
    """What a month estimated at 25 m³ still owes if it was really so many."""
    return lupita_2019(m3) - lupita_2019(25)


def test_an_estimate_let_out_after_the_dial_spoke_is_what_the_dial_said(three_closed_months: Office) -> None:
    """April's reading settles January and February; March was not billed, so it goes out as it really was.

    116 m³ in 31 + 31 + 28 + 31 = 121 days: 29.72, 29.72, 26.84, 29.72 → 30, 30, 27, 29 m³.
    """
    office, lupita = three_closed_months, three_closed_months.town.lupita
    office.bill_month(APRIL, lupita=1050 + 116)
    assert sum(charges(lupita, APRIL, kind=5).values()) == added(30) + added(30)
    assert office.bill(lupita, APRIL).total_cents == lupita_2019(29) + added(30) + added(30)
    held = lupita.heldbill_set.get(issued_at__isnull=True)

    office.release(held, on=date(2019, 5, 9))

    assert office.bill(lupita, MARCH).total_cents == lupita_2019(27)
    office.bill_month(201905, lupita=1050 + 116 + 25)
    assert charges(lupita, 201905, kind=5) == {}


def test_a_settled_estimate_taken_back_and_billed_again_owes_the_same(three_closed_months: Office) -> None:
    """January was settled by April; canceling it and billing it again changes nothing that is owed."""
    office, lupita, on = three_closed_months, three_closed_months.town.lupita, date(2019, 5, 9)
    office.bill_month(APRIL, lupita=1050 + 116)
    office.release(lupita.heldbill_set.get(issued_at__isnull=True), on=on)
    before = office.statement(lupita, on).principal_cents

    office.cancel_bill(lupita, JANUARY, on=on)
    assert office.rebill(lupita, JANUARY, on=on).total_cents == lupita_2019(25)
    assert office.statement(lupita, on).principal_cents == before


def test_an_estimate_taken_back_is_not_settled_until_it_is_billed_again(three_closed_months: Office) -> None:
    """January's bill is canceled before April; when it is billed again, it is what the dial said."""
    office, lupita, on = three_closed_months, three_closed_months.town.lupita, date(2019, 4, 9)
    office.release(lupita.heldbill_set.get(issued_at__isnull=True), on=on)
    office.cancel_bill(lupita, JANUARY, on=on)
    office.bill_month(APRIL, lupita=1050 + 116)
    assert sum(charges(lupita, APRIL, kind=5).values()) == added(30) + added(27)  # February and March

    assert office.rebill(lupita, JANUARY, on=date(2019, 5, 9)).total_cents == lupita_2019(30)


def test_a_settled_month_that_is_read_after_all_is_not_billed_twice(office: Office) -> None:
    """January's house was closed: 25 m³. February's dial, 60 m³ on, gave it 30 and February 30; now her neighbor
    shows a picture of 31 January: 35 m³ and 25. February has to be taken back before January is billed again."""
    lupita, on = office.town.lupita, date(2019, 3, 8)
    office.bill_month(DECEMBER, lupita=1050)
    office.bill_month(JANUARY, lupita=CLOSED)
    office.bill_month(FEBRUARY, lupita=1110)
    assert office.bill(lupita, FEBRUARY).total_cents == lupita_2019(30) + added(30)
    office.cancel_bill(lupita, JANUARY, on=on)
    correct(office, JANUARY, 1085, on)

    with pytest.raises(billing.SettledByLaterBill, match="El recibo de 02/2019 ya repartió"):
        office.rebill(lupita, JANUARY, on=on)
    assert office.statement(lupita, on).principal_cents == sum(
        office.bill(lupita, period).total_cents for period in (DECEMBER, FEBRUARY)
    )

    office.cancel_bill(lupita, FEBRUARY, on=on)
    # 35 m³: 70.00 + 71.00 + 76.00 + 5 × 8.20 = 258.00
    assert office.rebill(lupita, JANUARY, on=on).total_cents == 258_00 + 51_60 + 7_74 - 43_05
    correct(office, FEBRUARY, 1110, on)
    assert office.rebill(lupita, FEBRUARY, on=on).total_cents == lupita_2019(25)
    assert charges(lupita, FEBRUARY, kind=5, sequence=2) == {}


def test_surcharges_go_with_the_bill_that_is_taken_back(office: Office) -> None:
    """One peso paid late made a charge of December's surcharge. Nobody owes a surcharge of a bill that was wrong."""
    chuy, on = office.town.chuy, date(2019, 1, 21)
    office.bill_month(DECEMBER, lupita=1050)
    receipt = office.pay(chuy, 1_00, on=on)
    assert charges(chuy, DECEMBER, kind=2) == {(20, 0): 1_30}  # 1 % of 130.09

    with pytest.raises(billing.CannotCancelBill, match="ya tiene pagos"):
        office.cancel_bill(chuy, DECEMBER, on=on)
    assert office.owes(chuy, on) == 130_09 + 1_30 - 1_00
    office.cancel_payment(receipt, on=on)
    office.cancel_bill(chuy, DECEMBER, on=on)

    assert office.owes(chuy, on) == 0
    assert office.rebill(chuy, DECEMBER, on=on).total_cents == 130_09
    assert office.owes(chuy, date(2019, 2, 6)) == 130_09 + 1_30  # due 5 February: its own first month
    receipt = office.pay(chuy, 1_00, on=date(2019, 2, 6))
    office.cancel_payment(receipt, on=date(2019, 2, 6))
    office.cancel_bill(chuy, DECEMBER, on=date(2019, 2, 6))
    assert office.owes(chuy, date(2019, 2, 6)) == 0


def test_a_month_canceled_and_billed_again_by_another_reading(office: Office) -> None:
    lupita, on = office.town.lupita, date(2019, 2, 12)
    office.bill_month(DECEMBER, lupita=1050)
    office.bill_month(JANUARY, lupita=1077)
    receipt = office.pay(lupita, 50_00, on=date(2019, 2, 8))
    with pytest.raises(billing.CannotCancelBill, match="ya tiene pagos"):
        office.cancel_bill(lupita, DECEMBER, on=on)
    office.cancel_payment(receipt, on=date(2019, 2, 9))

    office.cancel_bill(lupita, JANUARY, on=on)
    correct(office, JANUARY, 1072, on)
    assert office.rebill(lupita, JANUARY, on=on).total_cents == lupita_2019(22)
    assert Bill.objects.filter(period=JANUARY, account_id=lupita.pk).count() == 2
    office.bill_month(FEBRUARY, lupita=1097)
    assert office.bill(lupita, FEBRUARY).total_cents == lupita_2019(25)


def test_a_second_cycle_in_the_same_month(office: Office) -> None:
    """El Carmen is billed apart, a day later, with its own run, due day and seal; the month is one."""
    town, rancho = office.town, office.town.rancho
    cycle = BillingCycle.objects.create(code="CARMEN", name="El Carmen")
    route = Route.objects.create(code="03-001", sector="03", name="El Carmen nuevo", cycle=cycle)
    registry.move_on_route(
        service_point=town.point(rancho), route=route, walk_sequence=5, reason="Ciclo nuevo", by="laura",
        at=moment(date(2018, 12, 28)),
    )  # fmt: skip
    first = office.bill_month(DECEMBER, lupita=1050)
    office.assess(DECEMBER, cycle)
    second = office.issue(office.computed(DECEMBER, cycle=cycle, on=date(2019, 1, 2)))

    assert (first.n_accounts, second.n_accounts) == (7, 1)
    assert office.bill(rancho, DECEMBER).total_cents == 59_62 + 11_92 + 1_79 + 9_54 + 1_91 + 29
    assert office.bill(rancho, DECEMBER).due_on == date(2019, 1, 17)
    assert office.owes(rancho, date(2019, 1, 17)) == 85_07
    assert office.pay(rancho, 85_07, on=date(2019, 1, 17))["balance_cents"] == 0
    assert Charge.objects.filter(document_kind=DocumentKind.SURCHARGE).count() == 0
