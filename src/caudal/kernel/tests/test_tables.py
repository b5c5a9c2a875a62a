"""Tables as files: what the spreadsheet reads is what was asked, and nothing in it runs.

The workbook is opened again with another library than the one that wrote it.
"""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from caudal.kernel import tables
from caudal.kernel.tables import Column, Kind

COLUMNS = (
    Column("Día", Kind.DAY),
    Column("Titular"),
    Column("Importe", Kind.CENTS),
    Column("Recibos", Kind.COUNT),
    Column("Cobrado", Kind.MOMENT),
    Column("Parte", Kind.PPM),
)
# 15:30 in Greenwich is 9:30 in La Barca
LUPITA = (date(2019, 1, 9), "Guadalupe Núñez", 35_050, 2, datetime(2019, 1, 9, 15, 30, tzinfo=UTC), 155_000)
ACTS = ["=1+1", "+5233", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x";"y")']


def _table(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Comprobantes", "columns": COLUMNS, "rows": [LUPITA],
        "filters": [("Desde", "1 ene 2019"), ("Hasta", "31 ene 2019")], "totals": ("Total", "", 35_050, 2, None, None),
    } | changes  # fmt: skip


def _sheet(body: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return book.get_sheet_by_index(0).to_python()


def _lines(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_a_workbook_says_what_was_asked_and_types_its_cells() -> None:
    title, since, until, blank, heading, row, total = _sheet(tables.as_xlsx(**_table()))
    assert title[0] == "Comprobantes"
    assert since[:2] == ["Desde", "1 ene 2019"] and until[:2] == ["Hasta", "31 ene 2019"]
    assert not any(blank)
    assert heading == [column.title for column in COLUMNS]
    assert row[0] == date(2019, 1, 9) and row[1] == "Guadalupe Núñez"
    assert row[2] == 350.50 and row[3] == 2
    assert row[4].isoformat() == "2019-01-09T09:30:00"
    assert row[5] == 0.155
    assert total[2] == 350.50 and total[3] == 2


def test_the_same_as_csv() -> None:
    lines = _lines(tables.as_csv(**_table()))
    assert lines == [
        ["Comprobantes"],
        ["Desde", "1 ene 2019"],
        ["Hasta", "31 ene 2019"],
        ["Día", "Titular", "Importe", "Recibos", "Cobrado", "Parte"],
        ["2019-01-09", "Guadalupe Núñez", "350.50", "2", "2019-01-09 09:30", "15.50"],
        ["Total", "", "350.50", "2", "", ""],
    ]
    assert tables.as_csv(**_table()).count(b"\r\n") == 6


@pytest.mark.parametrize("text", ACTS)
def test_no_text_acts(text: str) -> None:
    """Whatever somebody typed as a name is a name."""
    row = (*LUPITA[:1], text, *LUPITA[2:])
    body = tables.as_xlsx(**_table(rows=[row], filters=[("Busca", text)], title=text))
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"<hyperlink" not in sheet
    assert not any(cell.startswith(tables._ACTS) for line in _lines(tables.as_csv(**_table(rows=[row], title=text)))
                   for cell in line)  # fmt: skip


def test_an_amount_below_zero_stays_a_number() -> None:
    row = (*LUPITA[:2], -5, *LUPITA[3:])
    assert _sheet(tables.as_xlsx(**_table(rows=[row])))[5][2] == -0.05
    assert _lines(tables.as_csv(**_table(rows=[row])))[4][2] == "-0.05"


def test_what_no_sheet_can_hold_is_left_out_of_it() -> None:
    row = (*LUPITA[:1], "Jesús\x0b Ramírez\x00", *LUPITA[2:])
    assert _sheet(tables.as_xlsx(**_table(rows=[row])))[5][1] == "Jesús Ramírez"


def test_an_empty_table_has_its_heading() -> None:
    assert len(_sheet(tables.as_xlsx(**_table(rows=[], totals=())))) == 5
    assert _lines(tables.as_csv(**_table(rows=[], totals=())))[-1][1] == "Titular"


def test_a_day_of_long_ago_is_that_day() -> None:
    """A sheet counts a 29 of February in 1900 that never was: the days before it are counted another way."""
    days = [date(1900, 1, 31), date(1900, 2, 28), date(1900, 3, 1), date(2019, 1, 9)]
    rows = [(day, *LUPITA[1:]) for day in days]
    sheet = zipfile.ZipFile(io.BytesIO(tables.as_xlsx(**_table(rows=rows)))).read("xl/worksheets/sheet1.xml")
    # the fifth row of the sheet is the heading
    found = re.findall(rb'<c r="A(?:6|7|8|9)"[^>]*><v>(\d+)</v>', sheet)
    assert found == [b"31", b"59", b"61", b"43474"]
    assert [row[0] for row in _lines(tables.as_csv(**_table(rows=rows)))[4:8]] == [
        day.isoformat() for day in days
    ]


def test_every_amount_is_the_number_that_its_digits_say() -> None:
    amounts = [1, 10, 29, 115, 35_050, -7, 1_234_567_890_123, 999_999_999_999_99]
    rows = [(*LUPITA[:2], cents, *LUPITA[3:]) for cents in amounts]
    found = [row[2] for row in _sheet(tables.as_xlsx(**_table(rows=rows)))[5:-1]]
    assert found == [0.01, 0.10, 0.29, 1.15, 350.50, -0.07, 12_345_678_901.23, 999_999_999_999.99]
