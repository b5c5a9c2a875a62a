"""Every kind of dirt that real exports have: found at its place, told in Spanish, with what to do."""

from pathlib import Path

import pytest

from tests.scenarios.old_system import (
    CHUY,
    CHUY_OWES,
    ESPIGA,
    LUPITA,
    PADRON,
    PAID,
    READ,
    export,
    only,
    rehearsed,
)


def test_a_clean_export_has_nothing_to_tell_but_goes_in_whole(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path))

    assert rehearsal.findings == []
    assert [tally.accepted_rows for tally in rehearsal.tallies.values()] == [3, 5, 8, 2]
    assert rehearsal.tallies["debts"].accepted_cents == 27_390
    assert rehearsal.tallies["payments"].accepted_cents == 84_250


FIX = "Corríjalo en el sistema anterior y vuelva a exportar"
ACCOUNT_DIRT = [
    # (what is replaced in Don Chuy's line, with what, the finding, the whole sentence)
    ("02/09/1997", "31/02/1999", "impossible_date",
     f"PADRON.TXT, renglón 2, columna F_ALTA, valor «31/02/1999»: La fecha no existe en el calendario: fecha de alta. {FIX}."),
    ("02/09/1997", "00/00/0000", "impossible_date",
     f"PADRON.TXT, renglón 2, columna F_ALTA, valor «00/00/0000»: La fecha no existe en el calendario: fecha de alta. {FIX}."),
    ("02/09/1997", "1/1/85", "date_format",
     "PADRON.TXT, renglón 2, columna F_ALTA, valor «1/1/85»: La fecha no tiene el formato dd/mm/aaaa: fecha de alta. "
     "Corríjala, o agregue su formato en date_formats del mapa."),
    ("02/09/1997", "15/08/2109", "future_date",
     f"PADRON.TXT, renglón 2, columna F_ALTA, valor «15/08/2109»: La fecha es posterior al corte (31/12/2018): fecha de alta. {FIX}."),
    ("HAB-GEN", "XX", "unknown_code",
     "PADRON.TXT, renglón 2, columna TARIFA, valor «XX»: La clave no está en el mapa: tarifa. "
     "Corrija el renglón, o agregue la clave en [codes.tariff_class] del mapa si es correcta."),
    ("|F|S|", "|Q|S|", "unknown_code",
     "PADRON.TXT, renglón 2, columna SERV, valor «Q»: La clave no está en el mapa: medido o cuota fija. "
     "Corrija el renglón, o agregue la clave en [codes.service] del mapa si es correcta."),
    ("|A|273", "|Z|273", "unknown_code",
     "PADRON.TXT, renglón 2, columna STATUS, valor «Z»: La clave no está en el mapa: estado de la cuenta. "
     "Corrija el renglón, o agregue la clave en [codes.status] del mapa si es correcta."),
    ("1997||", "1997|35|", "unknown_code",
     "PADRON.TXT, renglón 2, columna DESCTO, valor «35»: La clave no está en el mapa: descuento. "
     "Corrija el renglón, o agregue la clave en [codes.discount] del mapa si es correcta."),
    ("JESUS RAMIREZ OCHOA", "", "missing_value",
     "PADRON.TXT, renglón 2, columna NOMBRE: Falta el dato: nombre. Complételo en el sistema anterior y vuelva a exportar."),
    ("HIDALGO 117", "  ", "missing_value",
     "PADRON.TXT, renglón 2, columna DOMICILIO: Falta el dato: domicilio. Complételo en el sistema anterior y vuelva a exportar."),
    ("|01|001|", "|01||", "missing_value",
     "PADRON.TXT, renglón 2, columna RUTA: Falta el dato: ruta. Complételo en el sistema anterior y vuelva a exportar."),
    ("|00010|", "|A10|", "bad_number",
     f"PADRON.TXT, renglón 2, columna FOLIO, valor «A10»: No es un número entero: folio en la ruta. {FIX}."),
    ("273.90", "273,9.0", "bad_amount",
     f"PADRON.TXT, renglón 2, columna SALDO, valor «273,9.0»: No es un importe en pesos y centavos: saldo. {FIX}."),
    ("|F|S||", "|M|S||", "metered_without_meter",
     "PADRON.TXT, renglón 2, columna MEDIDOR: Es servicio medido y no tiene número de medidor. Capture el medidor; "
     "o ponga metered_without_meter = \"flat\" en el mapa para cobrarla como cuota fija."),
    ("HIDALGO 117", "HIDALGO 117|INT 2", "field_count",
     "PADRON.TXT, renglón 2: Tiene 23 campos y el encabezado 22. "
     "Quite el separador que quedó dentro de un dato, o complete el renglón."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "sentence"), ACCOUNT_DIRT)
def test_an_account_that_cannot_be_trusted_stays_apart_with_all_that_is_his(
    tmp_path: Path, old: str, new: str, code: str, sentence: str
) -> None:
    assert old in CHUY
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY.replace(old, new), LUPITA, ESPIGA]))

    assert str(only(rehearsal, code)) == sentence
    assert [row.number for row in rehearsal.accounts] == ["010293", "010405"]
    # his eight debts hang from him: none is loaded, none is lost
    assert rehearsal.debts == []
    assert {each.code for each in rehearsal.apart("debts")} == {"account_set_apart"}
    assert rehearsal.tallies["debts"].apart_cents == 27_390
    assert all(tally.is_whole for tally in rehearsal.tallies.values())


ACCOUNT_WARNINGS = [
    ("JESUS RAMIREZ OCHOA", "  JESUS  RAMIREZ OCHOA ", "odd_spaces", "JESUS RAMIREZ OCHOA"),
    ("JESUS RAMIREZ OCHOA", "JESUS NUÃ‘EZ OCHOA", "mojibake", "JESUS NUÃ‘EZ OCHOA"),
    ("3929251117", "925-1117", "odd_phone", "JESUS RAMIREZ OCHOA"),
    ("|||A|", "||GAHM560427MVZRRL09|A|", "invalid_curp", "JESUS RAMIREZ OCHOA"),
    ("|||A|", "|XYZ010101AA1||A|", "invalid_rfc", "JESUS RAMIREZ OCHOA"),
    ("273.90|2|", "273.90|3|", "months_differ", "JESUS RAMIREZ OCHOA"),
    ("|F|S||", "|F|S|AZ5300117|", "flat_with_meter", "JESUS RAMIREZ OCHOA"),
]


@pytest.mark.parametrize(("old", "new", "code", "name"), ACCOUNT_WARNINGS)
def test_an_account_with_an_oddity_is_loaded_and_the_oddity_told(
    tmp_path: Path, old: str, new: str, code: str, name: str
) -> None:
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY.replace(old, new), LUPITA, ESPIGA]))

    assert only(rehearsal, code).row == 2
    chuy = rehearsal.accounts[0]
    assert (chuy.name, chuy.curp, chuy.rfc, chuy.meter) == (name, "", "", "")
    assert len(rehearsal.debts) == 8


def test_mojibake_names_the_word_that_was_meant(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY.replace("RAMIREZ", "NUÃ‘EZ"), LUPITA, ESPIGA]))
    assert (
        only(rehearsal, "mojibake").what
        == "Parece texto con las letras cambiadas; tal vez «JESUS NUÑEZ OCHOA»."
    )


def test_an_account_that_comes_twice_the_same_counts_once(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY, LUPITA, ESPIGA, CHUY]))

    assert str(only(rehearsal, "repeated_row")) == (
        "PADRON.TXT, renglón 5, columna CUENTA, valor «010117»: Es idéntico al renglón 2. "
        "Se usa el primero. Quite la repetición en el sistema anterior."
    )
    assert [row.line for row in rehearsal.accounts] == [2, 3, 4]
    assert len(rehearsal.debts) == 8


def test_an_account_that_comes_twice_and_differs_is_nobodys_guess(tmp_path: Path) -> None:
    other = CHUY.replace("JESUS RAMIREZ", "JOSE RAMIREZ").replace("HIDALGO 117", "HIDALGO 171")
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY, LUPITA, ESPIGA, other]))

    first, second = rehearsal.of("contradictory_row")
    assert (first.row, second.row) == (2, 5)
    assert second.what == "Está también en el renglón 2, con otros datos: NOMBRE, DOMICILIO."
    assert [row.number for row in rehearsal.accounts] == ["010293", "010405"]
    assert rehearsal.debts == []


def test_one_meter_on_two_accounts_sets_both_apart_and_the_readings_hint_whose_it_is(tmp_path: Path) -> None:
    espiga = ESPIGA.replace("AZ5300405", "AZ5300293")
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY, LUPITA, espiga]))

    lupita, tortilleria = rehearsal.of("meter_on_two_accounts")
    assert lupita.what == "El medidor está también en la cuenta 010405."
    assert tortilleria.what == "El medidor está también en la cuenta 010293. Sus lecturas dicen «AZ5300405»."
    assert [row.number for row in rehearsal.accounts] == ["010117"]
    assert rehearsal.readings == []


def test_a_balance_that_is_not_its_detail_is_told_and_the_detail_is_loaded(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY.replace("273.90", "273.89"), LUPITA, ESPIGA]))

    assert str(only(rehearsal, "balance_differs")) == (
        "PADRON.TXT, renglón 2, columna SALDO, valor «273.89»: El saldo dice $273.89 y el detalle de adeudos suma "
        "$273.90: diferencia −$0.01. Se carga el detalle; la diferencia queda en la conciliación. Averigüe cuál está bien."
    )
    assert sum(row.cents for row in rehearsal.debts) == 27_390


def test_a_balance_that_is_not_its_detail_stays_apart_if_the_mapping_says_so(tmp_path: Path) -> None:
    directory = export(tmp_path, accounts=[CHUY.replace("273.90", "273.89"), LUPITA, ESPIGA])
    rehearsal = rehearsed(
        directory, replacing={'balance_differs = "load_detail"': 'balance_differs = "set_apart"'}
    )

    assert only(rehearsal, "balance_differs_apart").account == "010117"
    assert [row.number for row in rehearsal.accounts] == ["010293", "010405"]


def test_a_negative_balance_is_money_in_favor(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path, accounts=[CHUY, LUPITA.replace("|0.00|", "|-56.90|"), ESPIGA]))

    assert only(rehearsal, "negative_balance").what == "El saldo es negativo: −$56.90."
    assert [row.credit_cents for row in rehearsal.accounts] == [0, 5_690, 0]


def test_a_thousands_comma_is_a_way_of_writing_and_no_finding(tmp_path: Path) -> None:
    owes = ('010117,2018,12,AGUA,"1,110.00"',)
    rehearsal = rehearsed(
        export(tmp_path, accounts=[CHUY.replace("273.90|2", "1,110.00|1"), LUPITA, ESPIGA], debts=owes)
    )

    assert rehearsal.findings == []
    assert rehearsal.debts[0].cents == 111_000


READING_DIRT = [
    ("2018,12,967,9,", "2018,12,949,9,", "reading_goes_back",
     "LECTURAS.CSV, renglón 4, columna LECTURA, valor «949»: Es menor que la lectura anterior (950, renglón 2). Vea si fue "
     "error de captura, cambio de medidor o vuelta de carátula, y corríjala. No se carga."),
    ("AZ5300293,2018,12", "AZ0000001,2018,12", "other_meter",
     "LECTURAS.CSV, renglón 4, columna MEDIDOR, valor «AZ0000001»: La lectura es de otro medidor; en PADRON.TXT la cuenta "
     "tiene «AZ5300293». Corrija el medidor del padrón o el de la lectura."),
    ("967,9,,", "967,9,ZZ,", "unknown_code",
     "LECTURAS.CSV, renglón 4, columna OBS, valor «ZZ»: La clave no está en el mapa: observación. Corrija el renglón, o "
     "agregue la clave en [codes.observation] del mapa si es correcta."),
    ("967,9,,", ",,,", "no_value_no_reason",
     "LECTURAS.CSV, renglón 4, columna LECTURA: No trae lectura ni observación que diga por qué. "
     "Capture la lectura o su observación."),
    ("967,9,", "9b7,9,", "bad_number",
     "LECTURAS.CSV, renglón 4, columna LECTURA, valor «9b7»: No es un número entero: lectura. "
     "Corríjalo en el sistema anterior y vuelva a exportar."),
    ("2018,12,967", "2019,1,967", "impossible_period",
     "LECTURAS.CSV, renglón 4, columna MES, valor «1»: El año y mes no son un periodo hasta el corte (31/12/2018). "
     "Corríjalo en el sistema anterior y vuelva a exportar."),
    ("010293,AZ5300293,2018,12", "010117,AZ5300293,2018,12", "reading_of_flat_service",
     "LECTURAS.CSV, renglón 4, columna MEDIDOR, valor «AZ5300293»: La cuenta es de cuota fija y no tiene medidor "
     "instalado. Corrija su régimen o quite la lectura."),
    ("010293,AZ5300293,2018,12", "999999,AZ5300293,2018,12", "unknown_account",
     "LECTURAS.CSV, renglón 4, columna CUENTA, valor «999999»: La cuenta no está en PADRON.TXT. "
     "Averigüe de quién es y corrija la cuenta. No se carga."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "sentence"), READING_DIRT)
def test_a_reading_that_cannot_be_trusted_stays_apart_and_its_neighbors_stay_in(
    tmp_path: Path, old: str, new: str, code: str, sentence: str
) -> None:
    assert old in READ[2]
    rehearsal = rehearsed(export(tmp_path, readings=[*READ[:2], READ[2].replace(old, new), *READ[3:]]))

    assert str(only(rehearsal, code)) == sentence
    assert [row.line for row in rehearsal.readings] == [2, 3, 5, 6]
    assert rehearsal.tallies["readings"].is_whole


def test_a_consumption_that_is_not_the_difference_is_loaded_as_it_was_billed(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path, readings=[*READ[:4], READ[4].replace(",46,", ",64,")]))

    assert str(only(rehearsal, "consumption_differs")) == (
        "LECTURAS.CSV, renglón 6, columna CONSUMO, valor «64»: El consumo no es la diferencia con la lectura anterior "
        "(4100): serían 46 m³. Se carga el consumo que se cobró. Revíselo."
    )
    assert rehearsal.readings[-1].consumption_m3 == 64


def test_after_a_month_that_was_not_read_the_difference_is_of_both_and_no_finding(tmp_path: Path) -> None:
    # Lupita: 950 in October, closed house in November, 967 in December with 9 m³: the other 8 are November's
    assert rehearsed(export(tmp_path)).of("consumption_differs") == []


def test_a_meter_that_was_not_read_at_the_cutoff_is_told_before_it_is_billed(tmp_path: Path) -> None:
    closed = "010405,AZ5300405,2018,12,,,PC,21/12/2018,MPG"
    rehearsal = rehearsed(export(tmp_path, readings=[*READ[:4], closed]))
    assert only(rehearsal, "unread_at_cutoff").what == (
        "No hay lectura en 12/2018 ni después: la siguiente se medirá desde 4100 (27/11/2018)."
    )


DEBT_DIRT = [
    ("010117,2018,12,AGUA", "999999,2018,12,AGUA", "unknown_account", "999999"),
    ("AGUA", "VARIOS", "unknown_code", "VARIOS"),
    ("110.00", "1.1.0", "bad_amount", "1.1.0"),
    ("110.00", "0.00", "bad_amount", "0.00"),
    ("110.00", "110.005", "bad_amount", "110.005"),
    (",12,", ",13,", "impossible_period", "13"),
    ("2018,12", "2019,2", "impossible_period", "2"),
]


@pytest.mark.parametrize(("old", "new", "code", "value"), DEBT_DIRT)
def test_a_debt_that_cannot_be_trusted_stays_apart_and_the_balance_tells_on_it(
    tmp_path: Path, old: str, new: str, code: str, value: str
) -> None:
    rehearsal = rehearsed(export(tmp_path, debts=[CHUY_OWES[0].replace(old, new), *CHUY_OWES[1:]]))

    assert (only(rehearsal, code).row, only(rehearsal, code).value) == (2, value)
    assert sum(row.cents for row in rehearsal.debts) == 27_390 - 11_000
    # the account's balance still counts those 110.00
    assert "diferencia $110.00" in only(rehearsal, "balance_differs").what
    assert rehearsal.tallies["debts"].is_whole


def test_a_debt_that_comes_twice_counts_once_and_a_different_one_not_at_all(tmp_path: Path) -> None:
    again = rehearsed(export(tmp_path / "same", debts=[*CHUY_OWES, CHUY_OWES[0]]))
    assert only(again, "repeated_row").row == 10
    assert len(again.debts) == 8

    other = rehearsed(
        export(tmp_path / "other", debts=[*CHUY_OWES, CHUY_OWES[0].replace("110.00", "150.00")])
    )
    assert [each.row for each in other.of("contradictory_row")] == [2, 10]
    assert len(other.debts) == 7


PAYMENT_DIRT = [
    ("17/12/2018", "30/02/2018", "impossible_date"),
    (";E;", ";X;", "unknown_code"),
    ("42.50", "-42.50", "bad_amount"),
    ("010293", "999999", "unknown_account"),
    ("A0000001;", ";", "missing_value"),
]


@pytest.mark.parametrize(("old", "new", "code"), PAYMENT_DIRT)
def test_a_payment_that_cannot_be_trusted_stays_apart(tmp_path: Path, old: str, new: str, code: str) -> None:
    rehearsal = rehearsed(export(tmp_path, payments=[PAID[0].replace(old, new), PAID[1]]))
    assert only(rehearsal, code).row == 2
    assert [row.folio for row in rehearsal.payments] == ["B0000002"]


def test_a_canceled_payment_is_kept_as_canceled_and_a_repeated_folio_counts_once(tmp_path: Path) -> None:
    rehearsal = rehearsed(export(tmp_path, payments=[PAID[0] + "S", PAID[1], PAID[1]]))
    assert only(rehearsal, "canceled_payment").value == "S"
    assert only(rehearsal, "repeated_row").value == "B0000002"
    assert [(row.folio, row.is_canceled) for row in rehearsal.payments] == [
        ("A0000001", True),
        ("B0000002", False),
    ]


def test_a_blank_line_and_a_mark_at_the_start_are_passed_over(tmp_path: Path) -> None:
    directory = export(tmp_path)
    body = (directory / "ADEUDOS.CSV").read_bytes()
    (directory / "ADEUDOS.CSV").write_bytes(b"\xef\xbb\xbf" + body.replace(b"\r\n", b"\r\n\r\n", 1))
    rehearsal = rehearsed(directory)
    assert [(each.code, each.row) for each in rehearsal.findings] == [
        ("byte_order_mark", 0),
        ("blank_line", 2),
    ]
    assert len(rehearsal.debts) == 8


def test_null_bytes_and_letters_outside_the_encoding_spoil_their_line_only(tmp_path: Path) -> None:
    directory = export(tmp_path)
    path = directory / "PADRON.TXT"
    body = (
        path.read_bytes()
        .replace(b"JESUS RAMIREZ", b"JESUS\x00RAMIREZ")
        .replace(b"TORTILLERIA", b"TORTILLER\x8dA")
    )
    path.write_bytes(body)
    rehearsal = rehearsed(directory)

    assert (only(rehearsal, "nul_bytes").row, only(rehearsal, "undecodable").row) == (2, 4)
    assert [row.number for row in rehearsal.accounts] == ["010293"]
    assert {each.code for each in rehearsal.apart("debts")} == {"account_set_apart"}


FILE_DIRT = [
    ("utf-8", "PADRON.TXT: El archivo parece estar en utf-8, y el mapa dice windows-1252. "
              "Ponga encoding = \"utf-8\" en el mapa, o vuelva a exportarlo."),
    ("cp850", "PADRON.TXT: El archivo parece estar en cp850, y el mapa dice windows-1252. "
              "Ponga encoding = \"cp850\" en el mapa, o vuelva a exportarlo."),
    ("utf-16", "PADRON.TXT: El archivo parece estar en utf-16, y el mapa dice windows-1252. "
               "Ponga encoding = \"utf-16\" en el mapa, o vuelva a exportarlo."),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "sentence"), FILE_DIRT)
def test_a_file_in_another_encoding_stops_the_set(tmp_path: Path, encoding: str, sentence: str) -> None:
    directory = export(tmp_path)
    path = directory / "PADRON.TXT"
    path.write_bytes(path.read_bytes().decode("cp1252").encode(encoding))
    assert [str(each) for each in rehearsed(directory).stops] == [sentence]


def test_a_file_cut_short_stops_the_set(tmp_path: Path) -> None:
    directory = export(tmp_path)
    path = directory / "ADEUDOS.CSV"
    path.write_bytes(path.read_bytes()[:-14])  # the disk was full in the middle of a line
    assert [str(each) for each in rehearsed(directory).stops] == [
        "ADEUDOS.CSV, renglón 9: El último renglón está incompleto: el archivo se cortó al copiarse o exportarse. "
        "Vuelva a exportarlo o a copiarlo entero; no cargue una parte."
    ]


def test_the_wrong_separator_a_missing_column_or_file_and_an_empty_one_stop_the_set(tmp_path: Path) -> None:
    directory = export(tmp_path)
    (directory / "LECTURAS.CSV").write_bytes(b"")
    (directory / "PAGOS18.CSV").unlink()
    padron = directory / "PADRON.TXT"
    padron.write_bytes(padron.read_bytes().replace(b"|TARIFA|", b"|USO|"))
    debts = directory / "ADEUDOS.CSV"
    debts.write_bytes(debts.read_bytes().replace(b",", b";"))

    stops = {each.code: str(each) for each in rehearsed(directory).stops}
    assert stops == {
        "missing_column": "PADRON.TXT, renglón 1, columna TARIFA: El encabezado no tiene la columna TARIFA. Corrija el mapa "
        "(accounts.columns.tariff_class) o vuelva a exportar con esa columna. El archivo trae: "
        + ", ".join(PADRON.replace("TARIFA", "USO").split("|"))
        + ".",
        "empty_file": "LECTURAS.CSV: El archivo no tiene renglones. Vuelva a exportarlo.",
        "wrong_separator": "ADEUDOS.CSV: Con el separador «,» solo se ve una columna. "
        "Corrija «separator» en el mapa; parece ser «;».",
        "missing_file": "PAGOS*.CSV: No está el archivo. Póngalo en la carpeta o corrija su nombre en el mapa.",
    }


def test_what_the_mapping_says_to_use_instead_is_used_and_told(tmp_path: Path) -> None:
    chuy = CHUY.replace("02/09/1997", "  /  /    ").replace("HAB-GEN", "XX")
    directory = export(tmp_path, accounts=[chuy, LUPITA, ESPIGA])
    rehearsal = rehearsed(
        directory,
        replacing={
            "# opened_on = 1990-01-01": "opened_on = 1990-01-01",
            '# tariff_class = "HAB-GEN"': 'tariff_class = "HAB-GEN"',
        },
    )

    assert [each.what for each in rehearsal.of("replaced")] == [
        "No sirve (La clave no está en el mapa: tarifa); el mapa manda usar «HAB-GEN».",
        "No sirve (La fecha no existe en el calendario: fecha de alta); el mapa manda usar «1990-01-01».",
    ]
    assert (rehearsal.accounts[0].tariff_class, str(rehearsal.accounts[0].opened_on)) == (
        "HAB-GEN",
        "1990-01-01",
    )
