"""The report of activities as Markdown: plain text that anybody can keep, compare and read in fifty years."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from caudal.documents.activity_report import ActivityReportSheet, ActivityText, SummaryText

_MARKS: Final = re.compile(r"([\\`*_\[\]<>|#$])")


def activity_report_markdown(*, sheet: ActivityReportSheet) -> str:
    """The report as Markdown, ending in a line break."""
    return "\n".join(_lines(sheet)).rstrip() + "\n"


def plain(text: str, /) -> str:
    """The text with what Markdown would take for a mark made safe."""
    return _MARKS.sub(r"\\\1", text)


def _lines(sheet: ActivityReportSheet) -> Iterator[str]:
    yield f"# {plain(sheet.title)}"
    yield ""
    yield f"**{plain(sheet.issuer.name)}**, {plain(sheet.issuer.long_name)}. {plain(sheet.area)}."
    yield ""
    yield f"{plain(sheet.standing)}."
    yield ""
    if sheet.preliminary:
        yield from (f"**{plain(sheet.preliminary)}**", "")
    if sheet.note:
        yield from (plain(sheet.note), "")
    if sheet.corrects:
        yield from (f"**Corrección.** {plain(sheet.corrects)}", "")
        yield from _table(("Mes", "Actividad", "Cifra", "Decía", "Dice"), sheet.changes, amounts_from=3)
    if sheet.summary is not None:
        yield from ("## El periodo en cifras", "")
        yield from _summary(sheet.summary)
    if sheet.indicators is not None:
        yield from ("## Indicadores", "")
        yield from _summary(sheet.indicators)
    for month in sheet.months:
        yield from (f"## {plain(month.title)}", "")
        if not month.activities:
            yield from ("Sin actividades que informar.", "")
        for each in month.activities:
            yield from _activity(each)
    if sheet.publisher:
        yield from ("---", "", f"{plain(sheet.publisher)}, {plain(sheet.area)}, {sheet.published}.", "")
        yield f"Huella del contenido (SHA-256): `{sheet.fingerprint}`"


def _activity(activity: ActivityText) -> Iterator[str]:
    told = f" {plain(activity.told)}" if activity.told else ""
    yield f"- **{plain(activity.sentence)}**{told}"
    for figure in activity.figures:
        value = f"[{plain(figure.text)}]({figure.address})" if figure.address else plain(figure.text)
        yield f"  - {plain(figure.label)}: {value}"
    yield ""


def _summary(summary: SummaryText) -> Iterator[str]:
    sums = [tuple(f"**{plain(each)}**" for each in summary.sums)] if summary.sums else []
    rows = [tuple(plain(each) for each in row) for row in summary.rows]
    yield from _table(summary.heads, [*rows, *sums], amounts_from=summary.words, is_plain=True)


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, amounts_from: int, is_plain: bool = False
) -> Iterator[str]:
    if not rows:
        return
    yield f"| {' | '.join(plain(each) for each in heads)} |"
    yield f"|{'|'.join('---:' if place >= amounts_from else '---' for place in range(len(heads)))}|"
    for row in rows:
        yield f"| {' | '.join(each if is_plain else plain(each) for each in row)} |"
    yield ""
