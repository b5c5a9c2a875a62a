"""What a clerk can do with `caudal reading`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.town.cast import Town

from caudal.metering import commands as metering
from caudal.metering.cli import reading as reading_cli
from caudal.metering.models import Consumption, Reading

MONTH = ("--cycle", "MENSUAL", "--period", "201801")


@pytest.fixture(autouse=True)
def january(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2018-01-27T10:00:00")


def run(*words: str) -> Result:
    return CliRunner().invoke(reading_cli, list(words))


def test_a_month_from_file_to_doubts(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "enero.csv"
    file.write_text("CTA;LEC;OBS;FECHA\n010293;967;;25/01/2018\n010405;;PC;25/01/2018\n")
    result = run(
        "import", str(file), *MONTH, "--column", "account=CTA", "--column", "value=LEC", "--code", "PC=01"
    )
    assert result.exit_code == 0, result.output
    assert "Se guardaron 2 lecturas de 2 renglones." in result.output

    assert "01-004-0010  010512  AZ5300512" in run("unread", *MONTH).output
    told = run(
        "record", "010512", "20400", "--period", "201801", "--on", "2018-01-26", "--by", "laura"
    ).output
    assert told == "Medidor AZ5300512, 201801: lectura 20400, observación 00.\n"
    told = run("correct", "010293", "968", "--period", "201801", "--reason", "Era 8", "--by", "laura").output
    assert told == "Medidor AZ5300293, 201801: lectura 968, observación 00 (corrección 1).\n"

    summary = json.loads(run("assess", *MONTH, "--json").output)
    assert (summary["n_points"], summary["n_real"], summary["n_estimated"]) == (5, 2, 3)
    assert "5 tomas" in run("assess", *MONTH).output
    assert run("assess", *MONTH, "--account", "010293").output == (
        "950 → 968: 18 m³ en 23 días (real). Revisar: primera lectura: no hay con qué comparar.\n"
    )
    assert "010293" in run("list-doubts", *MONTH).output
    rows = json.loads(run("list-doubts", *MONTH, "--json").output)
    assert [row["account_number"] for row in rows] == ["010293", "010512"]


def test_a_bad_file_ends_with_an_error_and_writes_nothing(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "enero.csv"
    file.write_text("CUENTA,LECTURA,FECHA\n010293,967,25/01/2018\n999999,1,25/01/2018\n")
    result = run("import", str(file), *MONTH)
    assert result.exit_code == 2
    assert "enero.csv, renglón 3, columna CUENTA, valor «999999»: La cuenta 999999 no existe" in result.output
    assert "No se guardó ninguna de las 2 lecturas." in result.output
    assert not Reading.objects.filter(kind="regular").exists()
    assert run("import", str(file), *MONTH, "--accept-valid").exit_code == 0
    assert Reading.objects.filter(kind="regular").count() == 1


def test_words_that_make_no_sense_are_refused(town: Town) -> None:
    assert "no es un periodo" in run("assess", "--cycle", "MENSUAL", "--period", "201813").output
    assert "No existe el ciclo «OTRO»" in str(
        run("assess", "--cycle", "OTRO", "--period", "201801").exception
    )
    wrong = run("correct", "010293", "968", "--period", "201801", "--reason", "x").exception
    assert "no tiene lectura de ese periodo" in str(wrong)
    assert not Consumption.objects.exists()


def test_the_reader_asks_which_meters_to_read_again(town: Town) -> None:
    """Laura thinks Doña Lupita's January is odd; Julián asks for his list before he leaves."""
    assert run("rereads", "--cycle", "MENSUAL").output == "No hay relecturas pendientes.\n"
    metering.request_reread(
        service_point=town.point(town.lupita), period=201801, reason="Recibo alto", by="laura", at=town.at
    )
    assert run("rereads", "--cycle", "MENSUAL").output == "01-001-0020  201801  Recibo alto (pidió laura)\n"
