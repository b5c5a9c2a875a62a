"""Places on the ground: latitude and longitude in millionths of a degree, how far, what is near, what is not ours."""

from math import asin, ceil, cos, radians, sin, sqrt
from typing import Final, Protocol

Spot = tuple[int, int]  # latitude and longitude, in millionths of a degree

E6: Final = 1_000_000
EARTH_M: Final = 6_371_008.8  # mean radius
METRES_OF_A_DEGREE: Final = 111_194.9
# the country, its islands included: what is told from outside was not seen from here
_SOUTH, _NORTH, _WEST, _EAST = 14_300_000, 32_800_000, -118_700_000, -86_500_000


class Located(Protocol):
    """A row that may know where it is."""

    latitude_e6: int | None
    longitude_e6: int | None


def spot_of(thing: Located | None, /) -> Spot | None:
    """Where something is; None when nobody knows."""
    if thing is None or thing.latitude_e6 is None or thing.longitude_e6 is None:
        return None
    return thing.latitude_e6, thing.longitude_e6


def distance(one: Spot, other: Spot, /) -> float:
    """How far two places are over the ground, in metres (haversine)."""
    (lat, lon), (lat2, lon2) = ((radians(a / E6), radians(b / E6)) for a, b in (one, other))
    chord = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(chord)))


def metres(one: Spot, other: Spot, /) -> int:
    """The same in whole metres."""
    return round(distance(one, other))


def box(place: Spot, /, *, around_m: int) -> tuple[int, int, int, int]:
    """South, north, west and east between which everything so near is; a little more too."""
    north = ceil(around_m / METRES_OF_A_DEGREE * E6) + 1
    east = ceil(north / max(cos(radians(place[0] / E6)), 0.01)) + 1
    return place[0] - north, place[0] + north, place[1] - east, place[1] + east


def is_in_mexico(place: Spot, /) -> bool:
    """Whether a place is of this country."""
    return _SOUTH <= place[0] <= _NORTH and _WEST <= place[1] <= _EAST
