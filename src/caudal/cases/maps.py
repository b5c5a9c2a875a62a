"""A small map drawn by ourselves: the place of a report, how near is near, who else is there. No streets, no other host."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from caudal.kernel.places import METRES_OF_A_DEGREE, Spot

_SIDE: Final = 320
_SHOWN_M: Final = 120  # from the middle to the edge


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the map: "case" or "house", where, and what it is called."""

    kind: str
    place: Spot
    words: str


def around() -> int:
    """How far the map shows (metres)."""
    return _SHOWN_M


def drawn(*, place: Spot, near_m: int, marks: Sequence[Mark]) -> SafeString:
    """The map of a place, north up: a ring of `near_m`, a scale, and each mark with its name."""
    dots = [(_at(place, each.place), each) for each in marks]
    shown = [(spot, each) for spot, each in dots if all(0 <= value <= _SIDE for value in spot)]
    n = sum(each.kind == "case" for _, each in shown)
    words = f"Lugar del reporte, norte arriba. Otros reportes cerca: {n}."
    middle, ring = _SIDE / 2, near_m * _SIDE / 2 / _SHOWN_M
    scale = 50 * _SIDE / 2 / _SHOWN_M
    return mark_safe(
        f'<svg class="case-map" viewBox="0 0 {_SIDE} {_SIDE}" role="img" aria-label="{escape(words)}">'
        f'<circle class="ring" cx="{middle}" cy="{middle}" r="{ring:.1f}"/>'
        + "".join(_dot(spot, each) for spot, each in shown)
        + f'<circle class="here" cx="{middle}" cy="{middle}" r="8"/>'
        f'<path class="scale" d="M12 {_SIDE - 14}h{scale:.1f}"/>'
        f'<text x="12" y="{_SIDE - 20}">50 m</text><text x="{_SIDE - 22}" y="20">N</text></svg>'
    )


def _dot(spot: tuple[float, float], mark: Mark) -> str:
    x, y = spot
    shape = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
        if mark.kind == "case"
        else f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"/>'
    )
    return f'<g class="{mark.kind}"><title>{escape(mark.words)}</title>{shape}</g>'


def _at(middle: Spot, place: Spot) -> tuple[float, float]:
    north = (place[0] - middle[0]) / 1e6 * METRES_OF_A_DEGREE
    east = (place[1] - middle[1]) / 1e6 * METRES_OF_A_DEGREE * cos(radians(middle[0] / 1e6))
    return _SIDE / 2 + east * _SIDE / 2 / _SHOWN_M, _SIDE / 2 - north * _SIDE / 2 / _SHOWN_M
