"""The indicators of a water utility: each with its formula in words, its two numbers, its months and its target.

`docs/indicators.md` says what was decided of each. A value is the ratio of two figures in parts per million.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from caudal.kernel.wording import month_name, pesos, thousands
from caudal.reports import measuring, targets
from caudal.reports.listing import Kind
from caudal.reports.measuring import Measure
from caudal.rules import money
from caudal.rules.periods import Period

MONTHS: Final = 13
YEAR: Final = 12
# from nine tenths of a target on, it is near
NEAR_PPM: Final = 900_000


class Light(StrEnum):
    """How a value stands before its target."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A number of an indicator: what it is and the measure it is, or the volume that somebody typed (no measure).

    `unit` is how many of what is measured make one of what is said: a thousand litres, one m³.
    """

    words: str
    measure: Measure | None
    kind: Kind = Kind.COUNT
    unit: int = 1

    def said(self, value: int, /) -> str:
        """The number as a person reads it."""
        if self.kind == Kind.CENTS:
            return pesos(value)
        return thousands(money.divide_half_away(value, self.unit))


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured and how. `is_by_thousand`: said so many in a thousand. `is_less_better`: reached from above.

    `until_today`: it counts what came due before today, not what is still to come. `of`: the product of two others.
    `nothing` says what did not happen in a month without a denominator.
    """

    code: str
    name: str
    formula: str
    source: str
    numerator: Part
    denominator: Part
    is_by_thousand: bool = False
    is_less_better: bool = False
    until_today: bool = False
    of: tuple[str, str] | None = None
    nothing: str = "no se facturó"

    def said(self, ppm: int | None, /) -> str:
        """`68.2 %`, or `3.1 por mil`."""
        if ppm is None:
            return "—"
        tenths = money.divide_half_away(ppm, 100 if self.is_by_thousand else 1_000)
        sign = "−" if tenths < 0 else ""
        number = f"{sign}{abs(tenths) // 10:,}.{abs(tenths) % 10}"
        return f"{number} por mil" if self.is_by_thousand else f"{number} %"

    def light(self, ppm: int | None, target: int | None, /) -> Light:
        """Good when it is reached, to be watched when it is near, bad past that."""
        if ppm is None or not target:
            return Light.NONE
        reached, asked = (target, ppm) if self.is_less_better else (ppm, target)
        if reached >= asked:
            return Light.GOOD
        return Light.WATCH if reached * money.PPM >= asked * NEAR_PPM else Light.BAD


_BILLED_M3: Final = Part("m³ facturados en el mes", Measure("water_billed", of="m3"), Kind.M3)
_PRODUCED: Final = Part("m³ producidos en el mes", None, Kind.M3)
_SERVICES: Final = Part("tomas con contrato", Measure("services"))

INDICATORS: Final = (
    Indicator(
        "collection", "Eficiencia de cobro",
        "Lo recaudado por agua en el mes entre lo facturado por agua en el mes. Recaudado es lo que los pagos aplicaron a "
        "recibos, adeudo anterior y parcialidades, sin recargos, multas ni servicios. Pasa de 100 % cuando se cobra rezago.",
        "Comprobantes y recibos emitidos, con sus cancelaciones.",
        Part("recaudado por agua", Measure("water_paid", of="amount_cents"), Kind.CENTS),
        Part("facturado por agua", Measure("water_billed", of="amount_cents"), Kind.CENTS),
    ),
    Indicator(
        "commercial", "Eficiencia comercial",
        "Los m³ pagados en el mes entre los m³ facturados en el mes. De un recibo pagado en parte cuentan sus m³ en esa "
        "proporción; lo que se paga en convenio no trae m³.",
        "Comprobantes y recibos de servicio medido.",
        Part("m³ pagados en el mes", Measure("water_paid", of="litres"), Kind.M3, 1_000), _BILLED_M3,
    ),
    Indicator(
        "physical_1", "Eficiencia física 1", "Los m³ consumidos del periodo entre los m³ producidos en el mes.",
        "Consumos leídos o estimados de tomas con medidor, y el volumen producido que se anota.",
        Part("m³ consumidos del periodo", Measure("water_consumed", of="m3"), Kind.M3), _PRODUCED,
    ),
    Indicator(
        "physical_2", "Eficiencia física 2", "Los m³ facturados en el mes entre los m³ producidos en el mes.",
        "Recibos emitidos de servicio medido, y el volumen producido que se anota.", _BILLED_M3, _PRODUCED,
    ),
    Indicator(
        "overall", "Eficiencia global", "La eficiencia física 2 por la eficiencia comercial.",
        "Los dos indicadores del mismo mes.", _BILLED_M3, _PRODUCED, of=("physical_2", "commercial"),
    ),
    Indicator(
        "metering", "Micromedición",
        "Las tomas cuyo medidor se leyó en el mes entre todas las tomas con contrato el último día del mes.",
        "Contratos y consumos. El medidor que no se pudo leer no cuenta como funcionando.",
        Part("tomas con medidor que se leyó", Measure("services", where=(("meter", "working"),))), _SERVICES,
    ),
    Indicator(
        "registry", "Padrón",
        "Las tomas de las que se tiene titular, colonia y teléfono o correo entre todas las tomas con contrato el último "
        "día del mes.",
        "Padrón de usuarios, con los datos que hoy se tienen de cada titular.",
        Part("tomas con datos completos", Measure("services", where=(("known", "complete"),))), _SERVICES,
    ),
    Indicator(
        "on_time", "Pago a tiempo",
        "Los recibos pagados por completo a más tardar el día en que vencieron entre los recibos que vencieron en el mes.",
        "Recibos y los abonos hechos hasta su vencimiento, los pagos adelantados incluidos.",
        Part("recibos pagados a tiempo", Measure("due_bills", where=(("on_time", "yes"),))),
        Part("recibos que vencieron", Measure("due_bills")), until_today=True,
        nothing="no venció ningún recibo",
    ),
    Indicator(
        "claims", "Reclamaciones",
        "Los reportes que abrió la gente en el mes por cada mil tomas con contrato.",
        "Reportes ciudadanos y contratos.",
        Part("reportes abiertos", Measure("cases_opened")), _SERVICES, is_by_thousand=True, is_less_better=True,
    ),
)  # fmt: skip
BY_CODE: Final = {each.code: each for each in INDICATORS}


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator in a month: its two numbers, their ratio in parts per million, its target and its light.

    Without a value, `missing` says what is not known yet.
    """

    indicator: Indicator
    period: int
    numerator: int | None
    denominator: int | None
    ppm: int | None
    target_ppm: int | None
    light: Light
    missing: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def said(self) -> str:
        return self.indicator.said(self.ppm)

    def href(self, part: Part) -> str:
        """The list behind one of its numbers; empty for a volume that was typed."""
        if part.measure is None:
            return ""
        return measuring.href(measure=part.measure, since=self.since, until=self.until)


def for_month(*, period: int, today: date) -> tuple[Value, ...]:
    """Every indicator of one month."""
    return tuple(values[-1] for values in series(until=period, months=1, today=today).values())


def series(*, until: int, today: date, months: int = MONTHS) -> Mapping[str, Sequence[Value]]:
    """Code → its values in the months up to one, the oldest first. Each listing is read once."""
    last = Period(until)
    periods = [last.shift(step - months + 1) for step in range(months)]
    figures = _figures(periods, today)
    volumes = {period: row.volume_m3 for period, row in targets.produced().items()}
    aims = targets.all_targets()
    found: dict[str, list[Value]] = {each.code: [] for each in INDICATORS}
    for period in periods:
        of_month: dict[str, Value] = {}
        for each in INDICATORS:
            of_month[each.code] = _value(each, period, figures, volumes, aims, of_month, today)
            found[each.code].append(of_month[each.code])
    return found


def in_a_year(*, values: Sequence[Value]) -> tuple[int, int, int] | None:
    """Both numbers of the last twelve months added up, and their ratio; None if a month lacks one.

    Numbers of what there is at the end of each month (services) add up to services of months: the ratio still holds.
    """
    last = values[-YEAR:]
    if len(last) < YEAR or any(each.ppm is None or each.indicator.of for each in last):
        return None
    above = sum(each.numerator or 0 for each in last)
    below = sum(each.denominator or 0 for each in last)
    return above, below, ratio(indicator=last[0].indicator, above=above, below=below)


Figures = Mapping[Measure, Mapping[int, int]]


def _figures(periods: Sequence[Period], today: date) -> Figures:
    """Every measure of every indicator, by month; of what came due, only until yesterday."""
    since, until = periods[0].first_day, periods[-1].next().first_day
    found: dict[Measure, Mapping[int, int]] = {}
    for is_until_today, stop in ((False, until), (True, min(until, today))):
        measures = dict.fromkeys(
            part.measure
            for each in INDICATORS
            if each.until_today == is_until_today
            for part in (each.numerator, each.denominator)
            if part.measure is not None
        )
        if since < stop:
            found |= measuring.by_month(measures=tuple(measures), since=since, until=stop)
    return found


def _value(
    each: Indicator, period: Period, figures: Figures, volumes: Mapping[int, int], aims: targets.Targets,
    of_month: Mapping[str, Value], today: date,
) -> Value:  # fmt: skip
    above, below = (
        volumes.get(period) if part.measure is None else figures.get(part.measure, {}).get(period, 0)
        for part in (each.numerator, each.denominator)
    )
    if each.of:
        ppm = _product([of_month[code].ppm for code in each.of])
    else:
        ppm = ratio(indicator=each, above=above, below=below) if above is not None and below else None
    aim = aims.of(each.code, period)
    stop = period.next().first_day
    return Value(
        each, int(period), above, below, ppm, aim, each.light(ppm, aim),
        "" if ppm is not None else _missing(each, period, below, of_month),
        period.first_day, max(min(stop, today), period.first_day) if each.until_today else stop,
    )  # fmt: skip


def ratio(*, indicator: Indicator, above: int, below: int) -> int:
    """The value of its two numbers, in parts per million, rounded once."""
    return money.divide_half_away(
        above * indicator.denominator.unit * money.PPM, below * indicator.numerator.unit
    )


def _product(parts: Sequence[int | None]) -> int | None:
    if any(each is None for each in parts):
        return None
    first, second = (each or 0 for each in parts)
    return money.divide_half_away(first * second, money.PPM)


def _missing(each: Indicator, period: Period, below: int | None, of_month: Mapping[str, Value]) -> str:
    if each.of:
        return next(of_month[code].missing for code in each.of if of_month[code].ppm is None)
    if each.denominator.measure is None and below is None:
        return f"Falta el volumen producido de {month_name(period)}."
    return f"En {month_name(period)} {each.nothing}."
