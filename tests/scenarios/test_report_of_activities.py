"""The report of activities over stories of the town: exact figures, every bullet because it happened, and no other.

What a figure says is asked again of the raw tables, in other words (`raw_figures`).
"""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from caudal.cases import commands as cases
from caudal.kernel.models import Utility
from caudal.outreach import commands as outreach
from caudal.quotes import queries as quotes
from caudal.reports import queries
from caudal.reports.activities.report import Activity, ActivityReport, of_json
from tests.scenarios.raw_figures import raw
from tests.scenarios.test_relief_2019 import early, owe, priced, sign_in_april, surcharges_off
from tests.town import counter
from tests.town.cast import Town, moment

pytestmark = pytest.mark.django_db
__all__ = ["priced"]
APRIL_10 = date(2019, 4, 10)


def year() -> ActivityReport:
    """2019, with every figure of it asked again of the raw tables."""
    report = queries.activity_report(since=date(2019, 1, 1), until=date(2020, 1, 1))
    for month in report.months:
        for activity in month.activities:
            for figure in activity.figures:
                asked = raw(code=activity.code, name=figure.name, since=month.since, until=month.until)
                assert figure.value == asked, (month.title, activity.code, figure.name)
    return report


def codes(report: ActivityReport) -> dict[int, tuple[str, ...]]:
    """The bullets of each month that has any."""
    return {month.period % 100: month.codes for month in report.months if month.codes}


def activity(report: ActivityReport, month: int, code: str) -> Activity:
    return next(each for each in report.months[month - 1].activities if each.code == code)


def figures(report: ActivityReport, month: int, code: str) -> dict[str, int]:
    return {each.name: each.value for each in activity(report, month, code).figures}


def test_where_nothing_happened_there_is_no_bullet(priced: Town) -> None:
    report = year()
    assert codes(report) == {}
    assert [month.title for month in report.months][:2] == [
        "Actividades enero 2019",
        "Actividades febrero 2019",
    ]
    assert report.span == "enero a diciembre 2019"
    assert of_json(report.as_json()) == report


def test_a_campaign_that_nobody_used_is_no_activity(priced: Town) -> None:
    early("PRONTO-15", 150_000, date(2019, 1, 1), date(2019, 2, 28))
    surcharges_off("ABRIL-2019", 4)
    assert codes(year()) == {}


def test_the_counter_by_tender_with_what_was_taken_back(priced: Town) -> None:
    """100.00 + 50.50 + 20.00 − 20.00 (canceled the same day) = 150.50; three people came, one went back."""
    counter.pay(priced.chuy, 10_000, on=date(2019, 1, 8))
    counter.pay(priced.lupita, 5_050, on=date(2019, 1, 9), tender="card")
    wrong = counter.pay(priced.espiga, 2_000, on=date(2019, 1, 9))
    counter.cancel(wrong["receipt_folio"], on=date(2019, 1, 9))
    report = year()
    assert codes(report) == {1: ("counter",)}
    assert figures(report, 1, "counter") == {
        "people": 3, "accounts": 3, "window_cents": 15_050, "cash": 10_000, "card": 5_050, "collected_cents": 15_050,
        "canceled": 1, "canceled_cents": 2_000,
    }  # fmt: skip
    told = activity(report, 1, "counter")
    assert told.sentence == "Atención ciudadana para cobro de servicios y estatus de sus cuentas."
    assert told.told.replace("\N{NO-BREAK SPACE}", " ") == (
        "Se atendió a 3 personas en ventanilla y se cobraron $150.50: $100.00 en efectivo y $50.50 con tarjeta. "
        "Se canceló 1 comprobante por $20.00, ya restados."
    )


def test_a_cancellation_of_another_month_is_told_in_its_month(priced: Town) -> None:
    """What January said stays said: the 20.00 are taken off February, where nobody else paid."""
    wrong = counter.pay(priced.espiga, 2_000, on=date(2019, 1, 31))
    before = figures(year(), 1, "counter")
    counter.cancel(wrong["receipt_folio"], on=date(2019, 2, 1))
    report = year()
    assert figures(report, 1, "counter") == before
    assert figures(report, 2, "counter")["collected_cents"] == -2_000


def test_each_figure_leads_to_its_list_with_the_same_total(priced: Town, enter_as: Any) -> None:
    counter.pay(priced.chuy, 10_000, on=date(2019, 1, 8))
    counter.pay(priced.lupita, 5_050, on=date(2019, 2, 9), tender="card")
    client: Client = enter_as("laura")
    for month in year().months[:2]:
        for figure in month.activities[0].figures:
            page = client.get(figure.href)
            assert page.status_code == 200
            assert figure.said in page.content.decode(), figure.href


def test_the_fifteen_percent_of_january_and_february_in_its_own_words(priced: Town) -> None:
    """Flat home 135.30 a month; 15 % is 20.30. Two months paid in January: 2 × 20.30 = 40.60; paid 2 × 115.00."""
    early("PRONTO-15", 150_000, date(2019, 1, 1), date(2019, 2, 28))
    early("PRONTO-5", 50_000, date(2019, 3, 1), date(2019, 3, 31))
    on = date(2019, 1, 10)
    ahead = quotes.months_ahead(account=priced.chuy, months=2, on=on)
    counter.pay_ahead(priced.chuy, ahead, ahead.total_cents, on=on)
    report = year()
    assert codes(report) == {1: ("counter", "campaign:PRONTO-15")}
    assert figures(report, 1, "campaign:PRONTO-15") == {
        "ahead_accounts": 1, "ahead_months": 2, "ahead_paid_cents": 230_00, "ahead_cents": 40_60,
    }  # fmt: skip
    told = activity(report, 1, "campaign:PRONTO-15")
    assert told.sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "Campaña de descuento durante enero y febrero con el 15 % al usuario por pronto pago."
    )


def test_three_quarters_of_the_surcharges_by_payment_and_by_arrangement(priced: Town) -> None:
    """Each owed 1,000.00 since 13 January: 3 months at 1 % = 30.00, and 75 % of it is 22.50."""
    surcharges_off("ABRIL-2019", 4)
    owe(priced.chuy, 1_000_00)
    owe(priced.espiga, 1_000_00)
    counter.pay(priced.espiga, 1_007_50, on=APRIL_10)
    sign_in_april(priced)
    report = year()
    assert codes(report) == {4: ("counter", "arrangements", "campaign:ABRIL-2019")}
    assert figures(report, 4, "campaign:ABRIL-2019") == {
        "accounts": 2, "granted_cents": 45_00, "by_payment_cents": 22_50, "by_arrangement_cents": 22_50,
    }  # fmt: skip
    assert figures(report, 4, "arrangements") == {
        "signed": 1, "debt_cents": 1_030_00, "down_payment_cents": 307_50, "forgiven_cents": 22_50,
    }  # fmt: skip
    assert activity(report, 4, "campaign:ABRIL-2019").sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "Campaña de descuento del 75 % en recargos, aplicado en convenios y pago en una sola exhibición, durante abril."
    )


def test_what_was_read(priced: Town) -> None:
    """Two dials seen and one that could not be: three meters walked to, one with an observation."""
    priced.read(priced.lupita, period=201901, value=962)
    priced.read(priced.espiga, period=201901, value=4_120)
    priced.read(priced.hotel, period=201901, value=None, code="03")
    report = year()
    assert codes(report) == {1: ("meter_work",)}
    assert figures(report, 1, "meter_work") == {"readings": 2, "unread": 1, "exceptions": 1}
    assert activity(report, 1, "meter_work").sentence == (
        "Inspección, toma y captura de lecturas a medidores en operación."
    )


def test_how_a_campaign_was_told_names_channels_and_places(priced: Town) -> None:
    campaign = early("PRONTO-5", 50_000, date(2019, 3, 1), date(2019, 3, 31))
    on = date(2019, 3, 4)
    for channel, place, quantity, cents in (
        ("radio_spot", "Radio Candela", 12, 3_000_00), ("social_network", "Facebook", 1_500, 0),
        ("loudspeaker_route", "", 18, 900_00),
    ):  # fmt: skip
        action = outreach.plan_action(
            campaign=campaign, at=moment(on, 9), by="laura",
            plan=outreach.Plan(
                channel=channel, title="Descuento de marzo", place=place, planned_from=on,
                planned_to=on + timedelta(days=20), cost_cents=cents,
            ),
        )  # fmt: skip
        outreach.log_entry(
            action=action,
            on=on,
            quantity=quantity,
            cost_cents=cents,
            today=on,
            at=moment(on),
            by="laura",
            key=uuid4(),
        )
    report = year()
    assert codes(report) == {3: ("outreach",)}
    assert figures(report, 3, "outreach") == {
        "actions": 3, "radio_spot": 12, "social_network": 1_500, "loudspeaker_route": 18, "cost_cents": 3_900_00,
    }  # fmt: skip
    assert activity(report, 3, "outreach").sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "La campaña «Pronto pago 5 %» fue anunciada mediante spot de radio en Radio Candela, redes sociales (Facebook) "
        "y perifoneo."
    )


def test_a_report_counts_when_it_is_resolved_and_not_when_it_comes_in(priced: Town) -> None:
    """Opened on 30 August at ten, resolved on 2 September at ten: three days, 72 hours."""
    opened = cases.open_case(
        type="street_leak", channel="window", description="Sale agua de la banqueta", at=moment(date(2019, 8, 30)),
        by="marta", address="Hidalgo 100", neighborhood="Centro",
    )  # fmt: skip
    assert codes(year()) == {}
    cases.resolve_case(case=opened, text="Se reparó la toma", at=moment(date(2019, 9, 2)), by="marta")
    report = year()
    assert codes(report) == {9: ("cases",)}
    assert figures(report, 9, "cases")["answered"] == 1
    assert figures(report, 9, "cases")["hours"] == 72


def test_part_of_a_month_says_which_days_and_counts_only_them(priced: Town) -> None:
    counter.pay(priced.chuy, 10_000, on=date(2019, 1, 8))
    counter.pay(priced.lupita, 5_000, on=date(2019, 1, 20))
    report = queries.activity_report(since=date(2019, 1, 10), until=date(2019, 2, 1))
    [month] = report.months
    assert month.title == "Actividades enero 2019, del 10 al 31"
    assert month.value("counter", "collected_cents") == 5_000
    assert report.span == "10 ene 2019 al 31 ene 2019"


def test_a_year_takes_few_questions(priced: Town, django_assert_max_num_queries: Any) -> None:
    counter.pay(priced.chuy, 10_000, on=date(2019, 1, 8))
    Utility.objects.get_or_create(pk=1, defaults={"name": "SIBAPAS"})
    with django_assert_max_num_queries(30):
        queries.activity_report(since=date(2019, 1, 1), until=date(2020, 1, 1))
