"""The report of activities as papers: the words of the documents room, filled from the report."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.timezone import localtime

from caudal.documents import issuers
from caudal.documents.activity_report import (
    ActivityReportSheet,
    ActivityText,
    FigureText,
    MonthText,
    SummaryText,
    activity_report_pdf,
)
from caudal.documents.activity_report_docx import activity_report_docx
from caudal.documents.activity_report_markdown import activity_report_markdown
from caudal.documents.figures import TIE, long_date
from caudal.kernel.wording import MONTHS, MONTHS_SHORT, month_name
from caudal.reports.activities.report import Activity, ActivityReport, IndicatorMonth, of_json
from caudal.reports.activities.summary import Summary, summary
from caudal.reports.models import ReportEdition, ReportPaper

AREA: Final = "Área comercial"
CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}
_BARS_FROM: Final = 3
NOT_KNOWN: Final = "—"
_THOUSAND: Final = 1000


def of_report(*, report: ActivityReport, form: str, on: date) -> bytes:
    """A report that is not published, as one of its papers; it says of which day its figures are."""
    return _written(sheet_of(report=report, on=on), form)


def of_edition(*, edition: ReportEdition, publisher: str) -> dict[str, bytes]:
    """The papers of an edition, by form; they carry its number, who published it and the fingerprint of its content."""
    replaced = edition.replaces
    corrects = f"Sustituye a la edición {replaced.number}. {edition.reason}" if replaced else ""
    on = localtime(edition.published_at).date()
    sheet = sheet_of(
        report=of_json(edition.content), on=on, edition=f"Edición {edition.number}",
        published=f"publicada el {long_date(on)}", publisher=publisher, note=edition.note, corrects=corrects,
        changes=tuple(_change(each) for each in edition.changes), fingerprint=edition.content_sha256,
    )  # fmt: skip
    return {form: _written(sheet, form) for form in ReportPaper.Form.values}


def sheet_of(*, report: ActivityReport, on: date, **said: Any) -> ActivityReportSheet:
    """Everything that the papers of a report say; `said` is what its edition adds."""
    months = summary(report=report)
    # without an address of this installation, a path alone leads nowhere from a file
    base = issuers.public_address(path="")
    return ActivityReportSheet(
        issuer=issuers.issuer(),
        area=AREA,
        span=report.span,
        made_on=on,
        preliminary=report.preliminary,
        months=tuple(
            MonthText(month.title, tuple(_activity(each, base) for each in month.activities))
            for month in report.months
        ),
        summary=_summary(months) if months else None,
        indicators=_indicators(report.indicators) if report.indicators else None,
        **said,
    )


def file_name(*, report: ActivityReport, form: str, edition: int = 0) -> str:
    """`informe-de-actividades-2019-01-01-a-2019-12-31.pdf`."""
    numbered = f"-edicion-{edition}" if edition else ""
    return f"informe-de-actividades-{report.since}-a-{report.last}{numbered}.{form}"


def _written(sheet: ActivityReportSheet, form: str) -> bytes:
    if form == ReportPaper.Form.PDF:
        return activity_report_pdf(sheet=sheet)
    if form == ReportPaper.Form.DOCX:
        return activity_report_docx(sheet=sheet)
    return activity_report_markdown(sheet=sheet).encode()


def _activity(each: Activity, base: str) -> ActivityText:
    return ActivityText(
        each.sentence,
        each.told,
        tuple(FigureText(it.label, it.said, f"{base}{it.href}" if base else "") for it in each.figures),
    )


def _summary(found: Summary) -> SummaryText:
    heads = ("Mes", *(each.title for each in found.columns))
    months = [row.month.period for row in found.rows if row.month]
    rows = tuple((name, *row.texts) for name, row in zip(_month_names(months), found.rows, strict=True))
    place = next((i for i, each in enumerate(found.columns) if each.title == "Cobrado"), None)
    if place is None or len(found.rows) < _BARS_FROM:
        return SummaryText(heads, rows, ("Total", *found.sums.texts))
    return SummaryText(
        heads, rows, ("Total", *found.sums.texts), "Cobrado cada mes", tuple(_bars(found, place))
    )


def _indicators(months: Sequence[IndicatorMonth]) -> SummaryText:
    """A month alone tells what each comes from; several stand side by side."""
    if len(months) == 1:
        return SummaryText(
            ("Indicador", "De dónde sale", "Valor", "Meta"),
            tuple((each.name, each.working, each.said, each.target or "—") for each in months[0].values),
            words=2,
        )
    # what is never known (nobody wrote down the volume produced) takes no column
    known = [
        place
        for place in range(len(months[0].values))
        if any(month.values[place].said != NOT_KNOWN for month in months)
    ]
    names = _month_names([month.period for month in months])
    return SummaryText(
        ("Mes", *(months[0].values[place].name for place in known)),
        tuple(
            (name, *(month.values[place].said.replace(" ", TIE) for place in known))
            for name, month in zip(names, months, strict=True)
        ),
    )


def _month_names(periods: Sequence[int]) -> list[str]:
    """`Enero` to `Diciembre`; with its year when they are of several."""
    one_year = len({period // 100 for period in periods}) == 1
    return [(MONTHS[period % 100 - 1] if one_year else month_name(period)).capitalize() for period in periods]


def _bars(found: Summary, place: int) -> Sequence[tuple[str, str, int]]:
    most = max(max(row.values[place] for row in found.rows), 1)
    return [
        (
            MONTHS_SHORT[row.month.period % 100 - 1],
            row.texts[place].partition(".")[0],
            max(row.values[place], 0) * _THOUSAND // most,
        )
        for row in found.rows
        if row.month
    ]


def _change(told: dict[str, Any]) -> tuple[str, str, str, str, str]:
    return (
        month_name(told["period"]), told["activity"], told["label"], told["before"] or "no se decía",
        told["after"] or "ya no se dice",
    )  # fmt: skip
