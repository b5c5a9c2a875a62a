"""Channels from a terminal: described, asked, simulated, rehearsed, loaded, and what waits identified."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from caudal.cashier import cli
from caudal.cashier import commands as cashier
from caudal.cashier.channels_cli import UnknownChannel
from caudal.cashier.models import PaymentChannel, Receipt, SettlementLine
from caudal.cashier.tests.channel_stories import balances, street, unidentified_cents
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


@pytest.fixture(autouse=True)
def march_5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T18:00:00")


@pytest.fixture
def town() -> list[Account]:
    return street()


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(getattr(cli, str(words[0])), [str(word) for word in words[1:]])


def told(*words: str | Path) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.output


def test_a_channel_is_described_and_its_references_are_made_and_read(tmp_path: Path) -> None:
    assert "bbva-cie" in told("channel", "example")
    path = tmp_path / "banco.toml"
    path.write_text(told("channel", "example", "bbva-cie"))
    assert (
        told("channel", "new", "banco", "Banco", "--series", "B", "--layout", path)
        == "Banco en uso, serie B.\n"
    )

    reference = told("channel", "reference", "banco", "010117", "102.00", "--due", "2019-03-15").strip()
    assert "000000010117" in told("channel", "read", "banco", reference)
    assert "algorithm_10" in told("channel", "show", "banco")

    path.write_text(path.read_text().replace("base_year = 2014", "base_year = 2013"))
    told("channel", "describe", "banco", "--layout", path)
    assert PaymentChannel.objects.get().layout["reference"]["base_year"] == 2013
    assert (
        told("channel", "reference", "banco", "010117", "102.00", "--due", "2019-03-15").strip() != reference
    )


def test_a_simulated_file_is_rehearsed_and_loaded(town: list[Account], tmp_path: Path) -> None:
    """Two debts and one reference with a digit changed; the same seed writes the same file."""
    told("channel", "new", "banco", "Banco", "--series", "B", "--example", "bbva-cie")
    path, again = tmp_path / "a.txt", tmp_path / "b.txt"
    for each in (path, again):
        told("channel", "simulate", "banco", each, "--payments", "2", "--unknown", "1")
    assert path.read_bytes() == again.read_bytes()

    rehearsed = json.loads(told("payments", "import", path, "--channel", "banco", "--rehearse", "--json"))
    assert (rehearsed["n_applied"], rehearsed["n_waiting"]) == (2, 1) and not Receipt.objects.exists()
    loaded = json.loads(told("payments", "import", path, "--channel", "banco", "--by", "rita", "--json"))
    assert loaded == {**rehearsed, "settlement": loaded["settlement"], "first_folio": "B-000001",
                      "last_folio": "B-000002"}  # fmt: skip
    assert "Ya registrados" in told("payments", "import", path, "--channel", "banco")
    assert "1 por identificar" in told("channel", "list")

    waiting = SettlementLine.objects.get(receipt=None)
    assert str(waiting.pk) in told("channel", "waiting", "banco")
    told("channel", "identify", str(waiting.pk), "010117", "--reason", "Su comprobante", "--by", "rita")
    assert unidentified_cents() == 0 and "Nada por identificar" in told("channel", "waiting")
    assert balances(town)[0] == 10_200 - 10_000 - waiting.amount_cents


def test_what_is_wrong_is_told_row_by_row(town: list[Account], tmp_path: Path) -> None:
    told("channel", "new", "banco", "Banco", "--series", "B", "--example", "plain")
    path = tmp_path / "mal.csv"
    path.write_text("cuenta,importe,fecha,referencia\n010117,x,2019-03-05,1\n")

    for words in ((), ("--rehearse",)):
        result = run("payments", "import", path, "--channel", "banco", *words)
        assert isinstance(result.exception, cashier.CannotLoadSettlement)
        assert "renglón 2, columna importe, valor «x»" in result.output
    assert isinstance(run("channel", "show", "nada").exception, UnknownChannel)
    assert not Receipt.objects.exists()
