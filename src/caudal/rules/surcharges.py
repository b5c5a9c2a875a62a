"""What late payment adds: surcharge, inflation update, cost of enforcement.

The surcharge is simple: it bears on principal only, never on other accessories, and each month
or fraction late counts at the rate of the year in which that month begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, overload

import numpy as np

from caudal.rules import bounds, money, periods
from caudal.rules.bounds import Int64, OutOfBounds

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class SurchargeRates:
    """Monthly rates by year, as running sums; the cap bears on the sum of months."""

    first_month: int  # year × 12 of the first year
    running_ppm: Int64  # running_ppm[i] = sum of the first i months
    cap_ppm: int | None


@dataclass(frozen=True, slots=True)
class LateSurcharge:
    """Surcharge of a column of debts, with its working."""

    amount_cents: Int64
    rate_ppm: Int64
    months: Int64


@overload
def late_surcharge(*, overdue_cents: int, months_late: int, monthly_ppm: int) -> int: ...
@overload
def late_surcharge(*, overdue_cents: Int64, months_late: Int64, monthly_ppm: int) -> Int64: ...
def late_surcharge(*, overdue_cents: int | Int64, months_late: int | Int64, monthly_ppm: int) -> int | Int64:
    """Surcharge on overdue principal at one rate: simple, per month or fraction (centavos)."""
    if isinstance(overdue_cents, int) and isinstance(months_late, int):
        return money.share_of(overdue_cents, ppm=monthly_ppm * months_late)
    return money.share_of(np.asarray(overdue_cents), ppm=np.asarray(months_late) * monthly_ppm)


def surcharge_rates(*, monthly_ppm: Mapping[int, int], cap_ppm: int | None) -> SurchargeRates:
    """Build the rate table from year → monthly ppm; ``cap_ppm`` None leaves it without a cap.

    :raises OutOfBounds: if there is no year, a year is missing in between, or a rate is absurd
    """
    years = sorted(monthly_ppm)
    if not years or years[-1] - years[0] + 1 != len(years):
        raise OutOfBounds("faltan años entre el primero y el último", column="recargos", value=years)
    for year in years:
        bounds.require_scalar(monthly_ppm[year], 0, bounds.MAX_PPM, name=f"recargos de {year}")
    if cap_ppm is not None:
        bounds.require_scalar(cap_ppm, 0, 100 * bounds.MAX_PPM, name="tope de recargos")
    each_month = np.repeat(np.array([monthly_ppm[year] for year in years], dtype=np.int64), _MONTHS)
    running = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(each_month)])
    return SurchargeRates(years[0] * _MONTHS, running, cap_ppm)


def late_surcharges(
    *,
    overdue_cents: Int64,
    due_ordinals: Int64,
    months_late: Int64,
    months_charged: Int64,
    rates: SurchargeRates,
) -> LateSurcharge:
    """Surcharge the months late that were not charged before (centavos).

    Months come from ``periods.months_late_columns``; ``due_ordinals`` are ``date.toordinal()``.
    The cap counts the months already charged.

    :raises OutOfBounds: on negative principal, or a month late in a year without a rate
    """
    bounds.require_between(overdue_cents, 0, bounds.MAX_CENTS, column="overdue_cents")
    bounds.require_between(months_charged, 0, 10_000, column="months_charged")
    until = np.maximum(months_late, months_charged)
    start, _ = periods.month_and_day(due_ordinals + 1)
    before = _accumulated_ppm(start, months_charged, until, rates)
    after = _accumulated_ppm(start, until, until, rates)
    rate = after - before
    return LateSurcharge(money.share_of(overdue_cents, ppm=rate), rate, until - months_charged)


def _accumulated_ppm(start: Int64, months: Int64, until: Int64, rates: SurchargeRates) -> Int64:
    """Sum the monthly rates of the first ``months`` late, up to the cap."""
    first = start - rates.first_month
    is_needed = until > 0
    last = rates.running_ppm.size - 1
    outside = np.flatnonzero(is_needed & ((first < 0) | (first + until > last)))
    if outside.size:
        row = int(outside[0])
        month = int(start[row]) if first[row] < 0 else int(start[row] + until[row]) - 1
        problem = "no hay tasa de recargos para ese año"
        raise OutOfBounds(problem, column="recargos", row=row, value=month // _MONTHS)
    first = np.where(is_needed, first, 0)
    total: Int64 = rates.running_ppm[first + months] - rates.running_ppm[first]
    return total if rates.cap_ppm is None else np.minimum(total, rates.cap_ppm)


def inflation_update(
    *, principal_cents: Int64, index_at_due: Int64, index_at_payment: Int64, applies: bool = False
) -> Int64:
    """Add what prices rose between two index values (any common scale); never negative (centavos).

    Off unless the book says it applies: many municipal waters charge surcharges only.

    :raises OutOfBounds: if an index is not positive, or the product would not fit in 64 bits
    """
    if not applies:
        return np.zeros_like(principal_cents)
    for name, index in (("index_at_due", index_at_due), ("index_at_payment", index_at_payment)):
        bounds.require_between(np.atleast_1d(index), 1, 10**12, column=name)
    rise = np.maximum(index_at_payment - index_at_due, 0)
    if bounds.peak(principal_cents) * bounds.peak(np.atleast_1d(rise)) > bounds.SAFE_INT64:
        raise OutOfBounds("el importe por el índice no cabe en 64 bits", column="principal_cents")
    return money.divide_half_away(principal_cents * rise, index_at_due)


def enforcement_cost(*, debt_cents: Int64, ppm: int, floor_cents: int, ceiling_cents: int) -> Int64:
    """Charge a percentage of the debt for an act of collection, within a floor and a ceiling.

    Nothing is charged where there is no debt (centavos).

    :raises OutOfBounds: if the floor is above the ceiling
    """
    bounds.require_scalar(ppm, 0, bounds.MAX_PPM, name="gastos de ejecución")
    bounds.require_scalar(ceiling_cents, 0, bounds.MAX_CENTS, name="tope de gastos")
    bounds.require_scalar(floor_cents, 0, ceiling_cents, name="mínimo de gastos")
    cost = np.clip(money.share_of(debt_cents, ppm=ppm), floor_cents, ceiling_cents)
    return np.where(debt_cents > 0, cost, 0)
