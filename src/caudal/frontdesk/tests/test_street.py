"""What was done in the street for an account: at the door of its house, told on its page and in its history."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.journeys.story import TODAY
from tests.town.cast import moment

from caudal.billing import commands as billing
from caudal.billing.models import BillingRun
from caudal.dunning.tests import collection
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork.models import Stop
from caudal.fieldwork.tests import street as outdoors
from caudal.frontdesk.tests.test_status import text
from caudal.registry import queries as accounts
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
HISTORY = "/cuentas/010293/historial/?tipo=calle"


@pytest.fixture
def lupita() -> Account:
    return accounts.account_by_number(number="010293")


@pytest.fixture
def photo(lupita: Account) -> str:
    """December's bill was left with her daughter at half past eleven; the address of its photograph."""
    run = BillingRun.objects.get(period=201812)
    billing.plan_delivery(run=run, on=TODAY, carriers=["julian"], at=moment(TODAY, 7), by="laura")
    stop = Stop.objects.select_related("round__assigned_to").get(subject_folio="201812-010293")
    event = outdoors.told(stop, moment(TODAY, 11, 30), "delivered", outdoors.CENTER, receiver="familiar")
    return f"/recorridos/fotos/{outdoors.shot(event).pk}.jpg"


def test_a_bill_left_at_the_door_says_when_with_whom_and_shows_it(enter_as: Enter, photo: str) -> None:
    marta = enter_as("marta")
    page = text(marta, HISTORY)
    assert "Calle 1" in page
    assert (
        "31 ene 2019 Recibo de diciembre 2018: entregado, 11:30 Julián Ramírez López · recibió: familiar · REC-"
        in page
    )
    assert f'<a href="{photo}">foto</a>' in marta.get(HISTORY).content.decode()
    assert "Recibo de diciembre 2018: entregado, 11:30" in text(marta, "/cuentas/010293/")


def test_who_may_not_see_the_street_reads_it_without_its_photograph(enter_as: Enter, photo: str) -> None:
    veronica = enter_as("veronica")
    assert "Recibo de diciembre 2018: entregado, 11:30" in text(veronica, HISTORY)
    assert photo not in veronica.get(HISTORY).content.decode()
    assert veronica.get(photo).status_code == 403


def test_a_notice_says_when_it_was_issued_and_each_visit(enter_as: Enter) -> None:
    espiga = accounts.account_by_number(number="010405")
    collection.owe(espiga, 90_000, period=201806, due_on=date(2018, 7, 15))
    notice = next(
        each
        for each in collection.issue("courtesy_letter", on=date(2019, 1, 29))
        if each.account_id == espiga.pk
    )
    collection.serve(notice, "absent", on=date(2019, 1, 30))
    collection.serve(notice, "delivered", on=TODAY, receiver="titular")

    salas = enter_as("salas")
    page = text(salas, "/cuentas/010405/historial/?tipo=calle")
    name = "Carta invitación"
    for sentence in (
        f"29 ene 2019 {name} {notice.folio} ver",
        f"30 ene 2019 {name} {notice.folio}: ausente, con citatorio, 12:00",
        f"31 ene 2019 {name} {notice.folio}: entregada, 12:00 Julián Ramírez López · recibió: titular",
    ):
        assert sentence in page, sentence
    assert salas.get(f"/notificaciones/{notice.folio}/").status_code == 200
    assert f"{notice.folio}: entregada" in text(salas, "/cuentas/010405/")


def test_an_order_says_who_asked_for_it_and_how_it_ended(enter_as: Enter, lupita: Account) -> None:
    at = moment(TODAY, 8)
    leak = fieldwork.order_field_work(
        kind="leak",
        origin_kind="desk",
        origin_folio="",
        account=lupita,
        instructions="En la banqueta",
        at=at,
        by="laura",
    )
    census = fieldwork.order_field_work(
        kind="census", origin_kind="desk", origin_folio="", account=lupita, at=at, by="laura"
    )
    fieldwork.record_order_result(
        order=leak, told=fieldwork.Told(is_done=False, reason="No hay material"), done_at=moment(TODAY, 9), at=moment(TODAY, 10),
        by="julian",
    )  # fmt: skip
    fieldwork.cancel_order(order=census, reason="Ya se hizo", at=moment(TODAY, 10), by="laura")

    page = text(enter_as("marta"), HISTORY)
    for sentence in (
        f"31 ene 2019 Orden {leak.folio}, fuga Laura Gutiérrez Mora · En la banqueta ver",
        f"Orden {leak.folio}, fuga: no se pudo, 09:00 Julián Ramírez López · No hay material ver",
        f"Orden {census.folio}, verificación de predio: cancelada Laura Gutiérrez Mora · Ya se hizo ver",
    ):
        assert sentence in page, sentence
    assert f"/ordenes/{leak.folio}/" not in enter_as("veronica").get(HISTORY).content.decode()
