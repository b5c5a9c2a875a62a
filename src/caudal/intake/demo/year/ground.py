"""Where each service point is: the routes as blocks around the square, the doors one after the other."""

from collections import defaultdict
from datetime import datetime
from typing import Final

from caudal.registry import commands as registry
from caudal.registry.models import ServicePoint

SQUARE: Final = (20_281_900, -102_546_300)  # the square of La Barca
# millionths of a degree: a block of streets, and the step from a door to the next one
BLOCK: Final = (2_600, 2_700)
STEP: Final = (420, 260)
DOORS_IN_A_STREET: Final = 9
ROUTES_IN_A_ROW: Final = 8


def place(*, by: str, at: datetime) -> int:
    """Give every service point its coordinates, by route and walk → how many have them."""
    routes: dict[str, list[int]] = defaultdict(list)
    points = ServicePoint.objects.order_by("route__code", "walk_sequence", "pk")
    for code, point in points.values_list("route__code", "pk"):
        routes[code].append(point)
    places = {}
    for turn, (_, doors) in enumerate(sorted(routes.items())):
        corner = _corner(turn, len(routes))
        streets = -(-len(doors) // DOORS_IN_A_STREET)
        # a long route has its streets closer, so that it stays in its blocks
        deep = min(STEP[0], BLOCK[0] * 9 // 10 // max(streets, 1))
        for door, point in enumerate(doors):
            street, along = divmod(door, DOORS_IN_A_STREET)
            # up one street and down the next one, as a person walks
            along = along if street % 2 == 0 else DOORS_IN_A_STREET - 1 - along
            places[point] = (corner[0] + street * deep, corner[1] + along * STEP[1])
    return registry.place_service_points(places=places, by=by, at=at)


def _corner(turn: int, n_routes: int) -> tuple[int, int]:
    row, column = divmod(turn, ROUTES_IN_A_ROW)
    rows = -(-n_routes // ROUTES_IN_A_ROW)
    return (
        SQUARE[0] + (row - rows // 2) * BLOCK[0],
        SQUARE[1] + (column - ROUTES_IN_A_ROW // 2) * BLOCK[1],
    )
