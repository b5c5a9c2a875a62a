"""Units of volume and their exact ratios. No unit is ever converted by a decimal factor."""

from math import gcd
from typing import Final

from caudal.rules.bounds import OutOfBounds

# Millionths of a milliliter (1 m³ = 10¹²). The foot is 0.3048 m and the US gallon 231 cubic
# inches by definition, so every size is a whole number.
_SIZES: Final = {
    "m3": 10**12,
    "L": 10**9,
    "gal": 3_785_411_784,
    "kgal": 3_785_411_784_000,
    "imp_gal": 4_546_090_000,
    "ft3": 28_316_846_592,
    "ccf": 2_831_684_659_200,
}

UNITS: Final = tuple(_SIZES)


def ratio(*, metered_in: str, priced_in: str) -> tuple[int, int]:
    """Give (numerator, denominator) such that metered × numerator / denominator = priced.

    :raises OutOfBounds: if a unit is unknown
    """
    for unit in (metered_in, priced_in):
        if unit not in _SIZES:
            raise OutOfBounds(f"unidad desconocida; use {', '.join(UNITS)}", column="unit", value=unit)
    metered, priced = _SIZES[metered_in], _SIZES[priced_in]
    common = gcd(metered, priced)
    return metered // common, priced // common
