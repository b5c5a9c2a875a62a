"""The report of activities as a Word document: its own styles, real headings, bullets and tables, nothing drawn."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from caudal.documents import docx_parts as word
from caudal.documents.activity_report import ActivityReportSheet, ActivityText, FigureText, SummaryText
from caudal.documents.figures import tied

FONT: Final = "Calibri"
INK: Final = RGBColor(0x13, 0x2A, 0x33)
INK_2: Final = RGBColor(0x4C, 0x65, 0x70)
WATCH: Final = RGBColor(0x8A, 0x5A, 0x00)
_TINT: Final = "F0F7F9"
_PAIRS: Final = 2  # figures side by side
# a letter page, its margins, and what is left between them, in points
_PAGE: Final = (612, 792)
_SIDE: Final = 50
_WIDE: Final = _PAGE[0] - 2 * _SIDE
_INDENT: Final = 18
_MANY_COLUMNS: Final = 7
# size, space before and after
_STYLES: Final = {
    "Normal": (10.5, 0, 6),
    "Title": (21, 4, 6),
    "Heading 1": (14.5, 20, 6),
    "List Bullet": (11, 10, 2),
    "List Continue": (10.5, 0, 4),
}


def activity_report_docx(*, sheet: ActivityReportSheet) -> bytes:
    """The report as DOCX, to be read, corrected by hand before it is published, or joined to another document."""
    paper = Document()
    accent = RGBColor.from_string(sheet.issuer.primary_color.lstrip("#").upper())
    _style(paper, accent)
    _page(paper, sheet)
    _head(paper, sheet)
    if sheet.changes:
        _table(
            paper, ("Mes", "Actividad", "Cifra", "Decía", "Dice"), sheet.changes, "Qué cambió", amounts_from=3
        )
    for title, summary in (("El periodo en cifras", sheet.summary), ("Indicadores", sheet.indicators)):
        if summary is not None:
            paper.add_heading(title, level=1)
            _summary(paper, summary, title)
    for month in sheet.months:
        paper.add_heading(month.title, level=1)
        if not month.activities:
            paper.add_paragraph("Sin actividades que informar.")
        for each in month.activities:
            _activity(paper, each, accent)
    if sheet.publisher:
        _signed(paper, sheet)
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def _style(paper: Paper, accent: RGBColor) -> None:
    for name, (size, before, after) in _STYLES.items():
        style: Any = paper.styles[name]
        word.set_font(style, font=FONT, size=size, color=accent if name in ("Title", "Heading 1") else INK)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.1
        style.paragraph_format.keep_with_next = name in ("Title", "Heading 1", "List Bullet")
    for name in ("Header", "Footer"):
        word.set_font(paper.styles[name], font=FONT, size=8, color=INK_2)
    paper.styles["Title"].font.bold = True
    word.underline(paper.styles["Title"], color="", eighths=0)
    word.underline(paper.styles["Heading 1"], color=str(accent), eighths=8)
    word.speak(paper)


def _page(paper: Paper, sheet: ActivityReportSheet) -> None:
    said = paper.core_properties
    said.title, said.subject = sheet.title, f"{sheet.area}. {sheet.standing}"
    said.author, said.language = sheet.issuer.name, word.LANGUAGE
    said.comments = said.keywords = ""
    said.created = said.modified = datetime.combine(sheet.made_on, time(12), UTC)
    section = paper.sections[0]
    section.page_width, section.page_height = (Pt(side) for side in _PAGE)
    section.left_margin = section.right_margin = Pt(_SIDE)
    section.top_margin = section.bottom_margin = Pt(56)
    section.header_distance = section.footer_distance = Pt(28)
    # the first page says whose it is in its own words
    section.different_first_page_header_footer = True
    _across(section.header.paragraphs[0], sheet.issuer.name, sheet.area)
    for foot in (section.first_page_footer, section.footer):
        line = foot.paragraphs[0]
        _across(line, f"{sheet.title} · {sheet.edition or 'sin publicar'}", "Página ")
        word.field(line, "PAGE", size=8, color=INK_2)
        word.run(line, " de ", size=8, color=INK_2)
        word.field(line, "NUMPAGES", size=8, color=INK_2)


def _across(paragraph: Paragraph, left: str, right: str) -> None:
    """Words at both sides of a page."""
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Pt(_WIDE), WD_TAB_ALIGNMENT.RIGHT)
    # the stops that the style puts in the middle of another page
    for old in paragraph.style.paragraph_format.tab_stops if paragraph.style else ():
        stops.add_tab_stop(old.position, WD_TAB_ALIGNMENT.CLEAR)
    word.run(paragraph, f"{left}\t{right}", size=8, color=INK_2)


def _head(paper: Paper, sheet: ActivityReportSheet) -> None:
    named = paper.add_paragraph()
    word.run(named, sheet.issuer.name, size=14, bold=True)
    named.paragraph_format.space_after = Pt(0)
    for line in (sheet.issuer.long_name, sheet.area):
        below = paper.add_paragraph()
        word.run(below, line, color=INK_2)
        below.paragraph_format.space_after = Pt(0)
    paper.add_paragraph(sheet.title, style="Title").paragraph_format.space_before = Pt(14)
    word.run(paper.add_paragraph(), sheet.standing, color=INK_2)
    if sheet.preliminary:
        word.run(paper.add_paragraph(), tied(sheet.preliminary), bold=True, color=WATCH)
    if sheet.note:
        paper.add_paragraph(sheet.note)
    if sheet.corrects:
        corrected = paper.add_paragraph()
        word.run(corrected, "Corrección. ", bold=True)
        word.run(corrected, sheet.corrects)


def _summary(paper: Paper, summary: SummaryText, title: str) -> None:
    rows = (*summary.rows, summary.sums) if summary.sums else summary.rows
    size = 7.5 if len(summary.heads) > _MANY_COLUMNS else 9
    table = _table(paper, summary.heads, rows, title, amounts_from=summary.words, size=size)
    if not summary.sums:
        return
    for cell in table.rows[-1].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _activity(paper: Paper, activity: ActivityText, accent: RGBColor) -> None:
    word.run(paper.add_paragraph(style="List Bullet"), tied(activity.sentence), bold=True)
    if activity.told:
        told = paper.add_paragraph(style="List Continue")
        word.run(told, tied(activity.told), color=INK_2)
        told.paragraph_format.left_indent = Pt(_INDENT)
        told.paragraph_format.keep_with_next = bool(activity.figures)
    if not activity.figures:
        return
    table = paper.add_table(rows=0, cols=2 * _PAIRS)
    table.alignment = WD_TABLE_ALIGNMENT.RIGHT
    for first in range(0, len(activity.figures), _PAIRS):
        cells = table.add_row().cells
        for place, figure in enumerate(activity.figures[first : first + _PAIRS]):
            _figure(cells[2 * place], cells[2 * place + 1], figure, accent)
        for cell in cells:
            word.shade(cell, fill=_TINT)
    half = (_WIDE - _INDENT) / _PAIRS
    word.widths(table, (half * 0.6, half * 0.4) * _PAIRS)
    word.rule(table)
    word.hold_together(table)
    word.describe(table, f"Cifras: {activity.sentence}")
    _air(paper)


def _figure(label: _Cell, value: _Cell, figure: FigureText, accent: RGBColor) -> None:
    word.run(_tight(label), figure.label, size=9, color=INK_2)
    paragraph = _tight(value)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if figure.address:
        word.link(paragraph, tied(figure.text), address=figure.address, size=10, color=accent)
    else:
        word.run(paragraph, tied(figure.text), size=10, bold=True)


def _signed(paper: Paper, sheet: ActivityReportSheet) -> None:
    line = paper.add_paragraph()
    line.paragraph_format.space_before = Pt(40)
    word.run(line, sheet.publisher, bold=True)
    below = paper.add_paragraph()
    word.run(below, f"{sheet.area} · {sheet.published}", size=8.5, color=INK_2)
    for each in (line, below):
        each.paragraph_format.keep_with_next = True
    word.run(
        paper.add_paragraph(), f"Huella del contenido (SHA-256) {sheet.fingerprint}", size=8.5, color=INK_2
    )


def _table(
    paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]], title: str, *, amounts_from: int,
    size: float = 9,
) -> Table:  # fmt: skip
    table: Any = paper.add_table(rows=1, cols=len(heads))
    for place, words in enumerate(heads):
        _cell(table.rows[0].cells[place], words, size - 0.5, place >= amounts_from, INK_2)
    for row in rows:
        cells = table.add_row().cells
        for place, words in enumerate(row):
            _cell(cells[place], words, size, place >= amounts_from, INK)
    word.widths(table, word.shares(heads, rows, of=_WIDE))
    word.rule(table)
    word.margins(table, points=3 if len(heads) > _MANY_COLUMNS else 5)
    word.hold_together(table, is_repeated=True)
    word.describe(table, title)
    _air(paper)
    made: Table = table
    return made


def _cell(cell: _Cell, words: str, size: float, is_amount: bool, color: RGBColor) -> None:
    paragraph = _tight(cell)
    word.run(paragraph, tied(words), size=size, color=color)
    if is_amount:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _tight(cell: _Cell) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1
    return paragraph


def _air(paper: Paper) -> None:
    """What Word asks for between two tables, as low as it can be."""
    between = paper.add_paragraph()
    between.paragraph_format.space_after = Pt(0)
    between.paragraph_format.line_spacing = Pt(4)
