"""Where accounts stand on a day: their open items, and the surcharges to the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from caudal.kernel.refusals import Refusal
from caudal.ledger import chart, loading, policy
from caudal.ledger.chart import Chart
from caudal.ledger.policy import Debts, DebtTerms, Int64, Items, LateSurcharges
from caudal.rules.bounds import OutOfBounds


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

    def of_account(self, account_id: int) -> tuple["Position", Int64]:
        """The position of one of its accounts, and which rows of the items are its."""
        of_debts, of_items = self.debts.account_id == account_id, self.items.account_id == account_id
        return (
            Position(
                Debts(*(getattr(self.debts, name)[of_debts] for name in Debts.__slots__)),
                self.items.take(of_items),
                LateSurcharges(*(getattr(self.late, name)[of_debts] for name in LateSurcharges.__slots__)),
                self.sequences[of_debts],
                self.concepts,
            ),
            np.flatnonzero(of_items),
        )


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
