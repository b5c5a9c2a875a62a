"""Files of readings as people really hand them over."""

import io
from collections.abc import Sequence
from datetime import date

import pytest
import xlsxwriter
from tests.town.cast import Town, moment

from caudal.kernel.models import AuditEntry
from caudal.metering import commands as metering
from caudal.metering.files import CannotReadFile
from caudal.metering.models import Reading

AT = moment(date(2018, 1, 27))
GOOD = ["CUENTA,MEDIDOR,LECTURA,OBS,FECHA,LECTURISTA", "010293,AZ5300293,967,,25/01/2018,JRL"]


def take(town: Town, content: bytes | Sequence[str], **options: object) -> metering.ImportOutcome:
    body = content if isinstance(content, bytes) else "\n".join(content).encode()
    told = {"cycle": town.cycle, "period": 201801, "by": "laura", "at": AT, "file": "lecturas.csv"} | options
    return metering.import_readings(content=body, **told)


def written() -> list[tuple[str, int | None, str]]:
    rows = (
        Reading.objects.filter(kind="regular")
        .select_related("installation__meter")
        .order_by("installation_id")
    )
    return [(row.installation.meter.serial, row.value, row.exception_code) for row in rows]


def sentences(outcome: metering.ImportOutcome) -> list[tuple[int, str, str, str]]:
    return [(each.row, each.column, each.value, each.what) for each in outcome.findings]


def test_a_clean_file_is_taken_whole(town: Town) -> None:
    outcome = take(town, [*GOOD, "010405,AZ5300405,,01,2018-01-25,JRL", "010512,,20400,9,25-01-2018,"])
    assert (outcome.n_rows, outcome.n_written, outcome.errors) == (3, 3, [])
    assert written() == [("AZ5300293", 967, "00"), ("AZ5300405", None, "01"), ("AZ5300512", 20400, "09")]
    reading = Reading.objects.get(installation__meter__serial="AZ5300293", kind="regular")
    assert (reading.origin, reading.observer, reading.recorded_by) == ("import", "JRL", "laura")
    assert AuditEntry.objects.get(act="import_readings").after["written"] == 3


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings_are_recognized(town: Town, delimiter: str, encoding: str) -> None:
    text = (
        "Número de cuenta,Lectura,Observación,Fecha de lectura,Leyó\n10293,967,,25/01/2018,Julián Ramírez\n"
    )
    outcome = take(town, text.replace(",", delimiter).encode(encoding))
    assert outcome.n_written == 1
    assert Reading.objects.get(kind="regular").observer == "Julián Ramírez"


def test_a_spreadsheet_with_real_dates_and_numbers_is_taken(town: Town) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Lecturas de enero"])
    sheet.write_row(2, 0, ["CUENTA", "LECTURA", "OBS", "FECHA"])
    sheet.write_row(3, 0, ["010293", 967.0, ""])
    sheet.write_datetime(3, 3, AT.replace(tzinfo=None, day=25), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_row(4, 0, [10405, 4180, 9])
    sheet.write_string(4, 3, "25/01/2018")
    book.close()
    assert take(town, buffer.getvalue(), file="enero.xlsx").n_written == 2
    assert written() == [("AZ5300293", 967, "00"), ("AZ5300405", 4180, "09")]


def test_other_words_for_columns_and_codes_can_be_told(town: Town) -> None:
    outcome = take(
        town, ["CTA,LEC,MOT,DIA", "010293,,PC,25/01/2018"],
        headings={"account": "CTA", "value": "LEC", "code": "MOT", "read_on": "DIA"}, codes={"PC": "01"},
    )  # fmt: skip
    assert outcome.n_written == 1
    assert written() == [("AZ5300293", None, "01")]


BAD = [
    ("010999,,100,,25/01/2018,", "CUENTA", "010999", "La cuenta 010999 no existe o no tiene medidor."),
    ("010117,,100,,25/01/2018,", "CUENTA", "010117", "La cuenta 010117 no existe o no tiene medidor."),
    ("010405,AZ5300293,100,,25/01/2018,", "MEDIDOR", "AZ5300293",
     "El medidor AZ5300293 no está instalado en esa toma; ahí está el AZ5300405."),
    ("010405,,41x0,,25/01/2018,", "LECTURA", "41x0", "«41x0» no es un número entero."),
    ("010405,,4180.5,,25/01/2018,", "LECTURA", "4180.5", "«4180.5» no es un número entero."),
    ("010405,,,,25/01/2018,", "LECTURA", "", "Falta la lectura."),
    ("010405,,4180,99,25/01/2018,", "OBS", "99", "La observación 99 no existe."),
    ("010405,,4180,,31/02/2018,", "FECHA", "31/02/2018", "«31/02/2018» no es una fecha."),
    ("010405,,4180,,,", "FECHA", "", "Falta la fecha de lectura."),
    ("010405,,4180,,25/03/2018,", "FECHA", "25/03/2018", "La fecha 25/03/2018 no ha llegado."),
    ("010405,,4180,,25/11/2017,", "FECHA", "25/11/2017", "No había medidor instalado el 25/11/2017."),
    ("010405,,123456,,25/01/2018,", "LECTURA", "123456", "La lectura 123456 no cabe en una carátula de 5 dígitos."),
    ("010293,,968,,25/01/2018,", "CUENTA", "010293", "El medidor AZ5300293 ya viene en el renglón 2."),
    ("010405,,41", "LECTURA", "41", "El renglón está incompleto."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "column", "value", "what"), BAD)
def test_one_bad_row_stops_the_file_and_says_where(
    town: Town, line: str, column: str, value: str, what: str
) -> None:
    outcome = take(town, [*GOOD, line])
    assert sentences(outcome) == [(3, column, value, what)]
    assert outcome.findings[0].file == "lecturas.csv"
    assert outcome.findings[0].remedy
    assert outcome.n_written == 0
    assert written() == []
    assert not AuditEntry.objects.filter(act="import_readings").exists()


def test_the_good_rows_may_be_taken_and_the_rest_given_back(town: Town) -> None:
    outcome = take(town, [*GOOD, *(line for line, *_ in BAD)], accept_valid=True)
    assert outcome.n_written == 1
    assert [each.row for each in outcome.errors] == list(range(3, 3 + len(BAD)))
    assert written() == [("AZ5300293", 967, "00")]


def test_a_file_taken_twice_adds_nothing(town: Town) -> None:
    take(town, GOOD)
    again = take(town, GOOD)
    assert sentences(again) == [(2, "CUENTA", "010293", "El medidor AZ5300293 ya tiene lectura de 01/2018.")]
    assert len(written()) == 1


def test_a_reading_that_goes_back_is_taken_and_flagged(town: Town) -> None:
    outcome = take(town, [GOOD[0], "010293,,905,,25/01/2018,"])
    assert outcome.n_written == 1
    assert outcome.errors == []
    assert sentences(outcome) == [
        (2, "LECTURA", "905", "Lectura dudosa: la lectura es menor que la anterior."),
        # 950 with its last digits swapped
        (2, "LECTURA", "905", "Lectura dudosa: parece tener dos cifras invertidas."),
    ]


def test_a_billed_period_takes_no_file(town: Town) -> None:
    metering.close_period(cycle=town.cycle, period=201801, by="laura", at=AT)
    with pytest.raises(
        metering.CannotImportReadings, match=r"lecturas.csv: El periodo 01/2018 .* ya está facturado"
    ):
        take(town, GOOD)
    assert written() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "está vacío"),
        (b"\n \n", "está vacío"),
        (b"una sola columna\n", "No se encontró el renglón de encabezados"),
        (b"CUENTA,FECHA\n010293,25/01/2018\n", "Falta la columna LECTURA"),
        (b"LECTURA,FECHA\n967,25/01/2018\n", "Falta la columna CUENTA o MEDIDOR"),
        (b"PK\x03\x04 not a workbook", "La hoja de cálculo está dañada"),
        (b"CUENTA\x00,LECTURA", "No es un archivo de texto"),
        (b"\xff\xfeC\x00U", "No es un archivo de texto"),
        (b"CUENTA,LECTURA,FECHA\n010293,967,25/01/2018 " + b"\x81", "No es un archivo de texto"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(town: Town, content: bytes, sentence: str) -> None:
    with pytest.raises(CannotReadFile, match=sentence) as refused:
        take(town, content)
    assert refused.value.file == "lecturas.csv"
    assert refused.value.remedy
    assert written() == []
