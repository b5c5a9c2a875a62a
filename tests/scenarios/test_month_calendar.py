"""Days on which something turns: the year, a month's end, a leap day, a due day, a book, a class."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from caudal.billing import commands as billing
from caudal.billing import queries as billing_queries
from caudal.billing.models import Bill, BillingRun
from caudal.cashier import commands as cashier
from caudal.cashier.models import Payment
from caudal.registry import commands as registry
from caudal.registry.models import Benefit
from tests.scenarios.world import office as of
from tests.scenarios.world.office import Office
from tests.town import counter
from tests.town.cast import Town, moment

NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH = 201811, 201812, 201901, 201902, 201903
FLAT_2018, FLAT_2019 = 130_09, 135_30  # Don Chuy: 105.77 + 21.15 + 3.17; 110.00 + 22.00 + 3.30
ESPIGA_DIALS = {NOVEMBER: 4130, DECEMBER: 4161, JANUARY: 4191, FEBRUARY: 4221}


@pytest.fixture
def office(town: Town) -> Office:
    """The town with its books, and November read at La Espiga."""
    of.publish("la-barca-demo-2018", "la-barca-demo-2019")
    office = Office(town)
    office.read(NOVEMBER, espiga=ESPIGA_DIALS[NOVEMBER])
    office.assess(NOVEMBER)
    return office


def bill_month(office: Office, period: int) -> None:
    office.bill_month(period, espiga=ESPIGA_DIALS[period])


def test_a_class_that_changes_with_the_year_changes_with_the_book(office: Office) -> None:
    """La Espiga becomes a house with a shop on 1 January: December, issued that very day, is still a shop's."""
    espiga, on = office.town.espiga, date(2019, 1, 1)
    office.town.change_terms(
        espiga, tariff_class=office.town.classes["MIX-COM"], on=on, reason="Vive ahí", at=moment(date(2018, 12, 20))
    )  # fmt: skip
    bill_month(office, DECEMBER)
    bill_month(office, JANUARY)

    totals = [office.bill(espiga, period).total_cents for period in (DECEMBER, JANUARY)]
    assert totals == [
        341_37 + 68_27 + 10_24 + 54_62 + 10_92 + 1_64,  # 31 m³ by 2018: 105.77 + 107.70 + 115.40 + 12.50
        274_00 + 54_80 + 8_22 + 43_84 + 8_77 + 1_32,  # 30 m³ by 2019: 90.00 + 89.00 + 95.00
    ]


def test_a_class_that_changes_in_the_year_is_of_the_month_in_which_it_ends(office: Office) -> None:
    """A change on 14 February rates all of February by the new class; January keeps the old one."""
    espiga, on = office.town.espiga, date(2019, 2, 14)
    bill_month(office, DECEMBER)
    bill_month(office, JANUARY)
    office.town.change_terms(
        espiga, tariff_class=office.town.classes["MIX-COM"], on=on, reason="Vive ahí"
    )  # fmt: skip
    bill_month(office, FEBRUARY)

    totals = [office.bill(espiga, period).total_cents for period in (JANUARY, FEBRUARY)]
    assert totals == [
        342_00 + 68_40 + 10_26 + 54_72 + 10_94 + 1_64,  # 30 m³: 110.00 + 112.00 + 120.00
        274_00 + 54_80 + 8_22 + 43_84 + 8_77 + 1_32,
    ]


def test_what_begins_on_the_first_does_not_reach_the_month_before(office: Office) -> None:
    """January is issued on 1 February, the day from which Don Chuy has his benefit."""
    chuy, on = office.town.chuy, date(2019, 2, 1)
    registry.grant_benefit(
        account=chuy, category=Benefit.Category.PENSIONER, on=on, evidence="IMSS 0417-55-1", by="laura", at=moment(on)
    )  # fmt: skip
    bill_month(office, JANUARY)
    bill_month(office, FEBRUARY)

    assert office.bill(chuy, JANUARY).total_cents == FLAT_2019
    assert office.bill(chuy, FEBRUARY).total_cents == 110_00 + 22_00 + 3_30 - 55_00 - 11_00 - 1_65


def test_who_leaves_on_the_first_still_gets_the_month_before(office: Office) -> None:
    """Don Chuy's service ends on 1 February: he had water all January, and February never comes."""
    chuy, on = office.town.chuy, date(2019, 2, 1)
    registry.close_account(account=chuy, on=on, reason="Se mudó", by="laura", at=moment(on, 9))
    bill_month(office, JANUARY)
    bill_month(office, FEBRUARY)

    assert office.bill(chuy, JANUARY).total_cents == FLAT_2019
    assert not Bill.objects.filter(period=FEBRUARY, account_id=chuy.pk).exists()
    assert office.owes(chuy, date(2019, 2, 10)) == FLAT_2019


def test_who_leaves_in_the_middle_of_a_month_is_named(office: Office) -> None:
    """Don Chuy hands in his key on 20 January: nobody bills him a whole month, and nobody forgets him either."""
    chuy, on = office.town.chuy, date(2019, 1, 20)
    registry.close_account(account=chuy, on=on, reason="Se mudó", by="laura", at=moment(on, 9))
    bill_month(office, JANUARY)
    run = BillingRun.objects.get(period=JANUARY)

    assert not Bill.objects.filter(period=JANUARY, account_id=chuy.pk).exists()
    told = run.unbilled.get(account=chuy)
    assert told.get_cause_display() == "se dio de baja en el periodo: liquídese en ventanilla"
    proof = billing_queries.completeness(run=run)
    assert (proof.is_complete, proof.unbilled, proof.active) == (True, 1, proof.bills + proof.held + 1)


def test_who_comes_on_the_day_of_issue_owes_nothing_of_the_month_before(office: Office) -> None:
    """At nine January is issued; at eleven Don Beto opens his account. Nobody is missing from January."""
    bill_month(office, JANUARY)
    on = date(2019, 2, 1)
    beto = registry.open_account(
        number="010999", holder=registry.Holder(full_name="Heriberto Salcedo"),
        place=registry.Place(
            address="Hidalgo 999", locality=office.town.la_barca, route=office.town.routes["01-001"], walk_sequence=90
        ),
        tariff_class=office.town.classes["HAB-GEN"], is_metered=False, opened_on=on, by="laura", at=moment(on, 11),
    )  # fmt: skip
    office.agree()
    bill_month(office, FEBRUARY)

    assert not Bill.objects.filter(period=JANUARY, account_id=beto.pk).exists()
    assert office.bill(beto, FEBRUARY).total_cents == FLAT_2019


def test_a_leap_february(office: Office) -> None:
    """Read on 29 February 2020, issued on the 14th with fifteen days to pay: due on the 29th itself."""
    chuy, period = office.town.chuy, 202002
    office.assess(period)
    run = office.issue(office.computed(period, on=date(2020, 2, 14)))

    assert run.due_on == date(2020, 2, 29)
    days = {date(2020, 2, 29): 0, date(2020, 3, 1): 1, date(2020, 3, 31): 1, date(2020, 4, 1): 2}
    for on, months in days.items():
        assert office.owes(chuy, on) == FLAT_2019 + (FLAT_2019 * months + 50) // 100
    assert office.pay(chuy, FLAT_2019, on=date(2020, 2, 29))["balance_cents"] == 0


def test_a_meter_read_on_leap_day_counts_twenty_nine_days_before_and_twenty_five_after(
    office: Office,
) -> None:
    espiga = office.town.espiga
    for period, day, value in ((202001, 31, 4500), (202002, 29, 4529), (202003, 25, 4554)):
        office.town.read(espiga, period=period, value=value, day=day)
        office.assess(period)
        office.issue(office.computed(period))

    found = [
        (office.bill(espiga, period).days, office.bill(espiga, period).consumption_m3)
        for period in (202002, 202003)
    ]
    assert found == [(29, 29), (25, 25)]


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2019, 1, 31), 0),
        (date(2019, 2, 1), 1),
        (date(2019, 2, 28), 1),
        (date(2019, 3, 1), 2),
        (date(2019, 12, 31), 11),
        (date(2020, 1, 1), 12),
    ],
)
def test_due_on_the_last_day_of_a_month(office: Office, on: date, months: int) -> None:
    """December's bills are due on 31 January; each month or fraction after it is 1 % of 130.09."""
    chuy = office.town.chuy
    office.read(DECEMBER, espiga=ESPIGA_DIALS[DECEMBER])
    office.assess(DECEMBER)
    office.issue(office.computed(DECEMBER, due_on=date(2019, 1, 31)))

    owed = FLAT_2018 + (FLAT_2018 * months + 50) // 100
    assert office.owes(chuy, on) == owed
    receipt = office.pay(chuy, owed, on=on)
    assert (receipt["surcharge_cents"], receipt["balance_cents"]) == (owed - FLAT_2018, 0)


def test_half_past_eleven_at_night_is_still_today(office: Office) -> None:
    """In Greenwich it is the 17th already; in La Barca it is the 16th, the last day to pay."""
    chuy, greenwich = office.town.chuy, ZoneInfo("UTC")
    office.read(DECEMBER, espiga=ESPIGA_DIALS[DECEMBER])
    office.assess(DECEMBER)
    office.issue(office.computed(DECEMBER))
    paid_at = datetime(2019, 1, 17, 5, 30, tzinfo=greenwich)
    session = counter.session(date(2019, 1, 16))
    words = {
        "session": session, "parts": [cashier.AccountPart(chuy, FLAT_2018)],
        "tenders": [cashier.TenderPart("cash", FLAT_2018)], "by": "veronica",
    }  # fmt: skip

    with pytest.raises(cashier.CannotTakePayment, match="es del 16/01/2019"):
        cashier.take_payment(at=paid_at + timedelta(minutes=31), key=uuid4(), **words)
    assert not Payment.objects.exists()
    taken = cashier.take_payment(at=paid_at, key=uuid4(), **words)
    receipt = taken["payments"][0]
    assert (receipt["surcharge_cents"], receipt["balance_cents"]) == (0, 0)
    office.agree()


def test_a_book_that_comes_between_computing_and_issuing_waits_for_the_next_run(office: Office) -> None:
    """The council raises the flat rate from 15 January; January was computed under the book it was opened with."""
    chuy = office.town.chuy
    office.read(JANUARY, espiga=ESPIGA_DIALS[JANUARY])
    office.assess(JANUARY)
    run = office.computed(JANUARY)
    raised = (
        of.shipped("la-barca-demo-2019")
        .replace('code = "la-barca-demo-2019"', 'code = "reforma-2019"')
        .replace("effective_from = 2019-01-01", "effective_from = 2019-01-15")
        .replace('flat = "110.00"', 'flat = "118.00"')
    )
    of.publish_text(raised.encode())
    run = office.issue(run)

    assert run.book.code == "la-barca-demo-2019"
    assert office.bill(chuy, JANUARY).total_cents == FLAT_2019
    # what is done to that bill later goes by its run's book as well
    office.cancel_bill(chuy, JANUARY, on=date(2019, 2, 4))
    assert office.rebill(chuy, JANUARY, on=date(2019, 2, 4)).total_cents == FLAT_2019
    bill_month(office, FEBRUARY)
    assert office.bill(chuy, FEBRUARY).total_cents == 118_00 + 23_60 + 3_54


def test_a_run_that_is_thrown_away_takes_the_book_of_its_day_when_opened_again(office: Office) -> None:
    office.read(JANUARY, espiga=ESPIGA_DIALS[JANUARY])
    office.assess(JANUARY)
    run = office.computed(JANUARY)
    raised = (
        of.shipped("la-barca-demo-2019")
        .replace('code = "la-barca-demo-2019"', 'code = "reforma-2019"')
        .replace("effective_from = 2019-01-01", "effective_from = 2019-01-15")
        .replace('flat = "110.00"', 'flat = "118.00"')
    )
    of.publish_text(raised.encode())
    billing.discard(run=run, by="salas", at=moment(run.issued_on), reason="Cambió la tarifa")
    run = office.issue(office.computed(JANUARY))

    assert run.book.code == "reforma-2019"
    assert office.bill(office.town.chuy, JANUARY).total_cents == 118_00 + 23_60 + 3_54
