"""PDF, Word, Markdown and the page tell the same figures: each is read back and compared, figure by figure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from tests.town import counter
from tests.town.cast import Town

from caudal.kernel.models import Utility
from caudal.reports import papers, queries
from caudal.reports.activities.report import Activity, ActivityReport, Figure, Month
from caudal.reports.listing import Kind
from caudal.reports.tests import pdf_a
from caudal.reports.tests import reading_back as back

pytestmark = pytest.mark.django_db
ON = date(2020, 1, 8)
SCRIPT = DictionaryObject(
    {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
)


def a_year() -> ActivityReport:
    """Twelve months with amounts of every size, a campaign with every mark that a format could take for its own."""
    months = []
    for month in range(1, 13):
        since, until = date(2019, month, 1), date(2019 + month // 12, month % 12 + 1, 1)
        figures = (
            Figure("people", "Personas atendidas", 1_312 * month, Kind.COUNT, f"/listados/receipts/?desde={since}"),
            Figure("collected_cents", "Cobrado en total", 123_456_789 * month, Kind.CENTS, "/listados/receipts/"),
            Figure("billed_m3", "Agua facturada", 40_000 + month, Kind.M3, "/listados/bills/"),
            Figure("hours", "Tiempo medio", month, Kind.HOURS, "/listados/reconnections/"),
            Figure("canceled_cents", "Corregido", -50 * month, Kind.CENTS, "/listados/receipts/"),
        )  # fmt: skip
        activities = (
            Activity("counter", "Atención ciudadana para cobro de servicios.", "Se cobraron $1.00 y $2.00.", figures),
            Activity("outreach", "La campaña «50 % * _menos_ [aquí] <b> #1 | $5» fue anunciada.", "", figures[:1]),
        )  # fmt: skip
        empty = month == 6
        months.append(Month(201900 + month, since, until, True, () if empty else activities))
    return ActivityReport(date(2019, 1, 1), date(2020, 1, 1), tuple(months))


@pytest.fixture
def utility(db: None) -> Utility:
    return Utility.objects.create(
        pk=1, name="SIBAPAS", long_name="Sistema Barquense de Agua Potable", public_url="https://agua.example"
    )


@pytest.mark.parametrize("has_links", [True, False])
def test_word_and_markdown_read_back_are_the_report(utility: Utility, has_links: bool) -> None:
    if not has_links:
        Utility.objects.update(public_url="")
    report = a_year()
    expected = back.told(report)
    assert len(expected) == 22
    assert back.of_docx(papers.of_report(report=report, form="docx", on=ON)) == expected
    assert back.of_markdown(papers.of_report(report=report, form="md", on=ON)) == expected


def test_the_pdf_tells_every_figure_in_order(utility: Utility) -> None:
    report = a_year()
    body = papers.of_report(report=report, form="pdf", on=ON)
    assert back.of_pdf(body, back.told(report)) == []


def test_the_pdf_is_pdf_a_2b_and_accessible_and_leads_to_the_lists(utility: Utility) -> None:
    read = PdfReader(BytesIO(papers.of_report(report=a_year(), form="pdf", on=ON)))
    said = read.xmp_metadata.stream.get_data().decode() if read.xmp_metadata else ""
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    catalog = read.trailer["/Root"]
    assert catalog["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"  # type: ignore[index]
    assert catalog["/MarkInfo"]["/Marked"] == True  # type: ignore[index]  # noqa: E712
    assert catalog["/Lang"] == "es-MX"  # type: ignore[index]
    assert not read.is_encrypted
    assert read.metadata is not None
    assert read.metadata.title == "SIBAPAS. Informe de actividades, enero a diciembre 2019"
    fonts = {font for page in read.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert fonts  # each is embedded, or the typesetter would have refused PDF/A
    links = {note.get_object()["/A"]["/URI"] for page in read.pages for note in page.get("/Annots", ()) or ()}
    assert "https://agua.example/listados/bills/" in links


def test_the_pdf_keeps_the_rules_of_pdf_a(utility: Utility) -> None:
    body = papers.of_report(report=a_year(), form="pdf", on=ON)
    assert pdf_a.broken_rules(body) == []


@pytest.mark.parametrize(
    ("spoilt", "rule"),
    [
        (lambda it: it.root_object.update({NameObject("/OpenAction"): SCRIPT}), "no JavaScript"),
        (lambda it: it.add_metadata({"/Title": "Otro"}), "Info and XMP agree"),
        (lambda it: it.add_attachment("a.txt", b"a"), "no embedded files"),
        (lambda it: it.encrypt("agua"), "not encrypted"),
        (lambda it: it.root_object.pop("/OutputIntents"), "one output intent with its profile"),
    ],
)
def test_the_rules_of_pdf_a_can_be_broken(
    utility: Utility, spoilt: Callable[[PdfWriter], object], rule: str
) -> None:
    writer = PdfWriter(clone_from=BytesIO(papers.of_report(report=a_year(), form="pdf", on=ON)))
    spoilt(writer)
    written = BytesIO()
    writer.write(written)
    assert rule in pdf_a.broken_rules(written.getvalue())


def test_the_word_document_has_headings_bullets_and_tables(utility: Utility) -> None:
    paper = Document(BytesIO(papers.of_report(report=a_year(), form="docx", on=ON)))
    styles = [part.style.name for part in paper.paragraphs if part.style]
    assert (styles.count("Title"), styles.count("Heading 1"), styles.count("List Bullet")) == (1, 13, 22)
    assert paper.core_properties.title == "Informe de actividades, enero a diciembre 2019"
    assert paper.core_properties.language == "es-MX"
    assert len(paper.tables) == 1 + 22


def test_the_word_document_reads_well_to_who_hears_it_and_who_prints_it(utility: Utility) -> None:
    paper = Document(BytesIO(papers.of_report(report=a_year(), form="docx", on=ON)))
    assert {each.get(qn("w:val")) for each in paper.styles.element.iter(qn("w:lang"))} == {"es-MX"}
    # one font, and none of the theme's
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        assert paper.styles[name].element.rPr.rFonts.attrib == {
            qn(f"w:{each}"): "Calibri" for each in ("ascii", "hAnsi", "eastAsia", "cs")
        }
    section = paper.sections[0]
    assert section.header.paragraphs[0].text == "SIBAPAS\tÁrea comercial"
    for foot in (section.first_page_footer, section.footer):
        fields = [each.text for each in foot._element.iter(qn("w:instrText"))]
        assert (foot.paragraphs[0].text, fields) == (
            "Informe de actividades, enero a diciembre 2019 · sin publicar\tPágina 1 de 1", ["PAGE", "NUMPAGES"],
        )  # fmt: skip
    summary, first = paper.tables[0], paper.tables[1]
    assert len(list(summary.rows[0]._tr.iter(qn("w:tblHeader")))) == 1
    assert sum(cell.width.pt for cell in summary.rows[0].cells) == pytest.approx(512, abs=1)
    assert [each.get(qn("w:val")) for each in first._tbl.iter(qn("w:tblCaption"))] == [
        "Cifras: Atención ciudadana para cobro de servicios."
    ]
    links = {each.target_ref for each in paper.part.rels.values() if each.is_external}
    assert links == {
        f"https://agua.example/listados/{path}"
        for path in ("receipts/", "bills/", "reconnections/", *(
            f"receipts/?desde=2019-{month:02d}-01" for month in range(1, 13) if month != 6
        ))
    }  # fmt: skip


@pytest.mark.parametrize("form", ["pdf", "docx", "md"])
def test_every_paper_says_that_its_figures_are_preliminary(utility: Utility, form: str) -> None:
    said = "Cifras preliminares: los libros de noviembre a diciembre de 2019 no están cerrados."
    for months, expected in (((201911, 201912), 1), ((), 0)):
        body = papers.of_report(report=replace(a_year(), open_months=months), form=form, on=ON)
        assert back.plain(back.words(body, form=form)).count(said) == expected


def test_the_same_report_gives_the_same_pdf_and_markdown(utility: Utility) -> None:
    for form in ("pdf", "md"):
        assert papers.of_report(report=a_year(), form=form, on=ON) == papers.of_report(
            report=a_year(), form=form, on=ON
        )


def test_page_and_files_of_the_town_tell_the_same(
    town: Town, books: None, enter_as: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people pay in January and one in February; the page and the three files of both months agree."""
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-04T12:00:00-06:00")
    counter.pay(town.chuy, 10_000, on=date(2019, 1, 8))
    counter.pay(town.lupita, 5_050, on=date(2019, 1, 9), tender="card")
    counter.pay(town.espiga, 777, on=date(2019, 2, 9))
    client, days = enter_as("salas"), "desde=2019-01-01&hasta=2019-02-28"
    report = queries.whole_report(since=date(2019, 1, 1), until=date(2019, 3, 1), today=date(2019, 3, 4))
    expected = back.told(report)
    assert [len(figures) for _, _, figures in expected] == [6, 5]
    assert back.of_page(client.get(f"/informes/?{days}").content.decode()) == expected
    files = {form: client.get(f"/informes/actividades.{form}?{days}") for form in ("pdf", "docx", "md")}
    assert back.of_docx(files["docx"].content) == expected
    assert back.of_markdown(files["md"].content) == expected
    assert back.of_pdf(files["pdf"].content, expected) == []
    assert files["pdf"]["Content-Type"] == "application/pdf"
    assert "2019-01-01-a-2019-02-28.docx" in files["docx"]["Content-Disposition"]
