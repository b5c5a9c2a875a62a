"""What a story of the street says again and again: who works there, a round, an order."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from tests.town.cast import PASSWORD, Town, moment

from caudal.access.models import Clerk
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import FieldOrder, Round
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
