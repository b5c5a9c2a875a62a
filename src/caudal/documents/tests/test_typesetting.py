"""The printed page, read back: its words, its sizes, its codes, and what stays off the stub."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from caudal.documents import payment_codes, typesetting
from caudal.documents.layouts import BillSheet
from caudal.documents.payment_codes import CannotEncodePayment
from caudal.documents.tests import paper
from caudal.documents.tests.sheets import CROWDED_CONCEPTS, SIBAPAS, crowded, in_credit, lupita, rancho
from caudal.documents.tests.test_layouts import statement
from caudal.documents.typesetting import CannotPrintBill, CannotReadLogo


def bill(*sheets: BillSheet, accessible: bool = False) -> bytes:
    return typesetting.bills_pdf(sheets=sheets, accessible=accessible)


@pytest.mark.parametrize(
    "said",
    [
        "SIBAPAS La Barca Sistema Barquense de Agua Potable, Alcantarillado y Saneamiento",
        "RFC SBA000101AA1 · Juárez 33, Centro Tel. 393 935 0000 · WhatsApp 393 100 0000",
        "Total a pagar $644.78 hasta el 15 feb 2019",
        "Cuenta 010 293 María Guadalupe Núñez Zaragoza Hidalgo 214, Centro, La Barca",
        "Habitacional genérica · ruta 01-004-0120 Periodo enero 2019 31 días",
        "Agua $133.90 primeros 10 m³ $70.00 + 9 m³ × $7.10 = $63.90 · art. 61 fr. II",
        "Descuento 50 % adulto mayor −$43.05",
        "IVA $0.00 agua de uso doméstico, tasa 0 %",
        "Cargos de enero $121.65",
        "Saldo anterior $512.62 octubre, noviembre y diciembre de 2018",
        "Recargos $10.51 1 % mensual simple: oct 3 m, nov 2 m, dic 1 m Total $644.78",
        "Pagos recibidos, ya descontados: 12 dic 2018 $200.00 en ventanilla.",
        "Medidor AZ5307037 · ½″ Lectura anterior, 22 dic 7,383 Lectura actual, 23 ene 7,402",
        "Consumo, lectura real 19 m³ Por día 613 litros",
        "18 20 17 22 26 24 19 18 21 20 22 17 19",
        "E F M A M J J A S O N D E",
        "Gastaste 1 m³ más que en enero de 2018 (6 % más).",
        "Tarifa habitacional genérica 2019 · Ley de Ingresos, art. 61",
        "0 a 10 m³ $70.00 fijos 11 a 20 m³ $7.10/m³",
        "31 m³ o más $8.205/m³",
        "Paga menos: si liquidas en enero",
        "¿No te alcanza? Convenio desde $190 hoy.",
        "no te libera de adeudos anteriores",
        "Tienes 15 días hábiles para aclaraciones.",
        "Folio 2019-01-010293",
        "00010293 000064478 20190215 8",
    ],
)
def test_doña_lupitas_bill_says(said: str) -> None:
    text = paper.words(bill(lupita()))
    if said.startswith(("18 20", "0 a 10", "31 m³")):  # placed figures may be read in another order
        assert all(word in text for word in said.split())
    else:
        assert said in text


def test_the_account_is_the_largest_figure_then_the_total_and_the_date_is_easy_to_see() -> None:
    sizes = paper.sizes(bill(lupita()))
    largest, second, *_ = sorted(sizes, reverse=True)
    assert "".join(sizes[largest].split()) == "010293"
    assert "".join(sizes[second].split()) == "$644.78"
    date_size = next(
        size for size, letters in sizes.items() if "hasta el" in letters.replace("\N{NO-BREAK SPACE}", " ")
    )
    assert date_size >= 12


def test_a_discount_is_green_and_a_charge_is_not() -> None:
    content = pypdf.PdfReader(BytesIO(bill(lupita()))).pages[0].get_contents()
    plain = pypdf.PdfReader(BytesIO(bill(rancho()))).pages[0].get_contents()
    assert content is not None and plain is not None
    green = b"0.10980392 0.47843137 0.29803923 scn"  # #1c7a4c
    assert green in content.get_data()
    assert green not in plain.get_data()


def test_rancho_el_carmen_without_a_meter_has_no_readings_and_no_chart() -> None:
    text = paper.words(bill(rancho()))
    assert "Medidor sin medidor Consumo cuota fija" in text
    assert "Lectura" not in text and "Por día" not in text and "Saldo anterior" not in text
    assert "Cargos de enero $153.75 Total $153.75" in text


def test_hotel_ribera_in_credit_has_nothing_to_pay() -> None:
    text = paper.words(bill(in_credit()))
    assert "Saldo a tu favor −$50.00 No tienes que pagar" in text
    assert "Saldo a favor −$171.65" in text
    assert "Límite de pago nada que pagar" in text
    assert "00010620 000000000 20190215" in text


def test_a_bill_of_zero_says_so() -> None:
    zero = replace(in_credit(), credit_balance_cents=121_65, total_cents=0)
    assert "Total a pagar $0.00 No tienes que pagar" in paper.words(bill(zero))


def test_an_estimate_says_why_and_its_bar_is_explained() -> None:
    text = paper.words(bill(crowded()))
    assert "Consumo, estimado 19 m³ Motivo no se pudo leer: perro bravo en el patio" in text
    assert "Línea punteada: consumo estimado." in text


@pytest.mark.parametrize("lines", [9, 14, 20])
def test_a_crowded_bill_keeps_every_line_on_one_page_and_off_the_stub(lines: int) -> None:
    pdf = bill(crowded(lines))
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 1
    text = paper.words(pdf)
    assert all(concept in text for concept in CROWDED_CONCEPTS[:lines])
    assert text.count("$1,000.00") == lines
    stub = paper.words_below_the_cut(pdf)
    assert stub.startswith("Cuenta 010 818 Folio 2019-01-010293")
    assert "aclaraciones" in text and "aclaraciones" not in stub
    assert paper.lowest_above_the_cut(pdf) >= paper.CUT_POINTS + 6


def test_a_bill_that_cannot_fit_is_refused_by_its_account_and_never_cut() -> None:
    with pytest.raises(CannotPrintBill, match="010818"):
        bill(lupita(), crowded(60))


def test_no_bills_is_no_file() -> None:
    with pytest.raises(CannotPrintBill, match="No hay recibos"):
        bill()


def test_an_account_that_bars_cannot_carry_is_refused() -> None:
    with pytest.raises(CannotEncodePayment):
        bill(lupita(account_number="010-293"))


def test_three_in_one_file_read_as_three_files() -> None:
    sheets = [lupita(), rancho(), crowded()]
    together = bill(*sheets)
    assert [paper.words(together, page) for page in range(3)] == [
        paper.words(bill(sheet)) for sheet in sheets
    ]


def test_the_same_sheets_give_the_same_bytes() -> None:
    sheets = [lupita(), in_credit()]
    assert bill(*sheets) == bill(*sheets)
    assert bill(*sheets) != bill(lupita(holder_name="María Guadalupe Núñez de Zaragoza"), in_credit())


def test_three_windows_may_print_at_once() -> None:
    sheets = [lupita(holder_name=f"Vecina {number}") for number in range(12)]
    with ThreadPoolExecutor(3) as windows:
        printed = list(windows.map(bill, sheets))
    assert [f"Vecina {number} " in paper.words(pdf) for number, pdf in enumerate(printed)] == [True] * 12


def test_texts_are_data_and_never_markup() -> None:
    name = 'Taller "#1" *El $olito* #pagebreak() \\ <x> _a_ @b'
    assert name in paper.words(bill(lupita(holder_name=name)))


def test_a_file_for_a_person_is_tagged_titled_and_spoken_in_spanish() -> None:
    reader = pypdf.PdfReader(BytesIO(bill(lupita(), accessible=True)))
    root = reader.trailer["/Root"].get_object()
    assert root["/Lang"] == "es-MX"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None and reader.metadata.title == "Recibo 2019-01-010293"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert reader.outline[0].title.replace("\N{NO-BREAK SPACE}", " ") == "Cuenta 010 293"


def test_only_our_own_type_is_used() -> None:
    page = pypdf.PdfReader(BytesIO(bill(lupita()))).pages[0]
    fonts = page["/Resources"]["/Font"]
    assert all("Inter" in fonts[name].get_object()["/BaseFont"] for name in fonts)


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_stub_scans_as_printed_and_as_photocopied(dpi: int) -> None:
    """Thirty bills of a month: bars and QR give back the reference and the address, sharp or soft."""
    chance = random.Random(20190128)
    sheets = []
    for number in range(30):
        amount_cents = chance.randrange(1, 9_999_999_99)
        sheets.append(
            lupita(
                account_number=f"{chance.randrange(10**8):08d}",
                previous_balance_cents=amount_cents,
                total_cents=amount_cents + 121_65 + 10_51,
                due_on=date(2019, 1, 1) + timedelta(days=chance.randrange(365)),
                verification=f"https://sibapas.example/r/2019-01-{number:06d}/{chance.randrange(36**8):09x}",
            )
        )
    pdf = bill(*sheets)
    for page, sheet in enumerate(sheets):
        expected = {
            "bars": payment_codes.payment_reference(
                account_number=sheet.account_number, amount_cents=sheet.total_cents, due_on=sheet.due_on
            ),
            "qr": sheet.verification,
        }
        image = paper.stub_image(pdf, dpi=dpi, page=page)
        assert paper.scanned(image) == expected
        assert paper.scanned(paper.photocopied(image)) == expected


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_logo_of_the_utility_is_on_the_page(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "escudo"
    Image.new("RGB", (40, 40), "#621132").save(path, kind)
    with_logo = replace(SIBAPAS, logo_path=str(path))
    page = pypdf.PdfReader(BytesIO(bill(lupita(issuer=with_logo)))).pages[0]
    assert "/XObject" in page["/Resources"]
    assert len(bill(lupita(issuer=with_logo))) != len(bill(lupita()))


def test_a_logo_that_is_missing_or_is_no_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotReadLogo):
        bill(lupita(issuer=replace(SIBAPAS, logo_path=str(tmp_path / "perdido.png"))))
    (tmp_path / "carta.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(CannotReadLogo, match="no es SVG"):
        bill(lupita(issuer=replace(SIBAPAS, logo_path=str(tmp_path / "carta.doc"))))


def test_don_chuys_statement_shows_what_he_owes_and_every_movement() -> None:
    text = paper.words(typesetting.account_pdf(sheet=statement()))
    assert "Adeudo al día $50.50 28 ene 2019" in text  # 50.00 + 0.50 of surcharges
    assert "diciembre 2018 15 dic 2018 $50.00 $0.50 $50.50" in text
    assert "Saldo inicial $10.00" in text
    assert "3 dic 2018 Recibo diciembre $100.00 $110.00" in text
    assert "14 dic 2018 Pago $60.00 $50.00" in text
    assert "Página 1 de 1" in text
