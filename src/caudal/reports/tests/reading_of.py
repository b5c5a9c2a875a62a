"""What the stories of listings say again and again: its rows as people ask for them, and how much they come to."""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from caudal.reports import listings, measuring, reading
from caudal.reports.measuring import Measure


def rows(
    code: str, *columns: str, since: date | None = None, last: date | None = None, **where: Any
) -> list[Any]:
    """The rows of a listing, the oldest first: those columns of each, or its only one."""
    source = listings.find(code=code)
    until = last + timedelta(days=1) if last else None
    names = [each.name for each in source.columns]
    places = [names.index(each) for each in columns]
    found = reading.every_row(asked=reading.Asked(source, since, until, tuple(where.items())))
    return [tuple(row[place] for place in places) if len(places) > 1 else row[places[0]] for row in found]


def figure(
    code: str, of: str = "", *, since: date | None = None, last: date | None = None, **where: Any
) -> int:
    """How many rows there are, or what a column adds up to, between two days, both inside."""
    until = last + timedelta(days=1) if last else None
    return measuring.total(measure=Measure(code, of=of, where=tuple(where.items())), since=since, until=until)


def raw(sql: str, *values: Any) -> list[Any]:
    """The rows of a question over the tables themselves."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
