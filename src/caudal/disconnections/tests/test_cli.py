"""A batch from the terminal: asked for or approved on the spot, handed to the crew, called off, a place protected."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.access import approvals
from caudal.access.models import ApprovalRequest
from caudal.cases.models import CasePhoto
from caudal.disconnections import cli, queries
from caudal.disconnections.models import DisconnectionOrder, TransitPayment
from caudal.disconnections.tests.crew import cut

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


def test_a_payment_on_its_way_from_the_terminal(july: Town) -> None:
    """Saturday the 20th: Monday and Tuesday are waited for."""
    said("propose", "Julio", "--by", "laura")
    declared = said("transit", july.chuy.number, "SPEI 77", "$300.00", "--place", "BBVA", "--by", "veronica")
    assert declared == {"account": july.chuy.number, "reference": "SPEI 77", "until": "2019-07-23"}
    assert states()[july.chuy.number] == "canceled"
    assert "no se entiende" in refused("transit", july.chuy.number, "SPEI 78", "mil", "--place", "BBVA")
    assert "ya se había anotado" in refused("transit", july.chuy.number, "SPEI 77", "300", "--place", "BBVA")
    assert "no puede ser esa" in refused(
        "transit", july.chuy.number, "SPEI 79", "300", "--place", "BBVA", "--paid-on", "2019-07-09"
    )
    assert TransitPayment.objects.count() == 1


def test_water_taken_without_leave_from_the_terminal(july: Town, tmp_path: Path) -> None:
    cut(july.chuy)
    picture = tmp_path / "sello.jpg"
    Image.effect_noise((80, 60), 50).save(picture, "JPEG")
    told = said("illegal", "record", july.chuy.number, "Sello roto", "--photo", str(picture), "--by", "laura")
    assert told["fine_cents"] == 1_000_00 and told["case"].startswith("REP-")
    assert CasePhoto.objects.get().case.folio == told["case"]
    assert [each["is_canceled"] for each in said("illegal", "list")] == [False]

    gone = said(
        "illegal", "cancel", july.chuy.number, "--approver", "salas", "--reason", "Era del vecino", "--pin",
        counter.PIN, "--by", "laura",
    )  # fmt: skip
    assert gone["case"] == told["case"]
    assert [each["is_canceled"] for each in said("illegal", "list")] == [True]
    assert "no tiene multa vigente" in refused(
        "illegal", "cancel", july.chuy.number, "--approver", "salas", "--reason", "x", "--pin", counter.PIN
    )
    assert "no estaba cortada" in refused("illegal", "record", july.lot.number, "Sello roto")
