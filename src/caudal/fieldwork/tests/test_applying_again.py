"""What was set aside is applied when what kept it out is mended: once, by somebody, with what changed; or not at all."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.town.cast import Town, moment

from caudal.fieldwork import applying, checks, commands, queries, receiving
from caudal.fieldwork.commands import CannotReapplyEvent, StopPlan
from caudal.fieldwork.events import EventApplied
from caudal.fieldwork.models import EventOutcome, FieldEvent, OrderResult, Stop
from caudal.fieldwork.tests import street
from caudal.fieldwork.tests.telephones import Telephone, telephone_of
from caudal.kernel import events
from caudal.kernel.models import AuditEntry
from caudal.kernel.refusals import Refusal

NOON = moment(street.TODAY, 12)
LATER = moment(street.TODAY, 18)


@pytest.fixture
def phone(town: Town) -> Telephone:
    return telephone_of(town.julian, at=moment(street.TODAY))


def bills(town: Town, **said: Any) -> list[Stop]:
    plans = [StopPlan("bill", f"F-{each.number}", town.point(each)) for each in town.metered]
    planned = street.plan(town, kind="delivery", name="Entrega centro", stops=plans, **said)
    return list(planned.stops.order_by("sequence"))


def again(told: dict[str, Any], reason: str = "ya se corrigió") -> EventOutcome:
    event = queries.event_by_id(event_id=UUID(told["id"]))
    return commands.reapply_event(event=event, reason=reason, at=LATER + timedelta(hours=1), by="laura")


def refused(told: dict[str, Any], why: str) -> None:
    """And nothing is written."""
    before = EventOutcome.objects.count(), AuditEntry.objects.count(), OrderResult.objects.count()
    with pytest.raises(Refusal, match=why):
        again(told)
    assert before == (EventOutcome.objects.count(), AuditEntry.objects.count(), OrderResult.objects.count())


def test_a_round_given_afterwards_to_who_walked_it(
    town: Town, phone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = bills(town, assigned_to=street.crew())[0]
    told = phone.delivers(stop, NOON)
    assert [each.state for each in phone.sends(told, at=LATER)] == ["quarantined"]
    refused(told, "Ese lugar es del recorrido de otra persona")

    commands.reassign_round(round=stop.round, to=town.julian, reason="la caminó él", at=LATER, by="laura")
    news: list[Any] = []
    monkeypatch.setattr(events, "announce", news.append)
    outcome = again(told)

    assert (outcome.kind, outcome.result_kind, outcome.by) == ("applied", "delivery", "laura")
    stop.refresh_from_db()
    assert (stop.outcome, stop.done_at) == ("delivered", NOON)  # when it happened, not when it was applied
    assert [(type(each), each.outcome) for each in news] == [(EventApplied, "delivered")]
    entry = AuditEntry.objects.get(act="reapply_event")
    assert (entry.by, entry.object_id, entry.reason) == ("laura", told["id"], "ya se corrigió")
    assert entry.before == {"kind": "quarantined", "reason": "Ese lugar es del recorrido de otra persona."}
    assert queries.quarantined() == [] and [each for check in checks.CHECKS for each in check.find()] == []


def test_it_is_applied_once(town: Town, phone: Telephone) -> None:
    stop = bills(town, assigned_to=street.crew())[0]
    told = phone.delivers(stop, NOON)
    phone.sends(told, at=LATER)
    commands.reassign_round(round=stop.round, to=town.julian, reason="", at=LATER, by="laura")
    again(told)

    refused(told, "Ya no está apartado")
    assert [each.state for each in phone.sends(told, at=LATER)] == ["repeated"]


def test_what_was_dismissed_or_applied_at_first_is_left_alone(town: Town, phone: Telephone) -> None:
    stop = bills(town)[0]
    good, lost = phone.delivers(stop, NOON), phone.tells(uuid4(), "note", {}, NOON)
    phone.sends(good, lost, at=LATER)
    commands.dismiss_event(
        event=FieldEvent.objects.get(pk=lost["id"]), reason="era una prueba", at=LATER, by="laura"
    )
    for told in (good, lost):
        refused(told, "Ya no está apartado")


def test_somebody_says_what_was_mended(town: Town, phone: Telephone) -> None:
    told = phone.tells(uuid4(), "note", {}, NOON)
    phone.sends(told, at=LATER)
    with pytest.raises(CannotReapplyEvent, match="Falta qué se corrigió"):
        again(told, " ")
    refused(told, "Ese lugar no está en ningún recorrido")


def test_a_fault_of_ours_mended(town: Town, phone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = bills(town)[0]
    told = phone.tells(stop, "note", {"text": "perro"}, NOON)

    def broken(*, event: FieldEvent, stop: Stop, at: Any) -> applying.Applied:
        Stop.objects.filter(pk=stop.pk).update(outcome="refused", done_at=at)
        raise KeyError("x")

    with monkeypatch.context() as patch:
        patch.setitem(applying._appliers, "note", broken)
        phone.sends(told, at=LATER)
        refused(told, "No se pudo aplicar como vino")
    stop.refresh_from_db()
    assert stop.outcome == ""
    assert again(told).result_kind == "note"


def test_a_conflict_stays_until_somebody_decides_which_holds(town: Town, phone: Telephone) -> None:
    """Julián says delivered, Beto refused. Only when Julián's stands no more would Beto's be applied."""
    stop = bills(town)[0]
    beto = street.crew()
    commands.reassign_round(round=stop.round, to=beto, reason="", at=moment(street.TODAY, 9), by="laura")
    other = telephone_of(beto, at=moment(street.TODAY))
    phone.sends(phone.delivers(stop, NOON), at=LATER)
    second = other.delivers(stop, NOON + timedelta(hours=1), outcome="refused")
    assert [each.state for each in other.sends(second, at=LATER)] == ["conflict"]

    refused(second, "Otra persona dijo «entregado» del mismo lugar, y esta, «rehusado»")
    assert queries.quarantined()[0].is_conflict
    stop.refresh_from_db()
    assert stop.outcome == "delivered"


def test_an_order_that_already_has_its_result_keeps_it(town: Town) -> None:
    beto = street.crew()
    order = street.order(town.lupita, checklist=[])
    planned = commands.plan_order_round(
        orders=[order], name="Órdenes", on=street.TODAY, assigned_to=beto, at=moment(street.TODAY), by="laura"
    )
    phone = telephone_of(beto, at=moment(street.TODAY))
    body = {"done": True, "answers": {}}
    told = [phone.tells(planned.stops.get(), "order", body, NOON) for _ in range(2)]
    assert [each.state for each in phone.sends(*told, at=LATER)] == ["applied", "quarantined"]
    refused(told[1], "ya tiene resultado")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"lat": 40.71, "lon": -74.0}, receiving.NO_PLACE),
        ({"lat": 91, "lon": 0}, receiving.NO_PLACE),
        ({"taken_at": "ayer"}, receiving.NO_HOUR),
        ({"kind": "dance"}, receiving.NO_KIND),
    ],
)
def test_what_the_phone_told_wrong_cannot_be_mended(
    town: Town, phone: Telephone, said: dict[str, Any], why: str
) -> None:
    stop = bills(town)[0]
    told = phone.delivers(stop, NOON) | said
    assert [(each.state, each.why) for each in phone.sends(told, at=LATER)] == [("quarantined", why)]
    refused(told, why)
    stop.refresh_from_db()
    assert stop.outcome == ""


def test_what_a_lost_phone_told_after_it_was_put_out_stays_out(town: Town, phone: Telephone) -> None:
    stop = bills(town)[0]
    commands.revoke_device(device=phone.device, reason="se perdió", at=moment(street.TODAY, 10), by="salas")
    second = telephone_of(town.julian, at=moment(street.TODAY))
    told = phone.delivers(stop, NOON)
    lines = [phone.line(told)]
    [answer] = commands.receive_events(device=second.device, lines=lines, at=LATER)
    assert answer.state == "quarantined"
    refused(told, "ya estaba dado de baja")


def test_what_another_person_sealed_is_applied_by_who_answers_for_it(town: Town, phone: Telephone) -> None:
    """Beto carried Julián's telephone to the office: what Julián sealed is his."""
    stop = bills(town)[0]
    other = telephone_of(street.crew(), at=moment(street.TODAY))
    told = phone.delivers(stop, NOON)
    [answer] = commands.receive_events(device=other.device, lines=[phone.line(told)], at=LATER)
    assert (answer.state, answer.why) == ("quarantined", "Lo capturó otra persona en este teléfono.")

    assert again(told, "es de Julián: el teléfono cambió de manos").kind == "applied"
