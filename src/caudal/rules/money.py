"""Centavos: the one rounding, shares of an amount, and splits that add up."""

from collections.abc import Sequence
from typing import Final, overload

import numpy as np

from caudal.rules.bounds import SAFE_INT64, Int64, OutOfBounds, peak

PPM: Final = 1_000_000
CENTS_PER_PESO: Final = 100
PRICE_PER_CENT: Final = 100  # ten-thousandths of a peso in one centavo


@overload
def divide_half_away(numerator: int, denominator: int) -> int: ...
@overload
def divide_half_away(numerator: Int64, denominator: int | Int64) -> Int64: ...
def divide_half_away(numerator: int | Int64, denominator: int | Int64) -> int | Int64:
    """Divide and round half away from zero: 0.5 → 1, −0.5 → −1. The only rounding of money.

    Scalars and int64 columns alike.

    :raises OutOfBounds: if the denominator is not positive
    """
    if np.any(np.less_equal(denominator, 0)):
        raise OutOfBounds("el divisor debe ser positivo", column="denominator")
    if isinstance(numerator, int) and isinstance(denominator, int):
        whole, rest = divmod(abs(numerator), denominator)
        nearest = whole + 1 if rest >= denominator - rest else whole
        return nearest if numerator >= 0 else -nearest
    magnitude = np.abs(numerator)
    quotient = magnitude // denominator
    remainder = magnitude - quotient * denominator
    rounded = np.where(remainder >= denominator - remainder, quotient + 1, quotient)
    return np.where(np.less(numerator, 0), -rounded, rounded)


@overload
def share_of(cents: int, *, ppm: int) -> int: ...
@overload
def share_of(cents: Int64, *, ppm: int | Int64) -> Int64: ...
def share_of(cents: int | Int64, *, ppm: int | Int64) -> int | Int64:
    """Take ``ppm`` parts per million of an amount (centavos), rounded once.

    :raises OutOfBounds: if the product of two columns would not fit in 64 bits
    """
    if isinstance(cents, int) and isinstance(ppm, int):
        return divide_half_away(cents * ppm, PPM)
    amounts = np.asarray(cents, dtype=np.int64)
    rates = np.asarray(ppm, dtype=np.int64)
    if peak(amounts) * peak(rates) > SAFE_INT64:
        raise OutOfBounds("el importe por la tasa no cabe en 64 bits", column="cents")
    return divide_half_away(amounts * rates, PPM)


def split_evenly(total: int, *, parts: int) -> tuple[int, ...]:
    """Split a whole number in equal parts; the remainder goes to the first part.

    :raises OutOfBounds: if there is no part, or the total is negative
    """
    if parts < 1:
        raise OutOfBounds("debe haber al menos una parte", column="parts", value=parts)
    if total < 0:
        raise OutOfBounds("no se reparte un total negativo", column="total", value=total)
    each = total // parts
    return (total - each * (parts - 1), *([each] * (parts - 1)))


def apportion(total: int, *, weights: Sequence[int]) -> list[int]:
    """Share a whole number out in proportion, so that the parts add up to it: the largest remainders take what is left
    over; on equal remainders, the first. Weights may be of any sign.

    :raises OutOfBounds: if the weights add up to zero
    """
    whole = sum(weights)
    if not whole:
        raise OutOfBounds("no hay en qué proporción repartir", column="weights", value=0)
    sign = 1 if whole > 0 else -1
    shares = [divmod(total * weight * sign, whole * sign) for weight in weights]
    given = [share for share, _ in shares]
    turn = sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))
    for place in turn[: total - sum(given)]:
        given[place] += 1
    return given
