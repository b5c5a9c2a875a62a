"""Which meter hangs where: what a file of readings is compared with."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from caudal.registry.models import BillingCycle


@dataclass(frozen=True, slots=True)
class Hung:
    """A meter, where it hangs, and the account it serves."""

    installation_id: int
    service_point_id: int
    serial: str
    account: str
    dial_digits: int
    installed_on: date
    removed_on: date | None


def hung_meters() -> tuple[dict[str, list[Hung]], dict[str, list[Hung]]]:
    """Every installation, by account number and by serial, oldest first."""
    by_account: dict[str, list[Hung]] = {}
    by_serial: dict[str, list[Hung]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.id, i.service_point_id, m.serial, COALESCE(a.number, ''), m.dial_digits, i.installed_on,
                i.removed_on
            FROM metering_meterinstallation i
            JOIN metering_meter m ON m.id = i.meter_id
            LEFT JOIN LATERAL (SELECT account_id FROM registry_serviceagreement
                WHERE service_point_id = i.service_point_id ORDER BY effective_from DESC LIMIT 1) g ON TRUE
            LEFT JOIN registry_account a ON a.id = g.account_id
            ORDER BY i.installed_on, i.id"""
        )
        for row in cursor.fetchall():
            hung = Hung(*row)
            by_account.setdefault(hung.account, []).append(hung)
            by_serial.setdefault(hung.serial, []).append(hung)
    return by_account, by_serial


def points_of(*, cycle: BillingCycle) -> set[int]:
    """Ids of the service points of a cycle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM registry_servicepoint p JOIN registry_route r ON r.id = p.route_id WHERE r.cycle_id = %s",
            [cycle.pk],
        )
        return {row[0] for row in cursor.fetchall()}
