"""What a phone tells of a notice becomes its service; what a phone needs to know to take it to its door."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from caudal.dunning import commands
from caudal.dunning.commands import Visit
from caudal.dunning.commands.rounds import SUBJECT
from caudal.dunning.models import Notice
from caudal.dunning.policy import notice_number
from caudal.dunning.queries import notice_by_folio
from caudal.fieldwork.events import EventApplied
from caudal.fieldwork.models import FieldEvent, Stop

_DIGITS_SHOWN = 4


def record_delivery(told: EventApplied) -> None:
    """A delivery told from the door of a notice, at the hour and the place the phone says.

    :raises CannotServeNotice: if it was served before, or has no effect any more
    """
    event = told.event
    if told.stop.subject_kind != SUBJECT or event.kind != FieldEvent.Kind.DELIVERY:
        return
    notice = notice_by_folio(folio=told.stop.subject_folio)
    visit = Visit(
        outcome=told.outcome, served_at=event.happened_at, receiver=str(event.body.get("receiver", "")),
        notes=str(event.body.get("notes", "")), event=event,
    )  # fmt: skip
    commands.record_service(
        notice=notice,
        visit=visit,
        at=max(event.received_at, event.happened_at),
        by=event.device.clerk.username,
    )


def pack(*, stops: list[Stop], at: datetime) -> Mapping[str, dict[str, Any]]:
    """For each stop of a notice: the tail of its folio, which paper it is, what may be told of it. No name, no debt."""
    numbers = {notice_number(stop.subject_folio): stop for stop in stops}
    rows = Notice.objects.filter(number__in=[each for each in numbers if each is not None])
    return {
        str(numbers[notice.number].code): {
            "folio_tail": notice.folio[-_DIGITS_SHOWN:],
            "kind_word": notice.stage.get_code_display(),
            "options": ["delivered", "refused", "absent", "posted", "not_delivered"]
            if notice.stage.needs_personal_service
            else ["delivered", "refused", "posted", "not_delivered"],
            "photo_required": True,
        }
        for notice in rows.select_related("stage")
    }
