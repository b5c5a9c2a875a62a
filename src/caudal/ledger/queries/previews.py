"""What a payment would do, told before it is taken. Nothing is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from caudal.ledger import loading, planning, policy
from caudal.ledger.models import CreditBalance
from caudal.ledger.policy import DebtTerms, Int64
from caudal.ledger.queries import positions
from caudal.ledger.queries.positions import Position


@dataclass(frozen=True, slots=True)
class PreviewedShare:
    """How much would go to one concept of a document of a period (centavos)."""

    period: int
    document_kind: int
    sequence: int
    concept_id: int
    concept: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What money would extinguish in an account, and what it would owe then, less what it has in favor (centavos)."""

    account_id: int
    amount_cents: int
    shares: tuple[PreviewedShare, ...]
    surcharge_cents: int
    unallocated_cents: int
    balance_cents: int


def preview_payments(
    *,
    money_cents: Mapping[int, int],
    on: date,
    terms: DebtTerms,
    waive: Callable[[Position], Int64] | None = None,
) -> list[Preview]:
    """The very plan that `commands.post_payments` would write for these accounts (id → centavos), ascending.

    :param waive: what a rule would forgive of each item before the money comes (centavos, one per item)
    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    position = positions.read(account_ids=sorted(money_cents), on=on, terms=terms)
    paid, plan = _planned(position, money_cents, terms, waive)
    favor = dict(
        CreditBalance.objects.filter(account_id__in=list(money_cents)).values_list(
            "account_id", "unallocated_cents"
        )
    )
    items = position.items
    shares: dict[int, list[PreviewedShare]] = {account: [] for account in money_cents}
    for row in np.flatnonzero(paid).tolist():
        concept = int(items.concept_id[row])
        shares[int(items.account_id[row])].append(
            PreviewedShare(
                period=int(items.period[row]),
                document_kind=int(items.document_kind[row]),
                sequence=int(items.sequence[row]),
                concept_id=concept,
                concept=position.concepts.concepts[concept].name,
                amount_cents=int(paid[row]),
            )
        )
    columns = zip(
        plan.account_ids.tolist(), plan.surcharged_cents.tolist(), plan.unallocated_cents.tolist(),
        plan.owed_cents.tolist(), strict=True,
    )  # fmt: skip
    return [
        Preview(
            account_id=account,
            amount_cents=money_cents[account],
            shares=tuple(
                sorted(shares[account], key=lambda share: (share.period, share.concept_id, share.sequence))
            ),
            surcharge_cents=surcharge,
            unallocated_cents=unallocated,
            balance_cents=owed - favor.get(account, 0) - unallocated,
        )
        for account, surcharge, unallocated, owed in columns
    ]


def _planned(
    position: Position,
    money_cents: Mapping[int, int],
    terms: DebtTerms,
    waive: Callable[[Position], Int64] | None,
) -> tuple[Int64, planning.Plan]:
    """What the money pays of each item, and the plan of it together with what is forgiven."""
    if waive is None:
        plan = planning.settle(position=position, money_cents=money_cents, order=terms.allocation_order)
        return plan.given, plan
    waived, items = waive(position), position.items
    left = replace(items, open_cents=items.open_cents - waived)
    paid = policy.settle(items=left, money_cents=money_cents, order=terms.allocation_order)
    forgiven = {
        account: int(waived[items.account_id == account].sum()) + cents
        for account, cents in money_cents.items()
    }
    return paid, planning.of(position=position, money_cents=forgiven, given=paid + waived)


def holds_until(*, account_id: int, on: date, most_days: int, terms: DebtTerms) -> date:
    """The last day, at most `most_days` after `on`, on which the account would still owe the same as on `on`.

    Only surcharges move with the days; new bills and payments are not foreseen.

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    debts = loading.debts(account_ids=[account_id])

    def surcharge(day: date) -> int:
        return int(positions.late_surcharges(debts=debts, on=day, terms=terms).amount_cents.sum())

    today = surcharge(on)
    last = on
    while last < on + timedelta(days=most_days) and surcharge(last + timedelta(days=1)) == today:
        last += timedelta(days=1)
    return last
