import pytest

from caudal.rules import volumes
from caudal.rules.bounds import OutOfBounds


def test_units_of_one_family_have_round_ratios() -> None:
    assert volumes.ratio(metered_in="L", priced_in="m3") == (1, 1000)
    assert volumes.ratio(metered_in="gal", priced_in="kgal") == (1, 1000)
    assert volumes.ratio(metered_in="ccf", priced_in="ft3") == (100, 1)
    assert volumes.ratio(metered_in="m3", priced_in="m3") == (1, 1)


def test_units_of_two_families_have_exact_ratios() -> None:
    cubic_meters, gallons = volumes.ratio(metered_in="m3", priced_in="gal")
    assert cubic_meters * 3_785_411_784 == gallons * 10**12
    back = volumes.ratio(metered_in="gal", priced_in="m3")
    assert back == (gallons, cubic_meters)


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OutOfBounds, match="use m3, L, gal"):
        volumes.ratio(metered_in="barrel", priced_in="m3")
    with pytest.raises(OutOfBounds, match="barrel"):
        volumes.ratio(metered_in="m3", priced_in="barrel")
