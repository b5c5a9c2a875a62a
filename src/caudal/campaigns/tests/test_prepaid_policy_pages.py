"""Laura prepares what happens to months paid ahead from March on; Salas says yes at her screen."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.town.cast import PIN

from caudal.access.models import ApprovalUse
from caudal.campaigns import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
MARCH = date(2019, 3, 1)
TYPED = {
    "effective_from": "01/03/2019", "article": "Acuerdo 16/2019", "on_tariff_change": "settle",
    "on_closing": "settle", "approver": "salas", "pin": PIN,
}  # fmt: skip


def test_two_people_decide_what_happens_to_months_paid_ahead(enter_as: Callable[[str], Client]) -> None:
    before = queries.prepayment_policy(on=date(2019, 2, 28))
    laura = enter_as("laura")
    answer = laura.post("/campanas/pago-adelantado/nueva/", TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/campanas/pago-adelantado/")
    decided = queries.prepayment_policy(on=MARCH)
    assert decided and (decided.on_tariff_change, decided.on_closing, decided.set_by) == (
        "settle", "settle", "laura",
    )  # fmt: skip
    assert ApprovalUse.objects.get().approval.approver == "salas"
    assert queries.prepayment_policy(on=date(2019, 2, 28)) == before
    assert "Acuerdo 16/2019" in laura.get("/campanas/pago-adelantado/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effective_from": "31/01/2019"}, "Solo pueden regir desde mañana."),
        ({"on_closing": "burn"}, "Elija de la lista."),
        ({"article": " "}, "Falta: fundamento."),
        ({"pin": "000001"}, "PIN"),
    ],
)
def test_what_makes_no_sense_decides_nothing(
    enter_as: Callable[[str], Client], changes: dict[str, str], said: str
) -> None:
    answer = enter_as("laura").post("/campanas/pago-adelantado/nueva/", TYPED | changes)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert queries.prepayment_policies().filter(effective_from__gte=MARCH).count() == 0
    assert not ApprovalUse.objects.exists()
