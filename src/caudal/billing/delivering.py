"""Take the bills of a run to their doors: a round per route, in the order in which it is walked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from caudal.access.models import Clerk
from caudal.billing import sheets
from caudal.billing.delivered import SUBJECT
from caudal.billing.models import Bill, BillingRun
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Round, Stop
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import month_name
from caudal.registry.models import Account, Route, ServicePoint


class CannotPlanDelivery(Refusal): ...


@transaction.atomic
def plan_delivery(
    *, run: BillingRun, on: date, carriers: Sequence[str], at: datetime, by: str, routes: Sequence[str] = ()
) -> list[Round]:
    """Share the bills of an issued run among who deliver them: whole routes, dealt in turn.

    Bills that are out with somebody, were delivered, or were canceled are left out; asked again, only what is left
    is planned.

    :param carriers: user names
    :param routes: codes; all of the run when none is said
    :raises CannotPlanDelivery: if the run is not issued, there is nobody to carry them, or nothing is left to take
    :raises CannotPlanRound: if somebody does not work in the street
    """
    known = _carriers(run, carriers)
    waiting = _waiting(run, routes)
    dealt = {route.code: carriers[turn % len(carriers)] for turn, route in enumerate(waiting)}
    return _plan(run, waiting, {code: known[name] for code, name in dealt.items()}, on, at, by)


@transaction.atomic
def plan_delivery_of_routes(
    *, run: BillingRun, on: date, carriers: Mapping[str, str], at: datetime, by: str
) -> list[Round]:
    """Give the bills of each of these routes to the person named for it; the other routes wait.

    :param carriers: user names by code of route
    :raises CannotPlanDelivery: if the run is not issued, there is nobody to carry them, or nothing is left to take
    :raises CannotPlanRound: if somebody does not work in the street
    """
    known = _carriers(run, list(carriers.values()))
    waiting = _waiting(run, list(carriers))
    return _plan(run, waiting, {code: known[name] for code, name in carriers.items()}, on, at, by)


def _carriers(run: BillingRun, names: Sequence[str]) -> dict[str, Clerk]:
    """Who carries them, by user name. The run is locked: two people may deal it at once."""
    BillingRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if run.state != BillingRun.State.ISSUED:
        raise CannotPlanDelivery(
            f"La facturación {run.pk} está {run.get_state_display()}: aún no hay recibos que entregar.",
            "Emítala primero.",
            field="state",
        )
    if not names:
        raise CannotPlanDelivery(
            "Falta quién los entrega.", "Elija al menos a una persona.", field="carriers"
        )
    known = {each.username: each for each in Clerk.objects.filter(username__in=names)}
    if missing := next((name for name in names if name not in known), None):
        raise CannotPlanDelivery(
            f"No hay nadie que se llame «{missing}».", "Revise el usuario.", field="carriers"
        )
    return known


def _plan(
    run: BillingRun,
    waiting: dict[Route, list[fieldwork.StopPlan]],
    carriers: Mapping[str, Clerk],
    on: date,
    at: datetime,
    by: str,
) -> list[Round]:
    """A round for each route that has bills left."""
    if not waiting:
        raise CannotPlanDelivery(
            "Ya no hay recibos por llevar.",
            "Revise los recorridos del día: van en camino o ya se entregaron.",
        )
    month = month_name(int(run.period))
    return [
        fieldwork.plan_round(
            kind=Round.Kind.DELIVERY, name=f"Recibos de {month}, ruta {route.code}", on=on,
            assigned_to=carriers[route.code], stops=stops, route=route, period=int(run.period), at=at, by=by,
        )
        for route, stops in waiting.items()
    ]  # fmt: skip


def _waiting(run: BillingRun, routes: Sequence[str]) -> dict[Route, list[fieldwork.StopPlan]]:
    """What nobody has taken yet, by route and in its order."""
    issued = Bill.objects.filter(period=run.period, run_id=run.pk)
    bills = sheets.newest_uncanceled(issued)
    numbers = dict(
        Account.objects.filter(pk__in=[each.account_id for each in bills]).values_list("pk", "number")
    )
    points = ServicePoint.objects.select_related("route").in_bulk([each.service_point_id for each in bills])
    folios = {
        sheets.bill_folio(
            period=each.period, account_number=numbers[each.account_id], revision=each.revision
        ): points[each.service_point_id]
        for each in bills
    }
    taken = set(
        Stop.objects.filter(subject_kind=SUBJECT, subject_folio__in=list(folios), round__canceled_at=None)
        .exclude(outcome=Stop.Outcome.NOT_DELIVERED)
        .values_list("subject_folio", flat=True)
    )
    left = [
        (point, folio)
        for folio, point in folios.items()
        if folio not in taken and (not routes or point.route.code in routes)
    ]
    found: dict[Route, list[fieldwork.StopPlan]] = {}
    for point, folio in sorted(left, key=lambda each: (each[0].route.code, each[0].walk_sequence, each[1])):
        found.setdefault(point.route, []).append(fieldwork.StopPlan(SUBJECT, folio, point))
    return found
