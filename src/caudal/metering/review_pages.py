"""The card of the Crítica: one case with all that helps to decide it, and where it stands among the others."""

from typing import Any, Final

from django.utils import timezone

from caudal.fieldwork import queries as fieldwork
from caudal.fieldwork.models import FieldEvent, Stop
from caudal.kernel import places
from caudal.kernel.wording import in_reading_case, short_date
from caudal.metering import pages, policy, queries, review_map
from caudal.metering.models import Reading, ReadingReview
from caudal.metering.queries.reviewing import DECIDED, PENDING, WAITING, Case
from caudal.registry.models import BillingCycle, Route, ServicePoint
from caudal.rules.periods import Period

TOLD_APART: Final = -1  # the filter of what phones told and was set aside
NEIGHBORS: Final = 40
STATES: Final = {PENDING: "por decidir", WAITING: "espera a la calle", DECIDED: "decidida"}
REASONS: Final = {
    "accepted": "Se revisó: la foto y la historia la confirman",
    "corrected": "Se ve otra lectura en la foto",
    "estimated": "La lectura no es creíble",
    "reread": "No se puede decidir sin volver a leer",
    "inspection": "Hay que ver qué pasa en el predio",
}


def page(
    *, cycle: BillingCycle, period: int, doubt: int, route: str, point: int, clerk: str
) -> dict[str, Any]:
    """The asked case, or the first to decide, and the list it is in."""
    every = queries.cases(cycle=cycle, period=period, doubt=doubt, route=route)
    pending = [each for each in every if each.state == PENDING]
    first = next(iter(pending or every), None)
    chosen = next((each for each in every if each.service_point_id == point), first)
    done = len(every) - len(pending)
    last = queries.last_decision_of(clerk=clerk, cycle=cycle, period=period)
    return {
        "cycle": cycle,
        "period": int(period),
        "doubt": doubt,
        "route": route,
        "routes": list(Route.objects.filter(cycle=cycle).order_by("code").values_list("code", flat=True)),
        "doubts": [(TOLD_APART, "lecturas apartadas o en conflicto")]
        + [(int(each), text) for each, text in policy.DOUBT_TEXTS.items()],
        "cases": [_row(each) for each in every],
        "done": done,
        "total": len(every),
        "pending": len(pending),
        "case": _card(chosen, period) if chosen else None,
        "undo": _undo(last),
        "is_closed": queries.is_closed(cycle_id=cycle.pk, period=period),
    }


def _row(case: Case) -> dict[str, Any]:
    return {
        "point": case.service_point_id,
        "number": case.account_number,
        "why": case.why,
        "m3": case.consumption_m3,
        "state": case.state,
        "words": case.decision_text if case.state != PENDING else STATES[PENDING],
    }


def _undo(last: ReadingReview | None) -> dict[str, Any] | None:
    if last is None:
        return None
    account = queries.account_at(
        service_point_id=last.service_point_id, on=timezone.localtime(last.at).date()
    )
    return {
        "point": last.service_point_id,
        "period": int(last.period),
        "words": f"{account.number if account else 'la toma'}, {last.get_decision_display()}",
    }


def _card(case: Case, period: int) -> dict[str, Any]:
    point = ServicePoint.objects.select_related("premise", "route").get(pk=case.service_point_id)
    history = queries.recent_consumption(service_point_id=point.pk, until=period, months=pages.BARS)
    now = next((each for each in history if each.period == period), None)
    reading = queries.latest_reading(service_point=point, period=period)
    events = _events(point, period)
    standing = events[-1] if events else None
    return {
        "point": point.pk,
        "seen": queries.seen_of(service_point_id=point.pk, period=period),
        "number": case.account_number,
        "holder": in_reading_case(case.holder),
        "address": in_reading_case(point.premise.address),
        "route": f"{case.route}-{case.walk_sequence:04d}",
        "why": case.why,
        "state": case.state,
        "state_words": STATES[case.state],
        "decision": case.decision_text,
        "m3": f"{case.consumption_m3:,} m³" if now else "sin calcular",
        "mean": f"{case.mean_m3:,} m³" if case.mean_m3 >= 0 else "sin historia",
        "basis": now.basis_text if now else "",
        "previous": f"{now.previous_reading:,}" if now and now.previous_reading >= 0 else "—",
        "current": _value(reading),
        "exception": f"{reading.exception_code} {queries.exception_text(code=int(reading.exception_code))}"
        if reading
        else "sin lectura",
        "reader": _reader(reading, standing),
        "distance": _distance(point, standing),
        "photos": _photos(events),
        "map": _map(point, standing),
        "chart": pages.consumption_bars(history=history, last=Period(period)),
        "told": [_told(each) for each in queries.told_apart(service_point_id=point.pk, period=period)],
        "reviews": list(queries.reviews(service_point_id=point.pk, period=period)),
        "reasons": REASONS,
    }


def _value(reading: Reading | None) -> str:
    return "—" if reading is None or reading.value is None else f"{reading.value:,}"


def _reader(reading: Reading | None, event: FieldEvent | None) -> str:
    if reading is None:
        return "nadie todavía"
    hour = f", {timezone.localtime(event.happened_at):%H:%M}" if event else ""
    return f"{reading.observer}, {short_date(reading.read_on)}{hour}"


def _events(point: ServicePoint, period: int) -> list[FieldEvent]:
    """Everything phones told of this dial in the period, the last one last."""
    stops = Stop.objects.filter(service_point=point, subject_kind="reading", round__period=period)
    return list(
        FieldEvent.objects.filter(stop_code__in=stops.values("code"), kind="reading")
        .select_related("device__clerk")
        .order_by("happened_at", "pk")
    )


def _photos(events: list[FieldEvent]) -> list[dict[str, Any]]:
    shots = fieldwork.photos_of(event_ids=[each.pk for each in events])
    return [
        {
            "id": shot.id,
            "words": f"Foto de {each.device.clerk.username}, {timezone.localtime(each.happened_at):%H:%M}",
        }
        for each in events
        for shot in shots.get(each.pk, ())
    ]


def _distance(point: ServicePoint, event: FieldEvent | None) -> str:
    here, there = places.spot_of(point), places.spot_of(event)
    return f"{places.metres(here, there):,} m de la toma" if here and there else "sin ubicación"


def _map(point: ServicePoint, event: FieldEvent | None) -> str:
    here = places.spot_of(point)
    if here is None:
        return ""
    near = ServicePoint.objects.filter(
        route=point.route, latitude_e6__isnull=False,
        walk_sequence__range=(max(point.walk_sequence - NEIGHBORS, 0), point.walk_sequence + NEIGHBORS),
    ).exclude(pk=point.pk)  # fmt: skip
    spots = [spot for each in near[:NEIGHBORS] if (spot := places.spot_of(each))]
    return review_map.draw(place=here, told_from=places.spot_of(event), neighbors=spots)


def _told(each: queries.ToldApart) -> dict[str, Any]:
    value = each.event.body.get("value")
    return {
        "who": each.event.device.clerk.full_name,
        "at": timezone.localtime(each.event.happened_at),
        "value": value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None,
        "reason": each.reason,
    }
