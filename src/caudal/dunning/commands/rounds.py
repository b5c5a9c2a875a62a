"""Taking notices to their doors: rounds for the people who serve them, in route order."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from caudal.access.models import Clerk
from caudal.dunning import policy
from caudal.dunning.models import Notice
from caudal.dunning.queries import calendar, standings
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Round, Stop
from caudal.kernel.refusals import Refusal

SUBJECT: Final = "notice"


class CannotPlanService(Refusal): ...


@transaction.atomic
def plan_service(
    *, notices: Sequence[Notice], name: str, on: date, servers: Sequence[Clerk], at: datetime, by: str
) -> list[Round]:
    """Share notices among the people who serve them, as even as can be, each with a walk in route order.

    Those already served, settled, canceled, or on their way with somebody are left out.

    :raises CannotPlanService: without people, on a day that is not of business, or if nothing is left to take
    :raises CannotPlanRound: if somebody does not work in the street
    """
    if not servers:
        raise CannotPlanService("Falta quién las entrega.", "Elija al menos a una persona.", field="servers")
    if not calendar().is_business_day(on):
        raise CannotPlanService(
            f"El {on:%d/%m/%Y} no es día hábil: lo que se notifique no vale.",
            "Elija un día hábil.",
            field="on",
        )
    waiting = waiting_to_go(notices=notices)
    if not waiting:
        raise CannotPlanService(
            "Ya no hay notificaciones por llevar.",
            "Revise cuáles van en camino o ya se entregaron.",
            field="servers",
        )
    rounds, start = [], 0
    for server, count in zip(servers, policy.in_parts(count=len(waiting), parts=len(servers)), strict=True):
        part = waiting[start : start + count]
        start += count
        if part:
            stops = [fieldwork.StopPlan(SUBJECT, each.folio, each.service_point) for each in part]
            rounds.append(
                fieldwork.plan_round(
                    kind=Round.Kind.NOTICES, name=name, on=on, assigned_to=server, stops=stops, at=at, by=by
                )
            )
    return rounds


def waiting_to_go(*, notices: Sequence[Notice]) -> list[Notice]:
    """Of some notices, those that somebody has to take to a door and nobody has, in route order."""
    out = set(
        Stop.objects.filter(
            subject_kind=SUBJECT, subject_folio__in=[each.folio for each in notices], outcome="",
            round__canceled_at=None,
        ).values_list("subject_folio", flat=True)
    )  # fmt: skip
    told = standings(notices=notices)
    waiting = [each for each in notices if told[each.pk].is_open and each.folio not in out]
    return sorted(waiting, key=lambda each: (each.route, each.walk_sequence, each.number))
