"""The report of activities as a Word document: its own styles, real headings, bullets and tables, nothing drawn."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from caudal.documents.activity_report import ActivityReportSheet, ActivityText, FigureText, SummaryText
from caudal.documents.figures import tied

FONT: Final = "Calibri"
INK: Final = RGBColor(0x13, 0x2A, 0x33)
INK_2: Final = RGBColor(0x4C, 0x65, 0x70)
_TINT: Final = "F0F7F9"
_LINE: Final = "DBE5E9"
_AFTER_BORDERS: Final = {qn(f"w:{name}") for name in ("shd", "tblLayout", "tblCellMar", "tblLook")}
_PAIRS: Final = 2  # figures side by side


def activity_report_docx(*, sheet: ActivityReportSheet) -> bytes:
    """The report as DOCX, to be read, corrected by hand before it is published, or joined to another document."""
    paper = Document()
    _style(paper, sheet)
    _head(paper, sheet)
    if sheet.changes:
        _changes(paper, sheet.changes)
    if sheet.summary is not None:
        paper.add_heading("El periodo en cifras", level=1)
        _summary(paper, sheet.summary)
    if sheet.indicators is not None:
        paper.add_heading("Indicadores", level=1)
        _summary(paper, sheet.indicators)
    for month in sheet.months:
        paper.add_heading(month.title, level=1)
        if not month.activities:
            paper.add_paragraph("Sin actividades que informar.")
        for each in month.activities:
            _activity(paper, each)
    if sheet.publisher:
        _signed(paper, sheet)
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def _style(paper: Paper, sheet: ActivityReportSheet) -> None:
    accent = RGBColor.from_string(sheet.issuer.primary_color.lstrip("#").upper())
    sizes = {"Normal": 10.5, "Title": 22, "Heading 1": 15, "List Bullet": 11, "List Continue": 10.5}
    for name, size in sizes.items():
        style: Any = paper.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = accent if name in ("Title", "Heading 1") else INK
        for which in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn(which), FONT)
    for name, before, after in (("Heading 1", 18, 4), ("List Bullet", 8, 2), ("List Continue", 0, 3)):
        paragraph: Any = paper.styles[name].paragraph_format
        paragraph.space_before, paragraph.space_after = Pt(before), Pt(after)
        paragraph.keep_with_next = name != "List Continue"
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "es-MX")
    paper.styles["Normal"].element.get_or_add_rPr().append(language)
    section = paper.sections[0]
    section.page_width, section.page_height = Pt(612), Pt(792)
    section.left_margin = section.right_margin = Pt(60)
    section.top_margin = section.bottom_margin = Pt(56)
    said = paper.core_properties
    said.title, said.subject = sheet.title, f"{sheet.area}. {sheet.standing}"
    said.author, said.language = sheet.issuer.name, "es-MX"
    said.comments = said.keywords = ""
    said.created = said.modified = datetime.combine(sheet.made_on, time(12), UTC)
    _foot(section.footer.paragraphs[0], sheet)


def _head(paper: Paper, sheet: ActivityReportSheet) -> None:
    named = paper.add_paragraph()
    _run(named, sheet.issuer.name, size=14, bold=True)
    named.paragraph_format.space_after = Pt(0)
    for line in (sheet.issuer.long_name, sheet.area):
        below = paper.add_paragraph()
        _run(below, line, color=INK_2)
        below.paragraph_format.space_after = Pt(0)
    paper.add_paragraph(f"Informe de actividades, {sheet.span}", style="Title")
    _run(paper.add_paragraph(), sheet.standing, color=INK_2)
    if sheet.note:
        paper.add_paragraph(sheet.note)
    if sheet.corrects:
        corrected = paper.add_paragraph()
        _run(corrected, "Corrección. ", bold=True)
        _run(corrected, sheet.corrects)


def _changes(paper: Paper, changes: Sequence[Sequence[str]]) -> None:
    _table(paper, ("Mes", "Actividad", "Cifra", "Decía", "Dice"), changes, amounts_from=3)


def _summary(paper: Paper, summary: SummaryText) -> None:
    rows = (*summary.rows, summary.sums) if summary.sums else summary.rows
    table = _table(paper, summary.heads, rows, amounts_from=summary.words, size=8)
    if not summary.sums:
        return
    for cell in table.rows[-1].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _activity(paper: Paper, activity: ActivityText) -> None:
    _run(paper.add_paragraph(style="List Bullet"), tied(activity.sentence), bold=True)
    if activity.told:
        told = paper.add_paragraph(style="List Continue")
        _run(told, tied(activity.told), color=INK_2)
        told.paragraph_format.keep_with_next = True
    if not activity.figures:
        return
    table = paper.add_table(rows=0, cols=2 * _PAIRS)
    table.alignment = WD_TABLE_ALIGNMENT.RIGHT
    for first in range(0, len(activity.figures), _PAIRS):
        cells = table.add_row().cells
        for place, figure in enumerate(activity.figures[first : first + _PAIRS]):
            _figure(cells[2 * place], cells[2 * place + 1], figure)
    _widths(table, (130, 100) * _PAIRS)
    _rule(table)
    for row in table.rows:
        for cell in row.cells:
            _shade(cell)
    paper.add_paragraph().paragraph_format.space_after = Pt(0)


def _figure(label: _Cell, value: _Cell, figure: FigureText) -> None:
    _run(_tight(label), figure.label, size=9, color=INK_2)
    paragraph = _tight(value)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if not figure.address:
        _run(paragraph, figure.text, size=10, bold=True)
        return
    link = OxmlElement("w:hyperlink")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link.set(qn("r:id"), paragraph.part.relate_to(figure.address, kind, is_external=True))
    link.append(_run(paragraph, figure.text, size=10, bold=True)._r)
    paragraph._p.append(link)


def _signed(paper: Paper, sheet: ActivityReportSheet) -> None:
    line = paper.add_paragraph()
    line.paragraph_format.space_before = Pt(40)
    line.paragraph_format.keep_with_next = True
    _run(line, sheet.publisher, bold=True)
    for words in (f"{sheet.area} · {sheet.published}", f"Huella del contenido (SHA-256) {sheet.fingerprint}"):
        _run(paper.add_paragraph(), words, size=8.5, color=INK_2)


def _foot(paragraph: Paragraph, sheet: ActivityReportSheet) -> None:
    _run(
        paragraph,
        f"{sheet.issuer.name} · {sheet.title} · {sheet.edition or 'sin publicar'} · página ",
        size=8,
    )
    run = _run(paragraph, "", size=8)
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = words
        run._r.append(part)


def _table(
    paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]], *, amounts_from: int, size: float = 9
) -> Table:
    table: Any = paper.add_table(rows=1, cols=len(heads))
    for place, words in enumerate(heads):
        _cell(table.rows[0].cells[place], words, size - 0.5, place >= amounts_from, INK_2)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        cells = table.add_row().cells
        for place, words in enumerate(row):
            _cell(cells[place], words, size, place >= amounts_from, INK)
    _rule(table)
    made: Table = table
    return made


def _cell(cell: _Cell, words: str, size: float, is_amount: bool, color: RGBColor) -> None:
    paragraph = _tight(cell)
    _run(paragraph, words, size=size, color=color)
    if is_amount:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _tight(cell: _Cell) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    return paragraph


def _run(
    paragraph: Paragraph, words: str, *, size: float | None = None, bold: bool = False, color: RGBColor | None = None
) -> Any:  # fmt: skip
    run = paragraph.add_run(words)
    run.bold = bold or None
    if size is not None:
        run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    return run


def _widths(table: Table, points: Sequence[float]) -> None:
    table.autofit = False
    for row in table.rows:
        for cell, wide in zip(row.cells, points, strict=True):
            cell.width = Pt(wide)


def _rule(table: Table) -> None:
    """A hairline under each row."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # Word reads the properties of a table in one order only
    after = [each for each in table._tbl.tblPr if each.tag in _AFTER_BORDERS]
    after[0].addprevious(borders) if after else table._tbl.tblPr.append(borders)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _TINT)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
