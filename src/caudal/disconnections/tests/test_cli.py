"""A batch from the terminal: asked for or approved on the spot, handed to the crew, called off, a place protected."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.access import approvals
from caudal.access.models import ApprovalRequest
from caudal.disconnections import cli, queries
from caudal.disconnections.models import DisconnectionOrder

DAY = date(2019, 7, 20)


@pytest.fixture(autouse=True)
def nine_o_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-07-20T09:00")


def said(*words: str) -> Any:
    told = CliRunner().invoke(cli.cut, [*words, "--json"])
    assert told.exit_code == 0, told.output + repr(told.exception)
    return json.loads(told.output)


def refused(*words: str) -> str:
    told = CliRunner().invoke(cli.cut, [*words])
    assert told.exit_code != 0
    return str(told.exception) + told.output


def states() -> dict[str, str]:
    return dict(DisconnectionOrder.objects.order_by("number").values_list("account__number", "state"))


def test_asked_for_it_waits_until_another_says_yes(july: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("propose", "Julio", "--by", "laura") == {"batch": "LCO-000001", "orders": 4}
    assert said("ask", "lco 1", "--reason", "Tres meses", "--by", "laura")["batch"] == "LCO-000001"
    assert set(states().values()) == {"proposed"}

    request = ApprovalRequest.objects.get()
    approvals.decide(request=request, is_granted=True, by="salas", at=moment(DAY, 9, 30), device="otra")

    assert set(states().values()) == {"approved"}
    monkeypatch.setenv("CAUDAL_NOW", "2019-07-20T10:00")
    assert len(said("dispatch", "LCO-000001", "--by", "laura")) == 4
    assert set(states().values()) == {"dispatched"}


def test_approved_on_the_spot_one_called_off_and_one_protected(july: Town) -> None:
    said("propose", "Julio", "--by", "laura")
    approved = said(
        "approve", "1", "--approver", "salas", "--reason", "Tres meses", "--pin", counter.PIN, "--by", "laura"
    )
    assert approved["approved"] == [f"COR-{number:06d}" for number in (1, 2, 3, 4)]

    first = DisconnectionOrder.objects.select_related("account").order_by("number")[0]
    assert said("cancel", "cor 1", "--reason", "Vino a hablar", "--by", "laura") == {"order": "COR-000001"}
    said("protect", july.lot.number, "guardería", "--reason", "Visita", "--by", "laura")

    gone = {first.account.number, july.lot.number}
    assert states() == {number: "canceled" if number in gone else "approved" for number in states()}
    assert "ya está cancelada" in refused("cancel", "COR-000001", "--reason", "Otra vez")


def test_what_does_not_exist_is_said(july: Town) -> None:
    assert "No hay un lote de cortes LCO-000009" in refused("ask", "LCO-000009", "--reason", "x")
    assert "No hay una orden de corte COR-000009" in refused("cancel", "COR-000009", "--reason", "x")
    with pytest.raises(queries.UnknownCut):
        queries.batch_by_folio(folio="nada")
