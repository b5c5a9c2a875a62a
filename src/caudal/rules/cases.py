"""Rows that are alike are computed once: find the distinct cases of a batch."""

from typing import Final

import numpy as np

from caudal.rules.bounds import Int64

# A table of marks beats sorting the rows while it is not much longer than they are.
_MARKS_PER_ROW: Final = 4
_MARKS_ALWAYS: Final = 2**14
_WIDE: Final = 2**31
_WHOLE: Final = 1000  # volumes in thousandths are mostly whole units


def distinct(*columns: Int64) -> tuple[Int64, Int64]:
    """Give one row number per distinct combination, and the combination of each row.

    ``columns[i][first_row][case_of_row]`` is ``columns[i]`` again.
    """
    key, span = np.zeros(columns[0].size, dtype=np.int64), 1
    for column in columns:
        codes, reach = _from_zero(column)
        if span * reach > _WIDE:
            key, span = _compressed(key, span)
            codes, reach = _compressed(codes, reach)
        key, span = key * reach + codes, span * reach
    return _numbered(key, span)


def _from_zero(column: Int64) -> tuple[Int64, int]:
    """Shift a column to start at zero, and measure volumes in thousands if all of them are."""
    if column.size == 0:
        return column, 1
    low, high = int(column.min()), int(column.max())
    if low == high:
        return np.zeros_like(column), 1
    if high - low > _MARKS_ALWAYS and low >= 0 and not np.any(column % _WHOLE):
        return column // _WHOLE, high // _WHOLE + 1
    return column - low, high - low + 1


def _compressed(key: Int64, span: int) -> tuple[Int64, int]:
    first_row, renumbered = _numbered(key, span)
    return renumbered, max(int(first_row.size), 1)


def _numbered(key: Int64, span: int) -> tuple[Int64, Int64]:
    if span > max(_MARKS_ALWAYS, _MARKS_PER_ROW * key.size):
        _, first_row, renumbered = np.unique(key, return_index=True, return_inverse=True)
        return first_row, renumbered
    holder = np.full(span, -1, dtype=np.int64)
    holder[key] = np.arange(key.size)
    used = np.flatnonzero(holder >= 0)
    number = np.zeros(span, dtype=np.int64)
    number[used] = np.arange(used.size)
    return holder[used], number[key]
