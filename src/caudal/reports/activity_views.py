"""The page of the report of activities: a month, a year or any days; and its papers, one click each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from caudal.access import gates, policy
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import MONTHS, MONTHS_SHORT
from caudal.reports import edition_queries, papers
from caudal.reports.activities import building
from caudal.reports.activities.report import ActivityReport
from caudal.reports.activities.summary import summary
from caudal.reports.listing_forms import DaysForm

FIRST_YEAR: Final = 1900
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The days asked for: from `since` to the day before `until`, and the form that asked for them."""

    since: date
    until: date
    form: DaysForm

    @property
    def query(self) -> str:
        """The same days, for a link."""
        return urlencode({"desde": self.since.isoformat(), "hasta": (self.until - _DAY).isoformat()})


@gates.requires(policy.READ_REPORTS)
def activity_report(request: HttpRequest) -> HttpResponse:
    """What was done, month by month, with its figures; last month when nothing is asked."""
    today = clock.today()
    asked = days(request)
    try:
        report = building.whole_report(since=asked.since, until=asked.until, today=today)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=422)
    standing = edition_queries.standing(since=asked.since, until=asked.until)
    page = {
        **shown(report), **_around(asked, today), "asked": asked, "standing": standing,
        "differs": edition_queries.differences_today(edition=standing, report=report) if standing else [],
        "is_over": asked.until <= today, "editions": edition_queries.latest(),
    }  # fmt: skip
    return render(request, "reports/activity_report.html", page)


@gates.requires(policy.READ_REPORTS)
def activity_report_file(request: HttpRequest, form: str) -> HttpResponse:
    """The report of some days as PDF, Word or Markdown."""
    if form not in papers.CONTENT_TYPES:
        refusal = Refusal("El informe no se hace en ese formato.", "Pida PDF, Word o Markdown.")
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    asked, today = days(request), clock.today()
    try:
        report = building.whole_report(since=asked.since, until=asked.until, today=today)
        body = papers.of_report(report=report, form=form, on=today)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=422)
    return answer(body, form=form, name=papers.file_name(report=report, form=form))


def answer(body: bytes, *, form: str, name: str) -> HttpResponse:
    """A paper for a browser: PDF opens, the others are saved."""
    said = HttpResponse(body, content_type=papers.CONTENT_TYPES[form])
    where = "inline" if form == "pdf" else "attachment"
    said["Content-Disposition"] = f'{where}; filename="{name}"'
    return said


def shown(report: ActivityReport) -> dict[str, Any]:
    """What a page of a report needs."""
    return {"report": report, "summary": summary(report=report)}


def days(request: HttpRequest) -> Days:
    """The days of a request: `mes=2019-07`, `anio=2019`, or `desde` and `hasta`; the last month that is over without any."""
    asked = request.GET if request.method == "GET" else request.POST
    this_month = clock.today().replace(day=1)
    before = (this_month - _DAY).replace(day=1)
    since, until = _month(asked.get("mes", "")) or _year(asked.get("anio", "")) or (before, this_month)
    typed = DaysForm(asked if asked.get("desde") and asked.get("hasta") else None)
    if typed.is_bound and typed.is_valid():
        since, until = typed.cleaned_data["desde"], typed.cleaned_data["hasta"] + _DAY
    if not typed.is_bound:
        typed = DaysForm(initial={"desde": since, "hasta": until - _DAY})
    return Days(since, until, typed)


def _month(text: str) -> tuple[date, date] | None:
    year, _, month = text.partition("-")
    if not (year.isdecimal() and month.isdecimal() and len(year) == 4 and 1 <= int(month) <= 12):
        return None
    return _of_month(int(year), int(month)) if int(year) >= FIRST_YEAR else None


def _year(text: str) -> tuple[date, date] | None:
    if not (text.isdecimal() and len(text) == 4 and int(text) >= FIRST_YEAR):
        return None
    return date(int(text), 1, 1), date(min(int(text) + 1, 9999), 1, 1)


def _of_month(year: int, month: int) -> tuple[date, date]:
    after = date(year, month, 28) + timedelta(days=4)
    return date(year, month, 1), after.replace(day=1)


def _around(asked: Days, today: date) -> dict[str, Any]:
    """The months of the year that is looked at, the whole year, and the years beside it."""
    year = asked.since.year
    return {
        "year": year,
        "months": [
            {
                "value": f"{year}-{month:02d}", "name": MONTHS[month - 1], "short": MONTHS_SHORT[month - 1],
                "is_here": (asked.since, asked.until) == _of_month(year, month),
            }
            for month in range(1, 13)
            if date(year, month, 1) <= today
        ],
        "is_year": (asked.since, asked.until) == (date(year, 1, 1), date(year + 1, 1, 1)),
        "year_before": year - 1, "year_after": year + 1 if year < today.year else None,
    }  # fmt: skip
