"""Plan the work of a person and a day, pass it to somebody else, split what is left, call it off."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import IntegrityError, transaction

from caudal.access import policy as acts
from caudal.access.models import Clerk
from caudal.fieldwork import policy
from caudal.fieldwork.models import FieldOrder, Round, RoundAssignment, Stop
from caudal.fieldwork.queries import in_order_of_tour
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Route, ServicePoint


class CannotPlanRound(Refusal): ...


class CannotReassignRound(Refusal): ...


class CannotSplitRound(Refusal): ...


class CannotCancelRound(Refusal): ...


@dataclass(frozen=True, slots=True)
class StopPlan:
    """What is to be done at one place. Without coordinates of its own, those of its service point."""

    subject_kind: str  # "reading", "bill", "notice", "order"
    subject_folio: str
    service_point: ServicePoint | None = None
    latitude_e6: int | None = None
    longitude_e6: int | None = None


@transaction.atomic
def plan_round(
    *,
    kind: str,
    name: str,
    on: date,
    assigned_to: Clerk,
    stops: Sequence[StopPlan],
    at: datetime,
    by: str,
    route: Route | None = None,
    period: int | None = None,
) -> Round:
    """Give a person the stops of a day, to be walked in the order given.

    :raises CannotPlanRound: without a name or stops, if the person does not work in the street, if something is
        there twice, or is already on its way with somebody
    """
    _require_worker(assigned_to, CannotPlanRound)
    _require_sound(kind, name, stops)
    _require_not_out(stops)
    number = folios.take(series=policy.ROUND_SERIES)
    try:
        with transaction.atomic():
            planned = Round.objects.create(
                folio=policy.round_folio(number), kind=kind, name=name.strip()[:80], on=on, assigned_to=assigned_to,
                route=route, period=period, planned_at=at, planned_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise CannotPlanRound(
            f"La ruta {route} ya tiene su recorrido de lectura del {on:%d/%m/%Y}.",
            "Reasígnelo, o cancélelo antes de planearlo otra vez.", field="route",
        ) from None  # fmt: skip
    Stop.objects.bulk_create(
        (_stop(planned, sequence, each) for sequence, each in enumerate(stops, start=1)), batch_size=1000
    )
    _assigned(planned, assigned_to, "", at, by)
    audit.record(
        act="plan_round", by=by, at=at, object_kind="round", object_id=planned.folio,
        after={"kind": kind, "on": str(on), "assigned_to": assigned_to.username, "stops": len(stops)},
    )  # fmt: skip
    return planned


@transaction.atomic
def reassign_round(*, round: Round, to: Clerk, reason: str, at: datetime, by: str) -> Round:
    """Pass a round, with what was done of it, to another person.

    :raises CannotReassignRound: if it is canceled, nothing is left to do, or that person has it or works indoors
    """
    held = _live(round, CannotReassignRound)
    _require_worker(to, CannotReassignRound)
    if held.assigned_to_id == to.pk:
        raise CannotReassignRound(
            f"El recorrido {held.folio} ya lo tiene {to.full_name}.", "Elija a otra persona.", field="to"
        )
    if not held.stops.filter(outcome="").exists():
        raise CannotReassignRound(
            f"En el recorrido {held.folio} ya no falta nada.", "No hace falta reasignarlo.", field="to"
        )
    before = held.assigned_to.username
    held.assigned_to = to
    held.save(update_fields=["assigned_to"])
    _assigned(held, to, reason, at, by)
    audit.record(
        act="reassign_round", by=by, at=at, object_kind="round", object_id=held.folio, reason=reason.strip(),
        before={"assigned_to": before}, after={"assigned_to": to.username},
    )  # fmt: skip
    return held


@transaction.atomic
def split_pending(*, round: Round, to: Clerk, on: date, at: datetime, by: str, most: int = 0) -> Round:
    """Give what is left of a round to another person or another day, as a round of its own.

    The stops keep the name the phones know them by: what the first phone did and has not sent is still received.

    :param most: only the last so many of what is left; 0 for all of it
    :raises CannotSplitRound: if it is canceled, nothing is left, nothing would change, or that person works indoors
    """
    held = _live(round, CannotSplitRound)
    _require_worker(to, CannotSplitRound)
    pending = list(held.stops.select_for_update().filter(outcome="").order_by("sequence"))
    moved = pending[-most:] if most else pending
    if not moved:
        raise CannotSplitRound(f"En el recorrido {held.folio} ya no falta nada.", "No hay qué repartir.")
    if (held.assigned_to_id, held.on) == (to.pk, on):
        raise CannotSplitRound(
            f"{to.full_name} ya tiene ese recorrido ese día.",
            "Elija a otra persona o a otro día.",
            field="to",
        )
    # the route stays with the first: a route has one reading round a day
    planned = Round.objects.create(
        folio=policy.round_folio(folios.take(series=policy.ROUND_SERIES)), kind=held.kind,
        name=policy.split_name(held.name), on=on, assigned_to=to, period=held.period, planned_at=at, planned_by=by,
        split_from=held,
    )  # fmt: skip
    for sequence, stop in enumerate(moved, start=1):
        stop.round, stop.sequence = planned, sequence
    Stop.objects.bulk_update(moved, ["round", "sequence"], batch_size=1000)
    _assigned(planned, to, f"lo que faltaba de {held.folio}", at, by)
    for folio, other in ((held.folio, planned.folio), (planned.folio, held.folio)):
        audit.record(
            act="split_round", by=by, at=at, object_kind="round", object_id=folio,
            after={"stops": len(moved), "other": other, "assigned_to": to.username, "on": str(on)},
        )  # fmt: skip
    return planned


@transaction.atomic
def cancel_round(*, round: Round, reason: str, at: datetime, by: str) -> Round:
    """Call off a round nobody has begun; its orders can be planned again.

    :raises CannotCancelRound: without a reason, if it was canceled before, or part of it is done
    """
    if not reason.strip():
        raise CannotCancelRound("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    held = _live(round, CannotCancelRound)
    done = held.stops.exclude(outcome="").count()
    if done:
        raise CannotCancelRound(
            f"El recorrido {held.folio} ya lleva {done} {'hecho' if done == 1 else 'hechos'}.",
            "Pase lo que falta a otra persona o a otro día.", field="reason",
        )  # fmt: skip
    held.canceled_at, held.canceled_by, held.canceled_reason = at, by, reason.strip()[:200]
    held.save(update_fields=["canceled_at", "canceled_by", "canceled_reason"])
    audit.record(
        act="cancel_round",
        by=by,
        at=at,
        object_kind="round",
        object_id=held.folio,
        reason=held.canceled_reason,
    )
    return held


def _stop(planned: Round, sequence: int, plan: StopPlan) -> Stop:
    point, place = plan.service_point, (plan.latitude_e6, plan.longitude_e6)
    if None in place:
        place = (point.latitude_e6, point.longitude_e6) if point else (None, None)
    return Stop(
        code=uuid4(), round=planned, sequence=sequence, service_point=point, subject_kind=plan.subject_kind,
        subject_folio=plan.subject_folio, latitude_e6=place[0], longitude_e6=place[1],
    )  # fmt: skip


def _assigned(planned: Round, clerk: Clerk, reason: str, at: datetime, by: str) -> None:
    RoundAssignment.objects.create(round=planned, clerk=clerk, at=at, by=by, reason=reason.strip()[:200])


def _live(round: Round, refusal: type[Refusal]) -> Round:
    held: Round = Round.objects.select_for_update(of=("self",)).select_related("assigned_to").get(pk=round.pk)
    if held.canceled_at:
        raise refusal(
            f"El recorrido {held.folio} está cancelado.", "Planee otro con lo que haga falta.", field="round"
        )
    return held


def _require_worker(clerk: Clerk, refusal: type[Refusal]) -> None:
    if not acts.may(clerk=clerk, act=acts.WORK_IN_FIELD):
        raise refusal(
            f"{clerk.full_name} no trabaja en la calle.",
            "Elija a un lecturista o a una cuadrilla.",
            field="to",
        )


def _require_sound(kind: str, name: str, stops: Sequence[StopPlan]) -> None:
    if kind not in Round.Kind.values:
        raise CannotPlanRound(f"No hay recorridos de «{kind}».", "Elija uno de la lista.", field="kind")
    if not name.strip():
        raise CannotPlanRound("Falta el nombre del recorrido.", "Escriba cómo reconocerlo.", field="name")
    if not stops:
        raise CannotPlanRound("No hay a dónde ir.", "Elija al menos un lugar.", field="stops")
    [(twice, times)] = Counter((each.subject_kind, each.subject_folio) for each in stops).most_common(1)
    if times > 1:
        raise CannotPlanRound(
            f"«{twice[1]}» está {times} veces en el recorrido.", "Déjelo una sola vez.", field="stops"
        )


def _require_not_out(stops: Sequence[StopPlan]) -> None:
    """An order is in the hands of one person at a time, and only while it is to be done."""
    folios_asked = [each.subject_folio for each in stops if each.subject_kind == policy.ORDER]
    if not folios_asked:
        return
    orders = {
        each.folio: each
        for each in FieldOrder.objects.select_for_update(of=("self",), no_key=True)
        .select_related("result").filter(folio__in=folios_asked).order_by("pk")
    }  # fmt: skip
    for folio in folios_asked:
        order = orders.get(folio)
        if order is None or order.canceled_at or hasattr(order, "result"):
            raise CannotPlanRound(
                f"La orden {folio} ya no está por hacerse.", "Quítela del recorrido.", field="stops"
            )
    out = Stop.objects.filter(
        subject_kind=policy.ORDER, subject_folio__in=folios_asked, outcome="", round__canceled_at=None
    ).select_related("round").first()  # fmt: skip
    if out:
        raise CannotPlanRound(
            f"La orden {out.subject_folio} ya va en el recorrido {out.round.folio}.",
            "Quítela de uno de los dos.", field="stops",
        )  # fmt: skip


def plan_order_round(
    *, orders: Sequence[FieldOrder], name: str, on: date, assigned_to: Clerk, at: datetime, by: str
) -> Round:
    """Give a person the orders of a day, the urgent first and then by the shortest way.

    :raises CannotPlanRound: as `plan_round` does
    """
    stops = [
        StopPlan(policy.ORDER, each.folio, each.service_point, each.latitude_e6, each.longitude_e6)
        for each in in_order_of_tour(orders=orders)
    ]
    return plan_round(
        kind=Round.Kind.ORDERS, name=name, on=on, assigned_to=assigned_to, stops=stops, at=at, by=by
    )
