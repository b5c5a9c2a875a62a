"""How the cells of a listing read, and what was asked of it in one sentence."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.timezone import localtime

from caudal.kernel.wording import in_reading_case, month_name, pesos, short_date, thousands
from caudal.reports.listing import Column, Kind
from caudal.reports.reading import Asked

NUMBERS: Final = frozenset({Kind.CENTS, Kind.COUNT, Kind.M3, Kind.HOURS, Kind.PPM})
ONE_OFF: Final = "otros cargos"


def cell(value: Any, /, *, column: Column, row: tuple[Any, ...] = (), names: tuple[str, ...] = ()) -> str:
    """A cell as a person reads it; nothing for what there is not."""
    if value is None or value == "":
        return ""
    if column.says and row:
        return str(row[names.index(column.says)])
    # the day of a row is not said twice in it
    on = row[0] if row and isinstance(row[0], date) else None
    return _typed(value, column, on)


def _typed(value: Any, column: Column, on: date | None) -> str:
    match column.kind:
        case Kind.CENTS:
            return pesos(value)
        case Kind.COUNT | Kind.M3 | Kind.HOURS:
            return thousands(value)
        case Kind.PPM:
            return percent(value)
        case Kind.DAY:
            return short_date(value)
        case Kind.MOMENT:
            return moment(value, on=on)
        case Kind.PERIOD:
            return month_name(value) if value else ONE_OFF
    words = column.said(value)
    return in_reading_case(words) if column.is_name else words


def moment(at: datetime, /, *, on: date | None = None) -> str:
    """`24 nov 2026, 10:42`, or only the hour when it is of a day that is already said."""
    local = localtime(at)
    return f"{local:%H:%M}" if local.date() == on else f"{short_date(local.date())}, {local:%H:%M}"


def percent(ppm: int, /) -> str:
    """`150000` → `15 %`; two decimals when there are any."""
    whole, rest = divmod(ppm, 10_000)
    decimals = f".{rest // 100:02d}" if rest else ""
    return f"{whole}{decimals} %"


def filters(*, asked: Asked, words: dict[str, dict[str, str]] | None = None) -> list[tuple[str, str]]:
    """What was asked, as pairs of words: what the sentence says and what is written in a file.

    :param words: column → code → what it reads, for the columns whose codes are said by another column
    """
    said = days(asked=asked)
    for name, value in asked.where:
        column = asked.source.column(name)
        known = (words or {}).get(name, {}).get(str(value))
        said.append((column.title, known or _value(value, column)))
    return said


def days(*, asked: Asked) -> list[tuple[str, str]]:
    """The days asked, both inside, or the day that things are seen from."""
    last = asked.until - timedelta(days=1) if asked.until else None
    if not asked.source.day:
        return [("Al día", short_date(last))] if last else []
    said = [("Desde", short_date(asked.since))] if asked.since else []
    return [*said, ("Hasta", short_date(last))] if last else said


def sentence(*, asked: Asked, words: dict[str, dict[str, str]]) -> str:
    """`Del 1 ene 2019 al 31 ene 2019. Canal: Ventanilla.`"""
    last = asked.until - timedelta(days=1) if asked.until else None
    narrowed = filters(asked=asked, words=words)[len(days(asked=asked)) :]
    return " ".join([_span(asked, last), *(f"{title}: {value}." for title, value in narrowed)])


def _span(asked: Asked, last: date | None) -> str:
    if not asked.source.day or asked.since is None or last is None:
        return f"Al {short_date(last)}." if last else ""
    if asked.since == last:
        return f"Del {short_date(last)}."
    return f"Del {short_date(asked.since)} al {short_date(last)}."


def _value(value: str | int, column: Column) -> str:
    if column.kind == Kind.PERIOD and str(value).isdigit():
        return month_name(int(value)) if int(value) else ONE_OFF
    return column.said(value)


def iso_days(*, asked: Asked) -> list[tuple[str, str]]:
    """The days asked as `2019-01-31`, by the names that an address carries."""
    last = asked.until - timedelta(days=1) if asked.until else None
    since = asked.since if asked.source.day else None
    return [(name, day.isoformat()) for name, day in (("desde", since), ("hasta", last)) if day]
