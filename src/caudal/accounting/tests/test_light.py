"""The light and the terminal: green, or the list with its page."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.accounting import checks, light
from caudal.accounting.cli import books as command
from caudal.cashier import commands as cashier
from caudal.cashier.models import TillClosing
from caudal.ledger import commands as ledger

pytestmark = pytest.mark.django_db

ON, TODAY = date(2019, 1, 15), date(2019, 1, 20)


@pytest.fixture
def collected(town: Town, books: None) -> Town:
    counter.pay(town.chuy, 10_000, on=ON)
    counter.close(counter.session(ON))
    return town


def _deposit() -> None:
    cashier.deposit_closings(
        closings=[TillClosing.objects.get()], bank_account="0123456789", reference="F-1", on=ON, at=moment(ON, 17),
        by="rosa",
    )  # fmt: skip


def _lamps() -> dict[str, light.Lamp]:
    return {each.code: each for each in light.light(today=TODAY).lamps}


def test_everything_in_its_place_is_green(collected: Town) -> None:
    _deposit()
    found = light.light(today=TODAY)
    assert (found.state, found.n_findings) == ("good", 0)
    assert "8 servicios activos" in _lamps()["services"].said
    assert all(check.find() == [] for check in checks.CHECKS)


def test_a_closing_without_deposit_waits(collected: Town) -> None:
    lamp = _lamps()["deposits"]
    assert lamp.state == "watch"
    [waits] = lamp.waiting
    assert (
        waits.what == "15 ene 2019: El CORTE-000001 no tiene depósito." and waits.links[0].route == "closing"
    )


def test_money_without_paper_is_red_and_leads_to_its_entry(collected: Town) -> None:
    _deposit()
    ledger.post_transfer(
        document="a mano",
        cents=1,
        source="1111",
        target="1112-01",
        description="",
        on=ON,
        at=moment(ON),
        by="laura",
    )
    lamp = _lamps()["money"]
    assert lamp.state == "bad" and light.light(today=TODAY).state == "bad"
    assert [link.route for link in lamp.findings[0].links] == ["accounting_day", "journal_entry"]
    [told] = checks.CHECKS[0].find()
    assert "a mano mueve dinero" in told


def _run(*asked: str, monkeypatch: pytest.MonkeyPatch, now: str = "2019-02-05T10:00") -> tuple[int, Any]:
    monkeypatch.setenv("CAUDAL_NOW", now)
    done = CliRunner().invoke(command, [*asked, "--json"], catch_exceptions=False)
    return done.exit_code, json.loads(done.output)


def test_a_month_is_closed_from_the_terminal(collected: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _deposit()
    code, told = _run("day", "2019-01-15", monkeypatch=monkeypatch)
    assert (code, told["state"], told["controls"][0]["receipts_cents"]) == (0, "good", 10_000)
    assert _run("month", "2019-01", monkeypatch=monkeypatch)[1]["missing"] == []
    assert _run("review", "2019-01", "--by", "laura", monkeypatch=monkeypatch)[0] == 0
    code, told = _run("close", "2019-01", "--by", "salas", monkeypatch=monkeypatch)
    assert (code, told["reviewed_by"], told["entries"]) == (0, "laura", 2)
    assert _run("month", "201901", monkeypatch=monkeypatch)[1]["is_closed"] is True
    assert _run("light", monkeypatch=monkeypatch)[1]["state"] == "good"
    assert all(check.find() == [] for check in checks.CHECKS)


def test_the_journal_of_a_month_is_written_to_a_file(
    collected: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name, start in (("ingresos.xlsx", b"PK"), ("ingresos.csv", b"\xef\xbb\xbf")):
        code, told = _run("journal", "2019-01", str(tmp_path / name), monkeypatch=monkeypatch)
        assert code == 0 and told[-1]["collected_cents"] == 10_000
        assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("asked", [["month", "2019-13"], ["month", "enero"], ["day", "15/01"]])
def test_what_is_not_a_month_is_told(town: Town, asked: list[str]) -> None:
    done = CliRunner().invoke(command, asked)
    assert done.exit_code == 2 and "escriba por ejemplo" in done.output or "does not match" in done.output


def test_the_words_of_the_terminal(collected: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-01-20T10:00")
    said = {name: CliRunner().invoke(command, [name, *rest]).output
            for name, *rest in (("day", "2019-01-15"), ("month", "2019-01"), ("light",), ("journal", "2019-01"))}  # fmt: skip
    assert "Caja 1 · veronica" in said["day"] and "Cuadra." in said["day"]
    assert "Falta: 15 ene 2019: El CORTE-000001 no tiene depósito." in said["month"]
    assert "… ¿Cada turno tiene su corte y cada corte su depósito?" in said["light"]
    assert "Saldos a favor" in said["journal"] or "Total" in said["journal"]
