"""Which editions of the report were published, and what today's figures tell otherwise."""

from datetime import date

from django.db.models import QuerySet

from caudal.kernel.refusals import Refusal
from caudal.reports.activities import building
from caudal.reports.activities.differing import Difference, differences
from caudal.reports.activities.report import ActivityReport, of_json
from caudal.reports.models import ReportEdition, ReportPaper


class UnknownEdition(Refusal): ...


class UnknownPaper(Refusal): ...


def editions() -> QuerySet[ReportEdition]:
    """Every edition, the newest first."""
    return ReportEdition.objects.select_related("replaces", "replaced_by").order_by("-number")


def latest(*, most: int = 5) -> list[ReportEdition]:
    """The last editions."""
    return list(editions()[:most])


def edition_by_number(*, number: int) -> ReportEdition:
    """One edition.

    :raises UnknownEdition: if there is none
    """
    found = ReportEdition.objects.select_related("replaces", "replaced_by").filter(number=number).first()
    if found is None:
        raise UnknownEdition(f"No hay edición {number}.", "Elija una de la lista de ediciones.")
    return found


def paper_of(*, edition: ReportEdition, form: str) -> ReportPaper:
    """A file of an edition, as it was published.

    :raises UnknownPaper: if it has none of that form
    """
    found = edition.papers.filter(form=form).first()
    if found is None:
        raise UnknownPaper("Esa edición no tiene ese archivo.", "Pida PDF, Word o Markdown.")
    return found


def standing(*, since: date, until: date) -> ReportEdition | None:
    """The edition of exactly those days that nothing replaced."""
    return (
        ReportEdition.objects.filter(since=since, until=until, replaced_by=None).order_by("-number").first()
    )


def differences_today(*, edition: ReportEdition, report: ActivityReport | None = None) -> list[Difference]:
    """What the figures of now tell otherwise than an edition; `report` if somebody has just found them."""
    now = report or building.activity_report(since=edition.since, until=edition.until)
    return differences(before=of_json(edition.content), after=now)
