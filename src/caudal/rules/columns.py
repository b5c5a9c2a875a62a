"""What goes in: the facts that decide a bill, as integer columns. One account is a column of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np

from caudal.rules import bounds
from caudal.rules.bounds import Int64, Mask, OutOfBounds

THOUSANDTHS: Final = 1000

_MASKS: Final = ("is_metered", "has_sewerage", "is_interrupted")


@dataclass(frozen=True, slots=True)
class BillColumns:
    """One row per bill. Build it with ``bill_columns``, ``one`` or ``from_rows``."""

    schedule: Int64  # index into ``book.schedules``; which tariff applies is chosen before
    consumption_thousandths: Int64  # of ``unit``
    tier_days: Int64  # days by which the tiers are scaled; monthly laws pass 30 × months
    use: Int64  # index into ``book.uses``
    is_metered: Mask
    has_sewerage: Mask
    is_interrupted: Mask
    benefit: Int64  # 0 = none; else 1 + index into ``book.benefits``
    rival_benefit: Int64  # a second benefit: only the larger of the two is granted
    lot_area_m2: Int64
    prepaid_reduction_ppm: Int64  # early-payment reduction of a month paid in advance
    unit: str = "m3"  # of the meter; the book may price another

    def __len__(self) -> int:
        return int(self.schedule.size)

    def take(self, rows: Int64 | slice) -> Self:
        """Give the same columns for some rows only (a slice costs nothing)."""
        chosen = {
            field.name: getattr(self, field.name)[rows] for field in fields(self) if field.name != "unit"
        }
        return type(self)(unit=self.unit, **chosen)


def bill_columns(  # noqa: PLR0913 (one argument per column)
    *,
    schedule: Any,
    use: Any,
    consumption_m3: Any = None,
    consumption_thousandths: Any = None,
    tier_days: Any = 30,
    is_metered: Any = True,
    has_sewerage: Any = True,
    is_interrupted: Any = False,
    benefit: Any = 0,
    rival_benefit: Any = 0,
    lot_area_m2: Any = 0,
    prepaid_reduction_ppm: Any = 0,
    unit: str = "m3",
) -> BillColumns:
    """Check and gather the columns of a batch; a single value stands for every row.

    Consumption comes either in whole units (``consumption_m3``, or whole gallons if ``unit``
    says so) or in thousandths; none means zero.

    :raises OutOfBounds: on floats, negative volumes, columns of different length, absurd values
    """
    given = {
        "schedule": schedule,
        "consumption_thousandths": _thousandths(consumption_m3, consumption_thousandths),
        "tier_days": tier_days,
        "use": use,
        "is_metered": is_metered,
        "has_sewerage": has_sewerage,
        "is_interrupted": is_interrupted,
        "benefit": benefit,
        "rival_benefit": rival_benefit,
        "lot_area_m2": lot_area_m2,
        "prepaid_reduction_ppm": prepaid_reduction_ppm,
    }
    columns = BillColumns(unit=unit, **_aligned(given))
    _check_bounds(columns)
    return columns


def one(**values: Any) -> BillColumns:
    """Give the columns of a single bill; takes the arguments of ``bill_columns`` as scalars."""
    columns = bill_columns(**values)
    if len(columns) != 1:
        raise OutOfBounds("se esperaba una sola cuenta", column="schedule", value=len(columns))
    return columns


def from_rows(rows: Sequence[Mapping[str, Any]], *, unit: str = "m3") -> BillColumns:
    """Gather a list of mappings with the same keys, named as in ``bill_columns``.

    :raises OutOfBounds: if there is no row, or a row lacks a key that another has
    """
    if not rows:
        raise OutOfBounds("no hay renglones", column="rows")
    names = rows[0].keys()
    for number, row in enumerate(rows):
        if row.keys() != names:
            raise OutOfBounds("no trae las mismas columnas", column="rows", row=number)
    return bill_columns(unit=unit, **{name: [row[name] for row in rows] for name in names})


def _thousandths(whole: Any, thousandths: Any) -> Any:
    if whole is None:
        return 0 if thousandths is None else thousandths
    if thousandths is not None:
        raise OutOfBounds("se dio dos veces", column="consumption")
    units = bounds.as_column(whole, column="consumption_m3")
    limit = bounds.MAX_THOUSANDTHS // THOUSANDTHS
    bounds.require_between(np.atleast_1d(units), 0, limit, column="consumption_m3")
    return units * THOUSANDTHS


def _aligned(given: Mapping[str, Any]) -> dict[str, Any]:
    """Turn values into typed columns of one common length."""
    typed = {
        name: (bounds.as_mask if name in _MASKS else bounds.as_column)(value, column=name)
        for name, value in given.items()
    }
    rows = max((column.size for column in typed.values() if column.ndim), default=1)
    if any(column.ndim and column.size == 0 for column in typed.values()):
        rows = 0
    for name, column in typed.items():
        if column.ndim > 1 or (column.ndim == 1 and column.size != rows):
            raise OutOfBounds(f"debe tener {rows} renglones", column=name, value=column.shape)
    return {name: np.broadcast_to(column, (rows,)) for name, column in typed.items()}


def _check_bounds(columns: BillColumns) -> None:
    limits = {
        "schedule": (0, 2**20),
        "consumption_thousandths": (0, bounds.MAX_THOUSANDTHS),
        "tier_days": (1, bounds.MAX_TIER_DAYS),
        "use": (0, 2**10),
        "benefit": (0, 2**10),
        "rival_benefit": (0, 2**10),
        "lot_area_m2": (0, bounds.MAX_AREA_M2),
        "prepaid_reduction_ppm": (0, bounds.MAX_PPM),
    }
    for name, (low, high) in limits.items():
        bounds.require_between(getattr(columns, name), low, high, column=name)
