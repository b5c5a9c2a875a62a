"""Distances over the ground, and short walks through places scattered over town."""

from itertools import permutations
from random import Random

from caudal.fieldwork import maps, touring
from caudal.fieldwork.maps import Mark
from caudal.fieldwork.touring import metres

SQUARE = (20_280_000, -102_550_000)


def test_a_degree_of_latitude_is_111_km_and_one_of_longitude_less() -> None:
    """A thousandth of a degree: 6,371,009 × π / 180,000 = 111.2 m north; × cos 20.28° = 104.3 m east."""
    assert metres(SQUARE, SQUARE) == 0
    assert metres(SQUARE, (20_281_000, -102_550_000)) == 111
    assert metres(SQUARE, (20_280_000, -102_549_000)) == 104
    assert metres((0, 179_999_500), (0, -179_999_500)) == 111  # across the line where days change


def test_places_on_a_street_are_walked_along_it() -> None:
    """Seven houses a block apart, told in disorder: from the south end to the north end, 6 × 111 m."""
    street = [(20_280_000 + 1_000 * block, -102_550_000) for block in (3, 0, 6, 1, 5, 2, 4)]
    order = touring.tour(places=street, start=(20_279_000, -102_550_000))
    assert [street[each][0] for each in order] == sorted(latitude for latitude, _ in street)
    assert touring.length(places=[street[each] for each in order]) == 6 * 111


def test_places_nobody_knows_go_last_as_they_came() -> None:
    north, south = (20_290_000, -102_550_000), (20_281_000, -102_550_000)
    assert touring.tour(places=[None, north, None, south], start=SQUARE) == [3, 1, 0, 2]
    assert touring.tour(places=[None, None]) == [0, 1] and touring.tour(places=[]) == []


def test_a_tour_is_as_short_as_the_shortest_and_always_the_same() -> None:
    """Seven places at random: no order of the 5,040 is shorter than the one given, nor does it change."""
    seed = 7_191
    chance = Random(seed)
    places = [
        (20_280_000 + chance.randrange(20_000), -102_550_000 + chance.randrange(20_000)) for _ in range(7)
    ]
    order = touring.tour(places=places)
    assert sorted(order) == list(range(7)), seed
    shortest = min(touring.length(places=[places[each] for each in way]) for way in permutations(range(7)))
    assert touring.length(places=[places[each] for each in order]) == shortest, seed
    assert touring.tour(places=places) == order


def test_the_map_says_what_it_shows_and_hides_no_markup() -> None:
    marks = [
        Mark(SQUARE, 1, "done", "1. Morelos <293>: leído", (20_280_100, -102_550_000)),
        Mark((20_281_000, -102_549_000), 2, "pending", "2. Juárez 45: pendiente"),
    ]
    drawn = maps.walk_map(marks=marks, title="Recorrido REC-000001: 1 de 2")
    assert 'aria-label="Recorrido REC-000001: 1 de 2"' in drawn and "Morelos &lt;293&gt;: leído" in drawn
    assert drawn.count("<circle") == 3 and drawn.count('class="told"') == 2 and "style=" not in drawn
    assert maps.walk_map(marks=[], title="nada") == ""


def test_one_place_alone_is_in_the_middle() -> None:
    drawn = maps.walk_map(marks=[Mark(SQUARE, 1, "pending", "aquí")], title="una")
    assert 'cx="280.0" cy="70.0"' in drawn and "polyline" not in drawn
