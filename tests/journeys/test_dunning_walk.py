"""Collection in a browser: a batch prepared and issued at the desk, a visit written down, sound at every width."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction

from caudal.dunning import commands
from caudal.dunning.models import Notice, NoticeBatch
from caudal.dunning.queries import SegmentFilter
from caudal.dunning.tests.collection import owe
from caudal.registry.queries import account_by_number
from tests.journeys.browsing import Walk
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
AUGUST = date(2018, 8, 15)


@transaction.atomic
def a_month_of_demands() -> tuple[NoticeBatch, list[Notice]]:
    """Six accounts owe since August; a batch is issued on the 7th, one is served, another left an appointment."""
    for place, number in enumerate(("010117", "010405", "010512", "010620", "010818", "020031")):
        owe(
            account_by_number(number=number),
            1_500_00 + place * 730_00,
            period=201807,
            due_on=AUGUST,
            sewerage=90_00,
        )
    on = date(2019, 1, 7)
    issued = issue("demand", "Requerimientos de enero", on)
    notices = list(Notice.objects.filter(batch=issued).order_by("number"))
    visits = [("delivered", on), ("absent", TODAY - timedelta(days=1)), ("refused", on)]
    for notice, (outcome, day) in zip(notices, visits, strict=False):
        visit = commands.Visit(
            outcome=outcome, served_at=moment(day, 12), receiver="familiar", notes="Puerta azul"
        )
        commands.record_service(notice=notice, visit=visit, at=moment(day, 15), by="julian")
    return issued, notices


def issue(stage: str, name: str, on: date) -> NoticeBatch:
    batch = commands.prepare_batch(
        name=name, stage=stage, within=SegmentFilter(), on=on, at=moment(on, 9), by="laura"
    )
    return commands.issue_batch(batch=batch, on=on, at=moment(on, 10), by="salas")


def test_every_page_is_sound_at_three_widths(living_site: str, walk: Start) -> None:
    batch, notices = a_month_of_demands()
    with transaction.atomic():
        commands.prepare_batch(
            name="Cartas",
            stage="courtesy_letter",
            within=SegmentFilter(),
            on=TODAY,
            at=moment(TODAY, 9),
            by="laura",
        )
    laura = walk(living_site, "laura")
    pages = (
        "/cartera/", "/cartera/?por=ruta", "/cartera/?por=localidad&uso=residential", "/cartera/cuentas/",
        "/cartera/cuentas/?edad=3&uso=commercial", "/cartera/cuentas/?uso=nada", "/notificaciones/",
        "/notificaciones/nuevo-lote/", "/notificaciones/siguientes/", "/notificaciones/citatorios/",
        f"/notificaciones/lotes/{batch.folio}/", "/notificaciones/lotes/LOT-000002/",
        *(f"/notificaciones/{notice.folio}/" for notice in notices[:2]), "/cuentas/010117/notificaciones/",
    )  # fmt: skip
    found = [fault for path in pages for fault in faults(laura, path)]
    assert found == [], "\n".join(found)


def test_laura_prepares_a_batch_and_writes_down_a_visit(living_site: str, walk: Start) -> None:
    """She sees whom before she prepares; the paper that came back is written on the page of its notice."""
    a_month_of_demands()
    laura = walk(living_site, "laura")
    laura.go("/notificaciones/nuevo-lote/")
    laura.page.fill("#id_name", "Cartas de enero")
    laura.page.select_option("#id_stage", "courtesy_letter")
    laura.page.get_by_role("button", name="Ver a quiénes").click()
    laura.see("Quedan fuera")
    laura.page.get_by_role("button", name="Preparar").click()
    laura.see("Revíselo y emítalo")
    laura.page.get_by_role("button", name="Emitir").click()
    laura.see("se está imprimiendo")
    laura.page.get_by_role("link", name="NOT-").first.click()
    laura.page.get_by_role("button", name="Anotar la visita").click()
    laura.see("Notificada")
