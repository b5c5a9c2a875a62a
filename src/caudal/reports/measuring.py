"""Figures: how many rows a listing has, or how much a column adds up to, between two days and with some values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from caudal.reports import listings
from caudal.reports.listing import Listing

Where = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """Count the rows of a listing, add up the column `of`, or count the different values of `distinct`."""

    listing: str
    of: str = ""
    distinct: str = ""
    where: Where = ()

    @property
    def source(self) -> Listing:
        return listings.find(code=self.listing)

    @property
    def aggregate(self) -> str:
        if self.of:
            return f'sum("{self.source.column(self.of).name}")'
        if self.distinct:
            return f'count(DISTINCT "{self.source.column(self.distinct).name}")'
        return "count(*)"

    @property
    def sql(self) -> str:
        return f"coalesce({self.aggregate}, 0)::bigint"


def total(*, measure: Measure, since: date | None = None, until: date | None = None) -> int:
    """The figure between `since` and the day before `until`; without them, of all there is.

    What a listing says as of now is seen from the day before `until`.
    """
    rows = _ask(measure, "", since, until)
    return int(rows[0][0])


def by_month(*, measures: Sequence[Measure], since: date, until: date) -> dict[Measure, dict[int, int]]:
    """The figure of each month (202611 → 7), one question for each listing; months without any are left out."""
    found: dict[Measure, dict[int, int]] = {each: {} for each in measures}
    for code in dict.fromkeys(each.listing for each in measures):
        of_it = [each for each in found if each.listing == code]
        for period, *values in _of_months(of_it, since, until):
            for each, value in zip(of_it, values, strict=True):
                if value:
                    found[each][int(period)] = int(value)
    return found


def by_day(*, measure: Measure, since: date, until: date) -> dict[date, int]:
    """The figure of each day that has any."""
    return dict(_ask(measure, f't."{measure.source.day}"', since, until))


def by_value(
    *, measure: Measure, column: str, since: date | None = None, until: date | None = None
) -> list[tuple[Any, int]]:
    """The figure for each value of a column, the largest first."""
    name = measure.source.column(column).name
    rows = _ask(measure, f't."{name}"', since, until)
    return sorted(((value, int(figure)) for value, figure in rows), key=lambda each: (-each[1], str(each[0])))


def by_values(
    *,
    measure: Measure,
    columns: Sequence[str],
    since: date | None = None,
    until: date | None = None,
    most: int = 0,
) -> list[tuple[tuple[Any, ...], int]]:
    """The figure for each combination of values of some columns, the largest first; the first `most`, if said."""
    rows = _ask(
        measure, ", ".join(f't."{measure.source.column(each).name}"' for each in columns), since, until
    )
    found = [(tuple(values), int(figure)) for *values, figure in rows]
    return sorted(found, key=lambda each: (-each[1], str(each[0])))[: most or None]


def href(*, measure: Measure, since: date | None = None, until: date | None = None) -> str:
    """The page of the rows behind a figure."""
    asked: dict[str, str | int] = {}
    if measure.source.day and since and until:
        asked |= {"desde": since.isoformat(), "hasta": (until - timedelta(days=1)).isoformat()}
    asked |= dict(measure.where)
    return f"{reverse('listing', args=[measure.listing])}?{urlencode(asked)}"


def conditions(
    *, source: Listing, where: Where, since: date | None, until: date | None
) -> tuple[str, list[Any]]:
    """The WHERE around a listing's select, and its parameters."""
    said: list[str] = []
    values: list[Any] = []
    if source.day and since:
        said.append(f't."{source.day}" >= %s')
        values.append(since)
    if source.day and until:
        said.append(f't."{source.day}" < %s')
        values.append(until)
    for name, value in where:
        said.append(f't."{source.column(name).name}"::text = %s')
        values.append(str(value))
    return (f" WHERE {' AND '.join(said)}" if said else ""), values


def _of_months(measures: Sequence[Measure], since: date, until: date) -> list[Any]:
    """A row a month: its period, and each measure of one listing. The listing is read once for all of them."""
    source = measures[0].source
    asked, values = [], []
    for each in measures:
        where, wanted = conditions(source=source, where=each.where, since=None, until=None)
        asked.append(f"{each.aggregate} FILTER ({where.strip()})" if where else each.aggregate)
        values += wanted
    where, days = conditions(source=source, where=(), since=since, until=until)
    day = f't."{source.day}"'
    month = f"(extract(year FROM {day}) * 100 + extract(month FROM {day}))::int"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {month}, {', '.join(asked)} FROM ({source.inside()}) t{where} GROUP BY 1",
            [*values, *days],
        )
        return list(cursor.fetchall())


def _ask(measure: Measure, group: str, since: date | None, until: date | None) -> list[Any]:
    source = measure.source
    where, values = conditions(source=source, where=measure.where, since=since, until=until)
    asked = f"{group}, {measure.sql}" if group else measure.sql
    grouped = f" GROUP BY {group}" if group else ""
    inside = source.inside(until=until)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked} FROM ({inside}) t{where}{grouped}", values)
        return list(cursor.fetchall())
