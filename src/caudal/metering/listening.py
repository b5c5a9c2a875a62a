"""What metering does when the street tells: a contested reading waits for a person, a re-reading is taken in."""

from uuid import UUID

from django.utils import timezone

from caudal.fieldwork.events import ConflictFound, OrderDone
from caudal.fieldwork.models import Stop
from caudal.metering import commands, field
from caudal.metering.commands import reviewing


def contest(event: ConflictFound) -> None:
    """Hold the consumption of a point whose reading is contradicted until somebody decides."""
    stop = Stop.objects.select_related("round", "service_point").filter(
        code=event.event.stop_code or UUID(int=0), subject_kind=field.SUBJECT
    ).first()  # fmt: skip
    if stop is None or stop.service_point is None or stop.round.period is None:
        return
    commands.contest_reading(
        service_point=stop.service_point, period=int(stop.round.period), reason=event.reason,
        by=event.event.device.clerk.username, at=event.event.received_at,
    )  # fmt: skip


def take_reread(event: OrderDone) -> None:
    """The reading that an order of the Crítica brought takes the place of the doubtful one."""
    order, result = event.order, event.result
    if order.origin_kind != reviewing.ORIGIN or order.kind != order.Kind.METER_CHECK or not result.is_done:
        return
    value = result.reading if result.reading is not None else result.answers.get("reading")
    if order.service_point is None or not isinstance(value, int):
        return
    commands.take_reread(
        service_point=order.service_point, period=int(order.origin_folio.partition("-")[0]), value=value,
        order_folio=order.folio, read_on=timezone.localtime(result.done_at).date(), by=result.by,
        at=result.event.received_at if result.event else result.done_at,
    )  # fmt: skip
