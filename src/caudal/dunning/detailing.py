"""What each notice of a batch says, period by period, read for all of its accounts at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from caudal.dunning.models import Notice, NoticeBatch, NoticeDebt
from caudal.dunning.queries.segments import Candidate
from caudal.kernel.wording import in_reading_case
from caudal.ledger import queries as ledger
from caudal.ledger.queries import KINDS, Position
from caudal.registry.models import AccountHolder, ServiceAgreement, ServicePoint
from caudal.rules.bounds import Int64
from caudal.tariffs import queries as tariffs

GROUPS: Final = ("water_cents", "sewerage_cents", "other_cents", "surcharge_cents", "cost_cents")
_WATER, _SEWERAGE, _OTHER, _SURCHARGE, _COST = range(len(GROUPS))
_GROUP_OF: Final = {"water": _WATER, "sewerage": _SEWERAGE, "wastewater_treatment": _SEWERAGE}
_SURCHARGES: Final = tuple(KINDS.index(kind) for kind in ("surcharge", "inflation_update"))
_COSTS: Final = tuple(KINDS.index(kind) for kind in ("fine", "enforcement_cost"))


@dataclass(slots=True)
class Draft:
    """A notice before it has its folio, and its periods."""

    notice: Notice
    debts: list[NoticeDebt] = field(default_factory=list)


def drafts(*, batch: NoticeBatch, candidates: Sequence[Candidate], on: date) -> list[Draft]:
    """The notices of some accounts, in the order given, each with what it owes past due on the day.

    :raises NoBookInForce: if no published book covers the day
    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    ids = [each.account_id for each in candidates]
    debts = overdue_periods(account_ids=ids, on=on)
    holders = _holders(ids, on)
    points = ServicePoint.objects.select_related("premise__locality").in_bulk(
        [each.service_point_id for each in candidates]
    )
    classes = _classes(ids, on)
    found = []
    for each in candidates:
        mine = debts[each.account_id]
        point = points[each.service_point_id]
        total = sum(debt.total_cents for debt in mine)
        notice = Notice(
            batch=batch, stage=batch.stage, account_id=each.account_id, service_point=point,
            holder_name=holders.get(each.account_id, ""), address=point.premise.address,
            locality=point.premise.locality.name, usage=classes.get(each.account_id, ""), route=each.route,
            walk_sequence=each.walk_sequence, issued_on=on, age_days=each.age_days, total_cents=total,
            base_cents=max(total - sum(debt.cost_cents for debt in mine), 0), expected_cents=each.expected_cents,
        )  # fmt: skip
        found.append(Draft(notice, mine))
    return found


def overdue_periods(*, account_ids: Sequence[int], on: date) -> dict[int, list[NoticeDebt]]:
    """What is past due of each period of some accounts, with surcharges to the day; by account, oldest first."""
    position = ledger.position(account_ids=list(account_ids), on=on, terms=tariffs.terms_on(on=on))
    items = position.items
    rows = np.flatnonzero((items.due_ordinal < on.toordinal()) & (items.open_cents != 0))
    groups = _groups(position, rows)
    keys = items.account_id[rows] * 1_000_000 + items.period[rows]
    periods, place = np.unique(keys, return_inverse=True)
    sums = np.zeros((periods.size, len(GROUPS)), dtype=np.int64)
    np.add.at(sums, (place, groups), items.open_cents[rows])
    due = np.full(periods.size, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(due, place, items.due_ordinal[rows])
    found: dict[int, list[NoticeDebt]] = {}
    for row, key in enumerate(periods.tolist()):
        account, period = divmod(key, 1_000_000)
        cents = dict(zip(GROUPS, sums[row].tolist(), strict=True))
        debt = NoticeDebt(period=period, due_on=date.fromordinal(int(due[row])), **cents)
        found.setdefault(account, []).append(debt)
    return found


def _groups(position: Position, rows: Int64) -> Int64:
    items = position.items
    concept, kind = items.concept_id[rows], items.kind[rows]
    group = np.full(rows.size, _OTHER, dtype=np.int64)
    for each in position.concepts.concepts.values():
        if each.code in _GROUP_OF:
            group = np.where(concept == each.id, _GROUP_OF[each.code], group)
    group = np.where(np.isin(kind, _SURCHARGES), _SURCHARGE, group)
    return np.where(np.isin(kind, _COSTS), _COST, group)


def _holders(account_ids: Sequence[int], on: date) -> dict[int, str]:
    rows = AccountHolder.objects.in_effect(on=on).filter(account_id__in=account_ids)
    return {
        account: in_reading_case(name)
        for account, name in rows.values_list("account_id", "person__full_name")
    }


def _classes(account_ids: Sequence[int], on: date) -> dict[int, str]:
    rows = ServiceAgreement.objects.filter(account_id__in=account_ids, effective_from__lte=on)
    newest = rows.order_by("account_id", "-effective_from").distinct("account_id")
    return dict(newest.values_list("account_id", "tariff_class__name"))
