"""A sample taken out as a file: the rows of its page, typed, with the seed that draws them again."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from caudal.kernel.models import AuditEntry
from caudal.reports import listings, reading, sampling
from caudal.reports.sampling import Method

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
SOURCE = listings.find(code="bills")
ASKED = reading.Asked(SOURCE, date(2018, 1, 1), date(2019, 2, 1))
QUESTION = "desde=2018-01-01&hasta=2019-01-31&renglones=4&semilla=20190131&metodo=importe"
PLACE = {each.name: at for at, each in enumerate(SOURCE.columns)}
SHOWN = [each.title for each in SOURCE.shown]


def test_a_workbook_has_the_rows_of_the_page_typed_and_how_they_were_drawn(enter_as: Enter) -> None:
    answer = enter_as("ofelia").get(f"/listados/bills/muestra.xlsx?{QUESTION}")

    assert answer["Content-Disposition"] == 'attachment; filename="bills-muestra-20190131.xlsx"'
    cells = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in cells[:5]] == [
        ["Recibos emitidos", ""], ["Desde", "1 ene 2018"], ["Hasta", "31 ene 2019"], ["Muestra", "por importe"],
        ["Semilla", "20190131"],
    ]  # fmt: skip
    drawn = sampling.draw(asked=ASKED, size=4, seed=20190131, method=Method.MONETARY)
    head = cells.index(SHOWN)
    money = SHOWN.index("Importe")
    assert [(row[0], row[1], round(row[money] * 100)) for row in cells[head + 1 :]] == [
        (row[PLACE["happened_on"]], row[PLACE["folio"]], row[PLACE["total_cents"]]) for row in drawn.rows
    ]
    # who took what out is kept
    kept = AuditEntry.objects.filter(act="reports.export").latest("id")
    assert (kept.by, kept.object_id, kept.after["rows"]) == ("ofelia", "bills", len(drawn.rows))


def test_both_files_say_the_same_rows(enter_as: Enter) -> None:
    client = enter_as("ofelia")
    book = client.get(f"/listados/bills/muestra.xlsx?{QUESTION}").content
    text = client.get(f"/listados/bills/muestra.csv?{QUESTION}").content.decode("utf-8-sig")
    cells = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    lines = list(csv.reader(io.StringIO(text, newline="")))
    folios = [[row[1] for row in table[table.index(SHOWN) + 1 :]] for table in (cells, lines)]
    assert folios[0] == folios[1] and folios[0]


def test_the_page_offers_both(enter_as: Enter) -> None:
    page = enter_as("ofelia").get(f"/listados/bills/muestra/?{QUESTION}").content.decode()
    assert "/listados/bills/muestra.xlsx?" in page and "/listados/bills/muestra.csv?" in page


def test_a_sample_that_cannot_be_drawn_is_no_file(enter_as: Enter) -> None:
    answer = enter_as("ofelia").get("/listados/bills/muestra.xlsx?renglones=9999&semilla=1")
    assert answer.status_code == 404 and "Pida de 1 a 500 renglones." in answer.content.decode()
    assert not AuditEntry.objects.filter(act="reports.export").exists()
