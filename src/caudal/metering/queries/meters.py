"""Which meters hang where, and what was read on them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from caudal.metering.models import MeterInstallation, Reading
from caudal.metering.queries.rows import rows
from caudal.registry.models import BillingCycle, ServicePoint


@dataclass(frozen=True, slots=True)
class HungMeter:
    """A meter at a service point, now or once."""

    installation_id: int
    serial: str
    brand: str
    dial_digits: int
    diameter_mm: int
    installed_on: date
    initial_reading: int
    removed_on: date | None
    final_reading: int | None
    removal_reason: str


def current_meter(*, service_point: ServicePoint, on: date) -> HungMeter | None:
    """The meter that hangs at a point on a day."""
    return next(
        (
            meter
            for meter in meters(service_point=service_point)
            if meter.installed_on <= on and (meter.removed_on is None or meter.removed_on > on)
        ),
        None,
    )


def meters(*, service_point: ServicePoint) -> list[HungMeter]:
    """Every meter a point has had, newest first."""
    hung = (
        MeterInstallation.objects.filter(service_point=service_point)
        .select_related("meter")
        .order_by("-installed_on", "-pk")
    )
    return [
        HungMeter(
            row.pk,
            row.meter.serial,
            row.meter.brand,
            row.meter.dial_digits,
            row.meter.diameter_mm,
            row.installed_on,
            row.initial_reading,
            row.removed_on,
            row.final_reading,
            row.removal_reason,
        )
        for row in hung
    ]


def readings(*, service_point: ServicePoint, limit: int = 24) -> list[Reading]:
    """Observations at a point, newest first, every revision among them."""
    return list(
        Reading.objects.filter(installation__service_point=service_point)
        .select_related("installation__meter")
        .order_by("-read_on", "-id")[:limit]
    )


def latest_reading(*, service_point: ServicePoint, period: int) -> Reading | None:
    """The regular reading that counts in a period, in its latest revision: the one to correct."""
    of_period = Reading.objects.filter(
        installation__service_point=service_point, period=period, kind=Reading.Kind.REGULAR
    ).order_by("revision")
    latest = {reading.installation_id: reading for reading in of_period}
    return max(latest.values(), key=lambda reading: (reading.read_on, reading.installation_id), default=None)


def unread(*, cycle: BillingCycle, period: int, on: date) -> list[dict[str, Any]]:
    """Meters of a cycle without a regular reading in a period, in walking order."""
    sql = """
        SELECT r.code AS route, p.walk_sequence, a.number AS account, m.serial AS meter, p.id AS service_point_id
        FROM registry_serviceagreement g
        JOIN registry_account a ON a.id = g.account_id
        JOIN registry_servicepoint p ON p.id = g.service_point_id
        JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %(cycle)s
        JOIN metering_meterinstallation i ON i.service_point_id = p.id AND i.removed_on IS NULL
        JOIN metering_meter m ON m.id = i.meter_id
        WHERE g.is_metered AND g.effective_from <= %(on)s AND (g.effective_to IS NULL OR g.effective_to > %(on)s)
            AND NOT EXISTS (SELECT FROM metering_reading WHERE installation_id = i.id AND period = %(period)s
                AND kind = 'regular')
        ORDER BY r.code, p.walk_sequence, a.number"""
    return rows(sql=sql, params={"cycle": cycle.pk, "period": int(period), "on": on})
