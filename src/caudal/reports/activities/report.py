"""The report of what was done: months, the activities of each, and their figures. It goes to JSON and back whole."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from caudal.kernel.wording import MONTHS, month_name, month_span, pesos, short_date, thousands
from caudal.reports.listing import Kind

_DAY: Final = timedelta(days=1)
_UNITS: Final = {Kind.M3: " m³", Kind.HOURS: " h"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an activity. `name` says which one it is for ever; `href` is the list that adds up to it."""

    name: str
    label: str
    value: int
    kind: Kind
    href: str

    @property
    def said(self) -> str:
        """`$1,234.50`, `312`, `18 h`."""
        return figure_text(self.value, self.kind)


@dataclass(frozen=True, slots=True)
class Activity:
    """One bullet: what was done in the words of every year, how much of it in a sentence, and its figures."""

    code: str
    sentence: str
    told: str
    figures: tuple[Figure, ...]

    def value(self, name: str) -> int:
        """A figure by its name; zero when there was none of it."""
        return next((each.value for each in self.figures if each.name == name), 0)


@dataclass(frozen=True, slots=True)
class Month:
    """A month, or the days of it that were asked for: from `since` to the day before `until`."""

    period: int
    since: date
    until: date
    is_whole: bool
    activities: tuple[Activity, ...]

    @property
    def title(self) -> str:
        """`Actividades enero 2019`; the days besides, when they are not all of them."""
        year, month = divmod(self.period, 100)
        named = f"Actividades {MONTHS[month - 1]} {year}"
        if self.is_whole:
            return named
        first, last = self.since.day, (self.until - _DAY).day
        return f"{named}, {f'del {first} al {last}' if last > first else f'día {first}'}"

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.activities)

    def value(self, code: str, name: str) -> int:
        """A figure of an activity; zero when nothing of that happened."""
        return next((each.value(name) for each in self.activities if each.code == code), 0)


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """An indicator of a month as it is read: `68.2 %`, the numbers it comes from, and what it should reach."""

    code: str
    name: str
    said: str
    working: str
    target: str


@dataclass(frozen=True, slots=True)
class IndicatorMonth:
    """The indicators of a whole month."""

    period: int
    values: tuple[IndicatorText, ...]


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """What was done from `since` to the day before `until`, month by month; and the indicators of whole months.

    `open_months` are those whose books were not closed when it was made, one after another.
    """

    since: date
    until: date
    months: tuple[Month, ...]
    indicators: tuple[IndicatorMonth, ...] = ()
    open_months: tuple[int, ...] = ()

    @property
    def last(self) -> date:
        """The last day told of."""
        return self.until - _DAY

    @property
    def span(self) -> str:
        """`enero a diciembre 2019`, `julio 2019`, or the days when months are not whole."""
        if not self.months or not all(each.is_whole for each in self.months):
            return f"{short_date(self.since)} al {short_date(self.last)}"
        return month_span(self.months[0].period, self.months[-1].period)

    @property
    def preliminary(self) -> str:
        """`Cifras preliminares: los libros de diciembre de 2019 no están cerrados.`; nothing once they all are."""
        if not self.open_months:
            return ""
        return f"Cifras preliminares: los libros de {_books_of(self.open_months)} no están cerrados."

    def as_json(self) -> dict[str, Any]:
        """Everything it says, as JSON values."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "months": [
                {
                    "period": month.period, "since": month.since.isoformat(), "until": month.until.isoformat(),
                    "is_whole": month.is_whole,
                    "activities": [
                        {
                            "code": each.code, "sentence": each.sentence, "told": each.told,
                            "figures": [
                                {"name": it.name, "label": it.label, "value": it.value, "kind": it.kind.value,
                                 "href": it.href}
                                for it in each.figures
                            ],
                        }
                        for each in month.activities
                    ],
                }
                for month in self.months
            ],
            "indicators": [
                {
                    "period": each.period,
                    "values": [
                        {"code": it.code, "name": it.name, "said": it.said, "working": it.working, "target": it.target}
                        for it in each.values
                    ],
                }
                for each in self.indicators
            ],
            "open_months": list(self.open_months),
        }  # fmt: skip


def of_json(content: dict[str, Any], /) -> ActivityReport:
    """The report that `as_json` told."""
    return ActivityReport(
        date.fromisoformat(content["since"]),
        date.fromisoformat(content["until"]),
        tuple(
            Month(
                month["period"], date.fromisoformat(month["since"]), date.fromisoformat(month["until"]),
                month["is_whole"],
                tuple(
                    Activity(
                        each["code"], each["sentence"], each["told"],
                        tuple(
                            Figure(it["name"], it["label"], it["value"], Kind(it["kind"]), it["href"])
                            for it in each["figures"]
                        ),
                    )
                    for each in month["activities"]
                ),
            )
            for month in content["months"]
        ),
        tuple(
            IndicatorMonth(each["period"], tuple(IndicatorText(**it) for it in each["values"]))
            for each in content["indicators"]
        ),
        tuple(content.get("open_months", ())),
    )  # fmt: skip


def _books_of(periods: tuple[int, ...], /) -> str:
    """`octubre a diciembre de 2019`, `noviembre de 2018 a enero de 2019`: months are closed in order, so they follow."""
    first, last = (month_name(each).replace(" ", " de ") for each in (periods[0], periods[-1]))
    if first == last:
        return last
    is_one_year = periods[0] // 100 == periods[-1] // 100
    return f"{first.partition(' ')[0] if is_one_year else first} a {last}"


def figure_text(value: int, kind: Kind, /) -> str:
    """A figure as a person reads it."""
    if kind is Kind.CENTS:
        return pesos(value)
    return f"{thousands(value)}{_UNITS.get(kind, '')}"
