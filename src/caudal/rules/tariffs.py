"""What the water costs: fixed part, tiers, table, flat price, area and minimum, prorated by days.

The price of a bill of ``d`` days under a law written for ``P`` days is the price of the law with
its fixed amounts and its limits scaled by d/P. Nothing is divided until the end: volumes are
counted in atoms (1 / (1000 × P × unit denominator) of the book's unit), so that 60 days in one
bill cost exactly what two bills of 30 days cost, before the single rounding.

Each different case (tariff, volume, days …) is computed once; rows point at their case. The
intermediate columns of the cases are the working shown on the bill (``workings.water_steps``).
"""

from dataclasses import dataclass

import numpy as np

from caudal.rules import bounds, money, volumes
from caudal.rules.bounds import Int64, OutOfBounds
from caudal.rules.cases import distinct
from caudal.rules.columns import THOUSANDTHS, BillColumns
from caudal.rules.schedules import Schedules, WhileInterrupted

NO_CAP = -1


@dataclass(frozen=True, slots=True)
class Water:
    """Water charge of a batch, by case, with its working.

    Volumes are in atoms and the parts of the price in ``1 / divisor`` centavos: exact. They are
    unlimited Python integers where 64 bits would not hold them (gallons from cubic meters).
    """

    case_of_row: Int64
    cases: BillColumns  # one row per case
    unit: str  # of the book, in which tiers and prices are written
    period_days: int
    divisor: int
    atoms_per_thousandth: int
    tier_from: Int64  # [case, tier] first atom of each tier, scaled by the days
    tier_atoms: Int64  # [case, tier]
    tier_price: Int64  # [case, tier]
    fixed: Int64
    flat: Int64
    table: Int64
    area: Int64
    minimum: Int64  # what is missing to reach the minimum
    amount_cents: Int64  # by case, rounded

    def cents_of(self, rows: slice) -> Int64:
        """Give the charge of a stretch of rows (centavos)."""
        return self.amount_cents[self.case_of_row[rows]]


def water(*, columns: BillColumns, schedules: Schedules, cap_thousandths: Int64 | None = None) -> Water:
    """Price the water of each row (centavos), working included.

    ``cap_thousandths``, in the book's unit per period, prices at most that volume (scaled by the
    days as any limit is): the part of a bill that a benefit reaches. ``NO_CAP`` leaves a row as
    it is.

    :raises OutOfBounds: if a schedule does not exist or an amount is absurd
    """
    bounds.require_between(columns.schedule, 0, len(schedules) - 1, column="schedule")
    cap = np.full(len(columns), NO_CAP) if cap_thousandths is None else cap_thousandths
    first_row, case_of_row = distinct(
        columns.schedule,
        columns.consumption_thousandths,
        columns.tier_days,
        columns.is_metered.astype(np.int64),
        columns.is_interrupted.astype(np.int64),
        columns.lot_area_m2,
        cap,
    )
    return _Pricing(columns.take(first_row), cap[first_row], schedules).water(case_of_row)


class _Pricing:
    """Price list and days of each case, in integers wide enough for the batch."""

    def __init__(self, cases: BillColumns, cap: Int64, schedules: Schedules) -> None:
        self.cases, self.schedules, self.row = cases, schedules, cases.schedule
        numerator, denominator = volumes.ratio(metered_in=cases.unit, priced_in=schedules.unit)
        period = schedules.period_days
        self.atoms_per_thousandth = period * denominator
        self.divisor = self.atoms_per_thousandth * THOUSANDTHS * money.PRICE_PER_CENT
        self.most = self._most(numerator * period, denominator)
        self.limit_atoms = self._wide(cases.tier_days) * denominator  # per thousandth of a limit
        self.period_atoms = self.limit_atoms * THOUSANDTHS  # weight of a price per period
        atoms = self._wide(cases.consumption_thousandths) * (numerator * period)
        reached = np.where(cap < 0, atoms, np.minimum(atoms, self._wide(cap) * self.limit_atoms))
        self.is_flowing = cases.is_metered & ~self._is_held()
        self.atoms = np.where(self.is_flowing, reached, 0)

    def water(self, case_of_row: Int64) -> Water:
        """Add the parts up, raise them to the minimum, and round once."""
        tier_from, tier_atoms, tier_price = self._tiers()
        fixed, flat, table, area = self._fixed(), self._flat(), self._table(), self._area()
        parts = fixed + flat + table + area + (tier_atoms * tier_price).sum(axis=1)
        missing = self._missing_to_minimum(parts)
        amount = money.divide_half_away(parts + missing, self.divisor)
        if bounds.peak(amount) > bounds.MAX_CENTS:
            raise OutOfBounds("importe fuera de toda proporción", column="consumption_thousandths")
        return Water(
            case_of_row=case_of_row,
            cases=self.cases,
            unit=self.schedules.unit,
            period_days=self.schedules.period_days,
            divisor=self.divisor,
            atoms_per_thousandth=self.atoms_per_thousandth,
            tier_from=tier_from,
            tier_atoms=tier_atoms,
            tier_price=tier_price,
            fixed=fixed,
            flat=flat,
            table=table,
            area=area,
            minimum=missing,
            amount_cents=amount.astype(np.int64),
        )

    def _most(self, numerator: int, denominator: int) -> int:
        """Give a number that no product of this batch can pass."""
        prices, peak = self.schedules, bounds.peak
        volume = peak(self.cases.consumption_thousandths) * numerator
        period = peak(self.cases.tier_days) * denominator * THOUSANDTHS
        limits = peak(prices.tier_from_thousandths) * peak(self.cases.tier_days) * denominator
        per_period = peak(prices.fixed_price) + peak(prices.flat_price)
        per_period += peak(prices.minimum_price) + peak(prices.table_price)
        per_period += peak(self.cases.lot_area_m2) * peak(prices.area_price)
        per_unit = peak(prices.tier_price) + peak(prices.table_price)
        per_unit += peak(prices.table_excess_price)
        return max(volume * per_unit + period * per_period, limits, volume)

    def _wide(self, values: Int64) -> Int64:
        return bounds.wide_enough(values, most=self.most)

    def _is_held(self) -> bounds.Mask:
        """Tell which cases are interrupted under a book that then changes the price."""
        if self.schedules.while_interrupted == WhileInterrupted.AS_USUAL:
            return np.zeros(len(self.cases), dtype=np.bool_)
        return self.cases.is_interrupted

    def _per_period(self, price: Int64, applies: bounds.Mask) -> Int64:
        return np.where(applies, self._wide(price) * self.period_atoms, 0)

    def _fixed(self) -> Int64:
        keeps = self.schedules.while_interrupted == WhileInterrupted.FLAT
        return self._per_period(self.schedules.fixed_price[self.row], keeps | ~self._is_held())

    def _flat(self) -> Int64:
        keeps = self.schedules.while_interrupted == WhileInterrupted.FLAT
        pays = np.where(self._is_held(), keeps, ~self.cases.is_metered)
        return self._per_period(self.schedules.flat_price[self.row], pays)

    def _tiers(self) -> tuple[Int64, Int64, Int64]:
        """Split the volume among the tiers: what passes a limit, less what passes the next."""
        tier_from = self._wide(self.schedules.tier_from_thousandths[self.row])
        tier_from = tier_from * self.limit_atoms[:, None]
        passed = np.maximum(self.atoms[:, None] - tier_from, 0)
        beyond = np.concatenate([passed[:, 1:], np.zeros_like(passed[:, :1])], axis=1)
        return tier_from, passed - beyond, self._wide(self.schedules.tier_price[self.row])

    def _table(self) -> Int64:
        """Read the table at whole units; between two entries the price runs straight."""
        prices, row = self.schedules, self.row
        entry = np.minimum(self.atoms // self.period_atoms, prices.table_last[row])
        entry = entry.astype(np.int64)
        following = np.minimum(entry + 1, prices.table_last[row])
        step = prices.table_price[row, following] - prices.table_price[row, entry]
        is_inside = entry < prices.table_last[row]
        per_unit = np.where(is_inside, step, prices.table_excess_price[row])
        over = self.atoms - self._wide(entry) * self.period_atoms
        full = self._wide(prices.table_price[row, entry]) * self.period_atoms
        price: Int64 = full + over * self._wide(per_unit)
        return np.where(self.is_flowing, price, 0)

    def _area(self) -> Int64:
        """Price the lot by bands of area; the amount is per period, the bands are not scaled."""
        band_from = self.schedules.area_from_m2[self.row]
        passed = np.maximum(self.cases.lot_area_m2[:, None] - band_from, 0)
        beyond = np.concatenate([passed[:, 1:], np.zeros_like(passed[:, :1])], axis=1)
        price = ((passed - beyond) * self.schedules.area_price[self.row]).sum(axis=1)
        return self._per_period(price, ~self._is_held())

    def _missing_to_minimum(self, parts: Int64) -> Int64:
        keeps = self.schedules.while_interrupted == WhileInterrupted.MINIMUM
        minimum = self.schedules.minimum_price[self.row]
        missing: Int64 = self._per_period(minimum, keeps | ~self._is_held()) - parts
        return np.maximum(missing, 0)


def exceeds(columns: BillColumns, schedules: Schedules, limit_thousandths: Int64) -> bounds.Mask:
    """Tell which rows pass a volume of the book's unit per period, scaled by their days."""
    numerator, denominator = volumes.ratio(metered_in=columns.unit, priced_in=schedules.unit)
    factor = numerator * schedules.period_days
    most = bounds.peak(columns.consumption_thousandths) * factor
    most = max(most, bounds.peak(limit_thousandths) * bounds.peak(columns.tier_days) * denominator)
    limit = bounds.wide_enough(limit_thousandths, most=most) * columns.tier_days * denominator
    passes: bounds.Mask = bounds.wide_enough(columns.consumption_thousandths, most=most) * factor > limit
    return passes
