"""A sample of a listing: its page, and the same as a file, with the seed that draws it again."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.kernel import clock, snapshot, tables
from caudal.kernel.refusals import Refusal
from caudal.reports import exporting, listing_pages, listings, sampling, telling
from caudal.reports.exporting import Format
from caudal.reports.listing_forms import asked_of
from caudal.reports.reading import Asked
from caudal.reports.sampling import Method, Sample

SIZE, SEED, METHOD = "renglones", "semilla", "metodo"
SEEDS = 1_000_000_000


@gates.requires(policy.READ_REPORTS)
def listing_sample(request: HttpRequest, code: str) -> HttpResponse:
    """Rows drawn of what was asked; the address draws them again."""
    clerk = _clerk(request)
    try:
        source = listings.find(code=code)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    if not _number(request.GET.get(SEED, "")):
        sent = request.GET.copy()
        sent[SEED] = str(secrets.randbelow(SEEDS - 1) + 1)
        return HttpResponseRedirect(f"?{sent.urlencode()}")
    asked, _ = asked_of(source=source, sent=request.GET, today=clock.today())
    page: dict[str, Any] = {
        "listing": source,
        "sentence": telling.sentence(asked=asked, words={}),
        "back": listing_pages.query(asked=asked),
        "query": request.GET.urlencode(),
        "size": request.GET.get(SIZE, sampling.USUAL),
        "is_monetary": _method(request.GET) is Method.MONETARY,
        "has_amounts": sampling.measured_by(source=source) is not None,
        "kept": [*telling.iso_days(asked=asked), *asked.where],
        "seed": request.GET[SEED],
    }
    try:
        drawn = _drawn(asked, request.GET)
    except Refusal as refusal:
        return render(request, "reports/sample.html", page | {"refusal": refusal}, status=422)
    page |= {
        "drawn": drawn,
        "headings": listing_pages.headings(source=source),
        "rows": listing_pages.cells(source=source, rows=drawn.rows, clerk=clerk),
    }
    return render(request, "reports/sample.html", page)


@gates.requires(policy.READ_REPORTS)
def listing_sample_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The same rows as a workbook that says how they were drawn."""
    return _file(request, code, Format.XLSX)


@gates.requires(policy.READ_REPORTS)
def listing_sample_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same rows as a CSV that says how they were drawn."""
    return _file(request, code, Format.CSV)


def _file(request: HttpRequest, code: str, wanted: Format) -> HttpResponse:
    try:
        source = listings.find(code=code)
        asked, _ = asked_of(source=source, sent=request.GET, today=clock.today())
        drawn = _drawn(asked, request.GET)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    exporting.note_export(asked=asked, n=len(drawn.rows), at=clock.now(), by=_clerk(request).username)
    answer = HttpResponse(_written(asked, drawn, wanted), content_type=wanted.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{source.code}-muestra-{drawn.seed}.{wanted}"'
    return answer


def _written(asked: Asked, drawn: Sample, wanted: Format) -> bytes:
    """A sample as a file: the columns and cells of its listing, without totals, which a sample does not have."""
    table: dict[str, Any] = {
        "title": asked.source.title,
        "columns": exporting.columns(source=asked.source),
        "rows": exporting.said(source=asked.source, rows=drawn.rows),
        "filters": [
            *telling.filters(asked=asked),
            ("Muestra", "por importe" if drawn.method is Method.MONETARY else "al azar"),
            ("Semilla", str(drawn.seed)),
        ],
    }
    return tables.as_xlsx(**table) if wanted is Format.XLSX else tables.as_csv(**table)


def _drawn(asked: Asked, sent: QueryDict) -> Sample:
    with snapshot.of_one_moment():
        return sampling.draw(
            asked=asked,
            size=_number(sent.get(SIZE, str(sampling.USUAL))),
            seed=_number(sent.get(SEED, "")),
            method=_method(sent),
        )


def _method(sent: QueryDict) -> Method:
    return Method.MONETARY if sent.get(METHOD) == Method.MONETARY else Method.RANDOM


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _clerk(request: HttpRequest) -> Clerk:
    assert isinstance(request.user, Clerk)
    return request.user
