"""Thirteen small bars of consumption, for a glance: their figures are read aloud and told in one line below."""

from collections.abc import Sequence
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from caudal.kernel.wording import MONTHS_SHORT
from caudal.metering import queries as metering
from caudal.metering.models import Consumption
from caudal.rules.periods import Period

BARS: Final = 13
STEP, WIDE, HIGH = 11, 8, 28


def small_bars(*, history: Sequence[metering.PeriodConsumption]) -> SafeString:
    """An SVG of the thirteen months that end in the last one known; a month without a row leaves a gap."""
    if not history:
        return mark_safe("")
    last = Period(history[-1].period)
    known = {each.period: each for each in history}
    periods = [last.shift(n) for n in range(1 - BARS, 1)]
    highest = max(each.consumption_m3 for each in history) or 1
    spoken = "; ".join(
        f"{MONTHS_SHORT[period.month - 1]} {known[period].consumption_m3} m³"
        for period in periods
        if period in known
    )
    drawn = [
        f'<rect class="{_style(known[period], period, last)}" x="{place * STEP + 1}" '
        f'y="{HIGH - _height(known[period], highest)}" width="{WIDE}" height="{_height(known[period], highest)}" rx="1.5"/>'
        for place, period in enumerate(periods)
        if period in known
    ]
    return mark_safe(
        f'<svg class="chart bars" viewBox="0 0 {BARS * STEP} {HIGH}" role="img" '
        f'aria-label="Consumo de trece meses: {spoken}">{"".join(drawn)}</svg>'
    )


def told(*, history: Sequence[metering.PeriodConsumption]) -> str:
    """`19 m³ en enero, 18 hace un año`."""
    if not history:
        return ""
    last = history[-1]
    month = Period(last.period)
    words = f"{last.consumption_m3:,} m³ en {MONTHS_SHORT[month.month - 1]}"
    year_ago = next((each for each in history if each.period == month.shift(-12)), None)
    return f"{words} · {year_ago.consumption_m3:,} hace un año" if year_ago else words


def _height(each: metering.PeriodConsumption, highest: int) -> int:
    return max(round((HIGH - 1) * max(each.consumption_m3, 0) / highest), 1)


def _style(each: metering.PeriodConsumption, period: Period, last: Period) -> str:
    if each.basis != Consumption.Basis.REAL:
        return "estimated"
    return "now" if period == last else "year-ago" if period == last.shift(1 - BARS) else "before"
