"""What was done in the street and what is owed: demands at the door, a leak, a cut and its water, three months of debt."""

from datetime import date, timedelta

import pytest
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cases import commands as cases
from caudal.cases.tests import desk as leaks
from caudal.disconnections.models import ReconnectionOrder
from caudal.disconnections.tests.conftest import books as books
from caudal.disconnections.tests.conftest import july as july
from caudal.disconnections.tests.crew import DAY, cut
from caudal.dunning.tests import collection
from caudal.fieldwork import commands as fieldwork
from caudal.ledger import queries as debts
from caudal.reports.tests.reading_of import figure, rows
from caudal.tariffs import queries as tariffs

pytestmark = pytest.mark.django_db
MONDAY = collection.TODAY  # 11 February 2019


def test_a_demand_says_when_it_was_issued_and_each_visit_what_happened(books: Town) -> None:
    collection.owe(books.chuy, 1_500_00)
    collection.owe(books.espiga, 900_00)
    notices = collection.issue("demand")
    collection.serve(notices[0], "delivered")
    collection.serve(notices[1], "absent")

    asked = ("happened_on", "folio", "stage", "account", "state", "is_served", "debt_cents")
    assert sorted(rows("notices", *asked)) == [
        (MONDAY, each.folio, "demand", each.account.number, "valid", served, each.total_cents)
        for each, served in zip(notices, ("yes", "no"), strict=True)
    ]
    assert sorted(rows("notices_served", "happened_on", "folio", "stage", "outcome", "is_served", "by")) == [
        (MONDAY, notices[0].folio, "demand", "delivered", "yes", "julian"),
        (MONDAY, notices[1].folio, "demand", "absent", "no", "julian"),
    ]
    assert figure("notices_served", "debt_cents", is_served="yes") == notices[0].total_cents


def test_a_leak_is_answered_in_hours_and_on_time_or_not(books: Town) -> None:
    quick, slow = leaks.leak(), leaks.leak(address="Morelos 9", place=(20_290_000, -102_560_000))
    cases.resolve_case(case=quick, text="Se reparó", at=leaks.later(hours=1, minutes=20), by="marta")
    cases.resolve_case(case=slow, text="Se reparó", at=leaks.later(days=5), by="marta")

    assert figure("cases_opened", since=leaks.MONDAY, last=leaks.MONDAY) == 2
    answered = rows(
        "cases_answered", "happened_on", "folio", "type", "hours", "on_time", "was_disputed", "by"
    )
    # an hour and twenty minutes are two hours begun
    assert answered == [
        (leaks.MONDAY, quick.folio, "street_leak", 2, "yes", "no", "marta"),
        (leaks.MONDAY + timedelta(days=5), slow.folio, "street_leak", 120, "no", "no", "marta"),
    ]


def test_what_was_disputed_starts_its_clock_again(books: Town) -> None:
    leak = leaks.leak()
    cases.resolve_case(case=leak, text="Se reparó", at=leaks.later(hours=1), by="marta")
    leak.refresh_from_db()
    cases.dispute_case(case=leak, text="Sigue saliendo", at=leaks.later(days=2))
    leak.refresh_from_db()
    cases.resolve_case(case=leak, text="Se cambió el tubo", at=leaks.later(days=2, hours=5), by="marta")

    assert rows("cases_answered", "hours", "on_time", "was_disputed") == [(1, "yes", "no"), (5, "yes", "yes")]
    assert figure("cases_opened") == 1


def test_a_cut_and_the_water_back_four_hours_after_the_payment(july: Town) -> None:
    result = cut(july.chuy)
    assert rows("cuts", "happened_on", "account", "kind", "seal", "has_incidents", "is_reconnected", "debt_cents") == [
        (DAY, "010117", "cut", "S-77", "no", "no", result.debt_cents)
    ]  # fmt: skip
    assert figure("reconnections") == 0

    counter.pay(july.chuy, 400_00, on=DAY, hour=12)
    water = ReconnectionOrder.objects.get()
    fieldwork.record_order_result(
        order=water.field_order, done_at=moment(DAY, 16), at=moment(DAY, 16), by="julian",
        told=fieldwork.Told(is_done=True, answers={"flows": "yes"}),
    )  # fmt: skip

    assert rows("cuts", "is_reconnected") == ["yes"]
    assert rows("reconnections", "happened_on", "order", "cause", "hours", "on_time", "fee_cents") == [
        (DAY, water.folio, "payment", 4, "yes", 475_60)
    ]


def test_who_owes_what_is_past_due_and_how_old_each_month_is(july: Town) -> None:
    """March, April and May were due on the 15th of the month after: on 20 June, 66, 36 and 5 days ago."""
    on = date(2019, 6, 20)

    old = rows("overdue_periods", "period", "age_days", "bucket", "overdue_cents", last=on, account="010117")
    assert sorted(old) == [
        (201903, 66, "0061", 100_00), (201904, 36, "0031", 100_00), (201905, 5, "0001", 100_00),
    ]  # fmt: skip
    assert rows(
        "overdue", "oldest_period", "periods", "bucket", "overdue_cents", last=on, account="010117"
    ) == [(201903, 3, "0061", 300_00)]
    # five owe the same; the ledger says of each the same without the surcharges of the day
    assert (
        figure("overdue", "overdue_cents", last=on)
        == figure("overdue_periods", "overdue_cents", last=on)
        == 1_500_00
    )
    told = debts.statement(account_id=july.chuy.pk, on=on, terms=tariffs.terms_on(on=on))
    assert told.overdue_cents - sum(each.surcharge_cents for each in told.periods) == 300_00
    # what is not due yet is not there: on 15 May, March and April, and of April it is its last day
    assert figure("overdue", "overdue_cents", last=date(2019, 5, 15), account="010117") == 100_00


def test_active_services_say_which_are_metered_and_how_their_meter_is(july: Town) -> None:
    found = dict(rows("active_services", "account", "is_metered", last=DAY))
    assert found == {
        each.number: "yes" if each in july.metered else "no" for each in july.accounts
    }  # fmt: skip
    cut(july.chuy)
    assert rows("active_services", "state", last=DAY + timedelta(days=1), account="010117") == ["cut"]
    july.read(july.espiga, period=201907, value=None, code="05")
    assert rows("active_services", "meter_state", last=date(2019, 8, 31), account="010405") == ["broken"]
