"""`caudal dunning` from end to end, and the papers it leaves."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from tests.town.cast import Town, moment

from caudal.dunning import commands, papers, work
from caudal.dunning.cli import dunning
from caudal.dunning.models import NoticeBatch
from caudal.dunning.tests.collection import TODAY, issue, owe, prepare, serve
from caudal.kernel import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """It is noon of 11 February 2019; papers go to a folder of this test."""
    monkeypatch.setenv("CAUDAL_NOW", f"{TODAY}T12:00")
    settings.MEDIA_ROOT = tmp_path


def run(*words: str) -> Any:
    told = CliRunner().invoke(dunning, [*words, "--json"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return json.loads(told.output)


def test_from_the_portfolio_to_the_next_stage(priced: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chuy owes $1,000.00 since November: $1,030.00, a demand, $100.00 of costs, and a second demand on 12 March."""
    owe(priced.chuy, 1_000_00)
    assert run("portfolio", "--by", "route")["total_cents"] == 1_030_00
    seen = run("batch", "demand", "--name", "Febrero", "--preview")
    assert (seen["batch"], seen["accounts"], NoticeBatch.objects.count()) == ("", 1, 0)
    assert run("batch", "demand", "--name", "Febrero", "--by", "laura")["batch"] == "LOT-000001"
    issued = run("issue", "LOT-000001", "--print", "--by", "salas")
    assert (issued["first"], issued["last"], issued["total_cents"]) == ("NOT-000001", "NOT-000001", 1_030_00)
    assert Path(issued["files"][0]).exists()
    told = run("serve", "not 1", "delivered", "--by", "julian")
    assert (told["term_ends_on"], told["cost_cents"]) == ("2019-03-05", 100_00)
    assert run("next") == []
    assert [(each["account"], each["stage"]) for each in run("next", "--on", "2019-03-12")] == [
        ("010117", "second_demand")
    ]


def test_it_speaks_to_people_too(priced: Town) -> None:
    owe(priced.chuy, 1_000_00)
    issue()
    for words, said in (
        (["portfolio"], "$1,030.00"), (["next"], "A nadie le toca"),
        (["serve", "NOT-000001", "absent"], "citatorio para el 2019-02-12"),
        (["batch", "demand", "--name", "x", "--preview"], "ya tiene una notificación en curso: 1"),
    ):  # fmt: skip
        assert said in CliRunner().invoke(dunning, words, catch_exceptions=False).output


def test_a_batch_is_printed_in_route_order_and_says_what_each_owes(priced: Town) -> None:
    for account in (priced.school, priced.chuy, priced.rancho):
        owe(account, 1_000_00)
    batch = prepare()
    commands.issue_batch(batch=batch, on=TODAY, at=moment(TODAY, 10), by="salas")
    job = jobs.carry_out(job_id=work.start_printing(batch=batch, by="salas").pk)
    assert (job.state, job.done) == ("done", 3)
    [path] = papers.print_files(batch=batch)
    pages = [page.extract_text() for page in PdfReader(path).pages]
    assert [next(number for number in ("010 117", "010 512", "020 031") if number in page.replace("\xa0", " "))
            for page in pages] == ["010 117", "010 512", "020 031"]  # fmt: skip
    assert (
        "$1,030.00" in pages[0]
        and "NOT-000001" in pages[0]
        and "15 días hábiles" in pages[0].replace("\xa0", " ")
    )


def test_what_was_canceled_is_not_printed_again(priced: Town) -> None:
    owe(priced.chuy, 1_000_00)
    owe(priced.school, 1_000_00)
    first, _ = issue()
    commands.cancel_notice(notice=first, reason="Ya pagó", on=TODAY, at=moment(TODAY, 11), by="laura")
    [path] = papers.print_batch(batch=first.batch)
    assert len(PdfReader(path).pages) == 1
    with pytest.raises(papers.CannotPrintBatch, match="no tiene notificaciones"):
        papers.print_batch(batch=prepare_other(priced))


def prepare_other(town: Town) -> NoticeBatch:
    """A batch of letters that nobody issued."""
    owe(town.hotel, 1_000_00)
    return prepare("courtesy_letter", uses=("hotel",))


def test_a_notice_of_a_whole_year_fits_in_one_page(priced: Town) -> None:
    """Twelve months of 2018, each in its row."""
    for month in range(1, 13):
        owe(priced.chuy, 100_00, period=201800 + month, due_on=date(2018, month, 20))
    [notice] = issue()
    assert notice.debts.count() == 12
    assert len(PdfReader(BytesIO(papers.notice_pdf(notice=notice))).pages) == 1


def test_a_service_is_told_by_its_notice(priced: Town) -> None:
    owe(priced.chuy, 1_000_00)
    [notice] = issue()
    serve(notice)
    told = CliRunner().invoke(dunning, ["serve", notice.folio, "delivered"])
    assert "ya se notificó" in str(told.exception)
