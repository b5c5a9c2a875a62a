"""Bars of consumption and curves of shares, drawn on the server: no script, they print well and say their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, BASE, TOP = 580, 180, 150, 24
CROWDED = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label under the axis, its value (None leaves a gap), and what kind it is."""

    label: str
    value: int | None
    is_now: bool = False
    is_year_ago: bool = False
    is_estimated: bool = False

    @property
    def style(self) -> str:
        if self.is_estimated:
            return "estimated"
        return "now" if self.is_now else "year-ago" if self.is_year_ago else "before"


def bars(*, values: Sequence[Bar], title: str, unit: str) -> SafeString:
    """An SVG of up to 13 bars from zero, with its values written on it and read aloud."""
    if not values:
        return mark_safe("")
    step = WIDTH / len(values)
    highest = max((bar.value or 0 for bar in values), default=0) or 1
    spoken = "; ".join(
        f"{bar.label} {'sin dato' if bar.value is None else f'{bar.value} {unit}'}" for bar in values
    )
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}: {escape(spoken)}">'
        f'<line class="axis" x1="0" y1="{BASE}.5" x2="{WIDTH}" y2="{BASE}.5"/>'
    ]
    for place, bar in enumerate(values):
        middle = step * (place + 0.5)
        if bar.value is not None:
            height = round((BASE - TOP) * max(bar.value, 0) / highest, 1)
            wide = min(30.0, step * 0.66)
            parts.append(
                f'<rect class="{bar.style}" x="{middle - wide / 2:.1f}" y="{BASE - height:.1f}" '
                f'width="{wide:.1f}" height="{height:.1f}" rx="2"/>'
                f'<text class="{_value_style(bar, highest)}" x="{middle:.1f}" y="{BASE - height - 6:.1f}">{bar.value}</text>'
            )
        parts.append(f'<text class="label" x="{middle:.1f}" y="{HEIGHT - 10}">{escape(bar.label)}</text>')
    return mark_safe("".join([*parts, "</svg>"]))


def _value_style(bar: Bar, highest: int) -> str:
    """Where four digits would run into each other on a phone, only the bars that matter keep their value there."""
    matters = bar.is_now or bar.is_year_ago or bar.value == highest
    return "value" if highest < CROWDED or matters else "value crowded"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a curve of shares: its label under the axis, and its share in parts per million."""

    label: str
    ppm: int

    @property
    def percent(self) -> str:
        """The share in whole percent, half up."""
        return f"{(self.ppm + 5_000) // 10_000} %"


def curve(*, steps: Sequence[Step], title: str) -> SafeString:
    """An SVG of shares that go down in steps from the whole, with each one written on it and read aloud."""
    if not steps:
        return mark_safe("")
    step = WIDTH / len(steps)
    spoken = "; ".join(f"{each.label} {each.percent}" for each in steps)
    heights = [round(BASE - (BASE - TOP) * each.ppm / 1_000_000, 1) for each in steps]
    path = f"M0 {heights[0]}" + "".join(
        f"V{height}H{step * (place + 1):.1f}" for place, height in enumerate(heights)
    )
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}: {escape(spoken)}">'
        f'<line class="axis" x1="0" y1="{BASE}.5" x2="{WIDTH}" y2="{BASE}.5"/>'
        f'<line class="axis" x1="0" y1="{TOP}.5" x2="{WIDTH}" y2="{TOP}.5"/>'
        f'<path class="under" d="{path}V{BASE}H0Z"/><path class="curve" d="{path}"/>'
    ]
    # past a year of steps their words would run into each other; on a phone, past a few
    every, every_on_phone = -(-len(steps) // 13), -(-len(steps) // 5)
    for place, (each, height) in enumerate(zip(steps, heights, strict=True)):
        if place % every == 0:
            middle = step * (place + 0.5)
            crowded = " crowded" if place % every_on_phone else ""
            parts.append(
                f'<text class="value{crowded}" x="{middle:.1f}" y="{height - 7:.1f}">{each.percent}</text>'
                f'<text class="label{crowded}" x="{middle:.1f}" y="{HEIGHT - 10}">{escape(each.label)}</text>'
            )
    return mark_safe("".join([*parts, "</svg>"]))
