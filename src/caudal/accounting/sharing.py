"""An installment collects the concepts that its agreement put together: each its share, to the centavo."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from caudal.accounting import policy
from caudal.accounting.loading import installments as loading
from caudal.accounting.loading.installments import Booked, Paid
from caudal.accounting.loading.revenue import Moments
from caudal.rules import money

# concept → centavos
Shares = dict[int, int]
SUFFIX = ", en parcialidades"


def apportion(*, cents: int, weights: Mapping[int, int]) -> Shares:
    """Share out centavos to concepts, as `money.apportion` does."""
    return dict(zip(weights, money.apportion(cents, weights=list(weights.values())), strict=True))


def by_concept(
    *, paid: Sequence[Paid], debts: Mapping[int, Mapping[int, int]]
) -> dict[date, tuple[Shares, Shares]]:
    """What each day collected and applied of each concept, through all agreements.

    What one has been paid is shared out as a whole, and a day is what it adds: kept to its end, an agreement has
    collected of each concept what it put in installments, and not a centavo else.

    :param paid: of each agreement all of its days, in order
    :param debts: what each agreement put in installments, by concept
    """
    days: dict[date, tuple[Shares, Shares]] = defaultdict(lambda: (defaultdict(int), defaultdict(int)))
    so_far: dict[int, int] = defaultdict(int)
    for row in paid:
        weights = debts[row.arrangement_id]
        for place, cents in enumerate((row.collected_cents, row.applied_cents)):
            before = apportion(cents=so_far[row.arrangement_id], weights=weights)
            so_far[row.arrangement_id] += cents
            after = apportion(cents=so_far[row.arrangement_id], weights=weights)
            for concept in weights:
                days[row.on][place][concept] += after[concept] - before[concept]
    return days


def share_out(*, rows: Sequence[Moments], since: date, until: date) -> list[Moments]:
    """Rows of revenue in which installments are told in the concepts they collect, each with its line of the CRI.

    They add up to the same. What no agreement explains stays an installment.
    """
    found = [row for row in rows if row.code != policy.INSTALLMENT]
    whole = [row for row in rows if row.code == policy.INSTALLMENT]
    if not whole:
        return found
    booked = loading.booked(since=since, until=until)
    parts = _parts(booked)
    told = loading.classified(
        concept_ids=sorted({concept for _, concept in parts}), days=sorted({on for on, _ in parts})
    )
    for row in whole:
        mine = {concept: cents for (on, concept), cents in parts.items() if on == row.on}
        for concept, (collected, applied) in sorted(mine.items()):
            how = told[concept, row.on]
            found.append(
                row._replace(
                    concept_id=concept, collected_cents=collected, applied_cents=applied, code=how.code,
                    classifier=how.classifier, classifier_name=how.classifier_name, name=how.name + SUFFIX,
                    revenue_account=how.revenue_account,
                )
            )  # fmt: skip
        left = row._replace(
            collected_cents=row.collected_cents - sum(cents for cents, _ in mine.values()),
            applied_cents=row.applied_cents - sum(cents for _, cents in mine.values()),
        )
        if left.collected_cents or left.applied_cents:
            found.append(left)
    return sorted(found, key=lambda row: (row.on, row.concept_id is None, row.concept_id or 0, row.other))


def _parts(booked: Sequence[Booked]) -> dict[tuple[date, int], tuple[int, int]]:
    """What each day of the books collected and applied of each concept through installments (centavos)."""
    paid = loading.paid(days=sorted({row.acted_on for row in booked}))
    debts = loading.consolidated(arrangement_ids=sorted({row.arrangement_id for row in paid}))
    acted = by_concept(paid=paid, debts=debts)
    parts: dict[tuple[date, int], list[int]] = defaultdict(lambda: [0, 0])
    for row in booked:
        for place, cents in enumerate((row.collected_cents, row.applied_cents)):
            weights = acted[row.acted_on][place] if row.acted_on in acted else {}
            # the shares themselves, unless the act was entered on two days of the books
            if cents and sum(weights.values()):
                for concept, share in apportion(cents=cents, weights=weights).items():
                    parts[row.on, concept][place] += share
    return {key: (collected, applied) for key, (collected, applied) in parts.items() if collected or applied}
