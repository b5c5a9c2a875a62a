"""The papers of a report read back as a person would: month, sentence, and each figure by its label."""

import html
import re
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from caudal.reports.activities.report import ActivityReport

Told = list[tuple[str, str, list[tuple[str, str]]]]
_TIE: Final = "\N{NO-BREAK SPACE}"


def told(report: ActivityReport) -> Told:
    """What every paper must tell."""
    return [
        (month.title, plain(each.sentence), [(it.label, plain(it.said)) for it in each.figures])
        for month in report.months
        for each in month.activities
    ]


def plain(text: str) -> str:
    return " ".join(text.replace(_TIE, " ").split())


def words(body: bytes, *, form: str) -> str:
    """Everything a paper says, one thing after another."""
    if form == "pdf":
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    if form == "docx":
        return " ".join(each.text for each in Document(BytesIO(body)).paragraphs)
    return body.decode()


def of_markdown(body: bytes) -> Told:
    found: Told = []
    month = ""
    for line in body.decode().splitlines():
        text = re.sub(r"\\(.)", r"\1", line)
        if text.startswith("## "):
            month = text.removeprefix("## ")
        elif sentence := re.match(r"- \*\*(.+?)\*\*", text):
            found.append((month, plain(sentence[1]), []))
        elif figure := re.match(r"  - (.+?): \[?(.+?)\]?(?:\(http.*\))?$", text):
            found[-1][2].append((figure[1], plain(figure[2])))
    return found


def of_docx(body: bytes) -> Told:
    paper = Document(BytesIO(body))
    found: Told = []
    month = ""
    for part in paper.iter_inner_content():
        if isinstance(part, Table):
            if month.startswith("Actividades"):
                cells = [plain(_cell(cell)) for row in part.rows for cell in row.cells]
                found[-1][2].extend(
                    (label, value) for label, value in zip(cells[::2], cells[1::2], strict=True) if label
                )
        elif _style(part) == "Heading 1":
            month = part.text
        elif _style(part) == "List Bullet":
            found.append((month, plain(part.text), []))
    return found


def _style(paragraph: Paragraph) -> str:
    return str(paragraph.style.name) if paragraph.style else ""


def _cell(cell: Any) -> str:
    """With the words of its links, which python-docx leaves out of a cell's own text."""
    return "".join(node.text or "" for node in cell._tc.iter() if node.tag.endswith("}t"))


def of_page(body: str) -> Told:
    found: Told = []
    months = re.split(r'<section class="sheet report-month"', body)[1:]
    for part in months:
        title = html.unescape(re.search(r"<h2>(.*?)</h2>", part)[1])  # type: ignore[index]
        for each in part.split('<p class="report-sentence">')[1:]:
            sentence = html.unescape(each.partition("</p>")[0])
            figures = re.findall(r'<a class="number" href="[^"]+">(.*?)</a><span>(.*?)</span>', each)
            found.append(
                (
                    title,
                    plain(sentence),
                    [(html.unescape(label), plain(html.unescape(value))) for value, label in figures],
                )
            )
    return found


def of_pdf(body: bytes, expected: Told) -> list[str]:
    """What of the expected a PDF does not tell, in its order: the text of a page has no cells."""
    text = plain(" ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages))
    missing: list[str] = []
    place = 0
    for month, sentence, figures in expected:
        for words in (month, sentence, *(word for label, value in figures for word in (value, label))):
            if words == month and text.rfind(month, 0, place) >= 0:
                continue
            at = text.find(words, place)
            if at < 0:
                missing.append(words)
            else:
                place = at + len(words)
    return missing
