"""A round and its stops, what was told of each, and the proofs: photographs, places, hours."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from caudal.fieldwork import policy
from caudal.fieldwork.models import EventOutcome, FieldEvent, FieldOrder, Photo, Round, RoundAssignment, Stop
from caudal.kernel.places import Spot, metres, spot_of
from caudal.kernel.refusals import Refusal

_SUBJECTS = {"reading": "lectura", "bill": "recibo", "notice": "notificación"}


class UnknownRound(Refusal):
    """No round has that folio."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph, by what it shows."""

    id: UUID
    role: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop as the page of its round shows it."""

    code: UUID
    sequence: int
    subject_kind: str
    subject_folio: str
    what: str
    address: str
    place: Spot | None
    outcome: str
    outcome_word: str
    done_at: datetime | None
    told_from: Spot | None
    distance_m: int | None
    accuracy_m: int | None
    body: dict[str, Any]
    photos: tuple[Shot, ...]
    set_aside: str  # why the last thing told of it was set aside or contradicts another


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a paper was delivered: the proof of a bill or of a notice."""

    outcome: str
    outcome_word: str
    at: datetime
    by: str
    round_folio: str
    event_id: UUID | None
    place: Spot | None
    distance_m: int | None
    body: dict[str, Any]
    photos: tuple[Shot, ...]


def round_by_folio(*, folio: str) -> Round:
    """The round of a folio such as `REC-000001`; `rec 1` and `1` are understood.

    :raises UnknownRound: if there is none
    """
    found = (
        Round.objects.select_related("assigned_to", "route")
        .filter(folio=policy.read_folio(folio, "REC-"))
        .first()
    )
    if found is None:
        raise UnknownRound(
            f"No hay un recorrido con el folio {folio.strip()}.", "Búsquelo en su día.", field="folio"
        )
    return found


def stops_of(*, round: Round) -> list[StopRow]:
    """The stops of a round in order, each with the latest that was applied to it and its proofs."""
    stops = list(round.stops.select_related("service_point__premise").order_by("sequence"))
    told = events_of(codes=[stop.code for stop in stops])
    photos = photos_of(event_ids=[event.pk for event in told.values()])
    aside = _set_aside([stop.code for stop in stops])
    orders = {
        order.folio: order
        for order in FieldOrder.objects.filter(
            folio__in=[stop.subject_folio for stop in stops if stop.subject_kind == policy.ORDER]
        )
    }
    return [
        _row(stop, orders.get(stop.subject_folio), told.get(stop.code), photos, aside.get(stop.code, ""))
        for stop in stops
    ]


def assignments_of(*, round: Round) -> list[RoundAssignment]:
    """Who was given a round, from the first to the last."""
    return list(round.assignments.select_related("clerk").order_by("id"))


def events_of(*, codes: Collection[UUID]) -> dict[UUID, FieldEvent]:
    """The latest event applied to each stop, by the code of the stop."""
    applied = FieldEvent.objects.filter(stop_code__in=codes, outcomes__kind=EventOutcome.Kind.APPLIED)
    return {
        event.stop_code: event
        for event in applied.select_related("device__clerk").order_by("happened_at", "received_at")
        if event.stop_code
    }


def photos_of(*, event_ids: Collection[UUID]) -> dict[UUID, tuple[Shot, ...]]:
    """The photographs of events, by event."""
    shots: dict[UUID, list[Shot]] = defaultdict(list)
    for photo in Photo.objects.filter(event_id__in=event_ids).order_by("received_at", "id"):
        shots[photo.event_id].append(Shot(photo.pk, photo.role, photo.width, photo.height))
    return {event_id: tuple(each) for event_id, each in shots.items()}


def photos_of_subject(*, kind: str, folio: str) -> list[Shot]:
    """Every photograph told of a reading, a bill, a notice or an order, in the order they were taken."""
    codes = Stop.objects.filter(subject_kind=kind, subject_folio=folio).values("code")
    events = (
        FieldEvent.objects.filter(stop_code__in=codes).order_by("happened_at").values_list("pk", flat=True)
    )
    ids = list(events)
    found = photos_of(event_ids=ids)
    return [shot for event_id in ids for shot in found.get(event_id, ())]


def deliveries(*, subject_kind: str, folios: Collection[str]) -> dict[str, Delivery]:
    """How each paper was last delivered or could not be, with place, photographs and hour; by folio."""
    stops = list(
        Stop.objects.filter(subject_kind=subject_kind, subject_folio__in=folios)
        .exclude(outcome="")
        .select_related("round__assigned_to")
        .order_by("done_at", "pk")
    )
    told = events_of(codes=[stop.code for stop in stops])
    photos = photos_of(event_ids=[event.pk for event in told.values()])
    return {stop.subject_folio: _delivery(stop, told.get(stop.code), photos) for stop in stops}


def _row(
    stop: Stop,
    order: FieldOrder | None,
    event: FieldEvent | None,
    photos: dict[UUID, tuple[Shot, ...]],
    aside: str,
) -> StopRow:
    place, told_from = spot_of(stop), spot_of(event)
    premise = stop.service_point.premise if stop.service_point else None
    return StopRow(
        code=stop.code,
        sequence=stop.sequence,
        subject_kind=stop.subject_kind,
        subject_folio=stop.subject_folio,
        what=order.get_kind_display() if order else _SUBJECTS.get(stop.subject_kind, stop.subject_kind),
        address=order.address if order else premise.address if premise else "",
        place=place,
        outcome=stop.outcome,
        outcome_word=stop.get_outcome_display() if stop.outcome else "pendiente",
        done_at=stop.done_at,
        told_from=told_from,
        distance_m=metres(place, told_from) if place and told_from else None,
        accuracy_m=event.accuracy_m if event else None,
        body=event.body if event else {},
        photos=photos.get(event.pk, ()) if event else (),
        set_aside=aside,
    )


def _delivery(stop: Stop, event: FieldEvent | None, photos: dict[UUID, tuple[Shot, ...]]) -> Delivery:
    place, told_from = spot_of(stop), spot_of(event)
    assert stop.done_at is not None
    return Delivery(
        outcome=stop.outcome,
        outcome_word=stop.get_outcome_display(),
        at=stop.done_at,
        by=event.device.clerk.username if event else stop.round.assigned_to.username,
        round_folio=stop.round.folio,
        event_id=event.pk if event else None,
        place=told_from,
        distance_m=metres(place, told_from) if place and told_from else None,
        body=event.body if event else {},
        photos=photos.get(event.pk, ()) if event else (),
    )


def _set_aside(codes: Sequence[UUID]) -> dict[UUID, str]:
    """Why the last word told of a stop does not count, where it does not."""
    last = Prefetch("outcomes", EventOutcome.objects.order_by("id"), to_attr="history")
    aside = {}
    for event in (
        FieldEvent.objects.filter(stop_code__in=codes).prefetch_related(last).order_by("received_at")
    ):
        final = event.history[-1] if event.history else None
        waits = final and final.kind in (EventOutcome.Kind.QUARANTINED, EventOutcome.Kind.CONFLICT)
        if event.stop_code and final and waits:
            aside[event.stop_code] = f"{final.get_kind_display()}: {final.reason}"
    return aside
