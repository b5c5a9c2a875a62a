"""Pages of the listings: which there are, and one with its days, its values and its totals."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from caudal.access import gates, policy
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.reports import listings, reading
from caudal.reports.listing import Listing


@gates.requires(policy.READ_REPORTS)
def listings_page(request: HttpRequest) -> HttpResponse:
    """Every listing, by topic."""
    return render(request, "reports/listings.html", {"topics": listings.all_listings().items()})


@gates.requires(policy.READ_REPORTS)
def listing_page(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind a figure."""
    try:
        source = listings.find(code=code)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    asked = _asked(request, source)
    found = reading.page(asked=asked)
    page: dict[str, Any] = {"listing": source, "found": found, "asked": asked}
    return render(request, "reports/listing.html", page)


def _asked(request: HttpRequest, source: Listing) -> reading.Asked:
    today = clock.today()
    where = tuple(
        (each.name, request.GET[each.name]) for each in source.columns if request.GET.get(each.name)
    )
    if not source.day:
        return reading.Asked(source, where=where)
    since = _day(request.GET.get("desde", "")) or today.replace(day=1)
    last = _day(request.GET.get("hasta", "")) or today
    return reading.Asked(source, since, last + timedelta(days=1), where)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
