"""The board of the day: who goes on time, who is behind, what was told last."""

from datetime import date, time

import pytest
from tests.town.cast import Town, moment

from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork import policy, queries
from caudal.fieldwork.models import Device, EventOutcome
from caudal.fieldwork.policy import Pace
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.street import CENTER, TODAY


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (time(7, 59), 0),
        (time(8), 0),
        (time(9), 10),
        (time(11, 30), 35),
        (time(15), 70),
        (time(20), 70),
        (None, 70),
    ],
)
def test_a_round_of_seventy_goes_on_at_ten_an_hour(hour: time | None, expected: int) -> None:
    """From 8 to 15 h there are seven hours."""
    assert policy.expected(n=70, hour=hour) == expected


@pytest.mark.parametrize(
    ("done", "expected", "pace"),
    [
        (28, 35, Pace.ON_TIME),  # seven behind, a tenth of seventy
        (27, 35, Pace.LATE),
        (70, 35, Pace.COMPLETE),
        (69, 70, Pace.LATE),  # the day is over and one is left
        (0, 0, Pace.ON_TIME),
    ],
)
def test_a_tenth_behind_is_nobodys_fault(done: int, expected: int, pace: Pace) -> None:
    assert policy.pace(done=done, n=70, expected=expected) is pace


def test_a_hundred_in_a_hundred_is_all_of_it() -> None:
    """199 of 200 is 99.5 %: not all yet, so 99."""
    assert [policy.percent(done=done, n=200) for done in (0, 1, 199, 200)] == [0, 0, 99, 100]


@pytest.mark.parametrize("typed", ["REC-000012", "rec 12", " 12 ", "rec-12"])
def test_a_folio_is_understood_as_it_is_said(typed: str) -> None:
    assert policy.read_folio(typed, "REC-") == "REC-000012"
    assert policy.read_folio("nada", "REC-") == "NADA"


@pytest.mark.django_db
def test_the_late_go_first_and_each_says_how_far_it_is(town: Town) -> None:
    """At 11:30, half the day: of five meters, 2 are expected (5 × 210 / 420 = 2.5). Beto has done none of his five,
    Julián two of his; the ranch's order is done and complete."""
    beto = street.crew()
    mine = street.plan(town, name="Centro")
    street.done(mine, 2, moment(TODAY, 9))
    street.plan(town, name="Orilla", assigned_to=beto)
    order = street.order(town.rancho)
    whole = street.plan(town, name="Rancho", kind="orders", stops=[fieldwork.StopPlan("order", order.folio)])
    street.done(whole, 1, moment(TODAY, 10), "not_done")

    rows = queries.board(on=TODAY, at=moment(TODAY, 11, 30))
    assert [(row.name, row.pace, row.done, row.n, row.percent, row.expected) for row in rows] == [
        ("Orilla", Pace.LATE, 0, 5, 0, 2),
        ("Centro", Pace.ON_TIME, 2, 5, 40, 2),
        ("Rancho", Pace.COMPLETE, 1, 1, 100, 0),
    ]
    assert [(row.person, row.pending, row.not_done) for row in rows] == [
        ("Beto Nuño Plascencia", 5, 0), ("Julián Ramírez López", 3, 0), ("Julián Ramírez López", 0, 1),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_last_news_is_when_it_came_and_the_phone_when_it_spoke(town: Town) -> None:
    planned = street.plan(town)
    first, second = planned.stops.order_by("sequence")[:2]
    street.told(first, moment(TODAY, 9), "read")
    street.told(second, moment(TODAY, 9, 40), "read")
    Device.objects.update(last_seen_at=moment(TODAY, 10))

    (row,) = queries.board(on=TODAY, at=moment(TODAY, 10))
    assert (row.last_at, row.seen_at) == (moment(TODAY, 9, 40), moment(TODAY, 10))


@pytest.mark.django_db
def test_what_was_left_of_other_days_is_not_forgotten(town: Town) -> None:
    """Yesterday's three meters that were left are late today; what was canceled is on its day, and says so."""
    yesterday = date(2019, 2, 24)
    old = street.plan(town, on=yesterday, name="Ayer")
    street.done(old, 2, moment(yesterday, 9))
    gone = street.plan(town, name="Lluvia")
    fieldwork.cancel_round(round=gone, reason="llueve", at=moment(TODAY, 8), by="laura")

    (row,) = queries.left_behind(on=TODAY, at=moment(TODAY, 9))
    assert (row.name, row.pace, row.pending, row.expected) == ("Ayer", Pace.LATE, 3, 5)
    assert [(row.name, row.pace) for row in queries.board(on=TODAY, at=moment(TODAY, 9))] == [
        ("Lluvia", Pace.CANCELED)
    ]


@pytest.mark.django_db
def test_who_may_be_sent_says_what_each_has_left(town: Town) -> None:
    street.crew()
    planned = street.plan(town)
    street.done(planned, 2, moment(TODAY, 9))
    found = [(each.username, each.role, each.rounds, each.pending) for each in queries.workers(on=TODAY)]
    assert found == [("beto", "cuadrilla", 0, 0), ("julian", "lecturista", 1, 3)]


@pytest.mark.django_db
def test_a_stop_shows_the_latest_that_was_applied_with_its_proofs(town: Town) -> None:
    """Lupita's meter, told from 111 m to the north; at La Espiga something was set aside."""
    point = town.point(town.lupita)
    point.latitude_e6, point.longitude_e6 = CENTER
    point.save()
    planned = street.plan(town)
    lupita, espiga = planned.stops.order_by("sequence")[:2]
    event = street.told(lupita, moment(TODAY, 9), "read", (20_281_000, -102_550_000), value=969)
    street.shot(event, "dial")
    wrong = street.told(espiga, moment(TODAY, 9, 5), "read", value=1)
    EventOutcome.objects.create(
        event=wrong, kind="conflict", reason="ya tenía otra", at=moment(TODAY, 10), by="julian"
    )

    first, second, *rest = queries.stops_of(round=planned)
    assert (first.what, first.address, first.outcome_word, first.distance_m, first.accuracy_m, first.body) == (
        "lectura", "Morelos 293", "leído", 111, 8, {"value": 969},
    )  # fmt: skip
    assert [shot.role for shot in first.photos] == [
        "dial"
    ] and second.set_aside == "en conflicto: ya tenía otra"
    assert [row.outcome_word for row in rest] == ["pendiente"] * 3


@pytest.mark.django_db
def test_a_paper_says_how_it_was_delivered(town: Town) -> None:
    """Lupita's bill: nobody home in the morning, delivered to a neighbor in the afternoon. The last one counts."""
    stops = [fieldwork.StopPlan("bill", "010293-201901", town.point(town.lupita))]
    morning = street.plan(town, kind="delivery", stops=stops)
    street.told(morning.stops.get(), moment(TODAY, 9), "not_delivered", notes="cerrado")
    later = street.plan(town, kind="delivery", stops=stops, name="segunda vuelta")
    event = street.told(later.stops.get(), moment(TODAY, 13), "delivered", CENTER, receiver="vecino")
    street.shot(event)

    found = queries.deliveries(subject_kind="bill", folios=["010293-201901", "010117-201901"])
    assert list(found) == ["010293-201901"]
    proof = found["010293-201901"]
    assert (proof.outcome_word, proof.at, proof.by, proof.round_folio, proof.place, len(proof.photos)) == (
        "entregado", moment(TODAY, 13), "julian", later.folio, CENTER, 1,
    )  # fmt: skip
    assert len(queries.photos_of_subject(kind="bill", folio="010293-201901")) == 1


@pytest.mark.django_db
def test_waiting_orders_go_by_urgency_then_by_when_they_are_due(town: Town) -> None:
    leak = street.order(town.lupita, kind="leak", priority=1)
    due = street.order(town.espiga, due_at=moment(TODAY, 12))
    plain = street.order(town.school)
    old = street.order(town.hotel, kind="leak", at=moment(date(2019, 2, 20), 8))
    street.plan(town, kind="orders", stops=[fieldwork.StopPlan("order", plain.folio)])
    canceled = street.order(town.lot)
    fieldwork.cancel_order(order=canceled, reason="x", at=moment(TODAY, 9), by="laura")

    def folios(**said: object) -> list[str]:
        return [each.folio for each in queries.pending_orders(**said)]

    assert folios() == [leak.folio, due.folio, old.folio, plain.folio]
    assert folios(kinds=["leak"]) == [leak.folio, old.folio]
    assert folios(priority=2) == [leak.folio]
    assert folios(older_than_days=5, on=TODAY) == [old.folio]
    assert folios(due_by=moment(TODAY, 23)) == [due.folio]
    assert folios(only_waiting=True) == [leak.folio, due.folio, old.folio]
    rows = {row.folio: row for row in queries.order_rows(orders=queries.orders(), at=moment(TODAY, 13))}
    assert (rows[old.folio].age_days, rows[due.folio].is_overdue) == (5, True)
    assert [rows[each.folio].state for each in (leak, plain, canceled)] == [
        "por programar",
        "en recorrido",
        "cancelada",
    ]


@pytest.mark.django_db
def test_folios_nobody_has_are_refused(town: Town) -> None:
    with pytest.raises(queries.UnknownRound, match="REC-99"):
        queries.round_by_folio(folio="REC-99")
    with pytest.raises(queries.UnknownOrder, match="OT-99"):
        queries.order_by_folio(folio="OT-99")
    order = street.order(town.lupita, origin_kind="case", origin_folio="REP-000001")
    assert queries.order_by_folio(folio="ot 1") == order
    assert queries.orders_of(origin_kind="case", origin_folio="REP-000001") == [order]
    assert queries.orders_of_account(account_id=town.lupita.pk) == [order]
