"""Pictures of the board and the indicators, drawn on the server: no script, from zero, each bar opening its list.

A picture is a group with its figures told in one sentence; the table that goes with it says them one by one. Its bars
are links for a pointer only: with a keyboard the same lists open from the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

MOST_WITH_VALUES: Final = 13
WIDE, NARROW, TALL, TOP, BASE = 900, 580, 200, 28, 168
ROW: Final = 44
SMALL: Final = 480
SHADES: Final = 6
MOST_NAMES: Final = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar: its label, its size, how its value is said, in short too, and the list it opens.

    `year_ago` and `mean` are of the same kind as `value`; None leaves them out.
    """

    label: str
    value: int | None
    said: str
    short: str = ""
    href: str = ""
    year_ago: int | None = None
    mean: int | None = None
    is_now: bool = False


def columns(
    *, marks: Sequence[Mark], title: str, target: int | None = None, width: int = NARROW
) -> SafeString:
    """Columns from zero; over them the mean as a curve, last year as ticks and the target as a line.

    Few carry their value; of many, the largest and the last do.
    """
    if not any(each.value for each in marks):
        return mark_safe("")
    sizes = [each.value or 0 for each in marks] + [
        size for each in marks for size in (each.year_ago, each.mean) if size
    ]
    highest = max([*sizes, target or 0]) or 1
    step = width / len(marks)
    drawn = [_open("columns", width, TALL, f"{title}: {_spoken(marks)}")]
    drawn.append(f'<line class="axis" x1="0" y1="{BASE}.5" x2="{width}" y2="{BASE}.5"/>')
    largest = max(each.value or 0 for each in marks)
    for place, each in enumerate(marks):
        matters = each.value == largest or place == len(marks) - 1
        drawn += _column(
            each, step * (place + 0.5), step, highest, has_value=matters or len(marks) <= MOST_WITH_VALUES
        )
    drawn += _labels(marks, step)
    means = [
        f"{step * (place + 0.5):.1f},{BASE - _tall(each.mean, highest)}"
        for place, each in enumerate(marks)
        if each.mean is not None
    ]
    if len(means) > 1:
        drawn.append(f'<polyline class="curve" points="{" ".join(means)}"/>')
    if target:
        level = BASE - _tall(target, highest)
        drawn.append(f'<line class="target" x1="0" y1="{level}" x2="{width}" y2="{level}"/>')
    return mark_safe("".join([*drawn, "</svg>"]))


def _column(each: Mark, middle: float, step: float, highest: int, *, has_value: bool) -> list[str]:
    wide = min(34.0, step * 0.68)
    left, drawn = middle - wide / 2, []
    if each.value is not None:
        tall = _tall(each.value, highest)
        style = "now" if each.is_now else "before"
        drawn.append(
            _linked(
                each,
                f'<rect class="{style}" x="{left:.1f}" y="{BASE - tall}" width="{wide:.1f}" height="{tall}" rx="2"/>',
            )
        )
        if has_value:
            crowded = "" if each.is_now or each.value == highest else " crowded"
            words = escape(each.short or each.said)
            drawn.append(
                f'<text class="value{crowded}" x="{middle:.1f}" y="{BASE - tall - 7:.1f}">{words}</text>'
            )
    if each.year_ago is not None:
        level = BASE - _tall(each.year_ago, highest)
        drawn.append(
            f'<line class="tick" x1="{left - 1:.1f}" y1="{level}" x2="{left + wide + 1:.1f}" y2="{level}"/>'
        )
    return drawn


def _labels(marks: Sequence[Mark], step: float) -> list[str]:
    """So many labels as fit; on a phone, fewer; the last always."""
    last = len(marks) - 1
    every, every_on_phone = -(-len(marks) // MOST_WITH_VALUES), -(-len(marks) // 5)
    return [
        f'<text class="label{" crowded" if (last - place) % every_on_phone else ""}" '
        f'x="{step * (place + 0.5):.1f}" y="{BASE + 20}">{escape(each.label)}</text>'
        for place, each in enumerate(marks)
        if (last - place) % every == 0
    ]


def rows(*, marks: Sequence[Mark], title: str) -> SafeString:
    """Horizontal bars with their words above: for few, ordered by size."""
    if not marks:
        return mark_safe("")
    highest = max(abs(each.value or 0) for each in marks) or 1
    drawn = [_open("rows", NARROW, ROW * len(marks) + 4, f"{title}: {_spoken(marks)}")]
    for place, each in enumerate(marks):
        y = ROW * place
        wide = round(NARROW * abs(each.value or 0) / highest, 1)
        style = "back" if (each.value or 0) < 0 else "now" if each.is_now else "before"
        drawn.append(
            f'<text class="name" x="0" y="{y + 18}">{escape(each.label)}</text>'
            f'<text class="amount" x="{NARROW}" y="{y + 18}">{escape(each.said)}</text>'
        )
        drawn.append(
            _linked(
                each, f'<rect class="{style}" x="0" y="{y + 25}" width="{max(wide, 1)}" height="8" rx="2"/>'
            )
        )
    return mark_safe("".join([*drawn, "</svg>"]))


def stacked(*, marks: Sequence[Mark], title: str) -> SafeString:
    """One bar in parts, from the newest to the oldest; what is too narrow for its share says it in the table."""
    whole = sum(max(each.value or 0, 0) for each in marks)
    if not whole:
        return mark_safe("")
    drawn, left = [_open("stacked", WIDE, 64, f"{title}: {_spoken(marks)}")], 0.0
    for place, each in enumerate(marks):
        wide = WIDE * max(each.value or 0, 0) / whole
        if wide:
            drawn.append(
                _linked(
                    each,
                    f'<rect class="shade-{place % SHADES}" x="{left:.1f}" y="8" width="{max(wide - 1.5, 0.8):.1f}" height="48" rx="2"/>',
                )
            )
            if wide > 58:
                share = f"{round(100 * (each.value or 0) / whole)} %"
                drawn.append(
                    f'<text class="on-{place % SHADES}" x="{left + wide / 2:.1f}" y="38">{share}</text>'
                )
        left += wide
    return mark_safe("".join([*drawn, "</svg>"]))


def waterfall(*, marks: Sequence[Mark], title: str) -> SafeString:
    """From a whole to what is left of it: each step starts where the one before ended. A step with `is_now` is a sum."""
    if not marks:
        return mark_safe("")
    highest = max((each.value or 0) for each in marks if each.is_now) or 1
    step = NARROW / len(marks)
    wide, level = min(96.0, step * 0.7), 0
    drawn = [_open("waterfall", NARROW, TALL, f"{title}: {_spoken(marks)}")]
    drawn.append(f'<line class="axis" x1="0" y1="{BASE}.5" x2="{NARROW}" y2="{BASE}.5"/>')
    for place, each in enumerate(marks):
        value, middle = each.value or 0, step * (place + 0.5)
        low, high = (0, value) if each.is_now else sorted((level, level + value))
        level = value if each.is_now else level + value
        top, tall = BASE - _tall(high, highest), max(_tall(high, highest) - _tall(low, highest), 1)
        style = "now" if each.is_now else "reduced" if value < 0 else "before"
        drawn.append(
            _linked(
                each,
                f'<rect class="{style}" x="{middle - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall:.1f}" rx="2"/>',
            )
        )
        drawn.append(
            f'<text class="value" x="{middle:.1f}" y="{top - 7:.1f}">{escape(each.short or each.said)}</text>'
            f'<text class="label" x="{middle:.1f}" y="{BASE + 20}">{escape(each.label)}</text>'
        )
    return mark_safe("".join([*drawn, "</svg>"]))


@dataclass(frozen=True, slots=True)
class Bubble:
    """A place with a size: east and north in millionths of a degree."""

    mark: Mark
    longitude_e6: int
    latitude_e6: int


def bubbles(*, places: Sequence[Bubble], title: str) -> SafeString:
    """A plan of the town: a disc for each place, its area its size; the largest carry their name."""
    if not places:
        return mark_safe("")
    west, east = (pick(each.longitude_e6 for each in places) for pick in (min, max))
    south, north = (pick(each.latitude_e6 for each in places) for pick in (min, max))
    span = max(east - west, north - south, 1)
    highest = max((each.mark.value or 0) for each in places) or 1
    height, inside, margin = 360, 260, 50
    drawn = [_open("map", NARROW, height, f"{title}: {_spoken([each.mark for each in places])}")]
    named: list[tuple[float, float]] = []
    sorted_places = sorted(places, key=lambda each: -(each.mark.value or 0))
    for place, each in enumerate(sorted_places):
        x = NARROW / 2 + (each.longitude_e6 - (west + east) / 2) / span * (NARROW - 2 * margin) * 0.9
        y = margin + inside / 2 - (each.latitude_e6 - (south + north) / 2) / span * inside
        radius = 6 + 26 * (max(each.mark.value or 0, 0) / highest) ** 0.5
        drawn.append(_linked(each.mark, f'<circle class="disc" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}"/>'))
        below = (x, y + radius + 13)
        # the largest carry their name, where it does not run into another
        if place < MOST_NAMES and all(abs(below[0] - a) > 110 or abs(below[1] - b) > 15 for a, b in named):
            named.append(below)
            drawn.append(
                f'<text class="label" x="{below[0]:.0f}" y="{below[1]:.0f}">{escape(each.mark.label)}</text>'
            )
    return mark_safe("".join([*drawn, "</svg>"]))


def _open(style: str, width: int, height: int, spoken: str) -> str:
    return f'<svg class="chart {style}" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(spoken)}">'


def _spoken(marks: Sequence[Mark]) -> str:
    """All of them when they are few; of many, how many and which is the largest."""
    if len(marks) <= MOST_WITH_VALUES:
        return "; ".join(f"{each.label} {each.said}" for each in marks)
    top = max(marks, key=lambda each: each.value or 0)
    return f"{len(marks)} valores, el mayor {top.label}, {top.said}. Las cifras están en la tabla"


def _linked(each: Mark, shape: str) -> str:
    """The shape with its words for a pointer, opening its list if it has one."""
    told = f"<title>{escape(each.label)}: {escape(each.said)}</title>"
    inside = shape.replace("/>", f">{told}</{shape[1:].split(' ', 1)[0]}>")
    return f'<a href="{escape(each.href)}" tabindex="-1">{inside}</a>' if each.href else inside


def _tall(value: int | None, highest: int) -> float:
    return round((BASE - TOP) * max(value or 0, 0) / highest, 1)


def short_pesos(cents: int, /) -> str:
    """`$845`, `$12.4 mil`, `$1.2 M`: for where an amount whole does not fit; the table says it whole."""
    sign, whole = ("−" if cents < 0 else ""), abs(cents) // 100
    if whole >= 999_950:
        return f"{sign}${(whole + 50_000) // 100_000 / 10:.1f} M"
    if whole >= 10_000:
        return f"{sign}${(whole + 500) // 1_000:,} mil"
    return f"{sign}${whole:,}"
