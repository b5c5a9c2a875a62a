"""Answers that are a file: the same rows as the page, whole, as a workbook or as CSV."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import Http404, HttpResponse

from caudal.kernel import tables
from caudal.kernel.tables import Column

_MAKERS: Final = {"xlsx": (tables.as_xlsx, tables.XLSX), "csv": (tables.as_csv, tables.CSV)}


def answer(
    *,
    kind: str,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    filters: Sequence[tuple[str, str]],
    totals: Sequence[Any] = (),
) -> HttpResponse:
    """A file to keep, `xlsx` or `csv`."""
    if kind not in _MAKERS:
        raise Http404
    make, content_type = _MAKERS[kind]
    body = make(title=title, columns=columns, rows=rows, filters=filters, totals=totals)
    answered = HttpResponse(body, content_type=content_type)
    answered["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answered
