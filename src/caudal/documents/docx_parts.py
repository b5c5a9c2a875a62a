"""What Word is told by hand: links, fields, rules, shades, the width of each column, the language."""

from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document as Paper
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

LANGUAGE: Final = "es-MX"
_LINE: Final = "DBE5E9"
_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
# Word reads the properties of a table in one order only
_AFTER_BORDERS: Final = {qn(f"w:{name}") for name in ("shd", "tblLayout", "tblCellMar", "tblLook")}
_AFTER_MARGINS: Final = {qn("w:tblLook")}
_THEMES: Final = tuple(qn(f"w:{each}") for each in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"))
# the narrowest column, in characters
_LEAST: Final = 5


def run(
    paragraph: Paragraph, words: str, *, size: float | None = None, bold: bool = False, color: RGBColor | None = None
) -> Any:  # fmt: skip
    """Words at the end of a paragraph."""
    made = paragraph.add_run(words)
    made.bold = bold or None
    if size is not None:
        made.font.size = Pt(size)
    if color is not None:
        made.font.color.rgb = color
    return made


def link(paragraph: Paragraph, words: str, *, address: str, size: float, color: RGBColor) -> None:
    """Words that lead somewhere, and look so."""
    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), paragraph.part.relate_to(address, _LINK, is_external=True))
    shown = run(paragraph, words, size=size, bold=True, color=color)
    shown.font.underline = True
    made.append(shown._r)
    paragraph._p.append(made)


def field(paragraph: Paragraph, name: str, *, size: float, color: RGBColor) -> None:
    """A number that Word counts: PAGE, NUMPAGES. Each part in a run of its own, or it loses its size."""
    for kind, words in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        shown = run(paragraph, words if kind == "text" else "", size=size, color=color)
        if kind == "text":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        shown._r.append(part)


def speak(paper: Paper) -> None:
    """Everything in the document is in Spanish of Mexico, also for who reads it aloud."""
    defaults: Any = paper.styles.element.find(qn("w:docDefaults"))
    for each in defaults.iter(qn("w:lang")):
        each.set(qn("w:val"), LANGUAGE)
    for each in paper.settings.element.iter(qn("w:themeFontLang")):
        each.set(qn("w:val"), LANGUAGE)


def set_font(style: Any, *, font: str, size: float, color: RGBColor) -> None:
    """One font for every script, instead of the theme's."""
    style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), color
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in _THEMES:
        fonts.attrib.pop(theme, None)
    for which in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(which), font)


def underline(style: Any, *, color: str, eighths: int) -> None:
    """A rule under every paragraph of a style, instead of the one it had."""
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if not eighths:
        return
    borders = OxmlElement("w:pBdr")
    borders.append(_line("bottom", color=color, eighths=eighths, space=3))
    before = [each for each in properties if each.tag in {qn("w:spacing"), qn("w:outlineLvl"), qn("w:ind")}]
    before[0].addprevious(borders) if before else properties.append(borders)


def rule(table: Table) -> None:
    """A hairline under each row."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_line(side, color=_LINE, eighths=4, space=0))
    _put(table, borders, before=_AFTER_BORDERS)


def margins(table: Table, *, points: float) -> None:
    """The room at both sides of each cell."""
    made = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), str(round(points * 20)))
        room.set(qn("w:type"), "dxa")
        made.append(room)
    _put(table, made, before=_AFTER_MARGINS)


def describe(table: Table, words: str) -> None:
    """What the table is, for who does not see it."""
    made = OxmlElement("w:tblCaption")
    made.set(qn("w:val"), words)
    table._tbl.tblPr.append(made)


def shade(cell: _Cell, *, fill: str) -> None:
    """The ground of a cell."""
    made = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        made.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(made)


def widths(table: Table, points: Sequence[float]) -> None:
    """Columns that stay as wide as they are told."""
    table.autofit = False
    for column, wide in zip(table.columns, points, strict=True):
        column.width = Pt(wide)
    for row in table.rows:
        for cell, wide in zip(row.cells, points, strict=True):
            cell.width = Pt(wide)


def shares(heads: Sequence[str], rows: Sequence[Sequence[str]], *, of: float, most: int = 40) -> list[float]:
    """How wide each column is so that the longest word of its head and its longest text fit, in points; they fill `of`.

    :param most: of characters that a column asks for, beyond which it breaks its lines
    """
    asked = []
    for head, *texts in zip(heads, *rows, strict=True):
        # heads are a little smaller, and break their lines between words only
        word = (9 * max(map(len, head.split()), default=0) + 9) // 10
        asked.append(min(max(word, _LEAST, *map(len, texts)) + 2, most))
    return [of * each / sum(asked) for each in asked]


def hold_together(table: Table, *, is_repeated: bool = False) -> None:
    """A row is never broken, nor the table between pages if one holds it; the head may be said again on the next."""
    for place, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_repeated and place == 0:
            properties.append(OxmlElement("w:tblHeader"))
        if place < len(table.rows) - 1:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True


def _put(table: Table, made: Any, *, before: set[str]) -> None:
    after = [each for each in table._tbl.tblPr if each.tag in before]
    after[0].addprevious(made) if after else table._tbl.tblPr.append(made)


def _line(side: str, *, color: str, eighths: int, space: int) -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", str(space)), ("color", color)):
        line.set(qn(f"w:{name}"), value)
    return line
