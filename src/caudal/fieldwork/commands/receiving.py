"""Receive what phones tell: kept once, whatever order it comes in; made what it says, or set aside with a reason."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import DataError, IntegrityError, transaction

from caudal.fieldwork import applying, receiving, sealing
from caudal.fieldwork.commands import telling
from caudal.fieldwork.events import ConflictFound, EventApplied
from caudal.fieldwork.models import Device, EventOutcome, FieldEvent, Round, RoundAssignment, Stop
from caudal.fieldwork.receiving import Told
from caudal.kernel import audit, events
from caudal.kernel.refusals import Refusal

_log = logging.getLogger(__name__)
Kind = EventOutcome.Kind

OTHER_CONTENT: Final = "other_content"
REPEATED: Final = "repeated"
NO_STOP: Final = "Ese lugar no está en ningún recorrido."
FOREIGN_STOP: Final = "Ese lugar es del recorrido de otra persona."
OTHER_PERSON: Final = "Lo capturó otra persona en este teléfono."
AFTER_REVOKED: Final = "Se capturó cuando el teléfono ya estaba dado de baja."
NOBODY_APPLIES: Final = "Ese trabajo no es de este lugar."
BROKEN: Final = "No se pudo aplicar como vino. La oficina tiene que verlo."
ANOTHER_STORY: Final = "Ya había llegado con otro contenido. Se conserva el primero."
_REASON_LENGTH: Final = 300
_FAULTS: Final = (LookupError, TypeError, ValueError, ArithmeticError, DataError, IntegrityError)
# what the phone left out or told wrong stays so: nobody can mend it afterwards
_NEVER: Final = frozenset({receiving.NO_EVENT, receiving.NO_KIND, receiving.NO_HOUR, receiving.NO_PLACE})


class CannotDismissEvent(Refusal):
    """It is not set aside, or nobody says why it is dismissed."""


class CannotReapplyEvent(Refusal):
    """It is not set aside, nobody says what was mended, or what kept it out still does."""


@dataclass(frozen=True, slots=True)
class Acknowledgment:
    """What is answered of one event: what became of it, or that it had come before, and why."""

    id: str
    state: str
    why: str = ""

    def as_dict(self) -> dict[str, str]:
        """As the phone reads it."""
        return {"id": self.id, "state": self.state, "why": self.why}


def receive_events(*, device: Device, lines: Sequence[bytes], at: datetime) -> list[Acknowledgment]:
    """Keep each line of a batch, and make it what it says. Each one is its own transaction.

    Nothing is refused: what cannot be opened, or applied, is kept and set aside with its reason. What was written
    of the lines before stays, whatever happens to the next.
    """
    return [receive_event(device=device, line=line, at=at) for line in lines]


@transaction.atomic
def receive_event(*, device: Device, line: bytes, at: datetime) -> Acknowledgment:
    """Keep one sealed event, once, with what became of it."""
    # what one phone sends is written one after another: the same batch may come twice at the same time
    Device.objects.select_for_update(of=("self",), no_key=True).get(pk=device.pk)
    envelope = receiving.read_object(line)
    said = str((envelope or {}).get("id", ""))
    sealed_by, told = _open(device, envelope, line, at)
    event = None
    if not FieldEvent.objects.filter(pk=told.id).exists():
        event = _kept(sealed_by, told, at)
    if event is None:
        return _again(told, said, device, at)
    outcome = _become(event, told, carried_by=device, at=at)
    return Acknowledgment(said or str(event.pk), outcome.kind, outcome.reason)


@transaction.atomic
def dismiss_event(*, event: FieldEvent, reason: str, at: datetime, by: str) -> EventOutcome:
    """Say that what was set aside will not be applied, and why. It is kept.

    :raises CannotDismissEvent: without a reason, or if it is not set aside or in conflict
    """
    if not reason.strip():
        raise CannotDismissEvent("Falta el motivo.", "Escriba por qué no se va a aplicar.", field="reason")
    held, last = _held(event)
    if last is None:
        raise CannotDismissEvent("Ya no está apartado.", "No hay nada que descartar.", field="reason")
    audit.record(
        act="dismiss_event", by=by, at=at, object_kind="field_event", object_id=held.pk, reason=reason.strip(),
        before={"kind": last.kind, "reason": last.reason},
    )  # fmt: skip
    return _outcome(held, Kind.DISMISSED, reason.strip(), at, by)


@transaction.atomic
def reapply_event(*, event: FieldEvent, reason: str, at: datetime, by: str) -> EventOutcome:
    """Make what was set aside what it says, once what kept it out is mended. If it still is, nothing is written.

    :param reason: what was mended
    :raises CannotReapplyEvent: without a reason, if it is not set aside, or if what kept it out still does
    :raises Refusal: if what it tells is still refused, with the reason
    """
    if not reason.strip():
        raise CannotReapplyEvent(
            "Falta qué se corrigió.", "Escriba qué cambió desde que llegó.", field="reason"
        )
    held, last = _held(event)
    if last is None:
        raise CannotReapplyEvent("Ya no está apartado.", "No hay nada que aplicar.", field="reason")
    if held.outcomes.filter(reason__in=_NEVER).exists():
        raise CannotReapplyEvent(
            last.reason,
            "Eso no se corrige: descártelo, y registre en la oficina lo que haya pasado.",
            field="reason",
        )
    stop = _stop_of(held)
    # whoever carried it, the person who applies it now answers for it
    why = _why_not(held, stop, held.device)
    if why or stop is None:
        raise CannotReapplyEvent(why, "Corríjalo primero, o descártelo.", field="reason")
    try:
        outcome = _apply(held, stop, at, by)
    except applying.Conflict as conflict:
        raise CannotReapplyEvent(
            conflict.sentence, "Resuelva cuál de los dos vale, o descártelo.", field="reason"
        ) from None
    except _FAULTS:
        _log.exception("field event %s could not be applied again", held.pk)
        raise CannotReapplyEvent(BROKEN, "Avise a quien mantiene el sistema.", field="reason") from None
    audit.record(
        act="reapply_event", by=by, at=at, object_kind="field_event", object_id=held.pk, reason=reason.strip(),
        before={"kind": last.kind, "reason": last.reason},
        after={"result_kind": outcome.result_kind, "result_id": outcome.result_id},
    )  # fmt: skip
    return outcome


def _held(event: FieldEvent) -> tuple[FieldEvent, EventOutcome | None]:
    """The event, so that nobody else decides of it meanwhile, and why it is set aside; nothing if it is not."""
    # the event itself cannot be locked: it is never edited
    Device.objects.select_for_update(of=("self",), no_key=True).get(pk=event.device_id)
    held = FieldEvent.objects.select_related("device__clerk").get(pk=event.pk)
    last = held.outcomes.order_by("id").last()
    return held, last if last and last.kind in (Kind.QUARANTINED, Kind.CONFLICT) else None


def _open(carrier: Device, envelope: dict[str, Any] | None, line: bytes, at: datetime) -> tuple[Device, Told]:
    """Who sealed it and what it says. A phone enrolled again still carries what it sealed before."""
    if envelope is None:
        return carrier, receiving.unreadable(line=line, at=at)
    sealed_by = sealer(carrier=carrier, envelope=envelope)
    try:
        inside = sealing.open_sealed(private_key=sealed_by.private_key, envelope=envelope)
    except sealing.CannotOpen:
        return carrier, receiving.unreadable(line=line, at=at)
    told = receiving.read_event(told=inside, enrolled_at=sealed_by.enrolled_at, at=at)
    return (sealed_by, told) if told else (carrier, receiving.unreadable(line=line, at=at))


def sealer(*, carrier: Device, envelope: dict[str, Any]) -> Device:
    """Whose key an envelope was sealed with: the phone that brings it, unless it says another enrolment."""
    code = envelope.get("to")
    if not isinstance(code, str) or code == carrier.code or "\0" in code:
        return carrier
    return Device.objects.select_related("clerk").filter(code=code).first() or carrier


def _kept(device: Device, told: Told, at: datetime) -> FieldEvent | None:
    """The event, written; nothing if another phone wrote that id a moment ago."""
    event = FieldEvent(
        id=told.id, device=device, stop_code=told.stop_code, kind=told.kind, body=told.body, body_hash=told.body_hash,
        taken_at=told.taken_at, happened_at=told.happened_at, received_at=at, accuracy_m=told.accuracy_m,
        latitude_e6=told.place[0] if told.place else None, longitude_e6=told.place[1] if told.place else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        return None
    return event


def _again(told: Told, said: str, device: Device, at: datetime) -> Acknowledgment:
    """What is answered of an id that had come: its first outcome, or that it tells another story."""
    first = FieldEvent.objects.get(pk=told.id)
    if first.body_hash != told.body_hash:
        audit.record(
            act="tell_another_story", by=device.clerk.username, at=at, object_kind="field_event", object_id=first.pk,
            before={"hash": first.body_hash}, after={"hash": told.body_hash, "body": told.body},
        )  # fmt: skip
        return Acknowledgment(said or str(first.pk), OTHER_CONTENT, ANOTHER_STORY)
    outcome = first.outcomes.order_by("id").first()
    assert outcome is not None
    return Acknowledgment(said or str(first.pk), REPEATED, outcome.reason)


def _become(event: FieldEvent, told: Told, *, carried_by: Device, at: datetime) -> EventOutcome:
    """Make an event what it says; or set it aside, or in conflict, with its reason."""
    by = event.device.clerk.username
    stop = _stop_of(event)
    why = told.problem or _why_not(event, stop, carried_by)
    if why or stop is None:
        return _outcome(event, Kind.QUARANTINED, why, at, by)
    try:
        outcome = _apply(event, stop, at, by)
    except applying.Conflict as conflict:
        result = (conflict.with_kind, conflict.with_id)
        outcome = _outcome(event, Kind.CONFLICT, conflict.sentence, at, by, result)
        events.announce(ConflictFound(event=event, reason=conflict.sentence))
    except Refusal as refusal:
        outcome = _outcome(event, Kind.QUARANTINED, str(refusal), at, by)
    except _FAULTS:
        # a phone of another version, or a fault of ours: the batch goes on, and somebody looks at this one
        _log.exception("field event %s could not be applied", event.pk)
        outcome = _outcome(event, Kind.QUARANTINED, BROKEN, at, by)
    return outcome


@transaction.atomic
def _apply(event: FieldEvent, stop: Stop, at: datetime, by: str) -> EventOutcome:
    """What it says, done and told to the rooms above; or nothing of it."""
    applied = telling.apply(event=event, stop=stop, at=at)
    outcome = _outcome(event, Kind.APPLIED, "", at, by, (applied.result_kind, applied.result_id))
    _mark(stop, event, applied.outcome)
    events.announce(EventApplied(event=event, stop=stop, outcome=applied.outcome))
    return outcome


def _stop_of(event: FieldEvent) -> Stop | None:
    """The stop it tells of, locked: two phones may tell of it at once."""
    if event.stop_code is None:
        return None
    return (
        Stop.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round", "service_point").filter(code=event.stop_code).first()
    )  # fmt: skip


def _why_not(event: FieldEvent, stop: Stop | None, carried_by: Device) -> str:
    """Why it is not to be applied, before anybody looks at what it says."""
    sealed_by = event.device
    if sealed_by.clerk_id != carried_by.clerk_id:
        return OTHER_PERSON
    if sealed_by.revoked_at and event.happened_at >= sealed_by.revoked_at:
        return AFTER_REVOKED
    if stop is None:
        return NO_STOP
    if not _was_given(stop.round, sealed_by.clerk_id):
        return FOREIGN_STOP
    return "" if telling.knows(event=event, stop=stop) else NOBODY_APPLIES


def _was_given(round: Round, clerk_id: int) -> bool:
    """Whether a person ever had this round, or the one it was split from: they may not have heard of the change."""
    given, each = [round.pk], round.split_from
    while each:
        given.append(each.pk)
        each = each.split_from
    return RoundAssignment.objects.filter(round__in=given, clerk=clerk_id).exists()


def _mark(stop: Stop, event: FieldEvent, outcome: str) -> None:
    """What happened at a stop is the latest that was told of it, whatever order it came in."""
    stop.refresh_from_db(fields=["outcome", "done_at"])  # an order's result finishes its own stops
    if not outcome or (stop.done_at and stop.done_at > event.happened_at):
        return
    stop.outcome, stop.done_at = outcome, event.happened_at
    stop.save(update_fields=["outcome", "done_at"])


def _outcome(
    event: FieldEvent, kind: str, reason: str, at: datetime, by: str, result: tuple[str, str] = ("", "")
) -> EventOutcome:
    written: EventOutcome = EventOutcome.objects.create(
        event=event, kind=kind, reason=reason[:_REASON_LENGTH], result_kind=result[0][:20], result_id=result[1][:40],
        at=at, by=by,
    )  # fmt: skip
    return written
