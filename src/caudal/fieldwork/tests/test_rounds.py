"""A person, a day, a list of stops: planned, passed on, split, called off."""

from datetime import date

import pytest
from tests.town.cast import Town, moment

from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Round, RoundAssignment, Stop
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.street import CENTER, TODAY
from caudal.kernel.models import AuditEntry, Folio

pytestmark = pytest.mark.django_db


def _walk(round: Round) -> list[tuple[int, str]]:
    return list(round.stops.order_by("sequence").values_list("sequence", "subject_folio"))


def test_a_round_keeps_the_order_it_was_planned_in(town: Town) -> None:
    """Five meters: Lupita, La Espiga, the school, the hotel and La Ponderosa, in that order."""
    planned = street.plan(town, route=town.routes["01-001"], period=201902)

    points = [str(town.point(each).pk) for each in town.metered]
    assert (planned.folio, planned.assigned_to, planned.period) == ("REC-000001", town.julian, 201902)
    assert _walk(planned) == list(enumerate(points, start=1))
    assert list(planned.assignments.values_list("clerk__username", "by", "reason")) == [
        ("julian", "laura", "")
    ]
    line = AuditEntry.objects.get(act="plan_round")
    assert line.after == {"kind": "reading", "on": "2019-02-25", "assigned_to": "julian", "stops": 5}


def test_a_stop_without_a_place_of_its_own_takes_that_of_its_point(town: Town) -> None:
    point = town.point(town.lupita)
    point.latitude_e6, point.longitude_e6 = CENTER
    point.save()
    own = fieldwork.StopPlan("reading", "9", town.point(town.hotel), 20_281_000, -102_551_000)
    planned = street.plan(town, stops=[*street.readings(town, [town.lupita, town.espiga]), own])

    places = planned.stops.order_by("sequence").values_list("latitude_e6", "longitude_e6")
    assert list(places) == [CENTER, (None, None), (20_281_000, -102_551_000)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"stops": []}, "stops"),
        ({"kind": "swim"}, "kind"),
        ({"assigned_to": "veronica"}, "to"),
        ({"stops": [fieldwork.StopPlan("bill", "B-1"), fieldwork.StopPlan("bill", "B-1")]}, "stops"),
        ({"stops": [fieldwork.StopPlan("order", "OT-000099")]}, "stops"),
    ],
)
def test_a_round_that_cannot_be_walked_is_not_planned(town: Town, wrong: dict, field: str) -> None:
    if "assigned_to" in wrong:
        wrong = {"assigned_to": town.veronica}
    with pytest.raises(fieldwork.CannotPlanRound) as refused:
        street.plan(town, **wrong)
    assert refused.value.field == field
    assert not Round.objects.exists() and not Folio.objects.filter(series="recorrido").exists()


def test_a_route_is_read_once_a_day_until_its_round_is_canceled(town: Town) -> None:
    told = {"route": town.routes["01-001"], "period": 201902}
    first = street.plan(town, **told)
    with pytest.raises(
        fieldwork.CannotPlanRound, match="01-001 ya tiene su recorrido de lectura del 25/02/2019"
    ):
        street.plan(town, **told)
    assert Round.objects.count() == 1

    fieldwork.cancel_round(round=first, reason="llueve", at=moment(TODAY, 8), by="laura")
    assert street.plan(town, **told).folio == "REC-000002"


def test_an_order_is_in_the_hands_of_one_person_at_a_time(town: Town) -> None:
    """Julián has the leak; Beto cannot be sent to it too, until the round is called off."""
    leak = street.order(town.lupita, kind="leak")
    stops = [fieldwork.StopPlan("order", leak.folio)]
    mine = street.plan(town, kind="orders", stops=stops)
    with pytest.raises(fieldwork.CannotPlanRound, match="OT-000001 ya va en el recorrido REC-000001"):
        street.plan(town, kind="orders", stops=stops, assigned_to=street.crew())

    fieldwork.cancel_round(round=mine, reason="se enfermó", at=moment(TODAY, 8), by="laura")
    assert street.plan(town, kind="orders", stops=stops, assigned_to=street.crew()).folio == "REC-000002"


def test_a_round_passes_to_another_person_with_what_was_done_of_it(town: Town) -> None:
    """Julián read two of five and his motorcycle broke down: Beto goes on with three."""
    planned, beto = street.plan(town), street.crew()
    street.done(planned, 2, moment(TODAY, 9))
    fieldwork.reassign_round(
        round=planned, to=beto, reason="se descompuso la moto", at=moment(TODAY, 11), by="salas"
    )

    planned.refresh_from_db()
    assert planned.assigned_to == beto and planned.stops.filter(outcome="").count() == 3
    told = RoundAssignment.objects.order_by("id").values_list("clerk__username", "by", "reason")
    assert list(told) == [("julian", "laura", ""), ("beto", "salas", "se descompuso la moto")]
    line = AuditEntry.objects.get(act="reassign_round")
    assert (line.before, line.after) == ({"assigned_to": "julian"}, {"assigned_to": "beto"})


def test_a_round_is_not_passed_to_who_has_it_nor_indoors_nor_when_done(town: Town) -> None:
    planned = street.plan(town)
    for to, why in ((town.julian, "ya lo tiene"), (town.marta, "no trabaja en la calle")):
        with pytest.raises(fieldwork.CannotReassignRound, match=why):
            fieldwork.reassign_round(round=planned, to=to, reason="", at=moment(TODAY, 11), by="salas")
    street.done(planned, 5, moment(TODAY, 14))
    with pytest.raises(fieldwork.CannotReassignRound, match="ya no falta nada"):
        fieldwork.reassign_round(round=planned, to=street.crew(), reason="", at=moment(TODAY, 15), by="salas")
    assert RoundAssignment.objects.count() == 1


def test_what_is_left_goes_to_another_person_under_the_name_the_phones_know(town: Town) -> None:
    """Two of five are read. The other three go to Beto tomorrow, first to third, and keep their codes."""
    planned, beto = street.plan(town, route=town.routes["01-001"], period=201902), street.crew()
    street.done(planned, 2, moment(TODAY, 9))
    codes = list(planned.stops.filter(outcome="").order_by("sequence").values_list("code", flat=True))
    tomorrow = date(2019, 2, 26)
    rest = fieldwork.split_pending(round=planned, to=beto, on=tomorrow, at=moment(TODAY, 15), by="laura")

    assert (rest.name, rest.on, rest.assigned_to, rest.period) == (
        "Lectura centro (resto)",
        tomorrow,
        beto,
        201902,
    )
    assert list(rest.stops.order_by("sequence").values_list("sequence", "code")) == list(
        enumerate(codes, start=1)
    )
    assert planned.stops.count() == 2 and not planned.stops.filter(outcome="").exists()
    assert list(AuditEntry.objects.filter(act="split_round").order_by("id").values_list("object_id", flat=True)) == [
        planned.folio, rest.folio,
    ]  # fmt: skip


def test_part_of_what_is_left_goes_and_a_rest_of_a_rest_is_called_the_same(town: Town) -> None:
    """The last two of five; then both of them again."""
    planned, beto = street.plan(town), street.crew()
    rest = fieldwork.split_pending(round=planned, to=beto, on=TODAY, at=moment(TODAY, 9), by="laura", most=2)
    assert (planned.stops.count(), rest.stops.count()) == (3, 2)
    again = fieldwork.split_pending(round=rest, to=town.julian, on=TODAY, at=moment(TODAY, 10), by="laura")
    assert (again.name, again.stops.count(), rest.stops.count()) == ("Lectura centro (resto)", 2, 0)


def test_nothing_is_split_when_nothing_would_change(town: Town) -> None:
    planned = street.plan(town)
    with pytest.raises(fieldwork.CannotSplitRound, match="ya tiene ese recorrido ese día"):
        fieldwork.split_pending(round=planned, to=town.julian, on=TODAY, at=moment(TODAY, 9), by="laura")
    street.done(planned, 5, moment(TODAY, 9))
    with pytest.raises(fieldwork.CannotSplitRound, match="ya no falta nada"):
        fieldwork.split_pending(round=planned, to=street.crew(), on=TODAY, at=moment(TODAY, 9), by="laura")
    assert Round.objects.count() == 1 and Stop.objects.count() == 5


def test_a_round_is_called_off_only_before_it_begins_and_with_a_reason(town: Town) -> None:
    planned = street.plan(town)
    with pytest.raises(fieldwork.CannotCancelRound) as refused:
        fieldwork.cancel_round(round=planned, reason=" ", at=moment(TODAY, 8), by="laura")
    assert refused.value.field == "reason"
    street.done(planned, 1, moment(TODAY, 9))
    with pytest.raises(fieldwork.CannotCancelRound, match="ya lleva 1 hecho"):
        fieldwork.cancel_round(round=planned, reason="llueve", at=moment(TODAY, 10), by="laura")
    planned.refresh_from_db()
    assert planned.canceled_at is None


def test_a_canceled_round_does_not_move_any_more(town: Town) -> None:
    planned = street.plan(town)
    fieldwork.cancel_round(round=planned, reason="llueve", at=moment(TODAY, 8), by="laura")
    told = {"round": planned, "at": moment(TODAY, 9), "by": "laura"}
    with pytest.raises(fieldwork.CannotReassignRound, match="está cancelado"):
        fieldwork.reassign_round(to=street.crew(), reason="", **told)
    with pytest.raises(fieldwork.CannotSplitRound, match="está cancelado"):
        fieldwork.split_pending(to=street.crew(), on=TODAY, **told)
    with pytest.raises(fieldwork.CannotCancelRound, match="está cancelado"):
        fieldwork.cancel_round(reason="otra vez", **told)
