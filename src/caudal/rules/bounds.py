"""What a column may hold. Refuse at the entrance, so that no sum can overflow later."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Half of what int64 holds: a sum of two checked products still fits.
SAFE_INT64: Final = 2**62

MAX_THOUSANDTHS: Final = 10**9  # one million units in one bill
MAX_TIER_DAYS: Final = 3660  # ten years in one bill
MAX_AREA_M2: Final = 10**8
MAX_PRICE: Final = 10**10  # one million pesos per unit
MAX_CENTS: Final = 10**12  # ten thousand million pesos in one line
MAX_PPM: Final = 10**6  # the whole


class OutOfBounds(ValueError):
    """A value that no rule accepts. The message names the column, the row and the value."""

    def __init__(self, problem: str, *, column: str, row: int | None = None, value: object = None) -> None:
        where = f"columna «{column}»" if row is None else f"columna «{column}», renglón {row}"
        shown = "" if value is None else f" (valor {value})"
        super().__init__(f"{where}: {problem}{shown}.")
        self.column, self.row, self.value, self.problem = column, row, value, problem


def require_between(values: Int64, low: int, high: int, *, column: str) -> None:
    """Refuse a column with a value outside ``low`` … ``high``, both included.

    :raises OutOfBounds: naming the first row outside
    """
    if values.size == 0 or (int(values.min()) >= low and int(values.max()) <= high):
        return
    row = int(np.flatnonzero((values < low) | (values > high))[0])
    raise OutOfBounds(f"debe estar entre {low} y {high}", column=column, row=row, value=int(values[row]))


def require_scalar(value: int, low: int, high: int, *, name: str) -> int:
    """Refuse one integer outside ``low`` … ``high``, or one that is not an integer.

    :raises OutOfBounds: if it is not a whole number, or lies outside
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise OutOfBounds("debe ser un número entero", column=name, value=value)
    if not low <= value <= high:
        raise OutOfBounds(f"debe estar entre {low} y {high}", column=name, value=value)
    return value


def as_column(values: Any, *, column: str) -> Int64:
    """Give ``values`` as int64, refusing anything that is not a whole number.

    :raises OutOfBounds: on floats, text, or more than one dimension
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iu" and array.size:
        raise OutOfBounds("se esperaban números enteros", column=column, value=f"tipo {array.dtype}")
    return array.astype(np.int64, copy=False)


def as_mask(values: Any, *, column: str) -> Mask:
    """Give ``values`` as booleans; 0 and 1 are accepted, nothing else.

    :raises OutOfBounds: on any other value
    """
    array = np.asarray(values)
    if array.dtype.kind == "b":
        return array
    numbers = as_column(array, column=column)
    require_between(np.atleast_1d(numbers), 0, 1, column=column)
    return numbers.astype(np.bool_)


def peak(values: Int64) -> int:
    """Largest absolute value of a column, as an unlimited Python integer."""
    return 0 if values.size == 0 else max(abs(int(values.max())), abs(int(values.min())))


def wide_enough(values: Int64, *, most: int) -> Int64:
    """Give a column able to hold ``most``: as it is, or as unlimited Python integers.

    The arithmetic written for one serves the other; it is only slower.
    """
    if most < SAFE_INT64:
        return values
    unlimited: Int64 = values.astype(np.object_)
    return unlimited
