"""What the page of a listing shows: cells with their links, presets of days, pages, what there is to choose."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import NoReverseMatch, resolve, reverse

from caudal.access import policy
from caudal.access.models import Clerk
from caudal.reports import telling
from caudal.reports.listing import Column, Kind, Listing
from caudal.reports.listing_forms import LAST, SINCE, Choices
from caudal.reports.reading import Asked, Page

PLACE: Final = "pagina"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says, how it is aligned, and the document it leads to."""

    text: str
    look: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with words, and whether it is where one is."""

    words: str
    href: str
    is_here: bool = False


def headings(*, source: Listing) -> list[Cell]:
    """The titles of the columns that are shown."""
    return [Cell(each.title, look(each)) for each in source.shown]


def cells(*, source: Listing, rows: tuple[tuple[Any, ...], ...], clerk: Clerk) -> list[list[Cell]]:
    """The cells that are shown of some rows; a document that this person may not read has no link."""
    names = tuple(each.name for each in source.columns)
    shown = [(names.index(each.name), each) for each in source.shown]
    doors = _doors(source, rows, clerk)
    return [
        [
            Cell(
                telling.cell(row[place], column=each, row=row, names=names),
                look(each),
                _href(each, row[doors[each.name]]) if each.name in doors and row[place] else "",
            )
            for place, each in shown
        ]
        for row in rows
    ]


def footing(*, source: Listing, found: Page) -> list[Cell]:
    """The totals under their columns; the first cell says that they are."""
    return [
        Cell(telling.cell(found.totals[each.name], column=each) if each.is_total else "", look(each))
        for each in source.shown[1:]
    ]


def look(column: Column, /) -> str:
    """How the cells of a column are aligned; on a phone, what one can ask for is not shown, nor the hour."""
    if column.kind in telling.NUMBERS:
        return "amount"
    if column.kind is Kind.MOMENT or (column.is_filter and not column.route):
        return "number narrow-off"
    return "number" if column.kind is Kind.DAY or column.route else "words"


def figures(*, source: Listing, found: Page) -> list[tuple[str, str]]:
    """What the columns that are added up add up to, by their titles, to be seen before the table."""
    return [
        (each.title, telling.cell(found.totals[each.name], column=each))
        for each in source.totals
        if not each.is_hidden
    ]


def query(*, asked: Asked, **more: object) -> str:
    """The question as an address carries it."""
    said: dict[str, object] = {}
    if asked.source.day and asked.since and asked.until:
        said = {SINCE: asked.since.isoformat(), LAST: (asked.until - timedelta(days=1)).isoformat()}
    said |= dict(asked.where)
    said |= {name: value for name, value in more.items() if value}
    return urlencode(said)


def presets(*, asked: Asked, today: date) -> list[Link]:
    """The spans that people ask for most; the values stay."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    last_month = month - timedelta(days=1)
    spans = (
        ("Hoy", today, today),
        ("Este mes", month, today),
        ("Mes pasado", last_month.replace(day=1), last_month),
        ("Este año", year, today),
        ("Año pasado", year.replace(year=year.year - 1), year - timedelta(days=1)),
    )
    here = next((words for words, *span in spans if span == [asked.since, _last(asked)]), "")
    return [
        Link(
            words,
            f"?{query(asked=Asked(asked.source, since, last + timedelta(days=1), asked.where))}",
            words == here,
        )
        for words, since, last in spans
    ]


def _last(asked: Asked) -> date | None:
    return asked.until - timedelta(days=1) if asked.until else None


def kept(*, asked: Asked) -> list[tuple[str, str]]:
    """Values that no field of the page shows, and that stay asked when it is sent."""
    offered = {each.name for each in asked.source.filters}
    return [(name, str(value)) for name, value in asked.where if name not in offered]


def turning(*, asked: Asked, found: Page) -> dict[str, str]:
    """Where the pages before and after are, when there are any."""
    near = {"before": found.place - 1, "after": found.place + 1}
    return {
        name: f"?{query(asked=asked, **{PLACE: place})}"
        for name, place in near.items()
        if 1 <= place <= found.places
    }


def words_of(*, choices: Choices) -> dict[str, dict[str, str]]:
    """Column → code → words."""
    return {name: dict(offered) for name, offered in choices.items()}


def without_filters(*, asked: Asked) -> str:
    """The same days and nothing else."""
    return f"?{query(asked=Asked(asked.source, asked.since, asked.until))}"


def _doors(source: Listing, rows: tuple[tuple[Any, ...], ...], clerk: Clerk) -> dict[str, int]:
    """Of the columns that lead to documents this person may read, where in a row their argument is."""
    names = tuple(each.name for each in source.columns)
    found = {}
    for each in source.shown:
        place = names.index(each.argument or each.name)
        sample = next((row[place] for row in rows if row[place] not in (None, "")), None)
        if each.route and sample is not None and _may_enter(each, sample, clerk):
            found[each.name] = place
    return found


def _may_enter(column: Column, value: object, clerk: Clerk) -> bool:
    try:
        act = resolve(_href(column, value)).func.required_act  # type: ignore[attr-defined]
    except NoReverseMatch:
        return False
    return act is None or policy.may(clerk=clerk, act=act)


def _href(column: Column, value: object) -> str:
    return reverse(column.route, args=[value])
