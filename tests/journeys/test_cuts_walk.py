"""Cuts in a browser: proposed by Laura, approved by engineer Salas, told at the desk; the water back with the payment."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from playwright.sync_api import Locator

from caudal.arrangements.tests.desk import owe
from caudal.disconnections import commands, queries
from caudal.disconnections.models import DisconnectionBatch, DisconnectionOrder, ReconnectionOrder
from caudal.disconnections.queries import Segment
from caudal.fieldwork import commands as fieldwork
from caudal.registry.models import ServiceInterruption
from caudal.registry.queries import account_by_number
from tests.journeys.browsing import Walk
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town import counter
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
DEBTORS = ("010117", "010405", "010512", "010620", "010818", "020031")
NOW = moment(TODAY, 9)


@transaction.atomic
def everybody_owes() -> None:
    """Six accounts owe $900.00 of each of August and September, past due for more than 60 days."""
    for number in DEBTORS:
        for month in (8, 9):
            owe(
                account_by_number(number=number),
                900_00,
                period=201800 + month,
                due_on=date(2018, month + 1, 15),
            )


@transaction.atomic
def proposed(*numbers: str) -> DisconnectionBatch:
    ids = [account_by_number(number=number).pk for number in numbers]
    return commands.propose_batch(
        title="Ruta 01-001, enero", account_ids=ids, segment=Segment(), on=TODAY, at=NOW, by="laura"
    )


@transaction.atomic
def dispatched(*numbers: str) -> list[DisconnectionOrder]:
    batch = proposed(*numbers)
    folios = [each.folio for each in batch.orders.order_by("number")]
    counter.approve(
        "disconnections.approve", "disconnection_batch", batch.folio, on=TODAY, by="laura", hour=9,
        after={"orders": folios},
    )  # fmt: skip
    commands.dispatch_orders(orders=list(batch.orders.all()), at=NOW, by="laura")
    return list(batch.orders.order_by("number"))


@transaction.atomic
def cut(order: DisconnectionOrder) -> None:
    assert order.field_order
    fieldwork.record_order_result(
        order=order.field_order, done_at=NOW, at=NOW, by="julian",
        told=fieldwork.Told(is_done=True, seal_number="S-77", answers={"seal": "S-77"}),
    )  # fmt: skip


def row(walk: Walk, number: str) -> Locator:
    return walk.page.locator("tr", has_text=number).first


def test_every_page_is_sound_at_three_widths(living_site: str, walk: Start) -> None:
    everybody_owes()
    first, second = dispatched("010117", "010405")
    cut(first)
    cut(second)
    waiting = proposed("010620")
    with transaction.atomic():
        counter.pay(account_by_number(number="010405"), 1_900_00, on=TODAY, hour=10)
        commands.protect_account(
            account=account_by_number(number="020031"), protected_reason="Casa de salud", reason="Oficio 12",
            at=NOW, by="laura",
        )  # fmt: skip
        commands.declare_transit(
            account=account_by_number(number="010818"), reference="SPEI 8841", place="BBVA", amount_cents=300_00,
            paid_on=TODAY, on=TODAY, at=NOW, by="veronica",
        )  # fmt: skip
        fine = commands.record_illegal_reconnection(
            account=account_by_number(number="010117"), found_on=TODAY, found_by="laura", evidence="Manguera", at=NOW,
            by="laura",
        )  # fmt: skip
    water = ReconnectionOrder.objects.get()
    laura = walk(living_site, "laura")
    pages = (
        "/cortes/", "/cortes/candidatas/", "/cortes/candidatas/?minimo=mucho", "/cortes/lotes/",
        f"/cortes/lotes/{waiting.folio}/", f"/cortes/lotes/{first.batch.folio}/", "/cortes/ordenes/",
        "/cortes/ordenes/?estado=todas", f"/cortes/ordenes/{first.folio}/", "/cortes/reconexiones/",
        "/cortes/reconexiones/?estado=hechas", f"/cortes/reconexiones/{water.folio}/", "/cortes/protegidos/",
        "/cuentas/010117/cortes/", "/cuentas/010405/cortes/", "/cuentas/010117/cortes/reconexion-ilegal/",
        f"/cortes/multas/{fine.pk}/", "/cuentas/020031/cortes/",
        "/cuentas/010818/pago-en-transito/",
    )  # fmt: skip
    found = [fault for path in pages for fault in faults(laura, path)]
    salas = walk(living_site, "salas")
    found += [fault for path in ("/cuentas/010117/cortes/", "/por-aprobar/") for fault in faults(salas, path)]
    assert found == [], "\n".join(found)


def test_from_the_proposal_to_the_water_back(living_site: str, walk: Start) -> None:
    """Don Chuy owes two months: his order is proposed, approved, handed over, told; he pays, and his water comes back."""
    everybody_owes()
    laura, salas = walk(living_site, "laura"), walk(living_site, "salas")
    laura.go("/cortes/candidatas/")
    row(laura, "010117").get_by_label("Elegir").check()
    laura.page.fill("#id_title", "Ruta 01-001, enero")
    laura.page.get_by_role("button", name="Proponer las elegidas").click()
    laura.see("Se propuso el lote LCO-000001")
    laura.page.fill("#id_reason", "Tercer requerimiento vencido")
    laura.page.get_by_role("button", name="Pedir que lo aprueben").click()
    laura.see("Espera respuesta")

    salas.go("/cortes/")
    salas.page.get_by_role("link", name="LCO-000001").click()
    salas.see("Tercer requerimiento vencido")
    salas.page.get_by_role("button", name="Aprobar el lote").click()
    salas.see("Se aprobó el lote LCO-000001")

    laura.go("/cortes/lotes/LCO-000001/")
    laura.page.select_option("#id_to", "beto")
    laura.page.get_by_role("button", name="Entregar").click()
    laura.see("en el recorrido REC-")
    laura.page.get_by_role("link", name="COR-000001").click()
    laura.page.get_by_role("button", name="Verificar ahora").click()
    laura.see("procede. Dígalo a la cuadrilla")
    laura.page.fill("#id_seal", "S-77")
    laura.page.get_by_role("button", name="Anotar el resultado").click()
    laura.see("quedó anotado lo que se hizo")
    assert "S-77" in laura.text
    order = DisconnectionOrder.objects.get()
    assert (order.state, order.result.incidents, order.result.seal_number) == ("done", [], "S-77")
    assert ServiceInterruption.objects.in_effect(on=TODAY).get().kind == "cut"

    with transaction.atomic():
        account = account_by_number(number="010117")
        told = queries.eligibility(account_ids=[account.pk], on=TODAY, at=NOW)[account.pk]
        counter.pay(account, told.facts.due_cents, on=TODAY, hour=10)
    laura.go("/cortes/reconexiones/")
    laura.page.get_by_role("link", name="RCX-000001").click()
    laura.see("faltan")
    laura.page.get_by_role("button", name="Anotar el resultado").click()
    laura.see("RCX-000001: quedó anotado lo que se hizo")
    assert ReconnectionOrder.objects.get().state == "done"
    assert not ServiceInterruption.objects.in_effect(on=TODAY).exists()


def test_a_paper_of_a_payment_stops_the_cut(living_site: str, walk: Start) -> None:
    """Verónica writes down what don Chuy shows her; the order of the crew is called off."""
    everybody_owes()
    [order] = dispatched("010117")
    veronica = walk(living_site, "veronica")
    veronica.go("/cuentas/010117/")
    veronica.page.get_by_text("Más", exact=True).click()
    veronica.page.get_by_role("link", name="Pago en tránsito").click()
    for field, text in (("reference", "SPEI 8841"), ("place", "BBVA"), ("amount", "1,800.00")):
        veronica.page.fill(f"#id_{field}", text)
    veronica.page.get_by_role("button", name="Anotar el pago").click()
    veronica.see("No se corta a 010117 hasta el 5 feb 2019")  # Monday the 4th is a holiday
    order.refresh_from_db()
    assert order.state == "canceled"
