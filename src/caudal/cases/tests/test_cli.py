"""`caudal case` says and does what the pages do."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from tests.town.cast import Town

from caudal.cases.cli import case
from caudal.cases.models import Case
from caudal.cases.tests.desk import later, leak
from caudal.kernel.refusals import Refusal
from caudal.messaging.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_o_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-04-01T09:00")


def said(*words: str) -> Any:
    answer = CliRunner().invoke(case, [*words, "--json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


def test_from_the_call_to_the_resolution(april: Town) -> None:
    opened = said(
        "open",
        "street_leak",
        "Sale agua",
        "--address",
        "Hidalgo 12",
        "--phone",
        "3929351234",
        "--by",
        "marta",
    )
    assert (opened["folio"], opened["state"], opened["clock"]) == ("REP-000001", "abierto", "a tiempo")
    done = said("resolve", "rep 1", "Se cambió el codo.", "--by", "marta")
    assert (done["state"], done["entries"]) == ("resuelto", ["opened", "resolved"])
    assert said("show", "1") == done
    assert said("send") == {"tried": 2, "sent": 2}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_a_claim_is_listed_until_it_is_decided(april: Town) -> None:
    said(
        "open",
        "high_consumption",
        "No gasté eso",
        "--account",
        "010117",
        "--period",
        "201903",
        "--by",
        "marta",
    )
    assert [(each["case_folio"], each["cents"]) for each in said("claims", "010117")] == [
        ("REP-000001", 120_00)
    ]
    with pytest.raises(Refusal, match="procede"):
        said("resolve", "REP-000001", "Bien medido")
    said("resolve", "REP-000001", "Bien medido", "--decision", "rejected", "--by", "laura")
    assert said("claims", "010117") == []


def test_the_list_holds_what_is_open_and_what_is_late(april: Town) -> None:
    leak(at=later(hours=-30))
    leak()
    assert [each["folio"] for each in said("list")] == ["REP-000001", "REP-000002"]
    assert [each["folio"] for each in said("list", "--late")] == ["REP-000001"]
    said("resolve", "REP-000002", "Ya", "--by", "marta")
    assert [each["folio"] for each in said("list")] == ["REP-000001"]
    assert len(said("list", "--all")) == 2
    assert Case.objects.count() == 2


def test_people_read_lines(april: Town) -> None:
    leak()
    lines = CliRunner().invoke(case, ["list"]).output
    assert "REP-000001" in lines and "Fuga en la calle, Hidalgo 12" in lines
    assert "prioridad 1, 12 h" in CliRunner().invoke(case, ["types"]).output
