"""The rows of a listing: a page of them with their totals, or all of them, one by one, for a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from caudal.reports.listing import Listing
from caudal.reports.measuring import Where, conditions

PAGE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a listing: from `since` to the day before `until`, and which values."""

    source: Listing
    since: date | None = None
    until: date | None = None
    where: Where = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, how many there are in all, and what the columns that are added up add up to."""

    rows: tuple[tuple[Any, ...], ...]
    n: int
    totals: dict[str, int]


def page(*, asked: Asked, place: int = 1) -> Page:
    """The rows of one page, the newest first; `place` counts from 1."""
    inside, values = _select(asked)
    sums = [f'coalesce(sum("{each.name}"), 0)::bigint' for each in asked.source.totals]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['count(*)', *sums])} FROM ({inside}) u", values)
        n, *totals = cursor.fetchone()
        cursor.execute(
            f"{inside} ORDER BY {_order(asked.source)} LIMIT {PAGE} OFFSET %s", [*values, (place - 1) * PAGE]
        )
        rows = tuple(cursor.fetchall())
    return Page(
        rows, n, {each.name: int(value) for each, value in zip(asked.source.totals, totals, strict=True)}
    )


def every_row(*, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """All the rows, the oldest first, a few thousand in memory at a time."""
    inside, values = _select(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{inside} ORDER BY {_order(asked.source, is_newest_first=False)}", values)
        while found := cursor.fetchmany(5_000):
            yield from found


def _select(asked: Asked) -> tuple[str, list[Any]]:
    names = ", ".join(f't."{each.name}"' for each in asked.source.columns)
    where, values = conditions(source=asked.source, where=asked.where, since=asked.since, until=asked.until)
    return f"SELECT {names} FROM ({asked.source.inside(until=asked.until)}) t{where}", values


def _order(source: Listing, *, is_newest_first: bool = True) -> str:
    """By day when there is one, then by the other columns: two readings of the same rows agree."""
    direction = "DESC" if is_newest_first and source.day else "ASC"
    first = [f'"{source.day}" {direction}'] if source.day else []
    return ", ".join([*first, *(f'"{each.name}"' for each in source.columns if each.name != source.day)])
