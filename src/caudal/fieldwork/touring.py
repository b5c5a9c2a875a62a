"""In which order to walk through places scattered over town.

The walk of a route is already known by the registry; this is for orders, which may be anywhere. The same places give
the same tour: a fixed seed and a number of iterations, never a time.
"""

from collections.abc import Sequence
from typing import Final

from caudal.kernel.places import Spot, metres

_ITERATIONS: Final = 500
_SEED: Final = 2019
_ORDERED_BY_HAND: Final = 2  # up to so many, any order is as good as its reverse


def length(*, places: Sequence[Spot]) -> int:
    """How long it is to go through places in the order given, in metres."""
    return sum(metres(one, other) for one, other in zip(places, places[1:], strict=False))


def tour(*, places: Sequence[Spot | None], start: Spot | None = None) -> list[int]:
    """The positions of `places` in the order of a short walk that begins near `start` and ends anywhere.

    Those nobody knows where they are go last, as they came.
    """
    known = [position for position, spot in enumerate(places) if spot is not None]
    spots = [spot for spot in places if spot is not None]
    lost = [position for position, spot in enumerate(places) if spot is None]
    if len(spots) <= _ORDERED_BY_HAND:
        order = sorted(range(len(spots)), key=lambda each: metres(start, spots[each]) if start else 0)
    else:
        order = _shortest(spots, start)
    return [*(known[each] for each in order), *lost]


def _shortest(spots: Sequence[Spot], start: Spot | None) -> list[int]:
    from pyvrp import Model
    from pyvrp.stop import MaxIterations

    model = Model()
    gate = model.add_location(start[1] if start else 0, start[0] if start else 0)
    model.add_depot(gate)
    stops = [model.add_location(longitude, latitude) for latitude, longitude in spots]
    for each in stops:
        model.add_client(each)
    model.add_vehicle_type(1)
    for position, one in enumerate(stops):
        # coming back costs nothing: the day ends at the last stop, wherever it is
        model.add_edge(gate, one, distance=metres(start, spots[position]) if start else 0)
        model.add_edge(one, gate, distance=0)
        for there, other in enumerate(stops):
            if there != position:
                model.add_edge(one, other, distance=metres(spots[position], spots[there]))
    result = model.solve(stop=MaxIterations(_ITERATIONS), seed=_SEED, display=False, collect_stats=False)
    return [visit.idx for visit in result.best.routes()[0] if visit.is_client()]
