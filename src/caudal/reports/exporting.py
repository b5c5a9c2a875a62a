"""A listing as a file: every row of what was asked, typed, with the question written above and the totals below."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from io import TextIOWrapper
from typing import IO, Any, cast

from caudal.kernel import audit, tables
from caudal.reports import reading, telling
from caudal.reports.listing import Column, Kind, Listing
from caudal.reports.reading import Asked


class Format(StrEnum):
    """How a file is written; the value is its ending."""

    XLSX = "xlsx"
    CSV = "csv"

    @property
    def content_type(self) -> str:
        return tables.XLSX if self is Format.XLSX else tables.CSV


def write(*, asked: Asked, wanted: Format, target: IO[bytes]) -> int:
    """Write every row of a question to an open file; gives how many there are."""
    source = asked.source
    _, sums = reading.totals(asked=asked)
    shown = source.shown
    table: dict[str, Any] = {
        "title": source.title,
        "columns": columns(source=source),
        "rows": rows(asked=asked),
        "filters": telling.filters(asked=asked, words=_words(asked)),
        "totals": ["Total", *(sums.get(each.name, "") for each in shown[1:])] if source.totals else (),
    }
    if wanted is Format.XLSX:
        return tables.write_xlsx(target, **table)
    text = TextIOWrapper(cast(Any, target), encoding="utf-8", newline="")
    n = tables.write_csv(text, **table)
    text.flush()
    text.detach()
    return n


def columns(*, source: Listing) -> list[tables.Column]:
    """The columns of a file: those that are shown."""
    return [tables.Column(each.title, Kind.TEXT if each.says else each.kind) for each in source.shown]


def rows(*, asked: Asked) -> Iterator[list[Any]]:
    """The cells that are shown of every row asked for."""
    return said(source=asked.source, rows=reading.every_row(asked=asked))


def said(*, source: Listing, rows: Iterable[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """The cells that are shown, typed: amounts and days as they are, codes in words."""
    names = tuple(each.name for each in source.columns)
    makers = [
        (names.index(each.says or each.name), None if each.says else _words_in(each)) for each in source.shown
    ]
    for row in rows:
        yield [row[place] if say is None else say(row[place]) for place, say in makers]


def file_name(*, asked: Asked, wanted: Format) -> str:
    """`receipts-2019-01-01-2019-01-31.xlsx`."""
    days = [value for _, value in telling.iso_days(asked=asked)]
    return "-".join([asked.source.code, *days]) + f".{wanted}"


def note_export(*, asked: Asked, n: int, at: datetime, by: str) -> None:
    """Keep who took which rows out of here."""
    audit.record(
        act="reports.export", by=by, at=at, object_kind="listing", object_id=asked.source.code,
        after={"rows": n, "asked": dict(telling.iso_days(asked=asked)) | {name: str(value) for name, value in asked.where}},
    )  # fmt: skip


def _words_in(column: Column) -> Callable[[Any], Any] | None:
    """How the cells of a column are said, each different one looked up once; None for those that stay what they are."""
    if column.kind is not Kind.TEXT or not (column.words or column.is_name):
        return None
    return lru_cache(maxsize=10_000)(lambda value: telling.cell(value, column=column))


def _words(asked: Asked) -> dict[str, dict[str, str]]:
    """The words of the codes that were asked for, when another column has them."""
    if not any(asked.source.column(name).says for name, _ in asked.where):
        return {}
    return {name: dict(offered) for name, offered in reading.choices(asked=asked).items()}
