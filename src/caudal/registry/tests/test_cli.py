"""What a clerk can do with `caudal account`."""

import json

import pytest
from click.testing import CliRunner, Result
from tests.town.cast import PIN, Town

from caudal.access.approvals import CannotApprove, CannotAsk, NeedsApproval
from caudal.registry.cli import account as account_cli
from caudal.registry.commands import CannotRestoreService


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2018-06-01T10:00:00")


def run(*words: str) -> Result:
    return CliRunner().invoke(account_cli, list(words))


def facts(*words: str) -> dict:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_search_and_show(town: Town) -> None:
    assert "010293" in run("search", "lupita", "nunez").output or "010293" in run("search", "nunez").output
    assert run("search", "nadie").output == "No se encontró ninguna cuenta.\n"
    shown = run("show", "010293", "--history").output
    for words in ("Cuenta 010293  (activa)", "Morelos 293, La Barca", "HAB-GEN", "adulto mayor", "Titular:"):
        assert words in shown
    assert facts("show", "10293")["benefits"] == ["senior"]


def test_the_index_is_made_again_when_asked(town: Town) -> None:
    assert run("index", "--by", "salas").output == "8 cuentas en el índice.\n"
    assert facts("index") == {"accounts": 8}


def test_open_and_reuse_a_point(town: Town) -> None:
    made = facts(
        "open", "--number", "010500", "--name", "Óscar Beltrán", "--address", "Hidalgo 119", "--locality", "LA BARCA",
        "--route", "01-001", "--sequence", "15", "--class", "HAB-GEN", "--flat", "--by", "laura",
        "--on", "2018-05-15",
    )  # fmt: skip
    assert (made["number"], made["tariff_class"], made["is_metered"]) == ("010500", "HAB-GEN", False)
    assert "de baja desde 01/06/2018" in run("close", "010500", "--reason", "Se mudó").output
    again = facts(
        "open", "--number", "010501", "--name", "Ana Solís", "--at-point-of", "010500", "--class", "HAB-GEN", "--flat",
        "--on", "02/06/2018",
    )  # fmt: skip
    assert again["service_point_id"] == made["service_point_id"]


def test_change_cut_restore_and_benefit(town: Town) -> None:
    assert (
        facts("change-holder", "010117", "--name", "María Ramírez", "--reason", "Compra")["holder"]
        == "María Ramírez"
    )
    shop = ("change-terms", "010117", "--class", "MIX-COM", "--reason", "Tienda", "--approver", "salas")
    assert facts(*shop, "--pin", PIN)["tariff_class"] == "MIX-COM"
    assert facts("interrupt", "010117", "--reason", "Debe")["interruption"] == "cut"
    assert facts("restore", "010117", "--on", "2018-06-09")["interruption"] == ""
    assert facts("benefit", "010117", "widowed", "--evidence", "Acta 4")["benefits"] == ["widowed"]
    ended = facts("benefit", "010117", "widowed", "--end", "--reason", "Error", "--on", "2018-06-10")
    assert ended["benefits"] == []


def test_a_refusal_reaches_the_command_line(town: Town) -> None:
    result = run("restore", "010117")
    assert isinstance(result.exception, CannotRestoreService)
    assert "no está suspendido" in str(result.exception)
    assert run("show", "010293", "--on", "ayer").exit_code == 2


def test_nobody_lowers_a_bill_alone_from_the_terminal(town: Town) -> None:
    """Don Chuy would become a minimum house: refused, then left to be approved, and not left twice."""
    cheaper = ("change-terms", "010117", "--class", "HAB-MIN", "--reason", "Censo", "--by", "laura")
    refused = run(*cheaper)
    assert isinstance(refused.exception, NeedsApproval)
    assert "Ing. Héctor Salas Pérez" in str(refused.exception)
    assert run(*cheaper, "--ask").output == "Queda en «Por aprobar»; se hace cuando se apruebe.\n"
    assert isinstance(run(*cheaper, "--ask").exception, CannotAsk)
    assert isinstance(run(*cheaper, "--approver", "salas", "--pin", "918273").exception, CannotApprove)
    assert facts("show", "010117")["tariff_class"] == "HAB-GEN"
