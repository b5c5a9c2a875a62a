"""`caudal billing`: the month from the command line, and its answers for programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.town.cast import Town

from caudal.billing import work
from caudal.billing.cli import billing
from caudal.billing.models import Bill, BillingRun
from caudal.billing.tests import months
from caudal.billing.tests.months import JANUARY
from caudal.kernel import jobs
from caudal.kernel.models import Job
from caudal.kernel.refusals import Refusal


@pytest.fixture(autouse=True)
def first_of_february(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-02-01T10:00:00")


def ask(*words: object) -> Any:
    answer = CliRunner().invoke(billing, [*map(str, words), "--json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def say(*words: object) -> str:
    answer = CliRunner().invoke(billing, list(map(str, words)), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def opened() -> int:
    return int(ask("open", "--cycle", "MENSUAL", "--period", JANUARY)["run"])


def test_a_month_from_open_to_printed(january: Town, tmp_path: Path) -> None:
    run = opened()
    assert ask("compute", run)["bills"] == 8
    assert ask("review", run, "--by", "laura")["state"] == "reviewed"
    facts = ask("issue", run, "--by", "salas")
    assert (facts["state"], facts["total_cents"], facts["due_on"]) == ("issued", 23_064_31, "2019-02-16")
    assert ask("status", run) == facts
    assert [row["run"] for row in ask("list")] == [run]
    printed = ask("print", run, "--to", tmp_path)
    assert [file["pages"] for file in printed["files"]] == [8]


def test_the_words_for_a_person(january: Town) -> None:
    run = opened()
    said = say("compute", run)
    assert "8 recibos, 797 m³, $23,064.31" in said
    assert "Descuento a personas vulnerables (water)" in said
    assert say("held", run) == "No hay recibos detenidos.\n"
    assert "calculada" in say("list")


def test_held_bills_are_released_by_name_or_by_reason(priced: Town) -> None:
    months.read_january(priced, lupita=1060, espiga=4156)
    run = opened()
    ask("compute", run)
    assert {(row["account"], row["reason"]) for row in ask("held", run)} == {
        ("010293", "above_mean"),
        ("010405", "zero_with_history"),
    }
    released = ask("release", run, "010293", "--reason", "Fuga en el baño")
    assert [row["decision"] for row in released] == ["released"]
    assert ask("reread", run, "010405", "--reason", "Nadie abrió")[0]["decision"] == "reread"
    ask("release", run, "--all-of", "zero_with_history", "--reason", "Cerró en enero")
    ask("review", run, "--by", "laura")
    assert ask("issue", run)["bills"] == 8


def test_a_bill_is_taken_back_and_issued_again(january: Town) -> None:
    run = opened()
    for verb, by in (("compute", "laura"), ("review", "laura"), ("issue", "salas")):
        ask(verb, run, "--by", by)
    assert ask("cancel", "010293", "--period", JANUARY, "--reason", "Error")["revision"] == 1
    assert ask("rebill", "010293", "--period", JANUARY)["total_cents"] == 195_82
    assert Bill.objects.filter(account_id=january.lupita.pk).count() == 2


def test_a_rehearsal_is_thrown_away(january: Town) -> None:
    run = opened()
    ask("compute", run)
    assert ask("discard", run, "--reason", "Ensayo")["state"] == "discarded"
    assert opened() != run


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("open", "--cycle", "OTRO", "--period", "201901"), "No hay un ciclo con esa clave"),
        (("status", "999999"), "No hay una facturación con ese número"),
    ],
)
def test_what_is_not_there_is_refused_by_name(january: Town, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(Refusal, match=told):
        CliRunner().invoke(billing, list(words), catch_exceptions=False)
    assert not BillingRun.objects.exists()


def test_an_account_that_is_not_held_is_not_released(january: Town) -> None:
    run = opened()
    ask("compute", run)
    with pytest.raises(Refusal, match="no tienen recibo detenido"):
        ask("release", run, "010293", "--reason", "x")


def test_in_the_background_the_worker_does_it_with_progress(january: Town) -> None:
    run = opened()
    queued = ask("compute", run, "--background")
    job = jobs.carry_out(job_id=queued["job"])
    assert (job.state, job.done, job.total, job.errors) == (Job.State.DONE, 8, 8, 0)
    assert job.result == {"run": run, "state": "computed", "bills": 8}
    ask("review", run, "--by", "laura")
    issued = jobs.carry_out(job_id=ask("issue", run, "--background")["job"])
    assert issued.state == Job.State.DONE
    assert Bill.objects.count() == 8


def test_two_jobs_of_one_run_exclude_each_other(january: Town) -> None:
    run = BillingRun.objects.get(pk=opened())
    work.start(kind="billing.compute", run=run, by="laura")
    with pytest.raises(jobs.CannotStartJob):
        work.start(kind="billing.issue", run=run, by="laura")
