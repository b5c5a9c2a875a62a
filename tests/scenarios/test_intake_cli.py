"""The same from the keyboard: inspect, map, rehearse, load, reconcile, and starting an empty utility."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from caudal.access.commands import CannotAddClerk
from caudal.access.models import Clerk
from caudal.intake import cli
from caudal.intake.starting import CannotStartUtility
from caudal.intake.workbook import CannotWriteFile
from caudal.kernel.models import Utility
from caudal.registry.models import Account, BillingCycle, Locality
from tests.scenarios.old_system import CHUY, ESPIGA, LUPITA, export

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
WHO = [
    "--name",
    "SIBAPAS",
    "--locality",
    "La Barca",
    "--clerk",
    "salas",
    "--clerk-name",
    "Ing. Héctor Salas Pérez",
]
RFC, PASSWORD = ["--rfc", "EKU9003173C9"], ["--password", "agua-clara-2019"]


def run(command: click.Command, *words: object) -> Result:
    """Run a command as a person would; what it refuses is raised."""
    return CliRunner().invoke(
        command, [str(word) for word in words], catch_exceptions=False, standalone_mode=True
    )


def test_inspect_and_rehearse_tell_and_write_without_loading(db: None, tmp_path: Path) -> None:
    directory = export(tmp_path / "files", accounts=[CHUY.replace("HAB-GEN", "XX"), LUPITA, ESPIGA])
    inspected = run(cli.intake, "inspect", directory, "--write-map", tmp_path / "mapa.toml")
    assert "PADRON.TXT: padrón · 3 renglones · windows-1252 · separador «|» · CRLF" in inspected.output

    rehearsed = run(cli.intake, "rehearse", directory, "--out", tmp_path / "out")
    assert rehearsed.exit_code == 0
    assert (
        "Padrón              3          2          1            $273.90              $0.00          $273.90"
        in rehearsed.output
    )
    assert "■      1  Clave desconocida (aparta)" in rehearsed.output
    assert Account.objects.count() == 0

    sheets = CalamineWorkbook.from_path(str(tmp_path / "out" / "hallazgos.xlsx"))
    findings = sheets.get_sheet_by_name("Hallazgos").to_python()
    # his account, and the eight debts that hang from it
    assert [row[:4] for row in findings[1:]].count(
        ["aparta", "De una cuenta apartada", "ADEUDOS.CSV", 2.0]
    ) == 1
    assert len(findings) == 1 + 1 + 8
    assert sheets.get_sheet_by_name("Apartado Padrón").to_python()[1][2:5] == [
        "010117",
        273.9,
        "Clave desconocida",
    ]
    text = (tmp_path / "out" / "hallazgos.csv").read_text(encoding="utf-8-sig").splitlines()
    assert text[0].startswith("Gravedad,Hallazgo,Archivo,Renglón")
    assert len(text) == 10


@pytest.mark.usefixtures("classes")
def test_load_and_reconcile_agree_and_say_so_to_programs_too(tmp_path: Path) -> None:
    directory = export(tmp_path)
    loaded = json.loads(run(cli.intake, "load", directory, "--by", "laura", "--json").stdout)

    assert loaded["rows"]["accounts"] == {"new": 3, "changed": 0, "unchanged": 0, "removed": 0}
    assert (loaded["charged_cents"], loaded["reconciliation"]["is_exact"]) == (27_390, True)
    assert loaded["reconciliation"]["tables"]["payments"] == {
        "rows": 2, "accepted": 2, "apart": 0, "cents": 84_250, "accepted_cents": 84_250, "apart_cents": 0,
    }  # fmt: skip
    reconciled = run(cli.intake, "reconcile", directory)
    assert reconciled.exit_code == 0
    assert "Lo cargado es exactamente lo aceptado." in reconciled.output


@pytest.mark.usefixtures("classes")
def test_reconcile_before_loading_says_no_with_its_exit_code(tmp_path: Path) -> None:
    reconciled = run(cli.intake, "reconcile", export(tmp_path))
    assert reconciled.exit_code == 3
    assert "Lo cargado NO es lo aceptado: vuelva a cargar." in reconciled.output


def test_the_shipped_map_is_copied_once(tmp_path: Path) -> None:
    run(cli.intake, "map", tmp_path / "mapa.toml")
    assert 'file = "PADRON.TXT"' in (tmp_path / "mapa.toml").read_text(encoding="utf-8")
    with pytest.raises(CannotWriteFile, match="Ya existe ese archivo. Elija otro nombre."):
        run(cli.intake, "map", tmp_path / "mapa.toml")


def test_findings_that_cannot_be_written_say_what_to_do(db: None, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("un archivo, no una carpeta")
    with pytest.raises(CannotWriteFile, match="Ciérrelo si está abierto, o indique otra carpeta con --out."):
        run(cli.intake, "rehearse", export(tmp_path / "files"), "--out", tmp_path / "out")


@pytest.fixture
def tables_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database has its tables already, and its owner is elsewhere."""
    monkeypatch.setattr("caudal.intake.starting.make_tables", lambda: None)


@pytest.mark.usefixtures("db", "tables_are_made")
def test_an_empty_utility_starts_with_its_name_its_seal_and_one_person(tmp_path: Path) -> None:
    (tmp_path / "escudo.png").write_bytes(PNG)
    started = run(
        cli.init, *WHO, *RFC, *PASSWORD, "--logo", tmp_path / "escudo.png", "--phone", "392 935 0000"
    )

    assert started.output.splitlines()[0] == "SIBAPAS (RFC EKU9003173C9) está listo en La Barca; entra salas."
    utility = Utility.objects.get()
    assert (utility.name, utility.long_name, utility.rfc, utility.phone) == (
        "SIBAPAS",
        "SIBAPAS",
        "EKU9003173C9",
        "392 935 0000",
    )
    assert bytes(utility.logo) == PNG
    clerk = Clerk.objects.get()
    assert (clerk.username, clerk.role, clerk.check_password("agua-clara-2019")) == (
        "salas",
        "administrator",
        True,
    )
    assert Locality.objects.get().is_municipal_seat and BillingCycle.objects.get().months == 1


@pytest.mark.usefixtures("db", "tables_are_made")
def test_a_utility_starts_once(tmp_path: Path) -> None:
    run(cli.init, *WHO, *RFC, *PASSWORD)
    with pytest.raises(CannotStartUtility, match="Esta base de datos ya es de SIBAPAS."):
        run(cli.init, *WHO, *RFC, *PASSWORD)
    assert Clerk.objects.count() == 1


REFUSED = [
    (["--rfc", "EKU9003173C8"], PASSWORD, "EKU9003173C8»: El RFC no es válido"),
    (["--rfc", "SIBAPAS"], PASSWORD, "SIBAPAS»: El RFC no es válido"),
    (RFC, ["--password", "agua"], "contraseña"),
    ([*RFC, "--locality", " "], PASSWORD, "Falta el municipio."),
    ([*RFC, "--logo", "no-existe.png"], PASSWORD, "No se pudo leer el escudo"),
]


@pytest.mark.usefixtures("db", "tables_are_made")
@pytest.mark.parametrize(("rfc", "password", "said"), REFUSED)
def test_what_cannot_start_leaves_nothing(rfc: list[str], password: list[str], said: str) -> None:
    with pytest.raises((CannotStartUtility, CannotAddClerk), match=said):
        run(cli.init, *WHO, *rfc, *password)
    assert not any(model.objects.exists() for model in (Utility, Clerk, Locality, BillingCycle))


@pytest.mark.usefixtures("db", "tables_are_made")
def test_a_seal_must_be_a_small_picture(tmp_path: Path) -> None:
    for body, said in ((b"GIF89a", "no es PNG ni SVG"), (PNG + bytes(1_000_001), "pesa más de 1 MB")):
        (tmp_path / "escudo").write_bytes(body)
        with pytest.raises(CannotStartUtility, match=said):
            run(cli.init, *WHO, *RFC, *PASSWORD, "--logo", tmp_path / "escudo")
    assert not Utility.objects.exists()
