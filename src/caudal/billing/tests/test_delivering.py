"""January's bills go to their doors: who carries which route, and what is left after a first try."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from tests.town.cast import Town

from caudal.billing import cli, queries
from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun
from caudal.billing.tests import months
from caudal.billing.tests.months import JANUARY, LAURA
from caudal.fieldwork.models import Round, Stop
from caudal.registry.models import Account

FIRST_OF_FEBRUARY = date(2019, 2, 1)


@pytest.fixture
def run(january: Town) -> BillingRun:
    return months.issued(january, JANUARY)


def deliver(run: BillingRun, **instead: object) -> list[Round]:
    told = {"on": FIRST_OF_FEBRUARY, "carriers": ["julian"], "at": months.after(JANUARY), "by": LAURA}
    return billing.plan_delivery(run=run, **told | instead)  # type: ignore[arg-type]


def folios(rounds: list[Round]) -> list[str]:
    return [
        stop.subject_folio for each in rounds for stop in Stop.objects.filter(round=each).order_by("sequence")
    ]


def test_each_route_is_a_round_in_the_order_it_is_walked(run: BillingRun) -> None:
    rounds = deliver(run)

    told = [(each.kind, each.name, each.route.code if each.route else "") for each in rounds]
    codes = sorted({code for _, _, code in told})
    assert told == [("delivery", f"Recibos de enero 2019, ruta {code}", code) for code in codes]
    assert "201901-010293" in folios(rounds)
    assert len(folios(rounds)) == len(set(folios(rounds))) == Bill.objects.filter(period=JANUARY).count()
    for each in rounds:
        walked = [
            stop.service_point.walk_sequence
            for stop in each.stops.select_related("service_point").order_by("sequence")
        ]
        assert walked == sorted(walked)


def test_what_is_out_or_delivered_is_not_taken_again_and_what_was_not_is(run: BillingRun) -> None:
    rounds = deliver(run)
    everything = folios(rounds)
    with pytest.raises(billing.CannotPlanDelivery, match="Ya no hay recibos por llevar"):
        deliver(run)

    Stop.objects.filter(round__in=rounds).update(outcome="delivered", done_at=months.after(JANUARY))
    Stop.objects.filter(subject_folio="201901-010117").update(outcome="not_delivered")

    again = deliver(run, on=date(2019, 2, 2))
    assert folios(again) == ["201901-010117"] and "201901-010117" in everything


def test_one_route_at_a_time_and_two_people_in_turn(run: BillingRun) -> None:
    routes = sorted({each.route.code for each in deliver(run) if each.route})
    Round.objects.update(canceled_at=months.after(JANUARY), canceled_by=LAURA, canceled_reason="Llovía")

    only = deliver(run, routes=routes[:1])
    assert [each.route.code for each in only if each.route] == routes[:1]


@pytest.mark.parametrize(
    ("instead", "why"),
    [({"carriers": []}, "Falta quién los entrega"), ({"carriers": ["nadie"]}, "No hay nadie que se llame")],
)
def test_nobody_carries_them(run: BillingRun, instead: dict[str, object], why: str) -> None:
    with pytest.raises(billing.CannotPlanDelivery, match=why):
        deliver(run, **instead)
    assert not Round.objects.exists()


def test_each_route_is_given_to_somebody_or_waits(run: BillingRun) -> None:
    before = {each.code: each for each in queries.delivery_by_route(run=run)}
    first, *others = sorted(before)
    (made,) = billing.plan_delivery_of_routes(
        run=run, on=FIRST_OF_FEBRUARY, carriers={first: "julian"}, at=months.after(JANUARY), by=LAURA
    )
    assert (made.route.code if made.route else "", made.assigned_to.username) == (first, "julian")
    assert made.stops.count() == before[first].bills == before[first].waiting

    after = {each.code: each for each in queries.delivery_by_route(run=run)}
    assert (after[first].out, after[first].waiting) == (before[first].bills, 0)
    assert [after[code].waiting for code in others] == [before[code].bills for code in others]


def test_how_far_each_bill_is(run: BillingRun) -> None:
    """One left, one refused, one brought back, one taken again, one canceled and billed anew."""
    rounds = deliver(run)
    stops = Stop.objects.filter(round__in=rounds)
    total = stops.count()
    told = {"201901-010293": "delivered", "201901-010405": "refused", "201901-010512": "not_delivered",
            "201901-010117": "not_delivered"}  # fmt: skip
    for folio, outcome in told.items():
        assert stops.filter(subject_folio=folio).update(outcome=outcome, done_at=months.after(JANUARY)) == 1
    deliver(run, on=date(2019, 2, 2))  # the two that came back
    Stop.objects.filter(subject_folio="201901-010117", outcome="").update(
        outcome="not_delivered", done_at=months.after(JANUARY)
    )

    rows = queries.delivery_by_route(run=run)
    assert sum(each.bills for each in rows) == total
    assert sum(each.delivered for each in rows) == sum(each.refused for each in rows) == 1
    assert sum(each.told for each in rows) == 2
    assert sum(each.brought_back for each in rows) == sum(each.waiting for each in rows) == 1
    assert sum(each.out for each in rows) == total - 3

    Round.objects.update(canceled_at=months.after(JANUARY), canceled_by=LAURA, canceled_reason="Llovía")
    assert sum(each.waiting for each in queries.delivery_by_route(run=run)) == total


def test_a_bill_made_again_waits_whatever_became_of_the_first(run: BillingRun) -> None:
    stops = Stop.objects.filter(round__in=deliver(run))
    stops.update(outcome="delivered", done_at=months.after(JANUARY))
    account = Account.objects.get(number="010405")
    on, at = FIRST_OF_FEBRUARY, months.after(JANUARY)
    billing.cancel_bill(
        account=account, period=JANUARY, reason="Otra tarifa", authorized_by="salas", on=on, at=at
    )
    billed = stops.count()
    assert sum(each.bills for each in queries.delivery_by_route(run=run)) == billed - 1

    billing.rebill(account=account, period=JANUARY, by=LAURA, on=on, at=at)
    rows = queries.delivery_by_route(run=run)
    assert (sum(each.bills for each in rows), sum(each.waiting for each in rows)) == (billed, 1)
    assert folios(deliver(run, on=date(2019, 2, 2))) == ["201901-010405-2"]


def test_before_they_are_issued_there_is_nothing_to_deliver(january: Town) -> None:
    computed = months.computed(january, JANUARY)
    with pytest.raises(billing.CannotPlanDelivery, match="aún no hay recibos que entregar"):
        deliver(computed)
    assert queries.delivery_by_route(run=computed) == []


def test_from_the_terminal(run: BillingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-02-01T09:00")
    told = CliRunner().invoke(cli.billing, ["deliver", str(run.pk), "julian", "--json"])
    assert told.exit_code == 0, told.output
    rows = json.loads(told.output)
    assert {row["carrier"] for row in rows} == {"julian"}
    assert sum(row["stops"] for row in rows) == Bill.objects.filter(period=JANUARY).count()
