"""From readings to cubic meters: assess the period of a whole cycle, or of one service point, the same way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection, transaction

from caudal.kernel import audit, copying, partitions
from caudal.kernel.refusals import Refusal
from caudal.metering import loading, parameters, policy, queries
from caudal.metering.asking import Scope
from caudal.metering.commands.locking import hold_period
from caudal.metering.loading import Loaded
from caudal.metering.models import Consumption, ConsumptionRevision
from caudal.metering.policy import Doubt, Int64, Judgment, ReadingRules, in_words
from caudal.registry.models import BillingCycle, ServicePoint
from caudal.rules import regularization
from caudal.rules.periods import Period

CONSUMPTION_TYPES = {
    "period": "int4", "service_point_id": "int4", "installation_id": "int4", "basis": "int2",
    "consumption_m3": "int4", "days": "int2", "previous_reading": "int4", "current_reading": "int4",
    "previous_on": "date", "current_on": "date", "exception_code": "int2", "mean_m3": "int4",
    "doubts": "int4", "estimated_periods": "int2",
}  # fmt: skip
REVISION_TYPES = {
    "settled_in": "int4", "service_point_id": "int4", "period": "int4", "estimated_m3": "int4",
    "real_m3": "int4", "days": "int2",
}  # fmt: skip
MOST_DAYS = 32_767  # what the column holds: a meter not read for ninety years


class CannotAssessPeriod(Refusal): ...


@dataclass(frozen=True, slots=True)
class Assessment:
    """What came of it: points by basis, m³, doubts by name, past periods revised."""

    n_points: int
    n_real: int
    n_estimated: int
    n_averaged: int
    n_no_service: int
    consumption_m3: int
    n_doubtful: int
    doubts: dict[str, int]
    n_revised_periods: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rows to write, as columns."""

    consumption: dict[str, Int64 | int]
    revisions: dict[str, Int64 | int]


def assess_period(
    *,
    cycle: BillingCycle,
    period: int,
    by: str,
    at: datetime,
    rules: ReadingRules | None = None,
) -> Assessment:
    """Validate, estimate and write the consumption of every metered service of a cycle in a period.

    Every point with a metered agreement in effect on some day of the period gets one row, read or not.
    Assessed again, its rows are replaced; a billed period is not touched.

    :param rules: None for those of the tariff book in force on the last day of the period
    :raises CannotAssessPeriod: if the period is billed
    """
    with transaction.atomic():
        hold_period(cycle_id=cycle.pk, period=period)
        if queries.is_closed(cycle_id=cycle.pk, period=period):
            raise CannotAssessPeriod(
                f"El periodo {in_words(period)} del ciclo {cycle.code} ya está facturado.",
                "Para una sola toma, pida su relectura; para un recibo emitido, cancélelo y vuelva a facturar.",
            )
        assessment = _assess(Scope(cycle=cycle, period=Period(period)), rules=rules)
        audit.record(
            act="assess_period",
            by=by,
            at=at,
            object_kind="cycle",
            object_id=cycle.code,
            after={"period": period, "points": assessment.n_points, "m3": assessment.consumption_m3},
        )
        return assessment


@transaction.atomic
def assess_one(
    *,
    service_point: ServicePoint,
    period: int,
    by: str,
    at: datetime,
    rules: ReadingRules | None = None,
) -> Consumption:
    """The same for one service point: a cycle of one.

    :raises CannotAssessPeriod: if the period is billed and no re-read was asked for, or the point has no
        metered service in it
    """
    hold_period(cycle_id=service_point.route.cycle_id, period=period)
    if not queries.is_open_for(service_point=service_point, period=period):
        raise CannotAssessPeriod(
            f"El periodo {in_words(period)} de esta toma ya está facturado.", "Pida antes su relectura."
        )
    scope = Scope(service_point.route.cycle, Period(period), [service_point.pk])
    if _assess(scope, rules=rules).n_points == 0:
        raise CannotAssessPeriod(
            f"La toma no tiene servicio medido en {in_words(period)}.", "Revise su contrato y su ruta."
        )
    audit.record(
        act="assess_one",
        by=by,
        at=at,
        object_kind="service_point",
        object_id=service_point.pk,
        after={"period": period},
    )
    return Consumption.objects.get(period=period, service_point_id=service_point.pk)


def preview(
    *,
    cycle: BillingCycle,
    period: int,
    service_point_ids: Sequence[int],
    rules: ReadingRules | None = None,
) -> dict[int, int]:
    """Doubts of some points if they were assessed now: service point → mask. Writes nothing."""
    scope = Scope(cycle, Period(period), service_point_ids)
    known = rules or parameters.in_force(on=scope.period.last_day)
    loaded = loading.load(scope, rules=known)
    columns = settle(loaded=loaded, period=scope.period, rules=known).consumption
    return dict(zip(loaded.point.tolist(), np.asarray(columns["doubts"]).tolist(), strict=True))


def settle(*, loaded: Loaded, period: Period, rules: ReadingRules) -> Outcome:
    """Judge the facts and spread what was counted over the periods it belongs to."""
    facts = loaded.facts
    judged = policy.judge(facts, rules=rules)
    is_real = judged.basis == policy.REAL
    this_period_m3, revisions = _spread(loaded, judged, period=period)
    consumption_m3 = np.where(is_real, this_period_m3, judged.estimate_m3)
    doubts = judged.reading_doubts | policy.volume_doubts(
        facts, consumption_m3=consumption_m3, basis=judged.basis, rules=rules
    )
    consumption: dict[str, Int64 | int] = {
        "period": int(period),
        "service_point_id": loaded.point,
        "installation_id": loaded.installation,
        "basis": judged.basis,
        "consumption_m3": consumption_m3,
        "days": np.minimum(facts.days, MOST_DAYS),
        "previous_reading": facts.previous_reading,
        "current_reading": judged.current_reading,
        "previous_on": loaded.previous_on,
        "current_on": loaded.current_on,
        "exception_code": facts.code,
        "mean_m3": facts.mean_m3,
        "doubts": doubts,
        "estimated_periods": judged.unread_periods,
    }
    return Outcome(consumption, revisions)


def _spread(loaded: Loaded, judged: Judgment, *, period: Period) -> tuple[Int64, dict[str, Int64 | int]]:
    """Real m³ over the estimated periods before it and this one, by their days; whole m³, nothing lost."""
    facts, before = loaded.facts, loaded.estimated
    nets = (judged.basis == policy.REAL) & (facts.estimated_before > 0)
    chosen = nets[before.row]
    row, days = before.row[chosen], np.maximum(before.days[chosen], 1)
    this_period_m3 = judged.counted_m3.copy()
    rows = np.flatnonzero(nets)
    line = np.searchsorted(rows, row)
    width = int(facts.estimated_before[rows].max(initial=0)) + 1
    # periods of a point stand together, oldest first: number them within their point
    turn = np.arange(row.size) - np.searchsorted(row, row, side="left")
    table = np.zeros((rows.size, width), dtype=np.int64)
    table[line, turn] = days
    table[np.arange(rows.size), facts.estimated_before[rows]] = np.maximum(facts.days[rows], 1)
    shares = regularization.spread_batch(consumption_m3=judged.counted_m3[rows], days=table)
    this_period_m3[rows] = shares[np.arange(rows.size), facts.estimated_before[rows]]
    return this_period_m3, {
        "settled_in": int(period),
        "service_point_id": loaded.point[row],
        "period": before.period[chosen],
        "estimated_m3": before.estimated_m3[chosen],
        "real_m3": shares[line, turn],
        "days": np.minimum(days, MOST_DAYS),
    }


def _assess(scope: Scope, *, rules: ReadingRules | None) -> Assessment:
    known = rules or parameters.in_force(on=scope.period.last_day)
    loaded = loading.load(scope, rules=known)
    outcome = settle(loaded=loaded, period=scope.period, rules=known)
    _write(scope, outcome, n_points=int(loaded.point.size))
    basis = np.asarray(outcome.consumption["basis"])
    doubts = np.asarray(outcome.consumption["doubts"])
    return Assessment(
        n_points=int(basis.size),
        n_real=int((basis == policy.REAL).sum()),
        n_estimated=int((basis == policy.ESTIMATED).sum()),
        n_averaged=int((basis == policy.AVERAGED).sum()),
        n_no_service=int((basis == policy.NO_SERVICE).sum()),
        consumption_m3=int(np.asarray(outcome.consumption["consumption_m3"]).sum()),
        n_doubtful=int((doubts != 0).sum()),
        doubts={str(d.name).lower(): n for d in Doubt if (n := int(((doubts & d) != 0).sum()))},
        n_revised_periods=int(np.size(outcome.revisions["period"])),
    )


def _write(scope: Scope, outcome: Outcome, *, n_points: int) -> None:
    """Replace the rows of the scope. The first ones of a month are filled apart and published as a set."""
    table, period = Consumption._meta.db_table, int(scope.period)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [f"{table}_{period}"])
        is_new = cursor.fetchone()[0]
    if not is_new:
        _erase(scope)
    if n_points and is_new:
        tag = f"c{scope.cycle.pk}"
        detached = partitions.open_detached(parent=table, period=period, tag=tag)
        copying.copy_in(table=detached, types=CONSUMPTION_TYPES, columns=outcome.consumption)
        partitions.attach(parent=table, period=period, tag=tag)
    elif n_points:
        copying.copy_in(table=table, types=CONSUMPTION_TYPES, columns=outcome.consumption)
    if np.size(outcome.revisions["period"]):
        copying.copy_in(
            table=ConsumptionRevision._meta.db_table, types=REVISION_TYPES, columns=outcome.revisions
        )


def _erase(scope: Scope) -> None:
    condition, params = scope.only("p.id")
    of_scope = f"""
        SELECT p.id FROM registry_servicepoint p JOIN registry_route r ON r.id = p.route_id
        WHERE r.cycle_id = %s AND {condition}"""
    with connection.cursor() as cursor:
        for table, column in (
            (Consumption._meta.db_table, "period"),
            (ConsumptionRevision._meta.db_table, "settled_in"),
        ):
            cursor.execute(
                f"DELETE FROM {table} WHERE {column} = %s AND service_point_id IN ({of_scope})",
                (int(scope.period), scope.cycle.pk, *params),  # type: ignore[arg-type]
            )
