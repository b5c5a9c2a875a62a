"""Credits meet debts: what is written when money reaches them.

The late surcharge of a period is computed to the day and exists only on paper until money reaches the
period; then all of it becomes a charge, and its months are not charged again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection

from caudal.ledger import catalog
from caudal.ledger.chart import Chart
from caudal.ledger.commands import balances, journal
from caudal.ledger.commands.charges import keep_workings
from caudal.ledger.models import DocumentKind
from caudal.ledger.policy import Int64, Items
from caudal.ledger.queries.positions import Position

INSERT_ALLOCATIONS = """
    INSERT INTO ledger_allocation
        ("on", credit_id, account_id, period, document_kind, sequence, concept_id, amount_cents)
    SELECT %s, share.* FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::smallint[], %s::smallint[], %s::smallint[],
                                   %s::bigint[]) AS share
"""
INSERT_SURCHARGES = """
    INSERT INTO ledger_charge (period, account_id, document_kind, sequence, concept_id, reduces_id, due_on,
                               amount_cents, vat_cents, base_cents, working_id)
    SELECT period, account_id, %s, sequence, %s, 0, %s, cents, 0, base, working
    FROM unnest(%s::int[], %s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS late (period, account_id, sequence, cents, base, working)
"""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of which credit goes to which item (centavos; negative when it is taken back)."""

    credit_id: int
    account_id: int
    period: int
    document_kind: int
    sequence: int
    concept_id: int
    amount_cents: int


def shares(*, items: Items, given: Int64, credits: Mapping[int, Sequence[tuple[int, int]]]) -> list[Share]:
    """Say which credit pays what: the credits of an account (id, centavos left) are used up in order."""
    left = {account: [list(credit) for credit in mine] for account, mine in credits.items()}
    result = []
    # what is taken back goes first, so that no credit is short
    for row in sorted(np.flatnonzero(given).tolist(), key=lambda row: given[row] > 0):
        account, cents = int(items.account_id[row]), int(given[row])
        for credit in left[account]:
            part = cents if cents < 0 else min(cents, credit[1])
            if part:
                result.append(_share(items, row, credit[0], part))
                credit[1] -= part
                cents -= part
    return result


def _share(items: Items, row: int, credit_id: int, cents: int) -> Share:
    return Share(
        credit_id=credit_id,
        account_id=int(items.account_id[row]),
        period=int(items.period[row]),
        document_kind=int(items.document_kind[row]),
        sequence=int(items.sequence[row]),
        concept_id=int(items.concept_id[row]),
        amount_cents=cents,
    )


def crystallize(*, position: Position, reached: set[tuple[int, int]], on: date, moves: balances.Moves) -> int:
    """Turn the surcharges of the periods reached into charges; returns their sum (centavos)."""
    debts, late = position.debts, position.late
    rows = [
        row
        for row in np.flatnonzero(late.amount_cents)
        if (int(debts.account_id[row]), int(debts.period[row])) in reached
    ]
    if not rows:
        return 0
    terms = [(int(late.months[row]), int(late.rate_ppm[row])) for row in rows]
    known = sorted(set(terms))
    workings = dict(
        zip(
            known,
            keep_workings(bodies=[working(months=each[0], rate_ppm=each[1]) for each in known]),
            strict=True,
        )
    )
    columns = (
        debts.period[rows],
        debts.account_id[rows],
        position.sequences[rows],
        late.amount_cents[rows],
        debts.open_principal_cents[rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_SURCHARGES,
            [
                DocumentKind.SURCHARGE.value,
                catalog.SURCHARGE,
                on,
                *(column.tolist() for column in columns),
                [workings[each] for each in terms],
            ],
        )
    for row in rows:
        key = {"account_id": int(debts.account_id[row]), "period": int(debts.period[row])}
        moves.open_more(**key, concept_id=catalog.SURCHARGE, cents=int(late.amount_cents[row]))
        moves.surcharged(**key, months=int(late.months[row]))
    return int(late.amount_cents[rows].sum())


def working(*, months: int, rate_ppm: int) -> dict[str, Any]:
    """The arithmetic of a late surcharge, kept with its charge."""
    return {"rule": "surcharge", "months": months, "rate_ppm": rate_ppm}


def surcharge_lines(*, cents: int, concepts: Chart) -> list[journal.Line]:
    """The accrual of surcharges that became charges."""
    total = journal.RunTotal(catalog.SURCHARGE, cents)
    return journal.accrual_lines(totals=[total], concepts=concepts)


def allocate(*, shares: Sequence[Share], on: date, moves: balances.Moves) -> None:
    """Write allocations of a day and lower what is open by them."""
    if not shares:
        return
    columns = [[getattr(share, name) for share in shares] for name in Share.__slots__]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ALLOCATIONS, [on, *columns])
    for share in shares:
        moves.open_more(
            account_id=share.account_id,
            period=share.period,
            concept_id=share.concept_id,
            cents=-share.amount_cents,
        )


def receivable_lines(*, shares: Iterable[Share], concepts: Chart) -> list[journal.Line]:
    """Credit the receivables that shares extinguish."""
    sums: dict[int, int] = defaultdict(int)
    for share in shares:
        sums[share.concept_id] += share.amount_cents
    return [journal.Line(concepts.receivable(concept), -cents, concept) for concept, cents in sums.items()]
