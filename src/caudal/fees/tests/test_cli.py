"""`caudal fee`: what the pages do, a command does too."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from tests.town import counter as town_counter
from tests.town.cast import Town

from caudal.fees.cli import fee
from caudal.fees.models import CounterService, NoDebtCertificate
from caudal.fees.tests.counter import TODAY, owe
from caudal.kernel.refusals import Refusal
from caudal.registry import queries as accounts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-01-31T10:00")


def run(*words: str) -> str:
    answer = CliRunner().invoke(fee, list(words), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_prices_are_listed_with_their_tax(priced: Town) -> None:
    lines = run("prices", "010117").splitlines()
    assert lines[1].split() == (
        [
            "RECONEXION-FIJA",
            "Reconexión",
            "sin",
            "medidor",
            "$410.00",
            "+",
            "IVA",
            "$65.60",
            "=",
            "$475.60",
            "Art.",
            "45",
        ]
    )
    assert [row["total_cents"] for row in told("prices", "10117")] == [
        1_450_00, 475_60, 208_80, 110_20, 480_00,
    ]  # fmt: skip


def test_a_certificate_from_asking_to_verifying(priced: Town, tmp_path: Path) -> None:
    asked = told("ask", "010293", "CONSTANCIA", "--for", "Notaría 2", "--by", "veronica")
    assert (asked["folio"], asked["state"], asked["open_cents"]) == ("TRA-000001", "por pagar", 110_20)
    town_counter.pay(priced.lupita, 110_20, on=TODAY)
    assert told("show", "tra-1")["state"] == "pagado"
    assert "entregado  CNA-000001" in run("deliver", "TRA-000001", "--by", "marta")
    for out in ("original.pdf", "copy.pdf"):
        run("paper", "1", "--certificate", "--out", str(tmp_path / out), "--by", "marta")
    run("paper", "1", "--out", str(tmp_path / "order.pdf"))
    first = [
        PdfReader(tmp_path / name).pages[0].extract_text()
        for name in ("original.pdf", "copy.pdf", "order.pdf")
    ]
    assert "COPIA" not in first[0] and "COPIA 1" in first[1] and "Orden de servicio" in first[2]
    code = NoDebtCertificate.objects.get().code
    assert run("verify", code) == "CNA-000001, cuenta 010293: vigente, hasta el 01/03/2019.\n"
    assert run("list").startswith("TRA-000001") and run("list", "--pending") == "Ninguno.\n"


def test_a_change_of_holder_and_the_rules_that_hold_it(priced: Town) -> None:
    owe(priced.chuy, 84_00)
    words = ("ask", "010117", "CAMBIO-PROPIETARIO", "--holder", "Ana Ortega", "--documents", "Escritura 7")
    with pytest.raises(Refusal, match=r"la cuenta debe \$84.84 de diciembre 2018"):
        run(*words)
    assert not CounterService.objects.exists()
    assert run("rules").splitlines()[1] == "Cambio de titular con adeudo: no."
    changed = run(
        "rules", "--debt-at-holder-change", "true", "--certificate-days", "60", "--reason", "Acuerdo 12"
    )
    assert changed.splitlines()[:2] == ["La constancia vale 60 días.", "Cambio de titular con adeudo: sí."]
    run(*words, "--by", "veronica")
    town_counter.pay(priced.chuy, 84_84 + 208_80, on=TODAY)
    run("deliver", "1", "--by", "marta")
    assert accounts.account_card(account=priced.chuy, on=TODAY).holder == "Ana Ortega"


def test_a_tanker_is_canceled_with_its_reason(priced: Town) -> None:
    run("ask", "020031", "PIPA-10000", "--place", "Establo")
    assert "faltan $480.00" in run("show", "1")
    assert "cancelado" in run("cancel", "1", "--reason", "Ya llovió")
    assert [row["end_note"] for row in told("list", "--account", "20031")] == ["Ya llovió"]


def test_what_has_no_certificate_does_not_print_one(priced: Town, tmp_path: Path) -> None:
    run("ask", "020031", "PIPA-10000", "--place", "Establo")
    with pytest.raises(Refusal, match="no tiene constancia"):
        run("paper", "1", "--certificate", "--out", str(tmp_path / "no.pdf"))
    assert list(tmp_path.iterdir()) == []
