"""Other utilities have other columns: a mapping says which is which, and is refused by name when it does not."""

from datetime import date
from pathlib import Path

import pytest

from caudal.intake import mapping
from caudal.intake.inspection import draft_mapping, inspect
from caudal.intake.mapping import CannotReadMapping
from caudal.intake.rehearsal import rehearse
from caudal.intake.sources import CannotReadSource
from tests.scenarios.old_system import ESPIGA, LUPITA, export, shipped_map

# another town: Excel wrote it, in UTF-8, with its own words; it has no sewer column and no months owed
ANOTHER_TOWN = """
name = "Sistema del pueblo vecino"
as_of = 2020-06-30
encoding = "utf-8"
date_formats = ["aaaa-mm-dd", "d/m/aa"]
decimal_point = ","
thousands = "."

[accounts]
file = "usuarios.csv"
separator = ";"
[accounts.columns]
number = "Contrato"
route = "Libro"
walk_sequence = "Orden"
name = "Usuario"
address = "Calle"
tariff_class = "Giro"
service = "Giro"
opened_on = "Alta"
balance = "Saldo"
[accounts.constants]
locality = "El Salitre"
sewerage = "N"
diameter = "1/2"
status = "A"

[debts]
file = "cartera*.csv"
separator = ";"
[debts.columns]
account = "Contrato"
period = "Periodo"
amount = "Monto"
[debts.constants]
concept = "TOTAL"

[codes.tariff_class]
casa = "HAB-GEN"
tienda = "COM-SEC"
[codes.service]
casa = "flat"
tienda = "flat"
[codes.sewerage]
N = false
[codes.diameter]
"1/2" = 13
[codes.status]
A = "active"
[codes.concept]
TOTAL = "legacy_debt"
"""


def test_another_town_with_other_words_and_less_to_say(tmp_path: Path) -> None:
    (tmp_path / "usuarios.csv").write_text(
        "Contrato;Libro;Orden;Usuario;Calle;Giro;Alta;Saldo\n"
        '7;A;1;Íñigo Peña;"Juárez 1; interior 2";casa;2001-02-28;1.250,50\n'
        "9;A;2;Abarrotes Lucha;Hidalgo 2;Tienda;5/11/98;0\n",
        encoding="utf-8",
    )
    (tmp_path / "cartera-1.csv").write_text("Contrato;Periodo;Monto\n7;202005;1.000,00\n", encoding="utf-8")
    (tmp_path / "cartera-2.csv").write_text("Contrato;Periodo;Monto\n7;202006;250,5\n", encoding="utf-8")

    rehearsal = rehearse(directory=tmp_path, mapping=mapping.parse(text=ANOTHER_TOWN, file="mapa.toml"))

    assert rehearsal.findings == []
    house, shop = rehearsal.accounts
    assert (house.name, house.address, house.opened_on, house.balance_cents) == (
        "Íñigo Peña", "Juárez 1; interior 2", date(2001, 2, 28), 125_050,
    )  # fmt: skip
    assert (shop.tariff_class, shop.opened_on, shop.locality, shop.has_sewerage) == (
        "COM-SEC", date(1998, 11, 5), "El Salitre", False,
    )  # fmt: skip
    assert [(row.file, row.period, row.concept, row.cents) for row in rehearsal.debts] == [
        ("cartera-1.csv", 202005, "legacy_debt", 100_000), ("cartera-2.csv", 202006, "legacy_debt", 25_050),
    ]  # fmt: skip


REFUSED = [
    ('encoding = "windows-1252"', 'encoding = "ebcdic"', "mapa.toml, valor «ebcdic»: «encoding» no sirve en el mapa. Use uno de: "
     "windows-1252, cp1252, latin-1, iso-8859-1, utf-8, cp850, cp437."),
    ('name = "NOMBRE"\n', "", "mapa.toml: Falta «accounts.columns.name» en el mapa, o no sirve. Diga qué columna es: nombre; "
     "o ponga un valor fijo en [accounts.constants]."),
    ('year = "ANIO"\nmonth = "MES"\nvalue', 'value', "mapa.toml: Falta «readings.columns» en el mapa, o no sirve. "
     "Diga las columnas year y month, o period."),
    ('separator = "|"', 'separator = "||"', "mapa.toml, valor «||»: «accounts.separator» no sirve en el mapa. "
     "Debe ser un solo carácter, como \"|\" o \";\"."),
    ('balance_differs = "load_detail"', 'balance_differs = "adivina"', "mapa.toml, valor «adivina»: «decisions.balance_differs» "
     "no sirve en el mapa. Use uno de: load_detail, set_apart."),
    ('"50" = "pensioner"', '"50" = "viejito"', "mapa.toml, valor «viejito»: «codes.discount.50» no sirve en el mapa. "
     "Use uno de: '', 'pensioner', 'disabled', 'widowed', 'senior'."),
    ('"1/2" = 13', '"1/2" = "13"', "mapa.toml, valor «13»: «codes.diameter.1/2» no sirve en el mapa. No es del tipo que se espera."),
    ('date_formats = ["dd/mm/aaaa"]', 'date_formats = ["%d/%m/%Y"]', "mapa.toml, valor «%d/%m/%Y»: «date_formats» no sirve en el "
     "mapa. Escríbalo con dd, mm y aaaa, como \"dd/mm/aaaa\" o \"aaaa-mm-dd\"."),
    ("due_day = 15", "due_day = 31", "mapa.toml, valor «31»: «due_day» no sirve en el mapa. Ponga un día del 1 al 28."),
    ("# route = \"000\"", "route = 7", "mapa.toml, valor «7»: «if_unusable.route» no sirve en el mapa. "
     "No es del tipo que se espera (fecha como 1990-01-31, o texto)."),
    ("as_of = 2018-12-31", "", "mapa.toml: Falta «as_of» en el mapa, o no sirve. Agréguelo al principio del mapa."),
    ("[decisions]", "[desiciones]", "mapa.toml: Falta «desiciones» en el mapa, o no sirve. No se conoce. Aquí van: accounts, as_of, "
     "codes, cycle, date_formats, debts, decimal_point, decisions, due_day, encoding, if_unusable, municipal_seat, name, "
     "payments, readings, thousands."),
    ("[accounts]", "[accounts", "mapa.toml, renglón 16: El mapa no es TOML válido. Revise comillas, corchetes y signos de igual "
     "de ese renglón."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), REFUSED)
def test_a_mapping_that_cannot_be_used_is_refused_where_it_is_wrong(
    old: str, new: str, sentence: str
) -> None:
    with pytest.raises(CannotReadMapping) as refused:
        shipped_map(replacing={old: new})
    assert str(refused.value) == sentence


def test_a_code_column_without_meanings_is_asked_for(tmp_path: Path) -> None:
    text = mapping.DEFAULT.read_text(encoding="utf-8")
    start, end = text.index("[codes.tender]"), text.index("[codes.canceled]")
    with pytest.raises(
        CannotReadMapping, match="«codes.tender».*Diga qué significa cada clave de: forma de pago"
    ):
        mapping.parse(text=text[:start] + text[end:], file="mapa.toml")


def test_a_mapping_that_is_not_there_or_not_utf8_says_so(tmp_path: Path) -> None:
    with pytest.raises(CannotReadMapping, match="No se pudo leer el mapa"):
        mapping.load(path=tmp_path / "no-existe.toml")
    (tmp_path / "mapa.toml").write_bytes('name = "Año"'.encode("cp1252"))
    with pytest.raises(CannotReadMapping, match="El mapa no está en UTF-8"):
        mapping.load(path=tmp_path / "mapa.toml")


def test_inspecting_tells_what_each_file_seems_to_be(tmp_path: Path) -> None:
    reports = {each.file: each for each in inspect(directory=export(tmp_path))}

    assert {
        name: (each.table, each.separator, each.rows, each.newline) for name, each in reports.items()
    } == {
        "PADRON.TXT": ("accounts", "|", 3, "CRLF"),
        "LECTURAS.CSV": ("readings", ",", 5, "CRLF"),
        "ADEUDOS.CSV": ("debts", ",", 8, "CRLF"),
        "PAGOS18.CSV": ("payments", ";", 2, "CRLF"),
    }
    assert reports["PADRON.TXT"].encoding == "windows-1252"
    tariff = next(each for each in reports["PADRON.TXT"].columns if each.name == "TARIFA")
    assert (tariff.field, tariff.filled, tariff.distinct, tariff.looks, tariff.examples) == (
        "tariff_class", 3, 2, "texto", ("HAB-GEN", "COM-SEC"),
    )  # fmt: skip
    opened = next(each for each in reports["PADRON.TXT"].columns if each.name == "F_ALTA")
    assert (opened.field, opened.looks) == ("opened_on", "fecha")


def test_the_mapping_that_inspecting_drafts_can_be_used_once_its_questions_are_answered(
    tmp_path: Path,
) -> None:
    directory = export(
        tmp_path, accounts=[LUPITA, ESPIGA.replace("COM-SEC", "TORTI")], debts=["010293,2018,12,AGUA,0.10"]
    )
    draft = draft_mapping(reports=inspect(directory=directory))

    assert '# "TORTI" = ¿qué significa?' in draft
    drafted = mapping.parse(
        text=draft.replace('# "TORTI" = ¿qué significa?', '"TORTI" = "COM-SEC"'), file="borrador.toml"
    )
    assert drafted.tables["accounts"].columns == shipped_map().tables["accounts"].columns
    rehearsal = rehearse(directory=directory, mapping=drafted)
    assert [row.tariff_class for row in rehearsal.accounts] == ["HAB-GEN", "COM-SEC"]


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotReadSource, match="No es una carpeta"):
        inspect(directory=tmp_path / "nada")
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(CannotReadSource, match="No hay archivos de texto con columnas"):
        inspect(directory=tmp_path)
