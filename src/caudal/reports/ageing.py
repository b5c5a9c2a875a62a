"""What is owed by age at the end of each month: one page of accounting for each column of the picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse

from caudal.accounting import queries
from caudal.reports import indicators
from caudal.reports.indicators import Indicator, Part
from caudal.reports.listing import Kind
from caudal.rules import money
from caudal.rules.periods import Period

MONTHS: Final = 13
YEAR: Final = 12
REGISTER: Final = "adeudos"
_FORMULA: Final = (
    "Lo que se debía al terminar el mes, cada adeudo por los días que habían pasado desde que venció: por vencer, 1 a 30, "
    "31 a 60, 61 a 90, 91 a 180 y 181 a 365 días, 1 a 2 años, 2 a 5 años y más de 5 años."
)
# what there may be a target of: it is not a ratio of two listings, so it stands apart from the others
OLD_DEBT: Final = Indicator(
    "ageing", "Adeudo con más de un año", _FORMULA,
    "Recibos, cargos, pagos y convenios de cada cuenta, sin recargos por cobrar: el registro de adeudos de la contabilidad.",
    Part("adeudo con más de un año de vencido", None, Kind.CENTS), Part("adeudo en todo", None, Kind.CENTS),
    is_less_better=True,
)  # fmt: skip
TARGETED: Final[Mapping[str, Indicator]] = {**indicators.BY_CODE, OLD_DEBT.code: OLD_DEBT}
NAMES: Final = tuple(name for _, name, *_ in queries.BUCKETS)
# from this bucket on, more than a year has passed
_OLD: Final = next(place for place, (_, _, first, _) in enumerate(queries.BUCKETS) if first and first > 365)


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What was owed at the end of a day (centavos), in the buckets of `NAMES`; the month of today ends today."""

    period: int
    on: date
    cents: tuple[int, ...]

    @property
    def total_cents(self) -> int:
        return sum(self.cents)

    @property
    def old_ppm(self) -> int:
        """The share that fell due more than a year before, in parts per million."""
        total = self.total_cents
        return money.divide_half_away(sum(self.cents[_OLD:]) * money.PPM, total) if total else 0

    @property
    def href(self) -> str:
        """The register of that day, account by account."""
        return f"{reverse('register', args=[REGISTER])}?since={self.on:%d/%m/%Y}&until={self.on:%d/%m/%Y}"


def series(*, until: int, today: date, months: int = MONTHS) -> Sequence[MonthEnd]:
    """The ends of the months up to one, the oldest first; of a month that is not over, today."""
    last = Period(until)
    periods = [last.shift(step - months + 1) for step in range(months)]
    ends = {period: min(period.last_day, today) for period in periods if period.first_day <= today}
    found = queries.debt_ages(days=list(ends.values()))
    return [MonthEnd(int(period), on, found[on]) for period, on in ends.items()]
