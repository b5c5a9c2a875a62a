"""The activities of each month: every figure is counted, and what did not happen is not told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from caudal.cashier.models import PaymentChannel
from caudal.kernel.refusals import Refusal
from caudal.ledger import queries as ledger
from caudal.reports import indicators, measuring
from caudal.reports.activities import campaigns, debt, everyday
from caudal.reports.activities.counting import TIE, Counted, Definition
from caudal.reports.activities.report import (
    Activity,
    ActivityReport,
    Figure,
    IndicatorMonth,
    IndicatorText,
    Month,
)
from caudal.reports.measuring import Measure
from caudal.tariffs import queries as tariffs
from caudal.tariffs.models import TariffBook

MOST_MONTHS = 60


class CannotReportActivities(Refusal): ...


def activity_report(*, since: date, until: date) -> ActivityReport:
    """What was done from `since` to the day before `until`.

    :raises CannotReportActivities: if there is no day between them, or they are more than five years apart
    """
    if until <= since:
        raise CannotReportActivities(
            "El último día es anterior al primero.", "Cambie las fechas.", field="hasta"
        )
    spans = list(_spans(since, until))
    if len(spans) > MOST_MONTHS:
        raise CannotReportActivities("Son más de cinco años.", "Pida menos meses a la vez.", field="hasta")
    offered = _definitions(since, until, [period for period, _, _ in spans])
    measures = {each.measure for one in offered for each in one.counted}
    measures |= {each.over for one in offered for each in one.counted if each.over}
    values = measuring.by_month(measures=list(measures), since=since, until=until)
    return ActivityReport(
        since,
        until,
        tuple(
            Month(
                period, first, end, is_whole=first.day == 1 and end.day == 1,
                activities=tuple(_activities(offered, values, period, first, end)),
            )
            for period, first, end in spans
        ),
        open_months=_open(period for period, _, _ in spans),
    )  # fmt: skip


def whole_report(*, since: date, until: date, today: date) -> ActivityReport:
    """What was done on those days, and the indicators of the months that are whole and over.

    :raises CannotReportActivities: as `activity_report`
    """
    report = activity_report(since=since, until=until)
    periods = [month.period for month in report.months if month.is_whole and month.until <= today]
    if not periods:
        return report
    found = indicators.series(until=periods[-1], months=len(periods), today=today)
    rows = tuple(
        IndicatorMonth(period, tuple(_indicator(values[place]) for values in found.values()))
        for place, period in enumerate(periods)
    )
    return replace(report, indicators=rows)


def _indicator(value: indicators.Value) -> IndicatorText:
    each = value.indicator
    working = value.missing or " entre ".join(
        f"{part.said(number or 0)} {part.words}"
        for part, number in ((each.numerator, value.numerator), (each.denominator, value.denominator))
    )
    if each.of and not value.missing:
        working = " por ".join(indicators.BY_CODE[code].name.lower() for code in each.of)
    target = each.said(value.target_ppm) if value.target_ppm else ""
    return IndicatorText(each.code, each.name, value.said, working, target)


def _definitions(since: date, until: date, months: Sequence[int]) -> list[Definition]:
    """Every activity that may be told of, in the order of the bullets of a month."""
    return [
        everyday.counter(channels=_channels(since, until)),
        everyday.ARRANGEMENTS,
        everyday.METER_WORK,
        *campaigns.definitions(since=since, until=until, months=months),
        *_benefits(months),
        debt.DEMANDS,
        *campaigns.outreach(since=since, until=until),
        debt.NOTICES,
        debt.CUTS,
        debt.RECONNECTIONS,
        debt.CASES,
    ]


def _activities(
    offered: Sequence[Definition],
    found: dict[Measure, dict[int, int]],
    period: int,
    since: date,
    until: date,
) -> Iterator[Activity]:
    for one in offered:
        values = {each.name: _value(each, found, period) for each in one.counted}
        if not one.happened(period, values):
            continue
        sentence, told = one.say(values)
        figures = tuple(
            Figure(
                each.name, each.label, values[each.name], each.kind,
                measuring.href(measure=each.measure, since=since, until=until),
            )
            for each in one.counted
            if values[each.name]
        )  # fmt: skip
        yield Activity(one.code, sentence, told, figures)


def _value(counted: Counted, found: dict[Measure, dict[int, int]], period: int) -> int:
    value = found[counted.measure].get(period, 0)
    if counted.over is None:
        return value
    each_of = found[counted.over].get(period, 0)
    return (2 * value + each_of) // (2 * each_of) if each_of else 0


def _channels(since: date, until: date) -> list[tuple[str, str]]:
    """The channels that brought money on those days, by their names."""
    names = dict(PaymentChannel.objects.values_list("code", "name"))
    found = measuring.by_value(measure=Measure("receipts"), column="channel", since=since, until=until)
    return [(code, names.get(code, code)) for code, _ in sorted(found) if code != everyday.WINDOW]


def _benefits(months: Sequence[int]) -> list[Definition]:
    """The benefits of each run of months in which the books take off the same."""
    books = list(
        TariffBook.objects.filter(published_at__isnull=False)
        .order_by("effective_from")
        .values_list("effective_from", "effective_to", "document__benefits")
    )
    found = [(_percent(books, date(period // 100, period % 100, 1)), period) for period in months]
    return [
        everyday.benefits(percent=percent, periods=tuple(period for _, period in rows))
        for percent, rows in groupby(found, key=lambda each: each[0])
    ]


def _percent(books: Sequence[tuple[date, date | None, list[dict[str, Any]] | None]], on: date) -> str:
    """What the book of a day takes off for its benefits, when it is the same for all: `50 %`."""
    for first, end, rows in books:
        if first <= on and (end is None or on < end):
            ppms = {row["percent"] for row in rows or ()}
            return tariffs.ppm_text(ppms.pop()).replace(" ", TIE) if len(ppms) == 1 else ""
    return ""


def _open(periods: Iterable[int]) -> tuple[int, ...]:
    """The months whose books may still move; they are closed in order."""
    closed = ledger.closed_through() or 0
    return tuple(period for period in periods if period > closed)


def _spans(since: date, until: date) -> Iterator[tuple[int, date, date]]:
    """Each month between two days: its period, and its first day and the day after its last that were asked for."""
    first = since
    while first < until:
        next_month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield first.year * 100 + first.month, first, min(next_month, until)
        first = next_month
