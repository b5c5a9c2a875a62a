"""Pictures of the board and the indicators, drawn on the server: no script, from zero, each bar opening its list.

A picture is a group with its figures told in one sentence; the table that goes with it says them one by one. Its bars
are links for a pointer only: with a keyboard the same lists open from the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from caudal.rules import money

MOST_WITH_VALUES: Final = 13
WIDE, NARROW, TALL, TOP, BASE = 900, 580, 200, 28, 168
ROW: Final = 44
SMALL: Final = 480
# of debt by age: from the newest that is due to the oldest; from the dark ones on, letters are white
AGES: Final = 8
FIRST_DARK: Final = 5
# a label longer than this is wider than its column
LONG_LABEL: Final = 6


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
    *, marks: Sequence[Mark], title: str, target: int | None = None, width: int = NARROW, whole: int = 0
) -> SafeString:
    """Columns from zero; over them the mean as a curve, last year as ticks and the target as a line.

    Few carry their value; of many, the largest and the last do. `whole` is what a column of full height is, at least.
    """
    if not any(each.value for each in marks):
        return mark_safe("")
    sizes = [each.value or 0 for each in marks] + [
        size for each in marks for size in (each.year_ago, each.mean) if size
    ]
    highest = max([*sizes, target or 0, whole]) or 1
    step = width / len(marks)
    drawn = [opening("columns", width, TALL, f"{title}: {spoken(marks)}")]
    drawn.append(f'<line class="axis" x1="0" y1="{BASE}.5" x2="{width}" y2="{BASE}.5"/>')
    largest = max(each.value or 0 for each in marks)
    for place, each in enumerate(marks):
        matters = each.value == largest or place == len(marks) - 1
        style = "value" if matters else "value crowded" if len(marks) <= MOST_WITH_VALUES else ""
        drawn += _column(each, step * (place + 0.5), step, highest, value_style=style)
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


def _column(each: Mark, middle: float, step: float, highest: int, *, value_style: str) -> list[str]:
    wide = min(34.0, step * 0.68)
    left, drawn = middle - wide / 2, []
    if each.value is not None:
        tall = _tall(each.value, highest)
        style = "now" if each.is_now else "before"
        drawn.append(
            linked(
                each,
                f'<rect class="{style}" x="{left:.1f}" y="{BASE - tall}" width="{wide:.1f}" height="{tall}" rx="2"/>',
            )
        )
        if value_style:
            words = escape(each.short or each.said)
            drawn.append(
                f'<text class="{value_style}" x="{middle:.1f}" y="{BASE - tall - 7:.1f}">{words}</text>'
            )
    if each.year_ago is not None:
        level = BASE - _tall(each.year_ago, highest)
        drawn.append(
            f'<line class="tick" x1="{left - 1:.1f}" y1="{level}" x2="{left + wide + 1:.1f}" y2="{level}"/>'
        )
    return drawn


def _labels(marks: Sequence[Mark], step: float) -> list[str]:
    """So many labels as fit; on a phone, fewer; the last always. Wide ones at the ends keep inside the picture."""
    last = len(marks) - 1
    every, every_on_phone = -(-len(marks) // MOST_WITH_VALUES), -(-len(marks) // 5)
    drawn = []
    for place, each in enumerate(marks):
        if (last - place) % every or not each.label:
            continue
        crowded = " crowded" if (last - place) % every_on_phone else ""
        x, side = step * (place + 0.5), ""
        if len(each.label) > LONG_LABEL and place in (0, last):
            x, side = (0.0, " first") if place == 0 else (step * len(marks), " last")
        drawn.append(
            f'<text class="label{crowded}{side}" x="{x:.1f}" y="{BASE + 20}">{escape(each.label)}</text>'
        )
    return drawn


def rows(*, marks: Sequence[Mark], title: str) -> SafeString:
    """Horizontal bars with their words above: for few, ordered by size."""
    if not marks:
        return mark_safe("")
    highest = max(abs(each.value or 0) for each in marks) or 1
    drawn = [opening("rows", NARROW, ROW * len(marks) + 4, f"{title}: {spoken(marks)}")]
    for place, each in enumerate(marks):
        y = ROW * place
        wide = round(NARROW * abs(each.value or 0) / highest, 1)
        style = "back" if (each.value or 0) < 0 else "now" if each.is_now else "before"
        drawn.append(
            f'<text class="name" x="0" y="{y + 18}">{escape(each.label)}</text>'
            f'<text class="amount" x="{NARROW}" y="{y + 18}">{escape(each.said)}</text>'
        )
        drawn.append(
            linked(
                each, f'<rect class="{style}" x="0" y="{y + 25}" width="{max(wide, 1)}" height="8" rx="2"/>'
            )
        )
    return mark_safe("".join([*drawn, "</svg>"]))


def stacked(*, marks: Sequence[Mark], title: str) -> SafeString:
    """One bar in parts, from the newest to the oldest; what is too narrow for its share says it in the table."""
    whole = sum(max(each.value or 0, 0) for each in marks)
    if not whole:
        return mark_safe("")
    drawn, left = [opening("stacked", WIDE, 64, f"{title}: {spoken(marks)}")], 0.0
    for place, each in enumerate(marks):
        age = place % AGES + 1
        wide = WIDE * max(each.value or 0, 0) / whole
        if wide:
            drawn.append(
                linked(
                    each,
                    f'<rect class="age-{age}" x="{left:.1f}" y="8" width="{max(wide - 1.5, 0.8):.1f}" height="48" rx="2"/>',
                )
            )
            if wide > 58:
                share = money.divide_half_away(100 * (each.value or 0), whole)
                style = "on-dark" if age >= FIRST_DARK else "on-light"
                drawn.append(f'<text class="{style}" x="{left + wide / 2:.1f}" y="38">{share} %</text>')
        left += wide
    return mark_safe("".join([*drawn, "</svg>"]))


@dataclass(frozen=True, slots=True)
class Pile:
    """A column in parts: its mark, and the sizes of its parts from the top down."""

    mark: Mark
    parts: tuple[int, ...]
    said: tuple[str, ...]


def piles(*, piles: Sequence[Pile], names: Sequence[str], title: str, width: int = WIDE) -> SafeString:
    """Columns in parts, the last part on the axis: there it is compared from one to the next. Each opens its list whole."""
    highest = max((each.mark.value or 0 for each in piles), default=0)
    if not highest:
        return mark_safe("")
    step = width / len(piles)
    wide = min(44.0, step * 0.68)
    drawn = [opening("piles", width, TALL, f"{title}: {spoken([each.mark for each in piles])}")]
    drawn.append(f'<line class="axis" x1="0" y1="{BASE}.5" x2="{width}" y2="{BASE}.5"/>')
    for place, each in enumerate(piles):
        middle, last = step * (place + 0.5), place == len(piles) - 1
        drawn.append(_pile(each, names, middle - wide / 2, wide, highest))
        if each.mark.value:
            words = escape(each.mark.short or each.mark.said)
            top = BASE - _tall(each.mark.value, highest)
            drawn.append(
                f'<text class="value{"" if last else " crowded"}" x="{middle:.1f}" y="{top - 7:.1f}">{words}</text>'
            )
    return mark_safe("".join([*drawn, *_labels([each.mark for each in piles], step), "</svg>"]))


def _pile(each: Pile, names: Sequence[str], left: float, wide: float, highest: int) -> str:
    """The parts as one link, whose words say all of them."""
    lines = [f"{name}: {said}" for name, said, part in zip(names, each.said, each.parts, strict=True) if part]
    told = "\n".join([f"{each.mark.label}: {each.mark.said}", *lines])
    drawn, level = [f"<title>{escape(told)}</title>"], 0
    for place, part in reversed(list(enumerate(each.parts))):
        if part > 0:
            low, high = _tall(level, highest), _tall(level + part, highest)
            level += part
            drawn.append(
                f'<rect class="age-{place}" x="{left:.1f}" y="{BASE - high:.1f}" width="{wide:.1f}" height="{high - low:.1f}"/>'
            )
    inside = "".join(drawn)
    if not each.mark.href:
        return f"<g>{inside}</g>"
    return f'<a href="{escape(each.mark.href)}" tabindex="-1">{inside}</a>'


def waterfall(*, marks: Sequence[Mark], title: str) -> SafeString:
    """From a whole to what is left of it: each step starts where the one before ended. A step with `is_now` is a sum."""
    if not marks:
        return mark_safe("")
    highest = max((each.value or 0) for each in marks if each.is_now) or 1
    step = NARROW / len(marks)
    wide, level = min(96.0, step * 0.7), 0
    drawn = [opening("waterfall", NARROW, TALL, f"{title}: {spoken(marks)}")]
    drawn.append(f'<line class="axis" x1="0" y1="{BASE}.5" x2="{NARROW}" y2="{BASE}.5"/>')
    for place, each in enumerate(marks):
        value, middle = each.value or 0, step * (place + 0.5)
        low, high = (0, value) if each.is_now else sorted((level, level + value))
        level = value if each.is_now else level + value
        top, tall = BASE - _tall(high, highest), max(_tall(high, highest) - _tall(low, highest), 1)
        style = "now" if each.is_now else "reduced" if value < 0 else "before"
        drawn.append(
            linked(
                each,
                f'<rect class="{style}" x="{middle - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall:.1f}" rx="2"/>',
            )
        )
        drawn.append(
            f'<text class="value" x="{middle:.1f}" y="{top - 7:.1f}">{escape(each.short or each.said)}</text>'
            f'<text class="label" x="{middle:.1f}" y="{BASE + 20}">{escape(each.label)}</text>'
        )
    return mark_safe("".join([*drawn, "</svg>"]))


def opening(style: str, width: int, height: int, told: str, /) -> str:
    """The start of a picture, with what is read aloud of it."""
    kind = f"{style} wide" if width == WIDE else f"{style} small" if width == SMALL else style
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(told)}">'
    )


def spoken(marks: Sequence[Mark]) -> str:
    """All of them when they are few; of many, how many and which is the largest."""
    if len(marks) <= MOST_WITH_VALUES:
        return "; ".join(f"{each.label} {each.said}" for each in marks)
    top = max(marks, key=lambda each: each.value or 0)
    return f"{len(marks)} valores, el mayor {top.label}, {top.said}. Las cifras están en la tabla"


def linked(each: Mark, shape: str) -> str:
    """The shape with its words for a pointer, opening its list if it has one."""
    told = f"<title>{escape(each.label)}: {escape(each.said)}</title>"
    inside = shape.replace("/>", f">{told}</{shape[1:].split(' ', 1)[0]}>")
    return f'<a href="{escape(each.href)}" tabindex="-1">{inside}</a>' if each.href else inside


def _tall(value: int | None, highest: int) -> float:
    return round((BASE - TOP) * max(value or 0, 0) / highest, 1)


def short_pesos(cents: int, /) -> str:
    """`$845`, `$12 mil`, `$1.23 M`: for where an amount whole does not fit; the table says it whole."""
    sign, whole = ("−" if cents < 0 else ""), abs(cents) // 100
    if whole >= 999_500:
        hundredths = (whole + 5_000) // 10_000
        return f"{sign}${hundredths // 100}.{hundredths % 100:02d} M"
    if whole >= 10_000:
        return f"{sign}${(whole + 500) // 1_000:,} mil"
    return f"{sign}${whole:,}"
