"""What a crew does with an order in its hands: goes, does it, and tells it from the phone."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from caudal.access.models import Clerk
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder
from caudal.intake.demo.stage import moment
from caudal.intake.demo.year.phone import Phone

CREW = "beto"
# asked at the door: what the phone adds to what it tells; None, if it must not be done
Door = Callable[[FieldOrder, datetime], dict[str, Any] | None]


def walk(
    *,
    orders: Sequence[FieldOrder],
    name: str,
    on: date,
    phone: Phone,
    notes: str,
    hour: int = 9,
    door: Door = lambda order, at: {},
) -> int:
    """Plan a round for the crew with these orders and tell each as done → how many were."""
    if not orders:
        return 0
    planned = fieldwork.plan_order_round(
        orders=orders,
        name=name,
        on=on,
        assigned_to=Clerk.objects.get(username=CREW),
        at=moment(on, hour),
        by="laura",
    )
    by_folio = {each.folio: each for each in orders}
    now, done = moment(on, hour, 10), 0
    for stop in planned.stops.order_by("sequence"):
        order = by_folio[stop.subject_folio]
        more = door(order, now)
        if more is None:
            continue
        now += timedelta(minutes=11)
        body = {"done": True, "reason": "", "answers": answers(order), "notes": notes} | more
        phone.tell(stop, "order", body, now)
        done += 1
    phone.send(max(now + timedelta(minutes=5), moment(on, 16)))
    return done


def answers(order: FieldOrder) -> dict[str, Any]:
    """What the checklist asks for, in good order."""
    told: dict[str, Any] = {}
    for asked in order.checklist:
        kind = asked["answer"]
        if kind == "photo":
            continue
        told[asked["code"]] = {"number": 0, "yes_no": True, "bool": True}.get(kind, "sin novedad")
    return told
