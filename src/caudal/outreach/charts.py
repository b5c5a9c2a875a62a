"""What was collected each day as bars, and under them, channel by channel, the days on which something was done."""

from collections.abc import Sequence
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from caudal.kernel.wording import MONTHS_SHORT, pesos
from caudal.outreach.models import Channel
from caudal.outreach.results import DayResult

WIDTH: Final = 900
LEFT: Final = 128
TOP: Final = 26
BASE: Final = 206
LANE: Final = 24
MOST_LABELS: Final = 12


def days(*, values: Sequence[DayResult], channels: Sequence[str]) -> SafeString:
    """An SVG of the days of a campaign; its figures are in the table that goes with it."""
    if not values:
        return mark_safe("")
    height = BASE + 34 + LANE * len(channels)
    step = (WIDTH - LEFT) / len(values)
    highest = max(max(each.collected_cents for each in values), 1)
    drawn = [
        f'<svg class="chart outreach-days" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(_said(values))}">',
        f'<line class="axis" x1="{LEFT}" y1="{BASE}.5" x2="{WIDTH}" y2="{BASE}.5"/>',
        f'<text class="row-label" x="0" y="{BASE - 4}">Cobrado</text>',
    ]
    wide = max(min(step * 0.7, 26.0), 2.0)
    best = max(range(len(values)), key=lambda place: values[place].collected_cents)
    for place, day in enumerate(values):
        drawn += _bar(day, LEFT + step * (place + 0.5), wide, highest, is_best=place == best)
    every = -(-len(values) // MOST_LABELS)
    for place in range(0, len(values), every):
        on = values[place].on
        middle = min(LEFT + step * (place + 0.5), WIDTH - 22)
        drawn.append(
            f'<text class="label" x="{middle:.1f}" y="{BASE + 18}">{on.day} {MONTHS_SHORT[on.month - 1]}</text>'
        )
    for row, channel in enumerate(channels):
        drawn += _lane(values, channel, BASE + 46 + LANE * row, step)
    return mark_safe("".join([*drawn, "</svg>"]))


def _bar(day: DayResult, middle: float, wide: float, highest: int, *, is_best: bool) -> list[str]:
    """The whole bar is the day; its dark part, what those with the campaign paid."""
    whole, dark = (
        round((BASE - TOP) * max(cents, 0) / highest, 1)
        for cents in (day.collected_cents, day.benefited_cents)
    )
    left = middle - wide / 2
    drawn = [
        f'<rect class="{style}" x="{left:.1f}" y="{BASE - tall:.1f}" width="{wide:.1f}" height="{tall}"/>'
        for style, tall in (("before", whole), ("now", min(dark, whole)))
        if tall
    ]
    if is_best and whole:
        anchor = min(max(middle, LEFT + 50), WIDTH - 50)
        drawn.append(
            f'<text class="value" x="{anchor:.1f}" y="{BASE - whole - 7:.1f}">{pesos(day.collected_cents)}</text>'
        )
    return drawn


def _lane(values: Sequence[DayResult], channel: str, middle: int, step: float) -> list[str]:
    size = max(min(step * 0.6, 12.0), 5.0)
    label = escape(str(Channel(channel).label).capitalize())
    drawn = [
        f'<text class="row-label" x="0" y="{middle + 4}">{label}</text>',
        f'<line class="axis" x1="{LEFT}" y1="{middle}.5" x2="{WIDTH}" y2="{middle}.5"/>',
    ]
    for place, day in enumerate(values):
        if channel in day.channels:
            left = LEFT + step * (place + 0.5) - size / 2
            drawn.append(
                f'<rect class="mark" x="{left:.1f}" y="{middle - size / 2:.1f}" width="{size:.1f}" height="{size:.1f}" rx="2"/>'
            )
    return drawn


def _said(values: Sequence[DayResult]) -> str:
    at_work = sum(1 for day in values if day.done)
    return (
        f"Cobrado por día: {pesos(sum(day.collected_cents for day in values))} en {len(values)} días, "
        f"{at_work} de ellos con difusión. Las cifras están en la tabla."
    )
