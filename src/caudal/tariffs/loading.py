"""Rows → columns for what-if questions over the whole registry.

One statement reads tables of registry and metering (batches may join other rooms in SQL; see
ARCHITECTURE.md): tariffs imports neither, and stands beside metering on its floor.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.db import connection

from caudal.kernel import copying
from caudal.rules.bounds import Int64

NOT_READ: Final = -1
LOOK_BACK: Final = 3  # most recent periods in which a consumption is looked for

_TYPES: Final = {
    "account_id": "int4", "class_id": "int4", "is_metered": "int2", "has_sewerage": "int2",
    "is_interrupted": "int2", "locality_id": "int4", "diameter_mm": "int2", "lot_area_m2": "int4",
    "benefits": "int2", "months": "int2", "consumption_m3": "int4",
}  # fmt: skip

_SQL: Final = """
SELECT a.account_id, a.tariff_class_id AS class_id, a.is_metered::int AS is_metered,
       p.has_sewerage::int AS has_sewerage, (i.agreement_id IS NOT NULL)::int AS is_interrupted,
       m.locality_id, p.connection_diameter_mm AS diameter_mm, m.lot_area_m2,
       COALESCE(b.mask, 0) AS benefits, y.months, {consumption} AS consumption_m3
  FROM registry_serviceagreement a
  JOIN registry_servicepoint p ON p.id = a.service_point_id
  JOIN registry_premise m ON m.id = p.premise_id
  JOIN registry_route r ON r.id = p.route_id
  JOIN registry_billingcycle y ON y.id = r.cycle_id
  LEFT JOIN registry_serviceinterruption i ON i.agreement_id = a.id AND i.kind <> 'restriction'
       AND i.effective_from <= %s AND (i.effective_to IS NULL OR i.effective_to > %s)
  LEFT JOIN (SELECT account_id, bit_or(CASE category WHEN 'pensioner' THEN 1 WHEN 'disabled' THEN 2
                                        WHEN 'widowed' THEN 4 ELSE 8 END) AS mask
               FROM registry_benefit
              WHERE effective_from <= %s AND (effective_to IS NULL OR effective_to > %s)
              GROUP BY account_id) b ON b.account_id = a.account_id
  {joins}
 WHERE a.effective_from <= %s AND (a.effective_to IS NULL OR a.effective_to > %s)
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """The registry of a day as columns, one row per service; `consumption_m3` `NOT_READ` if unknown."""

    account_id: Int64
    class_id: Int64
    is_metered: Int64
    has_sewerage: Int64
    is_interrupted: Int64
    locality_id: Int64
    diameter_mm: Int64
    lot_area_m2: Int64
    benefits: Int64  # mask of queries.BENEFIT_BITS
    months: Int64  # of the billing cycle
    consumption_m3: Int64

    def __len__(self) -> int:
        return int(self.account_id.size)


def facts(*, on: date) -> Facts:
    """Read the services in force on a day with the last consumption known of each."""
    periods = _recent_periods(on)
    joins = "\n".join(
        f"LEFT JOIN metering_consumption c{number} "
        f"ON c{number}.period = {period} AND c{number}.service_point_id = a.service_point_id"
        for number, period in enumerate(periods)
    )
    known = ", ".join([*(f"c{number}.consumption_m3" for number in range(len(periods))), str(NOT_READ)])
    sql = _SQL.format(joins=joins, consumption=f"COALESCE({known})")
    return Facts(**copying.copy_out(sql=sql, types=_TYPES, params=[on] * sql.count("%s")))


def account_numbers(*, ids: Int64) -> dict[int, str]:
    """The numbers people know, of some accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number FROM registry_account WHERE id = ANY(%s::int[])", [np.unique(ids).tolist()]
        )
        return dict(cursor.fetchall())


def _recent_periods(on: date) -> list[int]:
    """The last periods with consumption, found by jumping from one to the one before."""
    found: list[int] = []
    below = on.year * 100 + on.month + 1
    with connection.cursor() as cursor:
        while len(found) < LOOK_BACK:
            cursor.execute("SELECT max(period) FROM metering_consumption WHERE period < %s", [below])
            (period,) = cursor.fetchone()
            if period is None:
                break
            found.append(period)
            below = period
    return found
