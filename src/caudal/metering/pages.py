"""What pages of other rooms show of consumption: thirteen bars, the same month of last year marked."""

from collections.abc import Sequence
from typing import Final

from django.utils.safestring import SafeString

from caudal.kernel import charts
from caudal.kernel.wording import MONTHS_SHORT
from caudal.metering.models import Consumption
from caudal.metering.queries import PeriodConsumption
from caudal.rules.periods import Period

BARS: Final = 13


def consumption_bars(*, history: Sequence[PeriodConsumption], last: Period) -> SafeString:
    """The thirteen months that end in `last`; a month without a row leaves a gap."""
    known = {each.period: each for each in history}
    return charts.bars(
        title="Consumo de los últimos trece meses",
        unit="m³",
        values=[
            charts.Bar(
                label=MONTHS_SHORT[period.month - 1],
                value=known[period].consumption_m3 if period in known else None,
                is_now=period == last,
                is_year_ago=period == last.shift(1 - BARS),
                is_estimated=period in known and known[period].basis != Consumption.Basis.REAL,
            )
            for period in (last.shift(n) for n in range(1 - BARS, 1))
        ],
    )
