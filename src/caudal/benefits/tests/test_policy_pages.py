"""Laura prepares what a senior is asked for from March on; Salas says yes at her screen."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.town.cast import PIN

from caudal.access.models import ApprovalUse
from caudal.benefits import queries
from caudal.benefits.models import BenefitPolicy
from caudal.registry.models import Benefit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
MARCH = date(2019, 3, 1)
SENIOR = Benefit.Category.values[0]
TYPED = {
    "effective_from": "01/03/2019", "article": "Acuerdo 15/2019", "category": SENIOR,
    "evidence": "Credencial INAPAM\n\nActa de nacimiento\n", "months_valid": "24", "one_property": "1",
    "must_be_up_to_date": "", "must_live_there": "1", "approver": "salas", "pin": PIN,
}  # fmt: skip


def test_two_people_decide_what_a_category_asks_for_from_a_day_on(enter_as: Callable[[str], Client]) -> None:
    before = queries.policy_of(category=SENIOR, on=date(2019, 2, 28)).months_valid
    laura = enter_as("laura")
    answer = laura.post("/beneficiarios/requisitos/nuevos/", TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/beneficiarios/requisitos/")
    decided = queries.policy_of(category=SENIOR, on=MARCH)
    assert decided.evidence_kinds == ["Credencial INAPAM", "Acta de nacimiento"]
    assert (decided.months_valid, decided.must_be_up_to_date, decided.must_live_there) == (24, False, True)
    assert ApprovalUse.objects.get().approval.approver == "salas"
    assert queries.policy_of(category=SENIOR, on=date(2019, 2, 28)).months_valid == before
    html = laura.get("/beneficiarios/requisitos/").content.decode()
    assert "Acuerdo 15/2019" in html and "por venir" in html


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effective_from": "31/01/2019"}, "Solo pueden regir desde mañana."),
        ({"evidence": ""}, "Falta: documentos que se aceptan."),
        ({"months_valid": "0"}, "Escriba un número, de 1 a 120."),
        ({"pin": "000001"}, "PIN"),
        ({"approver": ""}, "Nadie más puede aprobarlo."),
    ],
)
def test_what_makes_no_sense_decides_nothing(
    enter_as: Callable[[str], Client], changes: dict[str, str], said: str
) -> None:
    answer = enter_as("laura").post("/beneficiarios/requisitos/nuevos/", TYPED | changes)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not BenefitPolicy.objects.filter(effective_from__gte=MARCH).exists()
    assert not ApprovalUse.objects.exists()
