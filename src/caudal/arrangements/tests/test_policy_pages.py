"""Laura prepares what is admitted in agreements from March on; Salas says yes at her screen."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.town.cast import PIN

from caudal.access.models import ApprovalUse
from caudal.arrangements import queries
from caudal.arrangements.models import ArrangementPolicy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
MARCH = date(2019, 3, 1)
TYPED = {
    "effective_from": "01/03/2019", "article": "Acuerdo 14/2019", "least_down_ppm": "10", "down_payment_days": "5",
    "most_installments": "18", "least_installment_cents": "80", "most_days_to_first": "30",
    "most_debt_cents": "15,000.00", "another_after_default": "", "missed_to_default": "3", "current_bill_missed": "0",
    "surcharges": "stopped", "deferral_ppm": "0", "surcharges_resume": "from_default", "penalty_ppm": "2.5",
    "penalty_fixed_cents": "0", "ability_share_ppm": "30", "dependent_cents": "1200", "approver": "salas", "pin": PIN,
}  # fmt: skip


def decide(client: Client, **changes: str):  # type: ignore[no-untyped-def]
    return client.post("/convenios/politica/nueva/", TYPED | changes)


def test_two_people_decide_what_is_admitted_from_a_day_on(enter_as: Callable[[str], Client]) -> None:
    laura = enter_as("laura")
    answer = decide(laura)
    assert (answer.status_code, answer["Location"]) == (302, "/convenios/politica/")
    decided = queries.policy_on(on=MARCH)
    assert (decided.least_down_ppm, decided.most_installments, decided.least_installment_cents) == (
        100_000, 18, 80_00,
    )  # fmt: skip
    assert (decided.penalty_ppm, decided.most_debt_cents, decided.set_by) == (25_000, 15_000_00, "laura")
    assert ApprovalUse.objects.get().approval.approver == "salas"
    html = laura.get("/convenios/politica/").content.decode()
    assert "Acuerdo 14/2019" in html and "por venir" in html
    # today's stay as they were: twelve payments
    assert queries.policy_on(on=date(2019, 2, 28)).most_installments == 12


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effective_from": "31/01/2019"}, "Solo pueden regir desde mañana."),
        ({"effective_from": "marzo"}, "La fecha no se entiende."),
        ({"article": ""}, "Falta: fundamento."),
        ({"pin": "000001"}, "PIN"),
        ({"approver": "laura"}, "Elija a la persona de la lista."),
        ({"most_installments": "0"}, "de 1 en adelante"),
        ({"least_down_ppm": "mucho"}, "El porcentaje no se entiende."),
        ({"least_down_ppm": "140"}, "Un límite no tiene sentido."),
        ({"deferral_ppm": "1"}, "La tasa de prórroga no va con lo que pasa con los recargos."),
    ],
)
def test_what_makes_no_sense_decides_nothing(
    enter_as: Callable[[str], Client], changes: dict[str, str], said: str
) -> None:
    answer = decide(enter_as("laura"), **changes)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not ArrangementPolicy.objects.filter(effective_from__gt=date(2019, 1, 31)).exists()
    assert not ApprovalUse.objects.exists()


def test_the_form_begins_with_what_holds_and_who_only_reads_is_not_offered_it(
    enter_as: Callable[[str], Client],
) -> None:
    html = enter_as("salas").get("/convenios/politica/nueva/").content.decode()
    assert 'name="most_installments" value="12"' in html and 'value="50.00"' in html
    assert "Decidir otras reglas" not in enter_as("ofelia").get("/convenios/politica/").content.decode()
    assert enter_as("ofelia").get("/convenios/politica/nueva/").status_code == 403
