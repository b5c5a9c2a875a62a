"""The overdue portfolio: how old it is, by use, locality and route, and what a visit may bring. Columns, not loops."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from caudal.dunning import loading, policy
from caudal.dunning.loading import Overdue
from caudal.dunning.policy import BUCKETS
from caudal.dunning.queries import recovering, segments
from caudal.dunning.queries.ladders import ladder_on
from caudal.dunning.queries.segments import Debtors
from caudal.registry.models import Locality, Route, TariffClass
from caudal.rules.bounds import Int64, Mask
from caudal.tariffs import queries as tariffs

DIMENSIONS: Final = ("use", "locality", "route")
UNKNOWN: Final = "sin contrato"


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """What the accounts of one use, locality or route owe, by age of each debt (centavos)."""

    key: str
    name: str
    n_accounts: int
    cents: tuple[int, ...]
    total_cents: int
    expected_cents: int


@dataclass(frozen=True, slots=True)
class DebtorRow:
    """An account of the portfolio; `cents` is what it owes of the ages asked for (centavos)."""

    account_id: int
    number: str
    use: str
    locality: str
    route: str
    walk_sequence: int
    age_days: int
    cents: int
    overdue_cents: int
    expected_cents: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The portfolio of a day, cut by what was asked: its rows add up to it (centavos)."""

    on: date
    rows: tuple[AgeingRow, ...]
    cents: tuple[int, ...]
    total_cents: int
    n_accounts: int
    expected_cents: int
    rates_ppm: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Debtors and their debts; `row_of` is the debtor of each debt."""

    debtors: Debtors
    cents: Int64
    bucket: Int64
    row_of: Int64
    expected: Int64
    rates_ppm: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the portfolio is looked at; what is empty asks nothing. `bucket` is a place in `BUCKETS`."""

    use: str = ""
    locality: str = ""
    route: str = ""
    bucket: int | None = None


def portfolio(*, on: date, by: str = "use", cut: Cut | None = None) -> Portfolio:
    """Ageing of what is past due by use, locality or route. Each debt ages by itself; an account that owes nothing
    net is not there.

    :raises NoBookInForce: if no published book covers the day
    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    cut = cut or Cut()
    found = _columns(on)
    inside = _inside(found, cut)
    keys, labels = _dimension(found.debtors, by), _names(by)
    values, group = np.unique(keys, return_inverse=True)
    grid = np.zeros((values.size, len(BUCKETS)), dtype=np.int64)
    kept = inside[found.row_of] & _of_bucket(found, cut)
    np.add.at(grid, (group[found.row_of][kept], found.bucket[kept]), found.cents[kept])
    in_list = inside & (_cut_cents(found, cut) != 0)
    counts, expected = np.zeros(values.size, dtype=np.int64), np.zeros(values.size, dtype=np.int64)
    np.add.at(counts, group[in_list], 1)
    np.add.at(expected, group[in_list], found.expected[in_list])
    rows = tuple(
        AgeingRow(
            str(values[row]), labels.get(str(values[row]), UNKNOWN if not values[row] else str(values[row])),
            int(counts[row]), tuple(grid[row].tolist()), int(grid[row].sum()), int(expected[row]),
        )
        for row in range(values.size) if counts[row]
    )  # fmt: skip
    rows = tuple(
        sorted(rows, key=lambda each: (each.key if by == "route" else "", -each.total_cents, each.key))
    )
    return Portfolio(
        on, rows, tuple(grid.sum(axis=0).tolist()), int(grid.sum()), int(counts.sum()), int(expected.sum()),
        found.rates_ppm,
    )  # fmt: skip


def debtor_rows(*, on: date, cut: Cut) -> list[DebtorRow]:
    """The accounts of a cut, those from which a visit may bring most first; their `cents` add up to its figure.

    :raises NoBookInForce: if no published book covers the day
    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    found = _columns(on)
    cents = _cut_cents(found, cut)
    rows = np.flatnonzero(_inside(found, cut) & (cents != 0))
    owing, places = found.debtors, found.debtors.places
    order = rows[np.lexsort((owing.account_id[rows], -found.expected[rows]))]
    return [
        DebtorRow(
            int(owing.account_id[row]), _text(places.number, place), _text(places.use, place),
            _text(places.locality, place), _text(places.route, place),
            int(places.walk_sequence[place]) if place >= 0 else 0, int(owing.age_days[row]), int(cents[row]),
            int(owing.overdue_cents[row]), int(found.expected[row]),
        )
        for row in order.tolist()
        for place in [int(owing.place[row])]
    ]  # fmt: skip


def _columns(on: date) -> _Columns:
    overdue: Overdue = loading.overdue(on=on, terms=tariffs.terms_on(on=on))
    owing = segments.group(overdue=overdue, places=loading.places(on=on))
    row = np.searchsorted(owing.account_id, overdue.account_id)
    known = np.append(owing.account_id, -1)
    is_there = known[np.minimum(row, known.size - 1)] == overdue.account_id
    rates = recovering.rates(ladder=ladder_on(on=on), on=on)
    expected = policy.expected_recovery(
        debt_cents=owing.overdue_cents, bucket=policy.bucket_of(age_days=owing.age_days), rates_ppm=rates
    )
    return _Columns(
        owing, overdue.open_cents[is_there], policy.bucket_of(age_days=overdue.age_days[is_there]), row[is_there],
        expected, rates,
    )  # fmt: skip


def _inside(found: _Columns, cut: Cut) -> Mask:
    inside = np.ones(found.debtors.account_id.size, dtype=bool)
    for name in DIMENSIONS:
        asked = getattr(cut, name)
        if asked:
            # what the padrón does not know is asked for by its name
            inside &= _dimension(found.debtors, name) == ("" if asked == UNKNOWN else asked)
    return inside


def _of_bucket(found: _Columns, cut: Cut) -> Mask:
    if cut.bucket is None:
        return np.ones(found.bucket.size, dtype=bool)
    return np.asarray(found.bucket == cut.bucket, dtype=bool)


def _cut_cents(found: _Columns, cut: Cut) -> Int64:
    cents = np.zeros(found.debtors.account_id.size, dtype=np.int64)
    kept = _of_bucket(found, cut)
    np.add.at(cents, found.row_of[kept], found.cents[kept])
    return cents


def _dimension(owing: Debtors, name: str) -> NDArray[np.str_]:
    # a last row that is nobody's, for whom the padrón does not know
    return np.append(getattr(owing.places, name), "")[owing.place]


def _names(by: str) -> dict[str, str]:
    if by == "use":
        return {str(use): str(name) for use, name in TariffClass.Use.choices}
    if by == "locality":
        return dict(Locality.objects.values_list("code", "name"))
    return {code: f"{code} {name}".strip() for code, name in Route.objects.values_list("code", "name")}


def _text(column: NDArray[np.str_], place: int) -> str:
    return str(column[place]) if place >= 0 else ""
