"""What an event of the street becomes: a paper delivered, an order told, a note; and what the rooms above add."""

from datetime import datetime
from typing import Any, Final

from caudal.fieldwork import applying, policy
from caudal.fieldwork.applying import Applied, Conflict
from caudal.fieldwork.commands.orders import Told, record_order_result
from caudal.fieldwork.models import EventOutcome, FieldEvent, FieldOrder, Stop
from caudal.kernel.refusals import Refusal

DELIVERIES: Final = frozenset({
    Stop.Outcome.DELIVERED, Stop.Outcome.REFUSED, Stop.Outcome.ABSENT, Stop.Outcome.POSTED, Stop.Outcome.NOT_DELIVERED,
})  # fmt: skip
# what each kind of event may tell of; a note, of anything
_SUBJECTS: Final = {
    FieldEvent.Kind.READING: frozenset({"reading"}),
    FieldEvent.Kind.DELIVERY: frozenset({"bill", "notice"}),
    FieldEvent.Kind.ORDER: frozenset({policy.ORDER}),
}
_MOST_READING: Final = 2_147_483_647


class CannotApplyEvent(Refusal):
    """What the phone told does not say what is needed."""


def knows(*, event: FieldEvent, stop: Stop) -> bool:
    """Whether what an event tells of is done at this stop, and somebody applies it."""
    kind = FieldEvent.Kind(event.kind)
    is_here = kind not in _SUBJECTS or stop.subject_kind in _SUBJECTS[kind]
    return is_here and (kind in _OWN or applying.of(kind) is not None)


def apply(*, event: FieldEvent, stop: Stop, at: datetime) -> Applied:
    """Make an event what it says: as a room above said, or as this one does.

    :raises Refusal: if it cannot be, with the reason
    :raises Conflict: if it contradicts what is known
    """
    applier = applying.of(event.kind) or _OWN[FieldEvent.Kind(event.kind)]
    return applier(event=event, stop=stop, at=at)


def _apply_delivery(*, event: FieldEvent, stop: Stop, at: datetime) -> Applied:
    outcome = event.body.get("outcome")
    if outcome not in DELIVERIES:
        raise CannotApplyEvent("No dice si se entregó.", "Pregunte a quien lo llevó.", field="outcome")
    other = _told_by_another(event, stop)
    if other is not None and other.body["outcome"] != outcome:
        told = [Stop.Outcome(each).label for each in (other.body["outcome"], outcome)]
        raise Conflict(
            f"Otra persona dijo «{told[0]}» del mismo lugar, y esta, «{told[1]}».", "delivery", other.pk
        )
    return Applied("delivery", str(event.pk), outcome)


def _told_by_another(event: FieldEvent, stop: Stop) -> FieldEvent | None:
    """What another person told of this stop, already applied."""
    applied = FieldEvent.objects.filter(
        stop_code=stop.code, kind=event.kind, outcomes__kind=EventOutcome.Kind.APPLIED
    )
    return applied.exclude(device__clerk=event.device.clerk_id).order_by("-happened_at").first()


def _apply_order(*, event: FieldEvent, stop: Stop, at: datetime) -> Applied:
    """Write the result once, from what was told; then what that means for the room that asked for it."""
    order = FieldOrder.objects.filter(folio=stop.subject_folio).first()
    if order is None:
        raise CannotApplyEvent(f"No hay una orden {stop.subject_folio}.", "Búsquela en «Órdenes de campo».")
    late = applying.of(f"{applying.CALLED_OFF}{order.kind}") if order.canceled_at else None
    if late:
        return late(event=event, stop=stop, at=at)
    result = record_order_result(
        order=order, told=_order_told(event.body), done_at=event.happened_at, at=at, by=event.device.clerk.username,
        event=event,
    )  # fmt: skip
    meaning = applying.of(f"{applying.ORDER_OF}{order.kind}")
    if meaning:
        return meaning(event=event, stop=stop, at=at)
    outcome = Stop.Outcome.DONE if result.is_done else Stop.Outcome.NOT_DONE
    return Applied(policy.ORDER, order.folio, outcome)


def _order_told(body: dict[str, Any]) -> Told:
    answers, reading = body.get("answers") or {}, body.get("reading")
    if not isinstance(body.get("done"), bool) or not isinstance(answers, dict):
        raise CannotApplyEvent("No dice si se hizo.", "Pregunte a quien la llevó.", field="done")
    is_reading = isinstance(reading, int) and not isinstance(reading, bool) and 0 <= reading <= _MOST_READING
    if reading is not None and not is_reading:
        raise CannotApplyEvent("La lectura no es un número del medidor.", "Revísela con quien la tomó.")
    return Told(
        is_done=body["done"], reason=_text(body, "reason"), answers=answers, reading=reading,
        seal_number=_text(body, "seal"), notes=_text(body, "notes"),
    )  # fmt: skip


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _apply_note(*, event: FieldEvent, stop: Stop, at: datetime) -> Applied:
    """It is kept with its stop, and does not finish it."""
    return Applied("note", str(event.pk), "")


_OWN: Final[dict[FieldEvent.Kind, applying.Applier]] = {
    FieldEvent.Kind.DELIVERY: _apply_delivery,
    FieldEvent.Kind.ORDER: _apply_order,
    FieldEvent.Kind.NOTE: _apply_note,
}
