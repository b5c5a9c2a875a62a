"""What assessing a period asks of the database: integer columns, dates as days since 2000-01-01."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from caudal.kernel import copying
from caudal.metering.policy import Int64
from caudal.registry.models import BillingCycle
from caudal.rules.periods import Period

EPOCH: Final = date(2000, 1, 1)
NEVER: Final = -1_000_000  # a day before all days

Columns = dict[str, Int64]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which points are assessed: all of a cycle, or some."""

    cycle: BillingCycle
    period: Period
    service_point_ids: Sequence[int] | None = None

    @property
    def first_day(self) -> date:
        return self.period.shift(1 - self.cycle.months).first_day

    @property
    def next_day(self) -> date:
        return self.period.next().first_day

    def only(self, column: str) -> tuple[str, list[object]]:
        """A condition that keeps to the points asked for, and its parameters."""
        if self.service_point_ids is None:
            return "TRUE", []
        return f"{column} = ANY(%s::int[])", [list(self.service_point_ids)]


def day_number(on: date) -> int:
    return (on - EPOCH).days


def points(scope: Scope) -> Columns:
    """Points of the cycle with a metered agreement in effect on some day of the period; the newest counts."""
    condition, params = scope.only("a.service_point_id")
    sql = f"""
        SELECT DISTINCT ON (a.service_point_id) a.service_point_id AS point, a.tariff_class_id AS class,
            p.connection_diameter_mm AS diameter, a.effective_from - date '2000-01-01' AS agreed,
            (i.agreement_id IS NOT NULL)::int AS interrupted
        FROM registry_serviceagreement a
        JOIN registry_servicepoint p ON p.id = a.service_point_id
        JOIN registry_route r ON r.id = p.route_id
        LEFT JOIN registry_serviceinterruption i ON i.agreement_id = a.id AND i.kind <> 'restriction'
            AND i.effective_from <= %s
            AND (i.effective_to IS NULL OR i.effective_to >= %s)
        WHERE r.cycle_id = %s AND a.is_metered AND a.effective_from < %s
            AND (a.effective_to IS NULL OR a.effective_to > %s) AND {condition}
        ORDER BY a.service_point_id, a.effective_from DESC"""
    types = {"point": "int4", "class": "int4", "diameter": "int4", "agreed": "int4", "interrupted": "int4"}
    first, after = scope.first_day, scope.next_day
    return copying.copy_out(
        sql=sql, types=types, params=(first, after, scope.cycle.pk, after, first, *params)
    )


def readings(scope: Scope) -> Columns:
    """The regular reading of each point: the latest day, in its latest revision."""
    condition, params = scope.only("i.service_point_id")
    sql = f"""
        SELECT DISTINCT ON (i.service_point_id) i.service_point_id AS point, r.installation_id AS installation,
            COALESCE(r.value, -1) AS value, r.exception_code::int AS code, r.read_on - date '2000-01-01' AS on_day
        FROM (
            SELECT DISTINCT ON (installation_id) * FROM metering_reading
            WHERE period = %s AND kind = 'regular' ORDER BY installation_id, revision DESC
        ) r
        JOIN metering_meterinstallation i ON i.id = r.installation_id
        WHERE {condition}
        ORDER BY i.service_point_id, r.read_on DESC, r.installation_id DESC"""
    types = {"point": "int4", "installation": "int4", "value": "int4", "code": "int4", "on_day": "int4"}
    return copying.copy_out(sql=sql, types=types, params=(int(scope.period), *params))


def initial_readings(scope: Scope) -> Columns:
    """Initial readings given to a meter that was hanging already: another account took it over."""
    condition, params = scope.only("i.service_point_id")
    sql = f"""
        SELECT DISTINCT ON (i.service_point_id) i.service_point_id AS point, r.installation_id AS installation,
            r.value AS value, r.read_on - date '2000-01-01' AS on_day
        FROM metering_reading r
        JOIN metering_meterinstallation i ON i.id = r.installation_id
        WHERE r.kind = 'initial' AND r.read_on > i.installed_on AND r.read_on < %s AND {condition}
        ORDER BY i.service_point_id, r.read_on DESC, r.revision DESC"""
    types = {"point": "int4", "installation": "int4", "value": "int4", "on_day": "int4"}
    return copying.copy_out(sql=sql, types=types, params=(scope.next_day, *params))


def installations(scope: Scope) -> Columns:
    """Every meter that ever hung at the points, oldest first."""
    condition, params = scope.only("i.service_point_id")
    sql = f"""
        SELECT i.service_point_id AS point, i.id AS installation, i.initial_reading AS initial,
            COALESCE(i.final_reading, 0) AS final, COALESCE(i.removed_on - date '2000-01-01', {NEVER}) AS removed,
            i.installed_on - date '2000-01-01' AS installed, m.dial_digits AS digits
        FROM metering_meterinstallation i
        JOIN metering_meter m ON m.id = i.meter_id
        JOIN registry_servicepoint p ON p.id = i.service_point_id
        JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %s
        WHERE {condition}
        ORDER BY i.installed_on, i.id"""
    names = ("point", "installation", "initial", "final", "removed", "installed", "digits")
    return copying.copy_out(sql=sql, types=dict.fromkeys(names, "int4"), params=(scope.cycle.pk, *params))


def consumption(scope: Scope, period: Period) -> Columns:
    condition, params = scope.only("service_point_id")
    sql = f"""
        SELECT service_point_id AS point, basis::int AS basis, current_reading AS reading,
            current_on - date '2000-01-01' AS on_day, installation_id AS installation,
            estimated_periods::int AS unread
        FROM metering_consumption WHERE period = %s AND {condition}"""
    names = ("point", "basis", "reading", "on_day", "installation", "unread")
    return copying.copy_out(sql=sql, types=dict.fromkeys(names, "int4"), params=(int(period), *params))


def real_volumes(scope: Scope, period: Period) -> Columns:
    condition, params = scope.only("service_point_id")
    sql = f"""
        SELECT service_point_id AS point, consumption_m3 AS m3
        FROM metering_consumption WHERE period = %s AND basis = 1 AND {condition}"""
    return copying.copy_out(sql=sql, types={"point": "int4", "m3": "int4"}, params=(int(period), *params))


def behind(scope: Scope, point: Int64) -> Columns:
    """Rows of the points that were not real last time, newest first, back to their last real or averaged one."""
    sql = """
        SELECT point, period, turn, basis, m3, days, reading, on_day, installation, unread FROM (
            SELECT service_point_id AS point, period, basis::int AS basis, consumption_m3 AS m3, days::int AS days,
                current_reading AS reading, current_on - date '2000-01-01' AS on_day,
                installation_id AS installation, estimated_periods::int AS unread,
                row_number() OVER newest_first AS turn,
                count(*) FILTER (WHERE basis IN (1, 3)) OVER newest_first AS anchors
            FROM metering_consumption WHERE period < %s AND service_point_id = ANY(%s::int[])
            WINDOW newest_first AS (PARTITION BY service_point_id ORDER BY period DESC)
        ) walked
        WHERE anchors = 0 OR (anchors = 1 AND basis IN (1, 3))"""
    names = ("point", "period", "turn", "basis", "m3", "days", "reading", "on_day", "installation", "unread")
    return copying.copy_out(
        sql=sql, types=dict.fromkeys(names, "int4"), params=(int(scope.period), point.tolist())
    )


def class_volumes(scope: Scope) -> Columns:
    """Real m³ of each tariff class of the cycle in the previous period, and over how many points."""
    sql = """
        SELECT a.tariff_class_id AS class, sum(c.consumption_m3) AS m3, count(*) AS n
        FROM metering_consumption c
        JOIN registry_servicepoint p ON p.id = c.service_point_id
        JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %s
        JOIN registry_serviceagreement a ON a.service_point_id = c.service_point_id
            AND a.effective_from <= c.current_on AND (a.effective_to IS NULL OR a.effective_to > c.current_on)
        WHERE c.period = %s AND c.basis = 1
        GROUP BY a.tariff_class_id"""
    types = {"class": "int4", "m3": "int8", "n": "int8"}
    params = (scope.cycle.pk, int(scope.period.shift(-scope.cycle.months)))
    return copying.copy_out(sql=sql, types=types, params=params)
