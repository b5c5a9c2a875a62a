"""What reports hear from the street."""

from caudal.cases import commands
from caudal.cases.models import Case
from caudal.fieldwork.events import ConflictFound, OrderDone
from caudal.fieldwork.models import Stop
from caudal.kernel.nightly import BY


def open_conflict(event: ConflictFound) -> None:
    """What two phones told of one stop contradicts itself: one case for the stop, whoever tells it again."""
    told = event.event
    stop = (
        Stop.objects.select_related("service_point").filter(code=told.stop_code).first()
        if told.stop_code
        else None
    )
    point = stop.service_point if stop else None
    agreement = point.agreements.order_by("effective_from").last() if point else None
    commands.open_case(
        type="reading_conflict", channel=Case.Channel.FIELD, service_point=point,
        account=agreement.account if agreement else None, description=event.reason, origin_kind="stop",
        origin_folio=str(told.stop_code or told.pk), at=told.received_at, by=BY,
    )  # fmt: skip


def record_order(event: OrderDone) -> None:
    """Write on its case what was done about an order."""
    commands.record_order_done(order=event.order, result=event.result)
