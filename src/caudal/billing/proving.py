"""The proof that nobody is missing: each service of a run's cycle against its bill, its hold or its cause.

A service that ended within the period counts too: it has no bill in the run, and a cause that says so.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from caudal.billing.loading import cycle_months, run_params
from caudal.billing.models import BillingRun, UnbilledAccount

# accounts of the cycle served on some day of the period and no longer on its last one
_LEFT = """
    SELECT DISTINCT a.account_id FROM registry_serviceagreement a
    JOIN registry_servicepoint p ON p.id = a.service_point_id
    JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %(cycle)s
    WHERE a.effective_to > %(first)s AND a.effective_to <= %(on)s AND NOT EXISTS (
        SELECT FROM registry_serviceagreement later WHERE later.account_id = a.account_id
            AND later.effective_from <= %(on)s AND (later.effective_to IS NULL OR later.effective_to > %(on)s))
"""
_NAME_LEFT = f"""
INSERT INTO billing_unbilledaccount (run_id, account_id, cause, detail)
SELECT %(run)s, account_id, %(cause)s, '' FROM ({_LEFT}) AS gone
ON CONFLICT (run_id, account_id) DO NOTHING
"""
_ACTIVE = """
WITH active AS NOT MATERIALIZED (
    SELECT a.account_id FROM registry_serviceagreement a
    JOIN registry_servicepoint p ON p.id = a.service_point_id
    JOIN registry_route r ON r.id = p.route_id AND r.cycle_id = %(cycle)s
    WHERE a.effective_from <= %(on)s AND (a.effective_to IS NULL OR a.effective_to > %(on)s)
), served AS NOT MATERIALIZED (
    SELECT account_id, TRUE AS is_active FROM active UNION ALL SELECT account_id, FALSE FROM ({left}) AS gone
), bill AS NOT MATERIALIZED (
    SELECT account_id FROM {bills} WHERE period = %(period)s AND run_id = %(run)s AND revision = 1
)
"""
_TOLD = (
    _ACTIVE
    + """
SELECT count(*), count(bill.account_id), count(held.account_id), count(unbilled.account_id),
       (SELECT count(*) FROM bill) <> count(bill.account_id) FILTER (WHERE is_active),
       (array_agg(account_id) FILTER (
           WHERE num_nonnulls(bill.account_id, held.account_id, unbilled.account_id) = 0))[1:20],
       (array_agg(account_id) FILTER (
           WHERE num_nonnulls(bill.account_id, held.account_id, unbilled.account_id) > 1))[1:20]
FROM served
LEFT JOIN bill USING (account_id)
LEFT JOIN (SELECT account_id FROM billing_heldbill WHERE run_id = %(run)s AND issued_at IS NULL) held
     USING (account_id)
LEFT JOIN (SELECT account_id FROM billing_unbilledaccount WHERE run_id = %(run)s) unbilled USING (account_id)
"""
)
_STRAY = (
    _ACTIVE + "SELECT account_id FROM bill WHERE account_id NOT IN (SELECT account_id FROM active) LIMIT 20"
)


@dataclass(frozen=True, slots=True)
class Told:
    """How many active services have a bill, a hold or a cause; and accounts (up to twenty) where that is wrong."""

    active: int
    bills: int
    held: int
    unbilled: int
    without_a_word: list[int]
    told_twice: list[int]
    not_active: list[int]


def told(*, run: BillingRun, bills: str) -> Told:
    """Set the active services of the run's cycle against what was said of each; `bills` is the table to look in."""
    params, tables = _params(run), {"bills": bills, "left": _LEFT}
    with connection.cursor() as cursor:
        cursor.execute(_TOLD.format(**tables), params)
        active, billed, held, unbilled, has_strays, without, twice = cursor.fetchone()
        strays: list[int] = []
        if has_strays:
            cursor.execute(_STRAY.format(**tables), params)
            strays = [account for (account,) in cursor.fetchall()]
    return Told(active, billed, held, unbilled, without or [], twice or [], strays)


_SAID = """
SELECT count(*), (array_agg(account_id) FILTER (WHERE times > 1))[1:20]
FROM (SELECT account_id, count(*) AS times FROM (
    SELECT account_id FROM billing_bill WHERE period = %(period)s AND run_id = %(run)s AND revision = 1
    UNION ALL SELECT account_id FROM billing_heldbill WHERE run_id = %(run)s AND issued_at IS NULL
    UNION ALL SELECT account_id FROM billing_unbilledaccount WHERE run_id = %(run)s) AS word
    GROUP BY account_id) AS said
"""


def said(*, run: BillingRun) -> tuple[int, list[int]]:
    """Of how many accounts an issued run said something, and of whom (up to twenty) more than one thing."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID, _params(run))
        n, twice = cursor.fetchone()
    return n, twice or []


def name_who_left(*, run: BillingRun) -> int:
    """Give every service that ended within the period its cause, in this transaction → how many there are."""
    params = _params(run) | {"cause": UnbilledAccount.Cause.LEFT}
    with connection.cursor() as cursor:
        cursor.execute(_NAME_LEFT, params)
    return UnbilledAccount.objects.filter(run=run, cause=UnbilledAccount.Cause.LEFT).count()


def _params(run: BillingRun) -> dict[str, Any]:
    first = run.period.shift(1 - cycle_months(run)).first_day
    return run_params(run) | {"run": run.pk, "first": first}
