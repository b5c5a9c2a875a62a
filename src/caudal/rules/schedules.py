"""Price lists as frozen tables: what a person writes (``Schedule``), what is computed with.

Every kind of price is one broken line in disguise: an allowance is a first tier at no price, a
uniform price adds to every tier above the allowance. They are folded here, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

import numpy as np

from caudal.rules import bounds, volumes
from caudal.rules.bounds import Int64, OutOfBounds


class WhileInterrupted(IntEnum):
    """What a cut or suspended service goes on owing; the book says which."""

    AS_USUAL = 0
    MINIMUM = 1  # the minimum only
    FLAT = 2  # the fixed part and the flat price, no volume
    NOTHING = 3


@dataclass(frozen=True, slots=True)
class Tier:
    """Price per unit up to a limit (thousandths of the book's unit); None leaves it open."""

    up_to_thousandths: int | None
    unit_price: int


@dataclass(frozen=True, slots=True)
class AreaBand:
    """Price per square meter up to a limit; None leaves it open."""

    up_to_m2: int | None
    m2_price: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """Prices of one class, in ten-thousandths of a peso per period or per unit.

    Parts left at zero do not count, so that they combine freely:
    metered service pays ``fixed + volume``, flat service ``fixed + flat``; both add the area
    bands, and neither pays less than the minimum. Volume = tiers + uniform price above the
    allowance, plus the table (total price at 0, 1, 2 … units; beyond its end, its last entry
    and ``table_excess_price`` per further unit).
    """

    code: str
    fixed_price: int = 0
    allowance_thousandths: int = 0
    uniform_price: int = 0
    tiers: tuple[Tier, ...] = ()
    table_prices: tuple[int, ...] = ()
    table_excess_price: int = 0
    flat_price: int = 0
    minimum_price: int = 0
    area_bands: tuple[AreaBand, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedules:
    """All price lists of a book, one row each. Rows are padded by repeating their last tier."""

    codes: tuple[str, ...]
    unit: str
    period_days: int  # days over which the tiers are written: 30 for a monthly law
    while_interrupted: WhileInterrupted
    fixed_price: Int64
    flat_price: Int64
    minimum_price: Int64
    tier_from_thousandths: Int64  # [schedule, tier]
    tier_price: Int64
    table_price: Int64  # [schedule, units]
    table_last: Int64  # index of the last entry of each row's table
    table_excess_price: Int64
    area_from_m2: Int64  # [schedule, band]
    area_price: Int64

    def __len__(self) -> int:
        return len(self.codes)

    def index(self, code: str) -> int:
        """Give the row of a schedule by its code.

        :raises OutOfBounds: if the book has no such schedule
        """
        if code not in self.codes:
            raise OutOfBounds("el libro no tiene esa tarifa", column="schedule", value=code)
        return self.codes.index(code)


def freeze(
    schedules: Sequence[Schedule],
    *,
    unit: str = "m3",
    period_days: int = 30,
    while_interrupted: WhileInterrupted = WhileInterrupted.AS_USUAL,
) -> Schedules:
    """Check price lists and turn them into tables.

    :raises OutOfBounds: no schedule, a code twice, tiers out of order or without an open last
        one, a table that goes down, a price out of bounds, an unknown unit
    """
    volumes.ratio(metered_in="m3", priced_in=unit)
    codes = tuple(schedule.code for schedule in schedules)
    if not codes or len(set(codes)) != len(codes):
        raise OutOfBounds("cada tarifa debe tener su clave, sin repetir", column="schedules")
    for schedule in schedules:
        _check(schedule)
    tier_from, tier_price = _padded([_volume_line(schedule) for schedule in schedules])
    area_from, area_price = _padded([_area_line(schedule) for schedule in schedules])
    tables = [schedule.table_prices or (0,) for schedule in schedules]
    return Schedules(
        codes=codes,
        unit=unit,
        period_days=bounds.require_scalar(period_days, 1, 3660, name="period_days"),
        while_interrupted=WhileInterrupted(while_interrupted),
        fixed_price=_column([schedule.fixed_price for schedule in schedules]),
        flat_price=_column([schedule.flat_price for schedule in schedules]),
        minimum_price=_column([schedule.minimum_price for schedule in schedules]),
        tier_from_thousandths=tier_from,
        tier_price=tier_price,
        table_price=_rectangle(tables),
        table_last=_column([len(table) - 1 for table in tables]),
        table_excess_price=_column([schedule.table_excess_price for schedule in schedules]),
        area_from_m2=area_from,
        area_price=area_price,
    )


_PRICES: Final = (
    "fixed_price",
    "uniform_price",
    "table_excess_price",
    "flat_price",
    "minimum_price",
)

_Line = list[tuple[int, int]]  # (from, price) of each stretch of a broken line


def _check(schedule: Schedule) -> None:
    where = f"tarifa {schedule.code}"
    for name in _PRICES:
        bounds.require_scalar(getattr(schedule, name), 0, bounds.MAX_PRICE, name=f"{where}, {name}")
    bounds.require_scalar(
        schedule.allowance_thousandths, 0, bounds.MAX_THOUSANDTHS, name=f"{where}, allowance"
    )
    _check_limits([tier.up_to_thousandths for tier in schedule.tiers], where=f"{where}, bloques")
    _check_limits([band.up_to_m2 for band in schedule.area_bands], where=f"{where}, superficie")
    prices = [tier.unit_price for tier in schedule.tiers]
    prices += [band.m2_price for band in schedule.area_bands]
    for price in prices:
        bounds.require_scalar(price, 0, bounds.MAX_PRICE, name=f"{where}, precio del bloque")
    for price in schedule.table_prices:
        bounds.require_scalar(price, 0, bounds.MAX_PRICE, name=f"{where}, tabla por unidad")
    if any(later < earlier for earlier, later in pairwise(schedule.table_prices)):
        raise OutOfBounds("la tabla baja de un renglón a otro", column=f"{where}, tabla por unidad")


def _check_limits(limits: Sequence[int | None], *, where: str) -> None:
    """Refuse limits that do not grow, or whose last is not open."""
    if not limits:
        return
    if limits[-1] is not None:
        raise OutOfBounds("el último bloque debe quedar abierto", column=where, value=limits[-1])
    closed = [0]
    for limit in limits[:-1]:
        if limit is None:
            raise OutOfBounds("solo el último bloque puede quedar abierto", column=where)
        closed.append(bounds.require_scalar(limit, 1, bounds.MAX_THOUSANDTHS, name=where))
    if any(later <= earlier for earlier, later in pairwise(closed)):
        raise OutOfBounds("los límites deben ir creciendo", column=where, value=closed[1:])


def _volume_line(schedule: Schedule) -> _Line:
    """Fold allowance, uniform price and tiers into one broken line."""
    allowance = schedule.allowance_thousandths
    tiers = schedule.tiers or (Tier(None, 0),)
    starts = [0, *(tier.up_to_thousandths or 0 for tier in tiers[:-1])]
    line = [(0, 0)] if allowance else []
    for start, tier in zip(starts, tiers, strict=True):
        if tier.up_to_thousandths is None or tier.up_to_thousandths > allowance:
            line.append((max(start, allowance), tier.unit_price + schedule.uniform_price))
    return line


def _area_line(schedule: Schedule) -> _Line:
    bands = schedule.area_bands or (AreaBand(None, 0),)
    starts = [0, *(band.up_to_m2 or 0 for band in bands[:-1])]
    return [(start, band.m2_price) for start, band in zip(starts, bands, strict=True)]


def _padded(lines: Sequence[_Line]) -> tuple[Int64, Int64]:
    starts = _rectangle([[start for start, _ in line] for line in lines])
    return starts, _rectangle([[price for _, price in line] for line in lines])


def _rectangle(rows: Sequence[Sequence[int]]) -> Int64:
    """Stack rows of different length, repeating the last value of the short ones."""
    width = max(len(row) for row in rows)
    return _column([[*row, *([row[-1]] * (width - len(row)))] for row in rows])


def _column(values: object) -> Int64:
    column = np.array(values, dtype=np.int64)
    column.setflags(write=False)
    return column
