"""The rows of a listing: a page of them with their totals, or all of them, one by one, for a sheet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from caudal.reports.listing import Column, Listing
from caudal.reports.measuring import Where, conditions

PAGE: Final = 100
# what is read at a time of a listing that goes to a file
SOME: Final = 5_000
# a column with more different values than this is not offered as a list of them
MOST_CHOICES: Final = 300


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
    place: int = 1

    @property
    def places(self) -> int:
        """How many pages there are: one at least."""
        return max(-(-self.n // PAGE), 1)


def page(*, asked: Asked, place: int = 1) -> Page:
    """The rows of one page, the newest first; `place` counts from 1, and past the last it is the last."""
    n, sums = totals(asked=asked)
    place = min(max(place, 1), max(-(-n // PAGE), 1))
    inside, values = _select(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{inside} ORDER BY {_order(asked.source)} LIMIT {PAGE} OFFSET %s", [*values, (place - 1) * PAGE]
        )
        return Page(tuple(cursor.fetchall()), n, sums, place)


def totals(*, asked: Asked) -> tuple[int, dict[str, int]]:
    """How many rows there are, and what each column that is added up adds up to."""
    inside, values = _select(asked)
    sums = [f'coalesce(sum("{each.name}"), 0)::bigint' for each in asked.source.totals]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['count(*)', *sums])} FROM ({inside}) u", values)
        n, *found = cursor.fetchone()
    return n, {each.name: int(value) for each, value in zip(asked.source.totals, found, strict=True)}


def every_row(*, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """All the rows, the oldest first, a few thousand in memory at a time."""
    inside, values = _select(asked)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{inside} ORDER BY {_order(asked.source, is_newest_first=False)}", values)
        while found := cursor.fetchmany(SOME):
            yield from found


def choices(*, asked: Asked) -> dict[str, list[tuple[str, str]]]:
    """The values that there are within the days asked, of each column that narrows: code and words, by its words."""
    source = asked.source
    if not source.filters:
        return {}
    names = dict.fromkeys(name for each in source.filters for name in (each.name, each.says) if name)
    where, days = conditions(source=source, where=(), since=asked.since, until=asked.until)
    with connection.cursor() as cursor:
        # the listing is read once for all of them, and each is told apart without sorting it
        cursor.execute(
            f"""WITH narrowed AS MATERIALIZED (
                SELECT {", ".join(f't."{name}"' for name in names)}
                  FROM ({source.inside(until=asked.until)}) t{where})
                SELECT {", ".join(map(_different, source.filters))}""",
            days,
        )
        found = [_as_rows(each) for each in cursor.fetchone()]
    return {
        each.name: sorted(
            ((str(row[0]), str(row[-1]) if each.says else each.said(row[0])) for row in rows if row[0] not in (None, "")),
            key=lambda pair: pair[1].lower(),
        )
        for each, rows in zip(source.filters, found, strict=True)
        if len(rows) <= MOST_CHOICES
    }  # fmt: skip


def _different(column: Column) -> str:
    values = f'"{column.name}", "{column.says}"' if column.says else f'"{column.name}"'
    return f"(SELECT jsonb_agg(jsonb_build_array({values})) FROM (SELECT DISTINCT {values} FROM narrowed) u)"


def _as_rows(found: Any) -> list[list[Any]]:
    return json.loads(found) if isinstance(found, str) else found or []


def _select(asked: Asked) -> tuple[str, list[Any]]:
    names = ", ".join(f't."{each.name}"' for each in asked.source.columns)
    where, values = conditions(source=asked.source, where=asked.where, since=asked.since, until=asked.until)
    return f"SELECT {names} FROM ({asked.source.inside(until=asked.until)}) t{where}", values


def _order(source: Listing, *, is_newest_first: bool = True) -> str:
    """By day when there is one, then by the other columns: two readings of the same rows agree."""
    direction = "DESC" if is_newest_first and source.day else "ASC"
    first = [f'"{source.day}" {direction}'] if source.day else []
    return ", ".join([*first, *(f'"{each.name}"' for each in source.columns if each.name != source.day)])
