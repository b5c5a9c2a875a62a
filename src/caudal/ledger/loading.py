"""Debts and open items out of the database as columns, for one account or for all."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from caudal.kernel import copying
from caudal.ledger.chart import Chart
from caudal.ledger.policy import PERIODS, SURCHARGE_DOCUMENT, Debts, Items

# ordinal of 2000-01-01, where PostgreSQL starts to count days
POSTGRES_EPOCH = date(2000, 1, 1).toordinal()
IS_OPEN = "(open_principal_cents <> 0 OR open_accessory_cents <> 0)"

DEBT_TYPES = {
    "account_id": "int4",
    "period": "int4",
    "due_on": "date",
    "open_principal_cents": "int8",
    "open_accessory_cents": "int8",
    "surcharged_months": "int2",
}
ITEM_TYPES = {
    "account_id": "int4",
    "period": "int4",
    "document_kind": "int2",
    "sequence": "int2",
    "concept_id": "int2",
    "due_on": "date",
    "open_cents": "int8",
    "charged_cents": "int8",
    "charged_vat_cents": "int8",
}

# A reduction belongs to the item it reduces. Periods are named so that only their partitions are read.
ITEMS = """
    SELECT account_id, period, document_kind, sequence, concept_id,
           COALESCE(max(due_on), DATE '2000-01-01') AS due_on, sum(charged - paid)::bigint AS open_cents,
           sum(charged)::bigint AS charged_cents, sum(vat)::bigint AS charged_vat_cents
    FROM (SELECT account_id, period, document_kind, sequence,
                 CASE WHEN reduces_id <> 0 THEN reduces_id ELSE concept_id END AS concept_id,
                 due_on, amount_cents + vat_cents AS charged, vat_cents AS vat, 0 AS paid
          FROM ledger_charge WHERE account_id = ANY(%s::int[]) AND period = ANY(%s)
          UNION ALL
          SELECT account_id, period, document_kind, sequence, concept_id, NULL, 0, 0, amount_cents
          FROM ledger_allocation WHERE account_id = ANY(%s::int[]) AND period = ANY(%s)) AS moves
    GROUP BY account_id, period, document_kind, sequence, concept_id
    ORDER BY account_id, period, document_kind, sequence, concept_id
"""


# up to so many accounts are a receipt; more are a run or a file
FEW: Final = 20


def _read(account_ids: Sequence[int] | None) -> Callable[..., dict[str, NDArray[np.int64]]]:
    is_few = account_ids is not None and len(account_ids) <= FEW
    return copying.read_columns if is_few else copying.copy_out


def debts(*, account_ids: Sequence[int] | None) -> Debts:
    """Periods of which these accounts (None: all) owe something, in order of account and period."""
    among = "" if account_ids is None else "AND account_id = ANY(%s::int[])"
    columns = _read(account_ids)(
        sql=f"SELECT {', '.join(DEBT_TYPES)} FROM ledger_periodbalance WHERE {IS_OPEN} {among} "
        "ORDER BY account_id, period",
        types=DEBT_TYPES,
        params=() if account_ids is None else (list(account_ids),),
    )
    due = columns.pop("due_on") + POSTGRES_EPOCH
    return Debts(due_ordinal=due, **columns)


def documents(*, account_ids: Sequence[int], periods: Sequence[int], debts: Debts, chart: Chart) -> Items:
    """Every item of these periods, also those paid in full. Items of a period are due when it is, but
    one-off charges (period 0) each on their own day."""
    keys = [list(account_ids), [int(period) for period in periods]]
    columns = _read(account_ids)(sql=ITEMS, types=ITEM_TYPES, params=(*keys, *keys))
    own_due = columns.pop("due_on") + POSTGRES_EPOCH
    place, is_open = _places(columns["account_id"], columns["period"], debts)
    # one-off charges (period 0) keep their own day; the rest are due when their period is
    due = (
        np.where(is_open & (columns["period"] != 0), debts.due_ordinal[place], own_due)
        if debts.period.size
        else own_due
    )
    kind = _kinds(columns["concept_id"], chart)
    return Items(kind=kind, due_ordinal=due, **columns)


def _kinds(concept_ids: NDArray[np.int64], chart: Chart) -> NDArray[np.int64]:
    concepts, place = np.unique(concept_ids, return_inverse=True)
    codes = np.array([chart.kind_code(int(concept)) for concept in concepts], dtype=np.int64)
    return codes[place] if codes.size else np.zeros(0, dtype=np.int64)


def next_surcharge_sequences(*, items: Items, debts: Debts) -> NDArray[np.int64]:
    """For each debt, the sequence its next surcharge document takes."""
    last = np.zeros(debts.period.size, dtype=np.int64)
    rows = np.flatnonzero(items.document_kind == SURCHARGE_DOCUMENT)
    if rows.size and last.size:
        place, is_open = _places(items.account_id[rows], items.period[rows], debts)
        np.maximum.at(last, place[is_open], items.sequence[rows][is_open])
    return last + 1


def _places(
    account_ids: NDArray[np.int64], periods: NDArray[np.int64], debts: Debts
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each (account, period), its row among the debts, and whether it is there."""
    keys = debts.account_id * PERIODS + debts.period
    asked = account_ids * PERIODS + periods
    place = np.minimum(np.searchsorted(keys, asked), max(keys.size - 1, 0))
    return place, keys[place] == asked if keys.size else np.zeros(asked.size, dtype=bool)


def charge_periods() -> list[int]:
    """The periods that have a partition of charges: the only ones a charge can be in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substring(child.relname FROM '[0-9]+$')::int FROM pg_inherits"
            " JOIN pg_class AS child ON child.oid = inhrelid"
            " WHERE inhparent = 'ledger_charge'::regclass ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]
