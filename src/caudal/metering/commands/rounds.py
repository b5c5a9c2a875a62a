"""Give the routes of a cycle to the people who read them: one round for each route, in walking order."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from caudal.access.models import Clerk
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Round
from caudal.kernel.refusals import Refusal
from caudal.metering import queries
from caudal.metering.models import MeterInstallation
from caudal.metering.policy import in_words
from caudal.registry.models import BillingCycle, Route

SUBJECT: Final = "reading"


class CannotPlanReading(Refusal): ...


@transaction.atomic
def plan_reading_rounds(
    *, cycle: BillingCycle, period: int, on: date, readers: Mapping[str, Clerk], by: str, at: datetime
) -> list[Round]:
    """Plan the reading of some routes of a cycle, for what is left to be read of a period.

    :param readers: who walks each route, by its code
    :raises CannotPlanReading: the period is billed, nobody is chosen, a route has nothing left to read or is
        on its way already
    :raises Refusal: those of `fieldwork.plan_round`: the person does not work in the street
    """
    if queries.is_closed(cycle_id=cycle.pk, period=period):
        raise CannotPlanReading(
            f"El periodo {in_words(period)} ya está facturado.", "Elija otro periodo.", field="period"
        )
    if not readers:
        raise CannotPlanReading("No hay rutas elegidas.", "Diga quién camina al menos una.", field="readers")
    routes = {each.code: each for each in Route.objects.filter(cycle=cycle, code__in=list(readers))}
    return [
        _plan(routes.get(code), code, period, on, reader, by, at) for code, reader in sorted(readers.items())
    ]


def _plan(
    route: Route | None, code: str, period: int, on: date, reader: Clerk, by: str, at: datetime, /
) -> Round:
    if route is None:
        raise CannotPlanReading(
            f"La ruta {code} no es de este ciclo.", "Elija otra de la lista.", field="readers"
        )
    out = Round.objects.filter(route=route, period=period, kind=Round.Kind.READING, canceled_at=None).first()
    if out is not None and out.stops.filter(outcome="").exists():
        raise CannotPlanReading(
            f"La ruta {code} ya va en el recorrido {out.folio}.", "Reasígnelo, o cancélelo antes.",
            field="readers",
        )  # fmt: skip
    plans = _stops(route, period, on)
    if not plans:
        raise CannotPlanReading(
            f"En la ruta {code} no falta ningún medidor por leer.", "Quítela de la lista.", field="readers"
        )
    return fieldwork.plan_round(
        kind=Round.Kind.READING, name=f"Lectura {code} {route.name}".strip(), on=on, assigned_to=reader,
        stops=plans, route=route, period=period, by=by, at=at,
    )  # fmt: skip


def _stops(route: Route, period: int, on: date) -> list[fieldwork.StopPlan]:
    """The meters that hang on a route and were not read, in walking order."""
    numbers = {row["service_point_id"] for row in queries.unread(cycle=route.cycle, period=period, on=on)}
    hung = (
        MeterInstallation.objects.filter(
            service_point__route=route, service_point__in=numbers, removed_on=None
        )
        .select_related("service_point")
        .order_by("service_point__walk_sequence", "pk")
    )
    return [
        fieldwork.StopPlan(
            SUBJECT, str(each.pk), each.service_point, each.service_point.latitude_e6,
            each.service_point.longitude_e6,
        )
        for each in hung
    ]  # fmt: skip
