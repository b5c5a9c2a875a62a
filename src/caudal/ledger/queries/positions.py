"""Where accounts stand on a day: open items with their surcharges, and what items were charged for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from caudal.kernel.refusals import Refusal
from caudal.ledger import chart, loading, policy
from caudal.ledger.chart import Chart
from caudal.ledger.policy import Debts, DebtTerms, Int64, Items, LateSurcharges
from caudal.rules.bounds import OutOfBounds

ItemKey = tuple[int, int, int, int, int]  # account, period, document kind, sequence, concept

GROSS_AND_VAT = """
    SELECT account_id, period, document_kind, sequence, target, sum(amount_cents + vat_cents), sum(vat_cents)
    FROM (SELECT *, CASE WHEN reduces_id <> 0 THEN reduces_id ELSE concept_id END AS target FROM ledger_charge
          WHERE account_id = ANY(%s) AND period = ANY(%s)) AS charge
    JOIN unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[])
        AS asked (account_id, period, document_kind, sequence, target)
        USING (account_id, period, document_kind, sequence, target)
    GROUP BY account_id, period, document_kind, sequence, target
"""


class CannotComputeSurcharges(Refusal): ...


@dataclass(frozen=True, slots=True)
class Position:
    """What some accounts owe on a day; the surcharges of `debts` are the last rows of `items`."""

    debts: Debts
    items: Items
    late: LateSurcharges
    sequences: Int64
    concepts: Chart

    @property
    def n_written(self) -> int:
        """How many of the items are charges already."""
        return len(self.items) - int(self.debts.account_id.size)


def read(*, account_ids: Sequence[int], on: date, terms: DebtTerms | None) -> Position:
    """Read what accounts owe, with surcharges to the day (none, without terms).

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    concepts = chart.read()
    debts = loading.debts(account_ids=account_ids)
    documents = loading.documents(
        account_ids=account_ids, periods=np.unique(debts.period).tolist(), debts=debts, chart=concepts
    )
    sequences = loading.next_surcharge_sequences(items=documents, debts=debts)
    late = late_surcharges(debts=debts, on=on, terms=terms)
    surcharges = policy.surcharge_items(debts=debts, amount_cents=late.amount_cents, sequence=sequences)
    return Position(debts, policy.join(documents, surcharges), late, sequences, concepts)


def late_surcharges(*, debts: Debts, on: date, terms: DebtTerms | None) -> LateSurcharges:
    """Surcharges to the day of some debts.

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    if terms is None:
        nothing = np.zeros(debts.account_id.size, dtype=np.int64)
        return LateSurcharges(nothing, nothing, nothing)
    try:
        return policy.late_surcharges(debts=debts, on=on, rates=terms.surcharge_rates)
    except OutOfBounds as problem:
        raise CannotComputeSurcharges(
            f"No se pueden calcular los recargos: {problem}",
            "Agregue la tasa de recargos de ese año al libro de tarifas.",
        ) from problem


def item_key(*, items: Items, row: int) -> ItemKey:
    """Account, period, document kind, sequence and concept of a row of items."""
    return (
        int(items.account_id[row]),
        int(items.period[row]),
        int(items.document_kind[row]),
        int(items.sequence[row]),
        int(items.concept_id[row]),
    )


def gross_and_vat(*, keys: Sequence[ItemKey]) -> dict[ItemKey, tuple[int, int]]:
    """What items were charged for, with VAT, and the VAT in it (centavos), whatever was paid since."""
    if not keys:
        return {}
    columns = [list(column) for column in zip(*keys, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(GROSS_AND_VAT, [columns[0], columns[1], *columns])
        rows = cursor.fetchall()
    return {tuple(row[:5]): (int(row[5]), int(row[6])) for row in rows}
