"""January's bills go to their doors: who carries which route, and what is left after a first try."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from tests.town.cast import Town

from caudal.billing import cli
from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun
from caudal.billing.tests import months
from caudal.billing.tests.months import JANUARY, LAURA
from caudal.fieldwork.models import Round, Stop

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


def test_before_they_are_issued_there_is_nothing_to_deliver(january: Town) -> None:
    computed = months.computed(january, JANUARY)
    with pytest.raises(billing.CannotPlanDelivery, match="aún no hay recibos que entregar"):
        deliver(computed)


def test_from_the_terminal(run: BillingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-02-01T09:00")
    told = CliRunner().invoke(cli.billing, ["deliver", str(run.pk), "julian", "--json"])
    assert told.exit_code == 0, told.output
    rows = json.loads(told.output)
    assert {row["carrier"] for row in rows} == {"julian"}
    assert sum(row["stops"] for row in rows) == Bill.objects.filter(period=JANUARY).count()
