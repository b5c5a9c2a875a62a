"""What a story of the street says again and again: who works there, a round, an order."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from tests.town.cast import PASSWORD, Town, moment

from caudal.access.models import Clerk
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Device, EventOutcome, FieldEvent, FieldOrder, Photo, Round, Stop
from caudal.registry.models import Account

TODAY = date(2019, 2, 25)
CENTER = (20_280_000, -102_550_000)  # the square of La Barca


def crew(username: str = "beto", first: str = "Beto", last: str = "Nuño Plascencia") -> Clerk:
    """Somebody of the crew, hired the first time the story names them."""
    found = Clerk.objects.filter(username=username).first()
    return found or Clerk.objects.create(
        username=username,
        first_name=first,
        last_name=last,
        role=Clerk.Role.CREW,
        password=make_password(PASSWORD),
    )


def readings(town: Town, accounts: Sequence[Account] | None = None) -> list[fieldwork.StopPlan]:
    """A stop for each meter, in the order given; the folio is the one of its installation."""
    points = [town.point(each) for each in accounts or town.metered]
    return [fieldwork.StopPlan("reading", str(point.pk), point) for point in points]


def plan(town: Town, *, on: date = TODAY, **said: Any) -> Round:
    """Laura plans the reading of the five meters for Julián."""
    told = {
        "kind": Round.Kind.READING, "name": "Lectura centro", "assigned_to": town.julian, "stops": readings(town),
        "at": moment(on, 7), "by": "laura",
    } | said  # fmt: skip
    return fieldwork.plan_round(on=on, **told)


def order(account: Account | None = None, **said: Any) -> FieldOrder:
    """Laura orders an inspection at an account, or wherever is said."""
    told = {
        "kind": FieldOrder.Kind.INSPECTION, "origin_kind": "desk", "origin_folio": "", "account": account,
        "at": moment(TODAY, 8), "by": "laura",
    } | said  # fmt: skip
    return fieldwork.order_field_work(**told)


def done(round: Round, n: int, at: datetime, outcome: str = "read") -> None:
    """The first stops that were left are done at a moment, as if a phone had told it."""
    for stop in round.stops.filter(outcome="").order_by("sequence")[:n]:
        stop.outcome, stop.done_at = outcome, at
        stop.save()


def phone(clerk: Clerk) -> Device:
    """The phone of somebody, enrolled without the steps."""
    found = Device.objects.filter(clerk=clerk).first()
    number = Device.objects.count() + 1
    return found or Device.objects.create(
        code=f"TEL-{number:04d}", name="de prueba", clerk=clerk, token_hash=f"{number:064x}",
        enrolled_at=moment(TODAY, 6), enrolled_by="salas", share="s", public_key="p", private_key="p",
    )  # fmt: skip


def told(
    stop: Stop, at: datetime, outcome: str, place: tuple[int, int] | None = None, **body: Any
) -> FieldEvent:
    """What a phone told of a stop, applied: where it was told from, and with what words."""
    event = FieldEvent(
        id=uuid4(), device=phone(stop.round.assigned_to), stop_code=stop.code, kind="delivery", body=body,
        body_hash="0" * 64, taken_at=at, happened_at=at, received_at=at, latitude_e6=place[0] if place else None,
        longitude_e6=place[1] if place else None, accuracy_m=8 if place else None,
    )  # fmt: skip
    event.save(force_insert=True)
    EventOutcome.objects.create(event=event, kind="applied", at=at, by="julian")
    stop.outcome, stop.done_at = outcome, at
    stop.save()
    return event


def shot(event: FieldEvent, role: str = "evidence") -> Photo:
    """A photograph of an event."""
    photo = Photo(
        id=uuid4(), device=event.device, event_id=event.pk, role=role, file="field/2019/02/x.jpg", sha256="0" * 64,
        width=1024, height=768, size_bytes=90_000, received_at=event.received_at,
    )  # fmt: skip
    photo.save(force_insert=True)
    return photo
