"""Pages of the listings: which there are; one with its days, its values and its totals; the same as a file."""

import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.kernel import clock, snapshot
from caudal.kernel.refusals import Refusal
from caudal.reports import exporting, listing_pages, listings, reading, telling
from caudal.reports.listing import Listing
from caudal.reports.listing_forms import asked_of, narrowing


@gates.requires(policy.READ_REPORTS)
def listings_page(request: HttpRequest) -> HttpResponse:
    """Every listing that this person may read, by topic."""
    clerk = _clerk(request)
    topics = [
        (name, [each for each in offered if policy.may(clerk=clerk, act=each.act)])
        for name, offered in listings.all_listings().items()
    ]
    return render(
        request, "reports/listings.html", {"topics": [(name, offered) for name, offered in topics if offered]}
    )


@gates.requires(policy.READ_REPORTS)
def listing_page(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind a figure."""
    source = _source(request, code)
    if isinstance(source, HttpResponse):
        return source
    today = clock.today()
    asked, days = asked_of(source=source, sent=request.GET, today=today)
    with snapshot.of_one_moment():
        found = reading.page(asked=asked, place=_place(request))
        choices = reading.choices(asked=asked)
    page: dict[str, Any] = {
        "listing": source,
        "found": found,
        "days": days,
        "narrowing": narrowing(asked=asked, choices=choices),
        "kept": listing_pages.kept(asked=asked),
        "sentence": telling.sentence(asked=asked, words=listing_pages.words_of(choices=choices)),
        "headings": listing_pages.headings(source=source),
        "rows": listing_pages.cells(source=source, rows=found.rows, clerk=_clerk(request)),
        "footing": listing_pages.footing(source=source, found=found) if source.totals else (),
        "figures": listing_pages.figures(source=source, found=found),
        "presets": listing_pages.presets(asked=asked, today=today) if source.day else (),
        "query": listing_pages.query(asked=asked),
        "older": listing_pages.turning(asked=asked, found=found),
        "without_filters": listing_pages.without_filters(asked=asked) if asked.where else "",
    }
    return render(request, "reports/listing.html", page, status=422 if source.day and days.errors else 200)


@gates.requires(policy.READ_REPORTS)
def listing_xlsx(request: HttpRequest, code: str) -> HttpResponseBase:
    """The rows of a question as a workbook."""
    return _file(request, code, exporting.Format.XLSX)


@gates.requires(policy.READ_REPORTS)
def listing_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """The rows of a question as CSV."""
    return _file(request, code, exporting.Format.CSV)


def _file(request: HttpRequest, code: str, wanted: exporting.Format) -> HttpResponseBase:
    source = _source(request, code)
    if isinstance(source, HttpResponse):
        return source
    asked, days = asked_of(source=source, sent=request.GET, today=clock.today())
    if source.day and days.errors:
        # what is wrong is said on the page, beside its field
        return HttpResponseRedirect(f"{reverse('listing', args=[code])}?{request.GET.urlencode()}")
    kept = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    with snapshot.of_one_moment():
        n = exporting.write(asked=asked, wanted=wanted, target=kept)
    exporting.note_export(asked=asked, n=n, at=clock.now(), by=_clerk(request).username)
    kept.seek(0)
    return FileResponse(
        kept,
        as_attachment=True,
        filename=exporting.file_name(asked=asked, wanted=wanted),
        content_type=wanted.content_type,
    )


def _source(request: HttpRequest, code: str) -> Listing | HttpResponse:
    """The listing, or the answer to whoever may not read it or asked for one that is not there."""
    try:
        source = listings.find(code=code)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    return source if policy.may(clerk=_clerk(request), act=source.act) else gates.forbidden(request)


def _place(request: HttpRequest) -> int:
    typed = request.GET.get(listing_pages.PLACE, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 1


def _clerk(request: HttpRequest) -> Clerk:
    assert isinstance(request.user, Clerk)
    return request.user
