"""What was owed at the end of any day, derived again from every charge and allocation."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from caudal.accounting.policy import BUCKETS

_CHARGED: Final = """
    SELECT period, account_id, document_kind, sequence, max(due_on) AS due_on, sum(amount_cents + vat_cents)::bigint AS cents
    FROM ledger_charge GROUP BY 1, 2, 3, 4
"""


def _dated(documents: str) -> str:
    """Documents with the day from which each counts: a bill, the day it was issued; a surcharge, the day it was charged;
    what was charged by hand, the day of its entry."""
    return f"""
        SELECT document.*, account.number, CASE WHEN document.document_kind = 2 THEN document.due_on
               ELSE COALESCE(bill.issued_on, hand."on", opened."on", document.due_on) END AS since
        FROM ({documents}) AS document
        JOIN registry_account AS account ON account.id = document.account_id
        LEFT JOIN billing_bill AS bill ON document.document_kind IN (1, 5) AND bill.period = document.period
             AND bill.account_id = document.account_id AND bill.revision = document.sequence
        LEFT JOIN (SELECT document, COALESCE(happened_on, "on") AS "on" FROM ledger_journalentry
                   WHERE kind = 'charges') AS hand
             ON hand.document = CASE WHEN bill.issued_on IS NULL THEN
                account.number || '/' || document.period || '/' || document.document_kind || '/' || document.sequence END
        LEFT JOIN (SELECT min("on") AS "on" FROM ledger_journalentry WHERE kind LIKE 'opening.%%') AS opened
             ON document.document_kind = 4
    """


# What moved the debt of each document, and when. What extinguished it, or made it owed again, counts from the later of its
# own day and the document's: money applied to a bill by its own run is of the day the bill was issued.
_MOVED: Final = f"""
    charged AS MATERIALIZED ({_dated(_CHARGED)}), put AS MATERIALIZED (
        -- summed apart: joined row by row, an index would be asked once for each document
        SELECT period, account_id, document_kind, sequence, "on", sum(amount_cents)::bigint AS cents
        FROM ledger_allocation GROUP BY 1, 2, 3, 4, 5
    ), moved AS (
        SELECT due_on, since AS day, cents FROM charged
        UNION ALL
        SELECT charged.due_on, GREATEST(put."on", charged.since), -put.cents
        FROM put JOIN charged USING (period, account_id, document_kind, sequence)
    )
"""
# What is open at the end of one day, by document. Most are not: only of those that are is it asked since when they count.
_OPEN: Final = f"""
    SELECT charged.period, charged.account_id, charged.document_kind, charged.sequence, charged.due_on,
           charged.cents - COALESCE(put.cents, 0) AS cents
    FROM ({_CHARGED}) AS charged
    LEFT JOIN (SELECT period, account_id, document_kind, sequence, sum(amount_cents)::bigint AS cents
               FROM ledger_allocation WHERE "on" <= %(on)s GROUP BY 1, 2, 3, 4) AS put
         USING (period, account_id, document_kind, sequence)
    WHERE charged.cents <> COALESCE(put.cents, 0)
"""


def _of_bucket(age: str, cents: str, first: int | None, last: int | None) -> str:
    """The sum of what is so many days late."""
    between = [f"{age} >= {first}"] if first is not None else []
    between += [f"{age} <= {last}"] if last is not None else []
    return f"sum({cents}) FILTER (WHERE {' AND '.join(between)})::bigint"


def _buckets(age: str, cents: str) -> str:
    return ", ".join(_of_bucket(age, cents, first, last) for *_, first, last in BUCKETS)


DEBT: Final = f"""
    WITH owed AS ({_dated(_OPEN)})
    SELECT number, min(due_on), {_buckets("%(on)s - due_on", "cents")}, sum(cents)::bigint
    FROM owed WHERE since <= %(on)s GROUP BY 1 ORDER BY {len(BUCKETS) + 3} DESC, 1
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
