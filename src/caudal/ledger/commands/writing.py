"""Credits written as a set: one at the window or ten thousand from a bank, in one statement.

What is written was decided before, over columns; the database function `ledger_write_credits` only inserts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db import connection

from caudal.ledger import catalog, policy
from caudal.ledger.commands import journal, settlement
from caudal.ledger.commands.charges import canonical, working_address
from caudal.ledger.policy import Int64
from caudal.ledger.queries.positions import Position

_TYPES: Final = (
    "text", "text", "date", "timestamptz", "text",  # kind, reason, on, at, by
    "int[]", "bigint[]", "text[]",  # credits: account, centavos, document
    "int[]", "int[]", "smallint[]", "smallint[]", "smallint[]", "bigint[]",  # allocations
    "int[]", "int[]", "smallint[]", "bigint[]", "bigint[]", "bigint[]",  # surcharges
    "bigint[]", "text[]",  # workings
    "int[]", "int[]", "bigint[]", "bigint[]", "int[]",  # balances of periods
    "int[]", "bigint[]",  # balances in favor
    "text", "text", "text[]", "text[]", "int[]", "bigint[]",  # journal
)  # fmt: skip
WRITE: Final = (
    f"SELECT credit_id, favor_cents FROM ledger_write_credits({', '.join(f'%s::{kind}' for kind in _TYPES)})"
    " ORDER BY place"
)
# an account and a period as one number, so that they are found by bisection
_PERIODS = 1_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """Columns by credit, in the order asked (centavos): what became of each."""

    credit_ids: Sequence[int]
    surcharge_cents: Sequence[int]
    unallocated_cents: Sequence[int]
    balance_cents: Sequence[int]


@dataclass(frozen=True, slots=True)
class CreditColumns:
    """Credits to write: at most one for an account, accounts ascending."""

    account_ids: Int64
    cents: Int64
    documents: Sequence[str]
    kind: str
    reason: str = ""


def write_credits(
    *,
    credits: CreditColumns,
    position: Position,
    given: Int64,
    debits: Sequence[journal.Line],
    entry: str,
    description: str,
    stamp: journal.Stamp,
) -> Written:
    """Write credits, the surcharges of the periods they reach as charges, allocations, balances and journal.

    :param given: how much of its account's credit goes to each item of the position
    :param entry: the document that names the journal entries
    """
    items, debts = position.items, position.debts
    place_of_item = np.searchsorted(credits.account_ids, items.account_id) + 1
    rows = np.flatnonzero(given)
    moves = _moves(position, given, rows)
    late = np.flatnonzero(moves.surcharge_cents)
    place_of_debt = np.searchsorted(credits.account_ids, debts.account_id)
    allocated = _sums(place_of_item[rows] - 1, given[rows], len(credits.account_ids))
    unallocated = credits.cents - allocated
    surcharged = _sums(place_of_debt, moves.surcharge_cents, len(credits.account_ids))
    workings, addresses = _workings(position, late)
    lines = _lines(position, given, rows, int(surcharged.sum()), int(unallocated.sum()), debits)
    touched = np.flatnonzero(moves.is_reached)
    favor = np.flatnonzero(unallocated)
    columns: list[Any] = [
        credits.kind, credits.reason, stamp.on, stamp.at, stamp.by,
        credits.account_ids.tolist(), credits.cents.tolist(), list(credits.documents),
        place_of_item[rows].tolist(),
        *(getattr(items, name)[rows].tolist() for name in ("period", "document_kind", "sequence", "concept_id")),
        given[rows].tolist(),
        debts.account_id[late].tolist(), debts.period[late].tolist(), position.sequences[late].tolist(),
        moves.surcharge_cents[late].tolist(), debts.open_principal_cents[late].tolist(), addresses,
        list(workings), [canonical(body=body) for body in workings.values()],
        debts.account_id[touched].tolist(), debts.period[touched].tolist(),
        moves.principal_cents[touched].tolist(), moves.accessory_cents[touched].tolist(),
        moves.months[touched].tolist(),
        credits.account_ids[favor].tolist(), unallocated[favor].tolist(),
        entry, description[:200],
        *journal.as_columns(entries=lines),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, columns)
        written = cursor.fetchall()
    owed = (
        debts.open_principal_cents
        + debts.open_accessory_cents
        + moves.principal_cents
        + moves.accessory_cents
    )
    still_owed = _sums(place_of_debt, owed, len(credits.account_ids))
    return Written(
        credit_ids=[row[0] for row in written],
        surcharge_cents=surcharged.tolist(),
        unallocated_cents=unallocated.tolist(),
        balance_cents=[int(owing) - row[1] for owing, row in zip(still_owed, written, strict=True)],
    )


@dataclass(frozen=True, slots=True)
class _Moves:
    """What changes in each debt of a position (centavos; months of surcharge that became a charge)."""

    is_reached: Int64
    principal_cents: Int64
    accessory_cents: Int64
    surcharge_cents: Int64
    months: Int64


def _moves(position: Position, given: Int64, rows: Int64) -> _Moves:
    items, debts = position.items, position.debts
    size = debts.account_id.size
    debt_of_item = np.searchsorted(
        debts.account_id * _PERIODS + debts.period, items.account_id[rows] * _PERIODS + items.period[rows]
    )
    is_accessory = np.isin(items.kind[rows], [policy.KINDS.index(kind) for kind in policy.ACCESSORY_KINDS])
    is_reached = np.zeros(size, dtype=np.int64)
    is_reached[debt_of_item] = 1
    surcharge = np.where(is_reached == 1, position.late.amount_cents, 0)
    return _Moves(
        is_reached=is_reached,
        principal_cents=-_sums(debt_of_item, np.where(is_accessory, 0, given[rows]), size),
        accessory_cents=surcharge - _sums(debt_of_item, np.where(is_accessory, given[rows], 0), size),
        surcharge_cents=surcharge,
        months=np.where(surcharge > 0, position.late.months, 0),
    )


def _workings(position: Position, late: Int64) -> tuple[Mapping[int, dict[str, Any]], list[int]]:
    """Bodies of the workings of surcharges by address, and the address of each surcharge."""
    bodies, addresses = {}, []
    for row in late.tolist():
        body = settlement.working(
            months=int(position.late.months[row]), rate_ppm=int(position.late.rate_ppm[row])
        )
        addresses.append(working_address(body=body))
        bodies[addresses[-1]] = body
    return bodies, addresses


def _lines(
    position: Position,
    given: Int64,
    rows: Int64,
    surcharge: int,
    unallocated: int,
    debits: Sequence[journal.Line],
) -> dict[str, list[journal.Line]]:
    """The two entries by kind: the accrual of surcharges, and the credit itself."""
    concepts, sums = np.unique(position.items.concept_id[rows], return_inverse=True)
    totals = _sums(sums, given[rows], concepts.size)
    receivables = [
        journal.Line(position.concepts.receivable(int(concept)), -int(cents), int(concept))
        for concept, cents in zip(concepts, totals, strict=True)
    ]
    return {
        "surcharges": settlement.surcharge_lines(cents=surcharge, concepts=position.concepts),
        "credit": [*debits, *receivables, journal.Line(catalog.CREDIT_BALANCES, -unallocated)],
    }


def _sums(places: Int64, cents: Int64, size: int) -> Int64:
    """Add up amounts by place; exact, because it never leaves the integers."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, places, cents)
    return sums
