"""Who a stage would notify on a day, in columns, and who is spared and why."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from caudal.arrangements import queries as arrangements
from caudal.arrangements.models import PaymentArrangement
from caudal.cases import queries as cases
from caudal.dunning import loading, policy
from caudal.dunning.loading import LastNotice, Overdue, Places
from caudal.dunning.models import DunningStage
from caudal.dunning.policy import BusinessCalendar, Spared
from caudal.dunning.queries import recovering
from caudal.dunning.queries.ladders import calendar
from caudal.ledger.models import CreditBalance
from caudal.rules.bounds import Int64, Mask
from caudal.tariffs import queries as tariffs


@dataclass(frozen=True, slots=True)
class SegmentFilter:
    """Which part of the overdue portfolio: what is left empty asks nothing (centavos, days)."""

    least_cents: int = 0
    most_cents: int = 0
    least_age_days: int = 0
    most_age_days: int = 0
    uses: tuple[str, ...] = ()
    localities: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    # only the so many from which most is expected; 0 for all
    most_accounts: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As it is kept in a batch."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "SegmentFilter":
        """As a batch kept it."""
        told: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account of a segment: what it owes past due, since when, and what a visit may bring (centavos)."""

    account_id: int
    number: str
    use: str
    locality: str
    route: str
    walk_sequence: int
    service_point_id: int
    overdue_cents: int
    age_days: int
    expected_cents: int


@dataclass(frozen=True, slots=True)
class SparedAccount:
    """An account inside a segment that gets no notice, and why (centavos)."""

    account_id: int
    number: str
    overdue_cents: int
    reason: Spared


@dataclass(frozen=True, slots=True)
class Segment:
    """Who a stage would notify on a day, in route order, and who is spared."""

    on: date
    candidates: tuple[Candidate, ...]
    spared: tuple[SparedAccount, ...] = ()

    @property
    def overdue_cents(self) -> int:
        return sum(each.overdue_cents for each in self.candidates)

    @property
    def expected_cents(self) -> int:
        return sum(each.expected_cents for each in self.candidates)

    @property
    def spared_by_reason(self) -> dict[str, int]:
        """How many are spared for each reason, in the order in which it is asked."""
        counts = {reason.value: 0 for reason in Spared}
        for each in self.spared:
            counts[each.reason.value] += 1
        return {reason: count for reason, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Debtors:
    """Accounts that owe something past due, as columns; accounts ascend (centavos, days)."""

    account_id: Int64
    overdue_cents: Int64
    age_days: Int64
    place: Int64  # the row of each in `places`; -1 for one the padrón does not know
    places: Places


def debtors(*, on: date, account_ids: Sequence[int] | None = None) -> Debtors:
    """Whoever owes more than nothing past due on a day.

    :raises NoBookInForce: if no published book covers the day
    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    found = loading.overdue(on=on, terms=tariffs.terms_on(on=on), account_ids=account_ids)
    return group(overdue=found, places=loading.places(on=on, account_ids=account_ids))


def group(*, overdue: Overdue, places: Places) -> Debtors:
    """Debts of periods by account; the age of an account is that of its oldest debt."""
    account, row = np.unique(overdue.account_id, return_inverse=True)
    cents, age = np.zeros(account.size, dtype=np.int64), np.zeros(account.size, dtype=np.int64)
    np.add.at(cents, row, overdue.open_cents)
    owes = overdue.open_cents > 0
    np.maximum.at(age, row[owes], overdue.age_days[owes])
    place = np.searchsorted(places.account_id, account)
    known = np.append(places.account_id, -1)
    place = np.where(known[np.minimum(place, known.size - 1)] == account, place, -1)
    is_owing = cents > 0
    return Debtors(account[is_owing], cents[is_owing], age[is_owing], place[is_owing], places)


@dataclass(slots=True)
class _Sieve:
    """What is known of the accounts of a segment, each question asked once for all of them."""

    stage: DunningStage
    on: date
    calendar: BusinessCalendar
    last: dict[int, LastNotice]
    spared: dict[Spared, set[int]] = field(default_factory=dict)
    next_on: Callable[[date], date] = field(init=False)

    def __post_init__(self) -> None:
        self.next_on = lru_cache(maxsize=None)(
            lambda ends: policy.next_stage_on(
                term_ends_on=ends, wait_days=self.stage.wait_days, calendar=self.calendar
            )
        )

    def of_ladder(self, account_id: int) -> Spared | None:
        """Whether the notice that came before lets this stage come now."""
        last, stage = self.last.get(account_id), self.stage
        if last is None or last.is_settled:
            return Spared.NO_PREVIOUS if stage.needs_previous else None
        if last.term_ends_on is None:
            waited = (self.on - last.issued_on).days
            if waited < stage.ladder.undelivered_days:
                return Spared.UNDER_WAY
            return Spared.NO_PREVIOUS if stage.needs_previous else None
        if self.on <= last.term_ends_on:
            return Spared.UNDER_WAY
        if stage.needs_previous and last.position < stage.position - 1:
            return Spared.NO_PREVIOUS
        is_next = last.position == stage.position - 1
        return Spared.UNDER_WAY if is_next and self.on < self.next_on(last.term_ends_on) else None


def segment(
    *, stage: DunningStage, within: SegmentFilter, on: date, account_ids: Sequence[int] | None = None
) -> Segment:
    """Who a stage would notify on a day, in route order; whoever is spared, with the first reason that spares them.

    :raises NoBookInForce: if no published book covers the day
    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    owing = debtors(on=on, account_ids=account_ids)
    rows = np.flatnonzero(_inside(owing, within))
    why = reasons(stage=stage, owing=owing, rows=rows, on=on)
    expected = policy.expected_recovery(
        debt_cents=owing.overdue_cents, bucket=policy.bucket_of(age_days=owing.age_days),
        rates_ppm=recovering.rates(ladder=stage.ladder, stage=stage.code, on=on),
    )  # fmt: skip
    chosen = [row for row in rows.tolist() if int(owing.account_id[row]) not in why]
    if within.most_accounts:
        chosen = sorted(chosen, key=lambda row: (-int(expected[row]), int(owing.account_id[row])))
        chosen = chosen[: within.most_accounts]
    found = [_candidate(owing, row, int(expected[row])) for row in chosen]
    spared = tuple(
        SparedAccount(account, _number(owing, row), int(owing.overdue_cents[row]), why[account])
        for row in rows.tolist()
        for account in [int(owing.account_id[row])]
        if account in why
    )
    return Segment(
        on, tuple(sorted(found, key=lambda each: (each.route, each.walk_sequence, each.account_id))), spared
    )


def reasons(*, stage: DunningStage, owing: Debtors, rows: Int64, on: date) -> dict[int, Spared]:
    """Why each of some debtors gets no notice of a stage; the others are not there."""
    ids = owing.account_id[rows].tolist()
    sets = {
        Spared.AGREEMENT: in_good_agreement(account_ids=ids, on=on),
        Spared.CLAIM: set(cases.open_claims(account_ids=ids)),
        Spared.PAID: loading.paid_since(account_ids=ids, on=on, days=stage.ladder.paid_within_days),
        Spared.PROTECTED: _protected(owing, rows) if stage.spares_protected else set(),
        Spared.IN_FAVOR: _covered(owing, rows),
    }
    sieve = _Sieve(stage, on, calendar(), loading.last_notices(account_ids=ids), sets)
    found: dict[int, Spared] = {}
    for row, account in zip(rows.tolist(), ids, strict=True):
        reason = next((each for each, accounts in sets.items() if account in accounts), None)
        reason = reason or sieve.of_ladder(account) or _too_small(stage, owing, row)
        if reason:
            found[account] = reason
    return found


def in_good_agreement(*, account_ids: Sequence[int], on: date) -> set[int]:
    """Of some accounts, those whose agreement in force has nothing past due."""
    live = list(PaymentArrangement.objects.filter(live__account_id__in=account_ids).select_related("policy"))
    standings = arrangements.standings(arrangements=live, on=on)
    return {each.account_id for each in live if not standings[each.pk].n_late}


def _inside(owing: Debtors, within: SegmentFilter) -> Mask:
    inside = owing.overdue_cents >= within.least_cents
    inside &= owing.age_days >= within.least_age_days
    if within.most_cents:
        inside &= owing.overdue_cents <= within.most_cents
    if within.most_age_days:
        inside &= owing.age_days <= within.most_age_days
    for column, asked in (("use", within.uses), ("locality", within.localities), ("route", within.routes)):
        if asked:
            # a last row that is nobody's, for whom the padrón does not know
            inside &= np.isin(np.append(getattr(owing.places, column), "")[owing.place], asked)
    return np.asarray(inside, dtype=bool)


def _protected(owing: Debtors, rows: Int64) -> set[int]:
    known = np.append(owing.places.is_protected, False)[owing.place[rows]]
    return set(owing.account_id[rows][known].tolist())


def _covered(owing: Debtors, rows: Int64) -> set[int]:
    favor = dict(
        CreditBalance.objects.filter(
            account_id__in=owing.account_id[rows].tolist(), unallocated_cents__gt=0
        ).values_list("account_id", "unallocated_cents")
    )
    debt = dict(zip(owing.account_id[rows].tolist(), owing.overdue_cents[rows].tolist(), strict=True))
    return {account for account, cents in favor.items() if cents >= debt[account]}


def _too_small(stage: DunningStage, owing: Debtors, row: int) -> Spared | None:
    if int(owing.place[row]) < 0:
        return Spared.NO_PLACE
    if int(owing.overdue_cents[row]) < stage.least_debt_cents:
        return Spared.TOO_LITTLE
    return Spared.TOO_RECENT if int(owing.age_days[row]) < stage.least_age_days else None


def _number(owing: Debtors, row: int) -> str:
    place = int(owing.place[row])
    return str(owing.places.number[place]) if place >= 0 else str(int(owing.account_id[row]))


def _candidate(owing: Debtors, row: int, expected_cents: int) -> Candidate:
    places, place = owing.places, int(owing.place[row])
    return Candidate(
        account_id=int(owing.account_id[row]), number=str(places.number[place]), use=str(places.use[place]),
        locality=str(places.locality[place]), route=str(places.route[place]),
        walk_sequence=int(places.walk_sequence[place]), service_point_id=int(places.service_point_id[place]),
        overdue_cents=int(owing.overdue_cents[row]), age_days=int(owing.age_days[row]), expected_cents=expected_cents,
    )  # fmt: skip
