"""Pages of the published editions: the list, one with its seal, its files; and publishing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from caudal.access import gates, policy
from caudal.access import queries as people
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.reports import commands, edition_queries, papers, verifying
from caudal.reports.activities import building
from caudal.reports.activities.differing import Difference
from caudal.reports.activities.report import of_json
from caudal.reports.activity_forms import PublicationForm
from caudal.reports.activity_views import Days, answer, days, shown
from caudal.reports.models import ReportEdition


@gates.requires(policy.READ_REPORTS)
def report_editions(request: HttpRequest) -> HttpResponse:
    """Every edition that was published, the newest first, and whether each is what was published."""
    found = list(edition_queries.editions())
    names = people.names_of(usernames={each.published_by for each in found})
    rows = [
        {
            "edition": each, "span": of_json(each.content).span, "verdict": verifying.verify(edition=each),
            "publisher": names.get(each.published_by, each.published_by),
        }
        for each in found
    ]  # fmt: skip
    return render(request, "reports/report_editions.html", {"rows": rows})


@gates.requires(policy.READ_REPORTS)
def report_edition(request: HttpRequest, number: int) -> HttpResponse:
    """One edition as it was published, its seal and its signature, and what today's figures tell otherwise."""
    try:
        edition = edition_queries.edition_by_number(number=number)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    names = people.names_of(usernames={edition.published_by})
    page = {
        **shown(of_json(edition.content)), "edition": edition, "verdict": verifying.verify(edition=edition),
        "publisher": names.get(edition.published_by, edition.published_by),
        "changes": [Difference(**each) for each in edition.changes],
        "differs": edition_queries.differences_today(edition=edition) if _stands(edition) else [],
        "stands": _stands(edition),
    }  # fmt: skip
    return render(request, "reports/report_edition.html", page)


@gates.requires(policy.READ_REPORTS)
def report_edition_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """A file of an edition, byte for byte as it was published."""
    try:
        edition = edition_queries.edition_by_number(number=number)
        paper = edition_queries.paper_of(edition=edition, form=form)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    name = papers.file_name(report=of_json(edition.content), form=form, edition=number)
    return answer(bytes(paper.body), form=form, name=name)


@gates.requires(policy.PUBLISH_REPORTS)
def report_publication(request: HttpRequest) -> HttpResponse:
    """Publish the report of some days, or the correction of an edition."""
    asked = days(request)
    replaced = edition_queries.standing(since=asked.since, until=asked.until)
    form = PublicationForm(
        request.POST if request.method == "POST" else None, is_correction=replaced is not None
    )
    if request.method != "POST" or not form.is_valid():
        return _publication_page(request, asked, form, replaced)
    try:
        edition = commands.publish_report(
            since=asked.since, until=asked.until, note=form.cleaned_data["note"], pin=form.cleaned_data["pin"],
            today=clock.today(), at=clock.now(), by=request.user.get_username(),
            correction=commands.Correction(replaced, form.cleaned_data["reason"]) if replaced else None,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(
            refusal.field if refusal.field in form.fields else None, f"{refusal.what} {refusal.remedy}"
        )
        return _publication_page(request, asked, form, replaced)
    messages.success(request, f"Edición {edition.number} publicada, sellada y firmada.", extra_tags="good")
    return redirect("report_edition", number=edition.number)


def _publication_page(
    request: HttpRequest, asked: Days, form: PublicationForm, replaced: ReportEdition | None
) -> HttpResponse:
    try:
        report = building.whole_report(since=asked.since, until=asked.until, today=clock.today())
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=422)
    page: dict[str, Any] = {
        **shown(report), "asked": asked, "form": form.with_focus(), "replaced": replaced,
        "is_over": asked.until <= clock.today(),
        "n_activities": sum(len(month.activities) for month in report.months),
        "differs": edition_queries.differences_today(edition=replaced, report=report) if replaced else [],
    }  # fmt: skip
    return render(request, "reports/report_publication.html", page, status=422 if form.errors else 200)


def _stands(edition: ReportEdition) -> bool:
    return not hasattr(edition, "replaced_by")
