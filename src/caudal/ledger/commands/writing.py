"""Credits written as a set: one at the window or ten thousand from a bank, in one statement.

What is written was decided before, over columns; the database function `ledger_write_credits` only inserts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from caudal.kernel import prepared
from caudal.ledger import catalog, planning
from caudal.ledger.commands import journal, settlement
from caudal.ledger.commands.charges import canonical, working_address
from caudal.ledger.planning import Plan
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


@dataclass(frozen=True, slots=True)
class Written:
    """Columns by credit, in the order asked (centavos): what became of each."""

    credit_ids: Sequence[int]
    surcharge_cents: Sequence[int]
    unallocated_cents: Sequence[int]
    balance_cents: Sequence[int]


@dataclass(frozen=True, slots=True)
class CreditWords:
    """What credits are called: the document of each (accounts ascending), their kind and why; and their entry."""

    documents: Sequence[str]
    kind: str
    entry: str
    description: str
    reason: str = ""


def write_credits(
    *, plan: Plan, words: CreditWords, debits: Sequence[journal.Line], stamp: journal.Stamp
) -> Written:
    """Write the credits of a plan, the surcharges of the periods they reach as charges, allocations, balances and
    journal."""
    items, debts, given = plan.position.items, plan.position.debts, plan.given
    rows, late = plan.rows, np.flatnonzero(plan.surcharge_cents)
    unallocated, surcharged = plan.unallocated_cents, plan.surcharged_cents
    workings, addresses = _workings(plan.position, late)
    touched, favor = np.flatnonzero(plan.is_reached), np.flatnonzero(unallocated)
    lines = _lines(plan, int(surcharged.sum()), int(unallocated.sum()), debits)
    columns: list[Any] = [
        words.kind, words.reason, stamp.on, stamp.at, stamp.by,
        plan.account_ids, plan.cents, list(words.documents),
        plan.account_of_item[rows] + 1,
        *(getattr(items, name)[rows] for name in ("period", "document_kind", "sequence", "concept_id")),
        given[rows],
        debts.account_id[late], debts.period[late], plan.position.sequences[late],
        plan.surcharge_cents[late], debts.open_principal_cents[late], addresses,
        list(workings), [canonical(body=body) for body in workings.values()],
        debts.account_id[touched], debts.period[touched],
        plan.principal_cents[touched], plan.accessory_cents[touched], plan.months[touched],
        plan.account_ids[favor], unallocated[favor],
        words.entry, words.description[:200],
        *journal.as_columns(entries=lines),
    ]  # fmt: skip
    written = prepared.rows(sql=WRITE, params=prepared.columns(types=_TYPES, params=columns))
    return Written(
        credit_ids=[row[0] for row in written],
        surcharge_cents=surcharged.tolist(),
        unallocated_cents=unallocated.tolist(),
        balance_cents=[int(owing) - row[1] for owing, row in zip(plan.owed_cents, written, strict=True)],
    )


def _workings(position: Position, late: Int64) -> tuple[Mapping[int, dict[str, Any]], Int64]:
    """Bodies of the workings of surcharges by address, and the address of each surcharge."""
    keys = np.stack([position.late.months[late], position.late.rate_ppm[late]], axis=1)
    # thousands of debts of a file are late by the same few months
    known, places = np.unique(keys, axis=0, return_inverse=True)
    each = [settlement.working(months=months, rate_ppm=rate) for months, rate in known.tolist()]
    addresses = [working_address(body=body) for body in each]
    found = np.array(addresses, dtype=np.int64)[places.reshape(-1)]
    return dict(zip(addresses, each, strict=True)), found


def _lines(
    plan: Plan, surcharge: int, unallocated: int, debits: Sequence[journal.Line]
) -> dict[str, list[journal.Line]]:
    """The two entries by kind: the accrual of surcharges, and the credit itself."""
    chart, rows = plan.position.concepts, plan.rows
    concepts, places = np.unique(plan.position.items.concept_id[rows], return_inverse=True)
    totals = planning.sums(places, plan.given[rows], concepts.size)
    receivables = [
        journal.Line(chart.receivable(int(concept)), -int(cents), int(concept))
        for concept, cents in zip(concepts, totals, strict=True)
    ]
    return {
        "surcharges": settlement.surcharge_lines(cents=surcharge, concepts=chart),
        "credit": [*debits, *receivables, journal.Line(catalog.CREDIT_BALANCES, -unallocated)],
    }
