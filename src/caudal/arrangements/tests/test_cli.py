"""`caudal arrangement`: what the pages do, a command does too."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from tests.town.cast import Town

from caudal.access.approvals import NeedsApproval
from caudal.arrangements.cli import arrangement
from caudal.arrangements.commands import CannotSetPolicy
from caudal.arrangements.models import PaymentArrangement
from caudal.arrangements.tests.desk import SIGNED, owed, pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-20T10:00")


def run(*words: str) -> str:
    answer = CliRunner().invoke(arrangement, list(words), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_from_what_they_can_pay_to_signing(april: Town) -> None:
    """306.00; a fifth is 61.20, and the 244.80 left fit twice in 122.40 a month."""
    said = ("--income", "20,000", "--expenses", "8,200", "--can-pay", "122.40")
    table = told("simulate", "010117", *said)
    assert [(row["number"], row["total_cents"]) for row in table["table"]] == [
        (0, 61_20),
        (1, 122_40),
        (2, 122_40),
    ]
    assert table["table"][1]["due_on"] == "2019-05-20"
    signed = told("sign", "010117", *said, "--signer", "Jesús Ramírez Ochoa", "--by", "veronica")
    assert (signed["folio"], signed["state"], signed["open_cents"]) == ("CON-000001", "al corriente", 306_00)
    assert PaymentArrangement.objects.get().ability.can_pay_cents == 122_40


def test_the_table_is_told_in_lines(april: Town) -> None:
    lines = run("simulate", "010117", "--down", "10", "--count", "2", "--first", "20/05/2019").splitlines()
    assert lines == [
        "Cuenta 010117: $306.00 = $306.00.",
        "  0  20/04/2019        $10.00",
        "  1  20/05/2019       $148.00",
        "  2  20/06/2019       $148.00",
        "Necesita aprobación: El pago inicial es de $10.00; el mínimo es $61.20.",
    ]
    with pytest.raises(NeedsApproval):
        run("sign", "010117", "--down", "10", "--count", "2", "--signer", "Jesús")


def test_a_night_ends_what_is_paid_and_what_is_broken(april: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    run("sign", "010117", "--signer", "Jesús Ramírez Ochoa", "--by", "veronica")
    assert run("list", "--state", "al corriente").startswith("CON-000001    010117  20/04/2019")
    pay(april.chuy, 61_20, on=SIGNED)
    monkeypatch.setenv("CAUDAL_NOW", "2019-06-21T01:00")
    reason = "Parcialidades vencidas sin pagar: 2."
    assert told("default-overdue", "--dry-run")["defaulted"] == [{"folio": "CON-000001", "reason": reason}]
    assert run("default-overdue", "--by", "sistema") == f"CON-000001: incumplido. {reason}\n"
    assert run("default-overdue", "--by", "sistema") == "Ninguno.\n"
    assert run("show", "con 1").splitlines()[0].endswith("incumplido")
    assert run("survival").splitlines() == [
        "  0  llegaron 1: a tiempo 1, tarde 0, vencida 0, se rompió 0  (100.0 % en pie)",
        "  1  llegaron 1: a tiempo 0, tarde 0, vencida 0, se rompió 1  (0.0 % en pie)",
        "  2  llegaron 0: a tiempo 0, tarde 0, vencida 0, se rompió 0  (0.0 % en pie)",
        "  3  llegaron 0: a tiempo 0, tarde 0, vencida 0, se rompió 0  (0.0 % en pie)",
        "  4  llegaron 0: a tiempo 0, tarde 0, vencida 0, se rompió 0  (0.0 % en pie)",
    ]


def test_one_paid_before_its_time_is_finished(april: Town) -> None:
    run("sign", "010117", "--signer", "Jesús Ramírez Ochoa", "--by", "veronica")
    pay(april.chuy, 306_00, on=SIGNED)
    assert run("default-overdue", "--by", "sistema") == "CON-000001: cumplido.\n"


def test_canceled_today_or_broken_by_a_person(april: Town) -> None:
    signing = ("sign", "010117", "--signer", "Jesús Ramírez Ochoa", "--by", "veronica")
    run(*signing)
    assert told("cancel", "1", "--reason", "Otra cuenta", "--by", "veronica")["state"] == "cancelado"
    run(*signing)
    assert told("default", "2", "--reason", "Se fue", "--by", "salas")["state"] == "incumplido"
    assert owed(april.chuy, on=SIGNED) == 306_00
    assert [row["folio"] for row in told("list", "--account", "010117")] == ["CON-000002", "CON-000001"]
    assert run("list", "--due-today") == "Ninguno.\n"


def test_what_is_no_amount_or_state_is_told(april: Town) -> None:
    answer = CliRunner().invoke(arrangement, ["simulate", "010117", "--down", "mucho"])
    assert answer.exit_code == 2 and "«mucho» no es un importe" in answer.output
    answer = CliRunner().invoke(arrangement, ["list", "--state", "bonito"])
    assert answer.exit_code == 2 and "al corriente, atrasado" in answer.output


def test_the_policy_of_the_day(april: Town) -> None:
    assert told("policy")["least_down_ppm"] == 200_000
    assert date.fromisoformat(told("policy")["effective_from"]) == date(2018, 1, 1)


def test_another_policy_from_a_day_that_has_not_come(april: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ("--article", "Acuerdo CA-9/2019", "--by", "salas")
    assert run("decide", "--from", "2019-05-01", *said, "--rule", "most_installments=6") == (
        "Política convenios-2019-05-01.\n"
    )
    monkeypatch.setenv("CAUDAL_NOW", "2019-05-01T08:00")
    assert (told("policy")["most_installments"], told("policy")["least_down_ppm"]) == (6, 200_000)
    for rule, words in (("most=6", "No hay una regla «most»"), ("surcharges=quizá", "no puede ser el valor")):
        with pytest.raises(CannotSetPolicy, match=words):
            run("decide", "--from", "2019-06-01", *said, "--rule", rule)
