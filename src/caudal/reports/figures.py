"""Figures of the board: a value and the page of the rows that add up to it."""

from dataclasses import dataclass
from datetime import date

from caudal.reports import measuring
from caudal.reports.measuring import Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the list behind it."""

    value: int
    href: str


@dataclass(frozen=True, slots=True)
class Named:
    """A name, a figure and its list; `detail` is a second name."""

    name: str
    figure: Figure
    detail: str = ""


def narrowed(measure: Measure, column: str, value: str, /) -> Measure:
    """The same measure of the rows with one value."""
    return Measure(measure.listing, of=measure.of, where=(*measure.where, (column, value)))


def figure(measure: Measure, value: int, /, since: date | None = None, until: date | None = None) -> Figure:
    """A value that was measured already, with its list."""
    return Figure(value, measuring.href(measure=measure, since=since, until=until))
