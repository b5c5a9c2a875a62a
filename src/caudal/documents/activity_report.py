"""The report of activities as paper: a heading a month, a bullet an activity, its figures; texts in, PDF out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from caudal.documents import figures, typesetting
from caudal.documents.layouts import Issuer


@dataclass(frozen=True, slots=True)
class FigureText:
    """A figure as it is read; `address` is the list behind it, empty where nobody could open it."""

    label: str
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ActivityText:
    """One bullet: its sentence, what is told of it, and its figures."""

    sentence: str
    told: str
    figures: tuple[FigureText, ...]


@dataclass(frozen=True, slots=True)
class MonthText:
    """One heading with its bullets."""

    title: str
    activities: tuple[ActivityText, ...]


@dataclass(frozen=True, slots=True)
class SummaryText:
    """The months side by side: heads, a row a month, the sums. `bars` are parts per thousand of the largest month.

    The first `words` columns are read, the others are numbers.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...] = ()
    bars_of: str = ""
    bars: tuple[tuple[str, str, int], ...] = ()
    words: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityReportSheet:
    """Everything that a report of activities says. Without `edition` it is a draft, and says so.

    `preliminary` says which months' books may still move. `changes` are rows of month, activity, figure, before and
    after, when it corrects another edition.
    """

    issuer: Issuer
    area: str
    span: str
    made_on: date
    months: tuple[MonthText, ...]
    summary: SummaryText | None = None
    indicators: SummaryText | None = None
    edition: str = ""
    published: str = ""
    publisher: str = ""
    preliminary: str = ""
    note: str = ""
    corrects: str = ""
    changes: tuple[tuple[str, str, str, str, str], ...] = ()
    fingerprint: str = ""

    @property
    def title(self) -> str:
        return f"Informe de actividades, {self.span}"

    @property
    def standing(self) -> str:
        """`Edición 3, publicada el 8 de enero de 2020`, or that it is a draft and of which day its figures are."""
        if self.edition:
            return f"{self.edition}, {self.published}"
        return f"Sin publicar: cifras al {figures.long_date(self.made_on)}"


def activity_report_pdf(*, sheet: ActivityReportSheet) -> bytes:
    """The report as PDF/A-2b, tagged.

    :raises CannotReadLogo: if the utility's logo cannot be read
    """
    on = sheet.made_on
    job = {
        "title": f"{sheet.issuer.name}. {sheet.title}",
        "on": (on.year, on.month, on.day),
        "issuer": typesetting.issuer_words(issuer=sheet.issuer),
        "sheet": _page(sheet),
    }
    return typesetting.typeset(template="activity_report.typ", job=job, on=on, accessible=True, archival=True)


def _page(sheet: ActivityReportSheet) -> dict[str, Any]:
    return {
        "area": sheet.area,
        "span": sheet.span,
        "standing": sheet.standing,
        "preliminary": figures.tied(sheet.preliminary),
        "note": figures.tied(sheet.note),
        "corrects": figures.tied(sheet.corrects),
        "changes": [list(each) for each in sheet.changes],
        "publisher": sheet.publisher,
        "published": sheet.published,
        "fingerprint": sheet.fingerprint,
        "summary": _table(sheet.summary),
        "indicators": _table(sheet.indicators),
        "months": [
            {
                "title": month.title,
                "activities": [
                    {
                        "sentence": figures.tied(each.sentence), "told": figures.tied(each.told),
                        "figures": [[it.text, it.label, it.address] for it in each.figures],
                    }
                    for each in month.activities
                ],
            }
            for month in sheet.months
        ],
        "foot": f"{sheet.issuer.name} · {sheet.title} · {sheet.edition or 'sin publicar'}",
    }  # fmt: skip


def _table(summary: SummaryText | None) -> dict[str, Any] | None:
    if summary is None:
        return None
    return {
        "heads": list(summary.heads), "rows": [list(row) for row in summary.rows], "sums": list(summary.sums),
        "bars_of": summary.bars_of, "bars": [list(bar) for bar in summary.bars],
        "words": summary.words,
    }  # fmt: skip
