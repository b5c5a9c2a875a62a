"""The demonstration, small: an old registry becomes a month of issued, checked and printed bills, once."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db.models import Sum

from caudal.access.models import Clerk
from caudal.arrangements.models import PaymentArrangement
from caudal.billing.models import Bill, BillingRun
from caudal.cashier.models import Payment
from caudal.intake import cli
from caudal.intake.demo import stage
from caudal.intake.demo.stage import CannotStageDemo
from caudal.kernel.models import Utility
from caudal.ledger.models import JournalLine
from caudal.registry.models import Account
from caudal.reports import checking
from caudal.reports.cli import ROOMS_WITH_CHECKS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here_and_now")]
N_ACCOUNTS = 60


@pytest.fixture
def here_and_now(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """The tables are made, the clock stands on 31 January 2019, and `caudal check` asks this very transaction."""
    monkeypatch.setenv("CAUDAL_NOW", stage.NOW)
    monkeypatch.setattr("caudal.intake.starting.make_tables", lambda: None)
    monkeypatch.setattr("caudal.intake.demo.telling.check", _check_here)
    settings.MEDIA_ROOT = tmp_path / "media"


def _check_here() -> dict[str, Any]:
    wrong = [each for each in checking.run(rooms=ROOMS_WITH_CHECKS) if each.findings]
    return {"is_right": not wrong, "asked": 1, "first": str(wrong[:1])}


def demo(*words: str) -> str:
    result = CliRunner().invoke(cli.demo, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
def test_a_town_goes_from_its_old_files_to_january_and_the_second_time_is_used_as_it_is(
    tmp_path: Path,
) -> None:
    told = json.loads(demo("--accounts", str(N_ACCOUNTS), "--directory", str(tmp_path), "--json"))

    assert told["is_new"] and told["reconciliation_is_exact"]
    assert told["check"]["is_right"], told["check"]["first"]
    run = BillingRun.objects.get()
    assert (int(run.period), run.state) == (201901, "issued")
    # every account that came in has a bill, is held, has a named cause, or no longer has service
    assert told["run"]["bills"] == Bill.objects.filter(period=201901).count() > 30
    assert (
        told["run"]["total_cents"] == Bill.objects.filter(period=201901).aggregate(t=Sum("total_cents"))["t"]
    )
    assert told["journal"]["debits_cents"] == told["journal"]["credits_cents"]
    assert JournalLine.objects.aggregate(t=Sum("amount_cents"))["t"] == 0
    relief = told["relief"]
    signed = PaymentArrangement.objects.aggregate(down=Sum("down_payment_cents"))["down"] or 0
    apart = relief["years_ahead"] + len(relief["arrangements"])
    assert (relief["campaigns"], PaymentArrangement.objects.count()) == (4, len(relief["arrangements"]))
    assert told["payments"] + apart == Payment.objects.count()
    assert told["paid_cents"] + relief["ahead_cents"] + signed == (
        Payment.objects.aggregate(t=Sum("amount_cents"))["t"] or 0
    )

    lupita = Bill.objects.get(period=201901, account_id=Account.objects.get(number="010293").pk)
    # 9 m³: 70.00 + 20 % 14.00 + 3 % 2.10 = 86.10, and half of each is her benefit: 35.00 + 7.00 + 1.05
    assert (lupita.consumption_m3, lupita.total_cents) == (9, 8_610 - 4_305)
    assert (tmp_path / "recibos-de-muestra" / "010293-guadalupe-nunez-viuda-de-ortega.pdf").read_bytes()[
        :5
    ] == b"%PDF-"
    assert {path.name for path in (tmp_path / "recibos").glob("*.pdf")} == set(told["print_files"])
    assert {each["username"] for each in told["sign_ins"]} == set(
        Clerk.objects.values_list("username", flat=True)
    )
    assert all(
        Clerk.objects.get(username=each["username"]).check_password(each["password"])
        for each in told["sign_ins"]
    )

    again = demo("--accounts", str(N_ACCOUNTS), "--directory", str(tmp_path))
    assert again.startswith("La demostración ya está hecha; se usa como está")
    assert BillingRun.objects.count() == 1


@pytest.mark.slow
def test_the_story_is_told_in_spanish_with_its_figures(tmp_path: Path) -> None:
    text = demo("--accounts", str(N_ACCOUNTS), "--directory", str(tmp_path))
    for words in (
        "El pueblo que vino del sistema anterior", "Conciliación: lo cargado es lo aceptado, al centavo",
        "Enero de 2019", "Agua potable", "010293  GUADALUPE NUÑEZ VIUDA DE ORTEGA", "9 m³        $43.05",
        "010240  IBAÑEZ CASTAÑEDA RAMON                   detenido: más del doble de su promedio",
        "caudal check: 1 preguntas, todo cuadra", "veronica   Verónica Torres Díaz         cajero",
    ):  # fmt: skip
        assert words in text


def test_the_demonstration_does_not_play_in_the_database_of_a_utility(tmp_path: Path) -> None:
    Utility.objects.create(id=1, name="SIAPA", long_name="Otro organismo", rfc="EKU9003173C9")
    with pytest.raises(CannotStageDemo, match="Esta base de datos es de SIAPA, no de la demostración."):
        demo("--directory", str(tmp_path))
    assert not Account.objects.exists() and not list(tmp_path.iterdir())


def test_one_that_was_cut_short_says_how_to_start_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caudal.intake.demo.stage.may_wipe", lambda: False)
    Utility.objects.create(id=1, name="SIBAPAS", long_name=stage.IDENTITY.long_name, rfc="EKU9003173C9")
    with pytest.raises(CannotStageDemo, match="quedó a medias. Empiece de nuevo con «caudal demo --fresh»."):
        demo("--directory", str(tmp_path))
    assert not Account.objects.exists()


def test_fresh_does_not_touch_a_database_that_may_be_somebodys(tmp_path: Path) -> None:
    with pytest.raises(CannotStageDemo, match="puede ser de alguien: no se borra"):
        demo("--fresh", "--directory", str(tmp_path))


def test_the_year_is_asked_for_by_its_number_and_has_a_size_that_takes_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def play_year(**said: Any) -> tuple[dict[str, Any], str]:
        asked.update(said)
        return {"report": []}, "El año 2019"

    monkeypatch.setattr("caudal.intake.demo.play.play_year", play_year)
    assert demo("--year", "2019", "--directory", str(tmp_path)) == "El año 2019\n"
    assert (asked["n_accounts"], asked["directory"]) == (600, tmp_path)
