"""How much was consumed, how it is known, what is doubtful of it, and which periods are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from caudal.kernel import copying
from caudal.metering import policy
from caudal.metering.exceptions import CODES
from caudal.metering.models import Consumption, ConsumptionRevision, PeriodClosure, RereadRequest
from caudal.metering.queries.rows import rows
from caudal.registry.models import BillingCycle, ServicePoint
from caudal.rules.periods import Period

BASIS_TEXTS: dict[int, str] = {value: str(label) for value, label in Consumption.Basis.choices}


@dataclass(frozen=True, slots=True)
class PeriodConsumption:
    """One period of a service point, in numbers and in words."""

    period: int
    service_point_id: int
    consumption_m3: int
    basis: int
    basis_text: str
    days: int
    previous_reading: int
    current_reading: int
    current_on: date
    exception_code: str
    exception_text: str
    mean_m3: int
    doubts: int
    doubt_texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One consumption that a person should look at before it is billed."""

    account_number: str
    holder: str
    service_point_id: int
    route: str
    walk_sequence: int
    previous_reading: int
    current_reading: int
    consumption_m3: int
    mean_m3: int
    basis_text: str
    exception_code: str
    doubts: int
    doubt_texts: tuple[str, ...]


def recent_consumption(*, service_point_id: int, until: int, months: int = 13) -> list[PeriodConsumption]:
    """The last periods of a point, oldest first, `until` included. Periods without a row are left out."""
    first = Period(until).shift(1 - months)
    rows = Consumption.objects.filter(
        service_point_id=service_point_id, period__range=(int(first), int(until))
    ).order_by("period")
    return [_in_words(row) for row in rows]


def usual_volume(*, service_point_id: int, before: int, mean_of: int) -> int:
    """Whole m³ of a usual month: the mean of the last `mean_of` real consumptions of the year before a period; 0
    without any. The same mean by which a month nobody saw is estimated."""
    history = recent_consumption(
        service_point_id=service_point_id, until=int(Period(before).shift(-1)), months=policy.WINDOW_MONTHS
    )
    real = [each.consumption_m3 for each in history if each.basis == policy.REAL][-mean_of:]
    return max(int(policy.mean(total_m3=np.array(sum(real)), periods=np.array(len(real)))), 0)


def consumption_history(
    *, service_point_ids: Sequence[int], periods: Sequence[int]
) -> dict[str, NDArray[np.int64]]:
    """period, service_point_id, consumption_m3 and basis of many points, for bars and for billing."""
    sql = """
        SELECT period, service_point_id, consumption_m3, basis::int AS basis FROM metering_consumption
        WHERE period = ANY(%s) AND service_point_id = ANY(%s::int[]) ORDER BY service_point_id, period"""
    names = ("period", "service_point_id", "consumption_m3", "basis")
    return copying.copy_out(
        sql=sql,
        types=dict.fromkeys(names, "int4"),
        params=([int(p) for p in periods], [int(i) for i in service_point_ids]),
    )


def regularization(
    *, period: int, cycle: BillingCycle | None = None, service_point_ids: Sequence[int] | None = None
) -> dict[str, NDArray[np.int64]]:
    """Estimated periods that the real readings of `period` settle, oldest first within a point.

    Columns service_point_id, period, estimated_m3, real_m3, days. Billing re-rates each with the book of
    its own period and charges or credits the difference once. The current period's consumption already
    is its own share of what was counted.
    """
    conditions = ["v.settled_in = %s"]
    params: list[object] = [int(period)]
    if cycle is not None:
        conditions.append("r.cycle_id = %s")
        params.append(cycle.pk)
    if service_point_ids is not None:
        conditions.append("v.service_point_id = ANY(%s::int[])")
        params.append([int(each) for each in service_point_ids])
    sql = f"""
        SELECT v.service_point_id, v.period, v.estimated_m3, v.real_m3, v.days
        FROM metering_consumptionrevision v
        JOIN registry_servicepoint p ON p.id = v.service_point_id
        JOIN registry_route r ON r.id = p.route_id
        WHERE {" AND ".join(conditions)}
        ORDER BY v.service_point_id, v.period"""
    names = ("service_point_id", "period", "estimated_m3", "real_m3", "days")
    return copying.copy_out(sql=sql, types=dict.fromkeys(names, "int4"), params=params)


def settlement_of(*, service_point_id: int, period: int) -> tuple[int, int] | None:
    """The period whose real reading told what an estimated one was, and the m³ it told; None if none did yet."""
    told = ConsumptionRevision.objects.filter(service_point_id=service_point_id, period=period)
    last = told.order_by("-settled_in").first()
    return None if last is None else (int(last.settled_in), last.real_m3)


def exception_text(*, code: int) -> str:
    """What a field code says of a reading, in words."""
    return CODES[f"{code:02d}"].text


def doubtful(
    *, cycle: BillingCycle, period: int, doubts: int = -1, limit: int | None = None
) -> list[Doubtful]:
    """Consumptions of a period with any of these doubts (a mask of `policy.Doubt`), in walking order."""
    sql = """
        SELECT a.number, COALESCE(person.full_name, '') AS holder, c.service_point_id, r.code AS route,
            p.walk_sequence, c.previous_reading, c.current_reading, c.consumption_m3, c.mean_m3, c.basis,
            c.exception_code, c.doubts
        FROM metering_consumption c
        JOIN registry_servicepoint p ON p.id = c.service_point_id
        JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %(cycle)s
        JOIN LATERAL (SELECT account_id FROM registry_serviceagreement WHERE service_point_id = p.id
            AND effective_from <= c.current_on ORDER BY effective_from DESC LIMIT 1) g ON TRUE
        JOIN registry_account a ON a.id = g.account_id
        LEFT JOIN LATERAL (SELECT person_id FROM registry_accountholder WHERE account_id = a.id
            ORDER BY effective_from DESC LIMIT 1) h ON TRUE
        LEFT JOIN registry_person person ON person.id = h.person_id
        WHERE c.period = %(period)s AND (c.doubts & %(doubts)s) <> 0
        ORDER BY r.code, p.walk_sequence, a.number LIMIT %(limit)s"""
    params = {"cycle": cycle.pk, "period": int(period), "doubts": doubts, "limit": limit}
    return [
        Doubtful(
            row["number"],
            row["holder"],
            row["service_point_id"],
            row["route"],
            row["walk_sequence"],
            row["previous_reading"],
            row["current_reading"],
            row["consumption_m3"],
            row["mean_m3"],
            BASIS_TEXTS[row["basis"]],
            f"{row['exception_code']:02d}",
            row["doubts"],
            tuple(policy.doubt_texts(row["doubts"])),
        )
        for row in rows(sql=sql, params=params)
    ]


def rereads_pending(*, cycle: BillingCycle) -> list[RereadRequest]:
    """Points asked to be read again and not settled, oldest request first."""
    return list(
        RereadRequest.objects.filter(settled_at__isnull=True, service_point__route__cycle=cycle)
        .select_related("service_point__route")
        .order_by("requested_at", "pk")
    )


def is_closed(*, cycle_id: int, period: int) -> bool:
    """Whether a period of a cycle is billed."""
    return PeriodClosure.objects.filter(cycle_id=cycle_id, period=period).exists()


def is_open_for(*, service_point: ServicePoint, period: int) -> bool:
    """Whether readings of a point may still be written: its period is not billed, or a re-read stands."""
    return (
        not is_closed(cycle_id=service_point.route.cycle_id, period=period)
        or RereadRequest.objects.filter(
            service_point=service_point, period=period, settled_at__isnull=True
        ).exists()
    )


def _in_words(row: Consumption) -> PeriodConsumption:
    return PeriodConsumption(
        period=row.period,
        service_point_id=row.service_point_id,
        consumption_m3=row.consumption_m3,
        basis=row.basis,
        basis_text=BASIS_TEXTS[row.basis],
        days=row.days,
        previous_reading=row.previous_reading,
        current_reading=row.current_reading,
        current_on=row.current_on,
        exception_code=f"{row.exception_code:02d}",
        exception_text=CODES[f"{row.exception_code:02d}"].text,
        mean_m3=row.mean_m3,
        doubts=row.doubts,
        doubt_texts=tuple(policy.doubt_texts(row.doubts)),
    )
