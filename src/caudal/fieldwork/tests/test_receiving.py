"""Julián delivers bills in the street. What his phone tells is kept once, and applied once or set aside."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from tests.town.cast import Town, moment

from caudal.fieldwork import applying, commands, queries, receiving
from caudal.fieldwork.commands import StopPlan
from caudal.fieldwork.commands.orders import CannotRecordResult
from caudal.fieldwork.events import ConflictFound, EventApplied, OrderDone
from caudal.fieldwork.models import EventOutcome, FieldEvent, OrderResult, Round, Stop
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import Telephone, telephone_of
from caudal.kernel import events
from caudal.kernel.models import AuditEntry

NOON = moment(street.TODAY, 12)
LATER = moment(street.TODAY, 18)


def deliveries(town: Town, **said: Any) -> Round:
    plans = [StopPlan("bill", f"F-{each.number}", town.point(each)) for each in town.metered]
    return street.plan(town, kind="delivery", name="Entrega centro", stops=plans, **said)


def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Everything that is announced, and nobody else hears it."""
    told: list[Any] = []
    monkeypatch.setattr(events, "announce", told.append)
    return told


@pytest.fixture
def phone(town: Town) -> Telephone:
    return telephone_of(town.julian, at=moment(street.TODAY))


@pytest.fixture
def stops(town: Town) -> list[Stop]:
    return list(deliveries(town).stops.order_by("sequence"))


def test_a_delivery_is_kept_applied_and_announced(
    phone: Telephone, stops: list[Stop], monkeypatch: pytest.MonkeyPatch
) -> None:
    news = heard(monkeypatch)
    told = phone.delivers(stops[0], NOON)

    [answer] = phone.sends(told, at=LATER)

    assert answer.as_dict() == {"id": told["id"], "state": "applied", "why": ""}
    event = FieldEvent.objects.get()
    assert (str(event.pk), event.happened_at, event.received_at) == (told["id"], NOON, LATER)
    assert (event.latitude_e6, event.longitude_e6, event.accuracy_m) == (20_280_000, -102_550_000, 8)
    stops[0].refresh_from_db()
    assert (stops[0].outcome, stops[0].done_at) == ("delivered", NOON)
    assert [(type(each), each.outcome) for each in news] == [(EventApplied, "delivered")]


def test_the_same_event_twice_is_once_and_says_so(phone: Telephone, stops: list[Stop]) -> None:
    told = phone.delivers(stops[0], NOON)
    phone.sends(told, at=LATER)

    [again] = phone.sends(told, at=LATER + timedelta(hours=1))

    assert again.state == "repeated"
    assert FieldEvent.objects.count() == EventOutcome.objects.count() == 1


def test_the_same_id_with_another_story_keeps_the_first(phone: Telephone, stops: list[Stop]) -> None:
    told = phone.delivers(stops[0], NOON)
    phone.sends(told, at=LATER)

    [answer] = phone.sends(told | {"body": {"outcome": "refused"}}, at=LATER)

    assert (answer.state, answer.why) == (
        "other_content",
        "Ya había llegado con otro contenido. Se conserva el primero.",
    )
    assert FieldEvent.objects.get().body["outcome"] == "delivered"
    kept = AuditEntry.objects.get(act="tell_another_story")
    assert kept.after["body"] == {"outcome": "refused"}  # the second story is not lost either


@pytest.mark.parametrize("cut", ["half", "all but its last byte", "nothing of the last"])
def test_a_batch_cut_anywhere_keeps_its_whole_lines(phone: Telephone, stops: list[Stop], cut: str) -> None:
    told = [phone.delivers(each, NOON) for each in stops[:3]]
    lines = [phone.line(each) for each in told]
    body = b"\n".join(lines) + b"\n"
    at = {
        "half": len(lines[0]) + 40,
        "all but its last byte": len(body) - 2,
        "nothing of the last": len(body),
    }[cut]

    read = receiving.split(body[:at])
    commands.receive_events(device=phone.device, lines=read.whole, at=LATER)

    kept = {str(each) for each in FieldEvent.objects.values_list("pk", flat=True)}
    whole = {"half": 1, "all but its last byte": 2, "nothing of the last": 3}[cut]
    assert kept == {each["id"] for each in told[:whole]}
    assert read.is_cut == (cut != "nothing of the last")


def test_a_batch_cut_at_each_byte_never_loses_nor_invents_a_line() -> None:
    lines = [json.dumps({"id": n, "data": "é" * n}).encode() for n in range(4)]
    body = b"\n".join(lines) + b"\n"
    for at in range(len(body) + 1):
        read = receiving.split(body[:at])
        ended = body[:at].count(b"\n")
        is_whole = ended < len(lines) and body[:at].endswith(lines[ended])
        assert read.whole == lines[: ended + is_whole]
        assert read.is_cut == (bool(body[:at].split(b"\n")[-1]) and not is_whole)


def test_what_is_no_envelope_is_kept_as_it_came(phone: Telephone) -> None:
    lines = [b"{not json", b"[1]", b'{"id": "\\u0000", "key": 3}', b"\xff\xfe\x00"]

    answers = commands.receive_events(device=phone.device, lines=lines + lines, at=LATER)

    assert [each.state for each in answers] == ["quarantined"] * 4 + ["repeated"] * 4
    assert {each.why for each in answers} == {receiving.NO_EVENT}
    kept = FieldEvent.objects.values_list("body__sealed", flat=True)
    assert set(kept) == {"{not json", "[1]", '{"id": "\\u0000", "key": 3}', "\\xff\\xfe\ufffd"}


def test_a_changed_byte_is_noticed(phone: Telephone, stops: list[Stop]) -> None:
    envelope = phone.sealed(phone.delivers(stops[0], NOON))
    envelope["data"] = ("A" if envelope["data"][0] != "A" else "B") + envelope["data"][1:]

    [answer] = commands.receive_events(device=phone.device, lines=[json.dumps(envelope).encode()], at=LATER)

    assert (answer.id, answer.state, answer.why) == (envelope["id"], "quarantined", receiving.NO_EVENT)
    assert not Stop.objects.exclude(outcome="").exists()


@pytest.mark.parametrize(
    ("lat", "lon"), [(40.71, -74.0), (0, 0), (-33.4, -70.6), (91, 0), (20.2, None), ("norte", 3)]
)
def test_a_place_in_another_country_is_set_aside(
    phone: Telephone, stops: list[Stop], lat: Any, lon: Any
) -> None:
    [answer] = phone.sends(phone.delivers(stops[0], NOON, lat=lat, lon=lon), at=LATER)

    assert (answer.state, answer.why) == ("quarantined", receiving.NO_PLACE)
    stops[0].refresh_from_db()
    assert stops[0].outcome == ""


def test_without_a_signal_there_is_no_place_and_that_is_all(phone: Telephone, stops: list[Stop]) -> None:
    told = phone.delivers(stops[0], NOON, lat=None, lon=None, accuracy=None)
    assert [each.state for each in phone.sends(told, at=LATER)] == ["applied"]
    assert FieldEvent.objects.get().latitude_e6 is None


@pytest.mark.parametrize("years", [-3, -1, 1, 3])
def test_a_clock_years_away_is_corrected_by_what_it_heard(
    phone: Telephone, stops: list[Stop], years: int
) -> None:
    wrong = timedelta(days=365 * years)
    told = phone.delivers(stops[0], NOON + wrong, clock_offset=-wrong.total_seconds())

    phone.sends(told, at=LATER)

    event = FieldEvent.objects.get()
    assert (event.taken_at, event.happened_at) == (NOON + wrong, NOON)


@pytest.mark.parametrize("years", [-3, 3])
def test_a_clock_years_away_that_never_heard_ours_is_when_it_came(
    phone: Telephone, stops: list[Stop], years: int
) -> None:
    told = phone.delivers(stops[0], NOON + timedelta(days=365 * years))
    del told["clock_offset"]

    phone.sends(told, at=LATER)

    assert FieldEvent.objects.get().happened_at == LATER


@pytest.mark.parametrize("hour", [None, "ayer", "2019-02-25T12:00:00", "9999-12-31T23:59:59-12:00", 12])
def test_an_hour_nobody_can_read_is_set_aside(phone: Telephone, stops: list[Stop], hour: Any) -> None:
    [answer] = phone.sends(phone.delivers(stops[0], NOON) | {"taken_at": hour}, at=LATER)

    assert (answer.state, answer.why) == ("quarantined", receiving.NO_HOUR)
    assert FieldEvent.objects.get().happened_at == LATER


def test_the_order_they_come_in_does_not_matter(phone: Telephone, stops: list[Stop]) -> None:
    """Absent at noon, delivered at one: the second came first."""
    first = phone.delivers(stops[0], NOON, outcome="absent")
    second = phone.delivers(stops[0], NOON + timedelta(hours=1))

    assert [each.state for each in phone.sends(second, first, at=LATER)] == ["applied", "applied"]
    stops[0].refresh_from_db()
    assert (stops[0].outcome, stops[0].done_at) == ("delivered", NOON + timedelta(hours=1))


def test_a_stop_of_nobody_and_a_stop_of_another_person_are_set_aside(town: Town, phone: Telephone) -> None:
    theirs = deliveries(town, assigned_to=street.crew()).stops.get(sequence=1)
    told = [phone.tells(uuid4(), "delivery", {"outcome": "delivered"}, NOON),
            phone.tells("F-010293", "note", {"text": "hola"}, NOON), phone.delivers(theirs, NOON)]  # fmt: skip

    answers = phone.sends(*told, at=LATER)

    assert [each.state for each in answers] == ["quarantined"] * 3
    assert [each.why for each in answers] == [
        "Ese lugar no está en ningún recorrido.", "Ese lugar no está en ningún recorrido.",
        "Ese lugar es del recorrido de otra persona.",
    ]  # fmt: skip
    assert FieldEvent.objects.count() == 3 and not Stop.objects.exclude(outcome="").exists()


def test_who_had_the_round_before_it_changed_hands_is_still_received(
    town: Town, phone: Telephone, stops: list[Stop]
) -> None:
    """Julián delivered two offline; at eleven the round went to Beto, and the last of it to the day after."""
    beto = street.crew()
    first = stops[0].round
    commands.reassign_round(round=first, to=beto, reason="se enfermó", at=NOON, by="laura")
    commands.split_pending(
        round=first, to=beto, on=street.TODAY + timedelta(days=1), at=NOON, by="laura", most=2
    )

    answers = phone.sends(phone.delivers(stops[0], NOON), phone.delivers(stops[4], NOON), at=LATER)

    assert [each.state for each in answers] == ["applied", "applied"]


def test_two_people_who_tell_different_things_are_both_kept(
    town: Town, phone: Telephone, stops: list[Stop], monkeypatch: pytest.MonkeyPatch
) -> None:
    beto = street.crew()
    commands.reassign_round(round=stops[0].round, to=beto, reason="se enfermó", at=NOON, by="laura")
    other = telephone_of(beto, at=moment(street.TODAY))
    news = heard(monkeypatch)
    phone.sends(phone.delivers(stops[0], NOON), phone.delivers(stops[1], NOON), at=LATER)

    second = other.delivers(stops[0], NOON + timedelta(hours=1), outcome="refused")
    answers = other.sends(second, other.delivers(stops[1], NOON), at=LATER)

    assert [each.state for each in answers] == ["conflict", "applied"]
    assert answers[0].why == "Otra persona dijo «entregado» del mismo lugar, y esta, «rehusado»."
    assert FieldEvent.objects.count() == 4
    [conflict] = [each for each in news if isinstance(each, ConflictFound)]
    assert (str(conflict.event.pk), conflict.reason) == (second["id"], answers[0].why)
    stops[0].refresh_from_db()
    assert (stops[0].outcome, stops[0].done_at) == ("delivered", NOON)


def test_a_note_stays_with_its_stop_and_does_not_finish_it(phone: Telephone, stops: list[Stop]) -> None:
    [answer] = phone.sends(phone.tells(stops[0], "note", {"text": "perro bravo"}, NOON), at=LATER)
    stops[0].refresh_from_db()
    assert (answer.state, stops[0].outcome) == ("applied", "")


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("delivery", {"outcome": "read"}, "No dice si se entregó. Pregunte a quien lo llevó."),
        ("delivery", {}, "No dice si se entregó. Pregunte a quien lo llevó."),
        ("order", {"done": True}, "Ese trabajo no es de este lugar."),
        ("dance", {}, receiving.NO_KIND),
        ("delivery", [1], receiving.NO_KIND),
        (None, None, receiving.NO_KIND),
    ],
)
def test_what_says_nothing_is_set_aside_with_its_reason(
    phone: Telephone, stops: list[Stop], kind: Any, body: Any, why: str
) -> None:
    [answer] = phone.sends(phone.tells(stops[0], kind, body, NOON), at=LATER)
    assert (answer.state, answer.why) == ("quarantined", why)


def test_what_no_database_holds_does_not_stop_the_batch(phone: Telephone, stops: list[Stop]) -> None:
    odd = {
        "outcome": "delivered",
        "notes": "a\0b\ud800",
        "n": float("inf"),
        "\0": [float("nan"), {"x": 1e400}],
    }
    told = phone.tells(stops[0], "delivery", odd, NOON, accuracy=1e300)

    answers = phone.sends(told, phone.delivers(stops[1], NOON), at=LATER)

    assert [each.state for each in answers] == ["applied", "applied"]
    kept = FieldEvent.objects.get(pk=told["id"])
    assert kept.body == {
        "outcome": "delivered", "notes": "a\ufffdb?", "n": None, "\ufffd": [None, {"x": None}],
    }  # fmt: skip
    assert kept.accuracy_m is None


@pytest.mark.parametrize("trouble", [KeyError("x"), TypeError(), ZeroDivisionError(), IntegrityError()])
def test_a_fault_of_ours_sets_one_event_aside_and_the_batch_goes_on(
    phone: Telephone, stops: list[Stop], monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def broken(*, event: FieldEvent, stop: Stop, at: datetime) -> applying.Applied:
        Stop.objects.filter(pk=stop.pk).update(outcome="refused", done_at=at)
        raise trouble

    monkeypatch.setitem(applying._appliers, "note", broken)
    answers = phone.sends(phone.tells(stops[0], "note", {}, NOON), phone.delivers(stops[1], NOON), at=LATER)
    assert [each.state for each in answers] == ["quarantined", "applied"]
    stops[0].refresh_from_db()
    assert stops[0].outcome == ""  # what it had begun to write is undone


def test_an_order_is_told_once_and_means_something_to_who_asked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    beto = street.crew()
    order = street.order(town.lupita, checklist=[])
    round = commands.plan_order_round(
        orders=[order], name="Órdenes", on=street.TODAY, assigned_to=beto, at=moment(street.TODAY), by="laura"
    )
    stop, phone = round.stops.get(), telephone_of(beto, at=moment(street.TODAY))
    meant: list[str] = []

    def meaning(*, event: FieldEvent, stop: Stop, at: datetime) -> applying.Applied:
        meant.append(stop.subject_folio)
        return applying.Applied("case", "REP-000001", "done")

    monkeypatch.setitem(applying._appliers, "order:inspection", meaning)
    news = heard(monkeypatch)
    body = {"done": True, "answers": {}, "seal": "S-77", "reading": 12, "notes": "listo"}

    answers = phone.sends(
        phone.tells(stop, "order", body, NOON), phone.tells(stop, "order", body, NOON), at=LATER
    )

    assert [each.state for each in answers] == ["applied", "quarantined"]
    assert (
        answers[1].why
        == f"La orden {order.folio} ya tiene resultado, de beto. Si hace falta, pida una nueva."
    )
    result = OrderResult.objects.get()
    assert (result.seal_number, result.reading, result.done_at, result.by) == ("S-77", 12, NOON, "beto")
    assert meant == [order.folio] and [type(each) for each in news] == [OrderDone, EventApplied]
    stop.refresh_from_db()
    assert (stop.outcome, stop.done_at) == ("done", NOON)


def test_an_order_called_off_is_not_done_by_a_phone_that_did_not_know(town: Town) -> None:
    beto = street.crew()
    order = street.order(town.lupita)
    round = commands.plan_order_round(
        orders=[order], name="Órdenes", on=street.TODAY, assigned_to=beto, at=moment(street.TODAY), by="laura"
    )
    stop, phone = round.stops.get(), telephone_of(beto, at=moment(street.TODAY))
    commands.cancel_order(order=order, reason="ya no hace falta", at=NOON, by="laura")

    [answer] = phone.sends(phone.tells(stop, "order", {"done": False, "reason": "no abren"}, NOON), at=LATER)

    assert (answer.state, OrderResult.objects.count()) == ("quarantined", 0)
    assert "está cancelada" in answer.why


@pytest.mark.parametrize("body", [{}, {"done": "sí"}, {"done": True, "answers": []}, {"done": True, "reading": -1},
                                  {"done": True, "reading": True}, {"done": False}])  # fmt: skip
def test_an_order_that_says_nothing_is_set_aside(town: Town, body: dict[str, Any]) -> None:
    beto = street.crew()
    order = street.order(town.lupita, checklist=[])
    round = commands.plan_order_round(
        orders=[order], name="Órdenes", on=street.TODAY, assigned_to=beto, at=moment(street.TODAY), by="laura"
    )
    phone = telephone_of(beto, at=moment(street.TODAY))
    [answer] = phone.sends(phone.tells(round.stops.get(), "order", body, NOON), at=LATER)
    assert (answer.state, OrderResult.objects.count()) == (
        ("applied", 1) if body == {"done": True, "answers": []} else ("quarantined", 0)
    )


def test_the_desk_and_the_street_do_not_both_tell_of_an_order(town: Town) -> None:
    order = street.order(town.lupita, checklist=[])
    told = commands.Told(is_done=True)
    commands.record_order_result(order=order, told=told, done_at=NOON, at=NOON, by="laura")
    with pytest.raises(CannotRecordResult):
        commands.record_order_result(order=order, told=told, done_at=NOON, at=NOON, by="laura")


def test_what_was_set_aside_is_dismissed_by_somebody_with_a_reason(phone: Telephone, town: Town) -> None:
    told = phone.tells(uuid4(), "note", {"text": "hola"}, NOON)
    phone.sends(told, at=LATER)
    event = queries.event_by_id(event_id=UUID(told["id"]))
    assert queries.quarantined_count() == 1

    with pytest.raises(commands.CannotDismissEvent, match="Falta el motivo"):
        commands.dismiss_event(event=event, reason=" ", at=LATER, by="laura")
    commands.dismiss_event(event=event, reason="era una prueba", at=LATER, by="laura")

    assert queries.quarantined() == [] and FieldEvent.objects.count() == 1
    with pytest.raises(commands.CannotDismissEvent, match="Ya no está apartado"):
        commands.dismiss_event(event=event, reason="otra vez", at=LATER, by="laura")
    assert [each.state for each in phone.sends(told, at=LATER)] == ["repeated"]
