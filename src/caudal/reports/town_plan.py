"""A plan of the town: a disc for each place, its area its size, the largest with their name."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from caudal.reports.charts import NARROW, Mark, linked, opening, spoken

MOST_NAMES: Final = 8
# its margin, its height, the radius that the largest adds, and about how wide a letter of it is
MARGIN, LEAST_TALL, MOST_TALL, LARGEST, LETTER = 44, 180, 360, 22, 7
LARGER_ON_PHONE: Final = 1.7
# a degree of longitude beside one of latitude, at twenty degrees north
NARROWER: Final = 0.94


@dataclass(frozen=True, slots=True)
class Bubble:
    """A place with a size: east and north in millionths of a degree."""

    mark: Mark
    longitude_e6: int
    latitude_e6: int


def bubbles(*, places: Sequence[Bubble], title: str) -> SafeString:
    """A plan of the town: a disc for each place, its area its size; the largest carry their name, over every disc."""
    if not places:
        return mark_safe("")
    west, east = (pick(each.longitude_e6 for each in places) for pick in (min, max))
    south, north = (pick(each.latitude_e6 for each in places) for pick in (min, max))
    across, up = max((east - west) * NARROWER, 1), max(north - south, 1)
    # one scale for both ways, and a sheet no taller than the town needs
    scale = min((NARROW - 2 * MARGIN) / across, (MOST_TALL - 2 * MARGIN) / up)
    height = max(round(up * scale) + 2 * MARGIN, LEAST_TALL)
    highest = max((each.mark.value or 0) for each in places) or 1
    drawn = [opening("map", NARROW, height, f"{title}: {spoken([each.mark for each in places])}")]
    written: list[str] = []
    taken: list[Box] = []
    on_phone: list[Box] = []
    for place, each in enumerate(sorted(places, key=lambda each: -(each.mark.value or 0))):
        x = NARROW / 2 + (each.longitude_e6 - (west + east) / 2) * NARROWER * scale
        y = height / 2 - (each.latitude_e6 - (south + north) / 2) * scale
        radius = 5 + LARGEST * (max(each.mark.value or 0, 0) / highest) ** 0.5
        drawn.append(linked(each.mark, f'<circle class="disc" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}"/>'))
        if place < MOST_NAMES:
            written += _name(each.mark.label, x, y, radius, taken, on_phone)
    return mark_safe("".join([*drawn, *written, "</svg>"]))


# left, right, top, bottom
Box = tuple[float, float, float, float]


def _name(label: str, x: float, y: float, radius: float, taken: list[Box], on_phone: list[Box]) -> list[str]:
    """The name of a place below its disc or above it, where it does not run into another; else, left to the tiles.

    On a phone its letters are larger beside the plan: there, those that still fit.
    """
    for base in (y + radius + 13, y - radius - 5):
        if not _takes(_box(label, x, base, 1), taken):
            continue
        crowded = "" if _takes(_box(label, x, base, LARGER_ON_PHONE), on_phone) else " crowded"
        return [f'<text class="label over{crowded}" x="{x:.0f}" y="{base:.0f}">{escape(label)}</text>']
    return []


def _box(label: str, x: float, base: float, larger: float) -> Box:
    half = len(label) * LETTER * larger / 2
    return (x - half, x + half, base - 12 * larger, base + 4 * larger)


def _takes(box: Box, taken: list[Box]) -> bool:
    """Take the place of a box, if nothing is there."""
    left, right, top, bottom = box
    if any(right >= a and b >= left and bottom >= c and d >= top for a, b, c, d in taken):
        return False
    taken.append(box)
    return True
