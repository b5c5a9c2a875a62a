"""`caudal reading review|undo|rounds`: the Crítica and the planning of routes, from the command line."""

from dataclasses import asdict
from datetime import date
from typing import Any

from caudal.kernel import cli, clock
from caudal.kernel.refusals import Refusal


class NothingWasDecided(Refusal): ...


def review_cases(cycle: Any, period: int) -> list[dict[str, Any]]:
    """Every case of a period, with its words."""
    from caudal.metering import queries

    return [asdict(each) | {"why": each.why} for each in queries.cases(cycle=cycle, period=period)]


def decide(
    point: Any, period: int, decision: str, *, reason: str, value: int | None, by: str, as_json: bool
) -> None:
    """Write a decision and tell it."""
    from caudal.metering import commands as metering

    review = metering.review_reading(
        service_point=point,
        period=period,
        decision=decision,
        reason=reason,
        value=value,
        by=by,
        at=clock.now(),
    )
    cli.emit(_facts(review), as_json=as_json, text=_review_text)


def take_back(point: Any, period: int, *, by: str, as_json: bool) -> None:
    """Take back the last decision of a point."""
    from caudal.metering import commands as metering
    from caudal.metering import queries

    last = queries.last_review(service_point_id=point.pk, period=period)
    if last is None:
        raise NothingWasDecided("De esa toma no se ha decidido nada.", "Véala con «caudal reading review».")
    review = metering.reopen_review(review=last, by=by, at=clock.now())
    cli.emit(_facts(review), as_json=as_json, text=_review_text)


def plan(cycle: Any, period: int, on: date, readers: dict[str, str], *, by: str, as_json: bool) -> None:
    """Plan the reading of routes."""
    from caudal.access.models import Clerk
    from caudal.metering import commands as metering

    known = {each.username: each for each in Clerk.objects.filter(username__in=readers.values())}
    if missing := sorted(set(readers.values()) - set(known)):
        raise metering.CannotPlanReading(f"No hay nadie que se llame «{missing[0]}».", "Revise el usuario.")
    made = metering.plan_reading_rounds(
        cycle=cycle, period=period, on=on, by=by, at=clock.now(),
        readers={code: known[name] for code, name in readers.items()},
    )  # fmt: skip
    rows = [
        {
            "folio": each.folio,
            "name": each.name,
            "reader": each.assigned_to.username,
            "stops": each.stops.count(),
        }
        for each in made
    ]
    cli.emit(rows, as_json=as_json, text=_rounds_text)


def case_text(row: dict[str, Any]) -> str:
    """One case on one line."""
    told = row["decision_text"] or "por decidir"
    return (
        f"{row['route']}-{row['walk_sequence']:04d}  {row['account_number']}  {row['consumption_m3']:>6} m³  "
        f"{told}  {row['why']}"
    )


def _facts(review: Any) -> dict[str, Any]:
    return {
        "service_point_id": review.service_point_id, "period": int(review.period), "decision": review.decision,
        "words": review.get_decision_display(), "consumption_m3": review.consumption_m3,
        "order": review.order_folio, "reason": review.reason,
    }  # fmt: skip


def _review_text(facts: dict[str, Any]) -> str:
    order = f" Orden {facts['order']}." if facts["order"] else ""
    return f"Lectura {facts['words']}: {facts['consumption_m3']} m³ en {facts['period']}.{order}"


def _rounds_text(rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{row['folio']}  {row['name']}: {row['stops']} medidores, {row['reader']}" for row in rows
    )
