"""A small map of a walk drawn by ourselves: its stops in their places, no streets, nobody else's server."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from caudal.kernel.places import E6, Spot, metres

_WIDTH: Final = 560
_TALLEST: Final = 420
_LOWEST: Final = 140
_EDGE: Final = 24
_NUMBERED: Final = 40  # beyond so many the numbers would cover each other
_SCALES: Final = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stop on the map: where it is, its number, how it went ("done", "not-done", "pending"), and where it was told."""

    place: Spot
    number: int
    state: str
    words: str
    told_from: Spot | None = None


def walk_map(*, marks: Sequence[Mark], title: str) -> SafeString:
    """An SVG of the stops joined in their order, with a scale, read aloud as how many they are. Nothing without places."""
    if not marks:
        return mark_safe("")
    view = _View([*(mark.place for mark in marks), *(mark.told_from for mark in marks if mark.told_from)])
    points = " ".join("{:.1f},{:.1f}".format(*view.at(mark.place)) for mark in marks)
    parts = [
        f'<svg class="walk" viewBox="0 0 {_WIDTH} {view.height}" role="img" aria-label="{escape(title)}">',
        f'<polyline class="path" points="{points}"/>' if len(marks) > 1 else "",
        *(_told_from(view, mark) for mark in marks if mark.told_from),
        *(_mark(view, mark, is_numbered=len(marks) <= _NUMBERED) for mark in marks),
        view.scale(),
        "</svg>",
    ]
    return mark_safe("".join(parts))


def _mark(view: "_View", mark: Mark, *, is_numbered: bool) -> str:
    x, y = view.at(mark.place)
    number = f'<text class="n" x="{x:.1f}" y="{y + 4:.1f}">{mark.number}</text>' if is_numbered else ""
    return (
        f'<g class="stop {mark.state}"><title>{escape(mark.words)}</title>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{11 if is_numbered else 5}"/>{number}</g>'
    )


def _told_from(view: "_View", mark: Mark) -> str:
    assert mark.told_from is not None
    (x, y), (x2, y2) = view.at(mark.place), view.at(mark.told_from)
    return f'<path class="told" d="M{x:.1f} {y:.1f}L{x2:.1f} {y2:.1f}"/><circle class="told" cx="{x2:.1f}" cy="{y2:.1f}" r="3"/>'


class _View:
    """From millionths of a degree to the drawing, north up, the same scale both ways."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self.south, self.north = min(lat for lat, _ in spots), max(lat for lat, _ in spots)
        self.west, east = min(lon for _, lon in spots), max(lon for _, lon in spots)
        self.narrow = cos(radians((self.south + self.north) / 2 / E6))
        wide, tall = (east - self.west) * self.narrow, self.north - self.south
        room = _WIDTH - 2 * _EDGE
        self.factor = min(room / wide if wide else room, (_TALLEST - 2 * _EDGE) / tall if tall else room)
        if not wide and not tall:
            self.factor = 0
        self.height = max(_LOWEST, round(tall * self.factor) + 2 * _EDGE)
        self.left = (_WIDTH - wide * self.factor) / 2
        self.top = (self.height - tall * self.factor) / 2

    def at(self, spot: Spot) -> tuple[float, float]:
        latitude, longitude = spot
        return (
            self.left + (longitude - self.west) * self.narrow * self.factor,
            self.top + (self.north - latitude) * self.factor,
        )

    def scale(self) -> str:
        """A rule of a round number of metres, about a fifth of the drawing."""
        if not self.factor:
            return ""
        per_metre = self.factor * E6 / metres((0, 0), (E6, 0))
        metres_shown = next((each for each in _SCALES if each * per_metre >= _WIDTH / 8), _SCALES[-1])
        wide, words = (
            metres_shown * per_metre,
            f"{metres_shown} m" if metres_shown < 1000 else f"{metres_shown // 1000} km",
        )
        y = self.height - 8
        return f'<path class="scale" d="M8 {y - 4}V{y}H{8 + wide:.1f}V{y - 4}"/><text class="scale" x="{14 + wide:.1f}" y="{y}">{words}</text>'
