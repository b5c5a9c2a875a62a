"""The services to be billed, as columns; and how many there are."""

from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from caudal.kernel import copying
from caudal.registry.models import Benefit, BillingCycle, TariffClass

# order of the numbers in the columns `use` and `benefits` of `billable`
USES: tuple[str, ...] = tuple(TariffClass.Use.values)
BENEFIT_BITS: dict[str, int] = {category: 1 << n for n, category in enumerate(Benefit.Category.values)}


def billable(*, cycle: BillingCycle, on: date) -> dict[str, NDArray[np.int64]]:
    """Every service of a cycle in effect on a day, as columns ordered by account.

    `use` is an index into `USES`; `benefits` a mask of `BENEFIT_BITS`; the flags are 0 or 1.
    """
    bits = " ".join(f"WHEN '{category}' THEN {bit}" for category, bit in BENEFIT_BITS.items())
    uses = " ".join(f"WHEN '{use}' THEN {index}" for index, use in enumerate(USES))
    sql = f"""
        SELECT a.account_id, a.id AS agreement_id, a.service_point_id, a.tariff_class_id,
            CASE c.use {uses} END AS use, a.is_metered::int AS is_metered, p.has_sewerage::int AS has_sewerage,
            p.connection_diameter_mm AS diameter_mm, m.locality_id, p.route_id, p.walk_sequence, m.lot_area_m2,
            (i.id IS NOT NULL)::int AS is_interrupted, COALESCE(b.mask, 0) AS benefits
        FROM registry_serviceagreement a
        JOIN registry_servicepoint p ON p.id = a.service_point_id
        JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = {cycle.pk}
        JOIN registry_premise m ON m.id = p.premise_id
        JOIN registry_tariffclass c ON c.id = a.tariff_class_id
        LEFT JOIN registry_serviceinterruption i ON i.agreement_id = a.id AND i.kind <> 'restriction'
            AND i.effective_from <= '{on:%Y-%m-%d}'
            AND (i.effective_to IS NULL OR i.effective_to > '{on:%Y-%m-%d}')
        LEFT JOIN (
            SELECT account_id, bit_or(CASE category {bits} END) AS mask FROM registry_benefit
            WHERE effective_from <= '{on:%Y-%m-%d}' AND (effective_to IS NULL OR effective_to > '{on:%Y-%m-%d}')
            GROUP BY account_id
        ) b ON b.account_id = a.account_id
        WHERE a.effective_from <= '{on:%Y-%m-%d}' AND (a.effective_to IS NULL OR a.effective_to > '{on:%Y-%m-%d}')
        ORDER BY a.account_id"""
    names = (
        "account_id", "agreement_id", "service_point_id", "tariff_class_id", "use", "is_metered", "has_sewerage",
        "diameter_mm", "locality_id", "route_id", "walk_sequence", "lot_area_m2", "is_interrupted", "benefits",
    )  # fmt: skip
    return copying.copy_out(sql=sql, types=dict.fromkeys(names, "int4"))


def billable_counts(*, on: date, cycle: BillingCycle | None = None) -> list[dict[str, Any]]:
    """Services in effect on a day by class: class, name, how many, metered, flat, interrupted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.code, c.name, count(*), count(*) FILTER (WHERE a.is_metered), count(i.id)
            FROM registry_serviceagreement a
            JOIN registry_tariffclass c ON c.id = a.tariff_class_id
            JOIN registry_servicepoint p ON p.id = a.service_point_id
            JOIN registry_route r ON r.id = p.route_id AND (%(cycle)s::int IS NULL OR r.cycle_id = %(cycle)s)
            LEFT JOIN registry_serviceinterruption i ON i.agreement_id = a.id AND i.kind <> 'restriction'
                AND i.effective_from <= %(on)s
                AND (i.effective_to IS NULL OR i.effective_to > %(on)s)
            WHERE a.effective_from <= %(on)s AND (a.effective_to IS NULL OR a.effective_to > %(on)s)
            GROUP BY c.code, c.name ORDER BY c.code""",
            {"on": on, "cycle": cycle.pk if cycle else None},
        )
        rows = cursor.fetchall()
    return [
        {"code": code, "name": name, "n": n, "metered": metered, "flat": n - metered, "interrupted": cut}
        for code, name, n, metered, cut in rows
    ]
