"""What was owed at the end of any day, derived again from every charge and allocation."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from caudal.accounting.policy import BUCKETS

# What moved the debt of each document, and when. A charge counts from its day on: a bill, the day it was issued; a surcharge,
# the day it was charged; what was charged by hand, the day of its entry. What extinguished it, or made it owed again, counts
# from the later of both days: money applied to a bill by its own run is of the day the bill was issued.
_MOVED: Final = """
    charged AS MATERIALIZED (
        SELECT document.*, CASE WHEN document.document_kind = 2 THEN document.due_on
                                ELSE COALESCE(bill.issued_on, hand."on", opened."on", document.due_on) END AS since
        FROM (SELECT period, account_id, document_kind, sequence, max(due_on) AS due_on,
                     sum(amount_cents + vat_cents)::bigint AS cents
              FROM ledger_charge GROUP BY 1, 2, 3, 4) AS document
        JOIN registry_account AS account ON account.id = document.account_id
        LEFT JOIN billing_bill AS bill ON document.document_kind IN (1, 5) AND bill.period = document.period
             AND bill.account_id = document.account_id AND bill.revision = document.sequence
        LEFT JOIN (SELECT document, COALESCE(happened_on, "on") AS "on" FROM ledger_journalentry
                   WHERE kind = 'charges') AS hand
             ON hand.document = CASE WHEN bill.issued_on IS NULL THEN
                account.number || '/' || document.period || '/' || document.document_kind || '/' || document.sequence END
        LEFT JOIN (SELECT min("on") AS "on" FROM ledger_journalentry WHERE kind LIKE 'opening.%%') AS opened
             ON document.document_kind = 4
    ), put AS MATERIALIZED (
        -- summed apart: joined row by row, an index would be asked once for each document
        SELECT period, account_id, document_kind, sequence, "on", sum(amount_cents)::bigint AS cents
        FROM ledger_allocation GROUP BY 1, 2, 3, 4, 5
    ), moved AS (
        SELECT period, account_id, document_kind, sequence, due_on, since AS day, cents FROM charged
        UNION ALL
        SELECT period, account_id, document_kind, sequence, charged.due_on, GREATEST(put."on", charged.since), -put.cents
        FROM put JOIN charged USING (period, account_id, document_kind, sequence)
    )
"""


def _of_bucket(age: str, cents: str, first: int | None, last: int | None) -> str:
    """The sum of what is so many days late."""
    between = [f"{age} >= {first}"] if first is not None else []
    between += [f"{age} <= {last}"] if last is not None else []
    return f"sum({cents}) FILTER (WHERE {' AND '.join(between)})::bigint"


def _buckets(age: str, cents: str) -> str:
    return ", ".join(_of_bucket(age, cents, first, last) for *_, first, last in BUCKETS)


DEBT: Final = f"""
    WITH {_MOVED}, owed AS (
        SELECT account_id, due_on, sum(cents) AS cents FROM moved WHERE day <= %(on)s
        GROUP BY period, account_id, document_kind, sequence, due_on HAVING sum(cents) <> 0
    )
    SELECT account.number, min(owed.due_on), {_buckets("%(on)s - owed.due_on", "owed.cents")}, sum(owed.cents)::bigint
    FROM owed JOIN registry_account AS account ON account.id = owed.account_id
    GROUP BY 1 ORDER BY {len(BUCKETS) + 3} DESC, 1
"""
# sums of all accounts: documents become a few thousand pairs of days before each day asked looks at them
AGES: Final = f"""
    WITH {_MOVED}, daily AS MATERIALIZED (
        SELECT day, due_on, sum(cents) AS cents FROM moved GROUP BY 1, 2 HAVING sum(cents) <> 0
    )
    SELECT asked.day, {_buckets("asked.day - daily.due_on", "daily.cents")}
    FROM unnest(%(days)s::date[]) AS asked (day) LEFT JOIN daily ON daily.day <= asked.day
    GROUP BY 1
"""


def ages(*, days: Sequence[date]) -> dict[date, tuple[int, ...]]:
    """What all accounts owed at the end of each day, by bucket (centavos)."""
    params: dict[str, Any] = {"days": sorted(set(days))}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        # month by month the charges are summed in memory: half the time of summing all of them at once
        cursor.execute("SET LOCAL enable_partitionwise_aggregate = on")
        cursor.execute(AGES, params)
        return {day: tuple(int(cents or 0) for cents in row) for day, *row in cursor.fetchall()}
