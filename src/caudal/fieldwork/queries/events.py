"""What phones told that is not applied: set aside, or in conflict, until somebody looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from caudal.fieldwork.models import EventOutcome, FieldEvent, Stop
from caudal.fieldwork.queries.rounds import Shot, photos_of
from caudal.kernel.refusals import Refusal

Kind = EventOutcome.Kind


class UnknownEvent(Refusal):
    """No event has that id."""


@dataclass(frozen=True, slots=True)
class AsideRow:
    """An event that waits for somebody: what was told, by whom, and why it is not applied."""

    id: UUID
    kind_word: str
    is_conflict: bool
    reason: str
    person: str
    device: str
    happened_at: datetime
    received_at: datetime
    round_folio: str
    address: str
    body: dict[str, Any]
    photos: tuple[Shot, ...]


def quarantined(*, most: int = 200) -> list[AsideRow]:
    """What waits for somebody, the newest first."""
    found = list(_waiting().select_related("device__clerk").order_by("-received_at", "pk")[:most])
    codes = [each.stop_code for each in found if each.stop_code]
    stops = {
        stop.code: stop
        for stop in Stop.objects.select_related("round", "service_point__premise").filter(code__in=codes)
    }
    photos = photos_of(event_ids=[each.pk for each in found])
    return [
        _aside(each, stops.get(each.stop_code) if each.stop_code else None, photos.get(each.pk, ()))
        for each in found
    ]


def quarantined_count() -> int:
    """How many wait for somebody."""
    return _waiting().count()


def event_by_id(*, event_id: UUID) -> FieldEvent:
    """The event of an id.

    :raises UnknownEvent: if there is none
    """
    found = FieldEvent.objects.select_related("device__clerk").filter(pk=event_id).first()
    if found is None:
        raise UnknownEvent("Ese suceso no existe.", "Búsquelo en «Apartados».", field="event")
    return found


def _waiting() -> QuerySet[FieldEvent]:
    last = EventOutcome.objects.filter(event=OuterRef("pk")).order_by("-id")
    return FieldEvent.objects.annotate(
        last_kind=Subquery(last.values("kind")[:1]), last_reason=Subquery(last.values("reason")[:1])
    ).filter(last_kind__in=[Kind.QUARANTINED, Kind.CONFLICT])


def _aside(event: Any, stop: Stop | None, photos: tuple[Shot, ...]) -> AsideRow:
    return AsideRow(
        id=event.pk, kind_word=event.get_kind_display(), is_conflict=event.last_kind == Kind.CONFLICT,
        reason=event.last_reason, person=event.device.clerk.full_name, device=event.device.code,
        happened_at=event.happened_at, received_at=event.received_at, round_folio=stop.round.folio if stop else "",
        address=stop.service_point.premise.address if stop and stop.service_point else "", body=event.body,
        photos=photos,
    )  # fmt: skip
