"""The supervisor's board in a browser: a round passed on in two clicks or with four keys, sound at every width."""

from collections.abc import Callable

import pytest
from django.db import transaction

from caudal.access.models import Clerk
from caudal.billing import commands as billing
from caudal.billing.models import BillingRun
from caudal.fieldwork.models import Round, RoundAssignment, Stop
from caudal.fieldwork.tests import street
from tests.journeys.browsing import Walk
from tests.journeys.story import TODAY
from tests.journeys.test_every_screen import faults
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]
MOST_CLICKS = 3


@transaction.atomic
def a_morning_in_the_street() -> list[Round]:
    """December's bills are out with Julián: a few were delivered, one with its photograph; yesterday's are behind."""
    run = BillingRun.objects.get(period=201812)
    rounds = billing.plan_delivery(run=run, on=TODAY, carriers=["julian"], at=moment(TODAY, 7), by="laura")
    stops = list(
        Stop.objects.filter(round=rounds[0]).select_related("round__assigned_to").order_by("sequence")
    )
    event = street.told(stops[0], moment(TODAY, 9, 10), "delivered", street.CENTER, receiver="titular")
    street.shot(event)
    street.order(at=moment(TODAY, 8), address="Morelos 80")
    return rounds


def clicks_of(walk: Walk) -> list[str]:
    """Every click of this window from now on, whatever page it is on."""
    clicked: list[str] = []
    walk.context.expose_function("noteClick", lambda words: clicked.append(words))
    walk.context.add_init_script(
        "addEventListener('click', (event) => window.noteClick(event.target.innerText || event.target.tagName), true)"
    )
    return clicked


def holder(round: Round) -> str:
    return Round.objects.get(pk=round.pk).assigned_to.username


def test_a_round_is_passed_on_in_two_clicks(living_site: str, walk: Start) -> None:
    first, *_ = a_morning_in_the_street()
    laura = walk(living_site, "laura")
    clicked = clicks_of(laura)
    laura.go("/recorridos/")

    laura.page.get_by_role("link", name=f"Reasignar {first.name}").first.click()
    with laura.page.expect_navigation():
        laura.page.get_by_role("button", name=Clerk.objects.get(username="beto").first_name).click()

    laura.see("ahora lo tiene Beto")
    assert (len(clicked) <= MOST_CLICKS, len(clicked), holder(first)) == (True, 2, "beto")
    assert [each.clerk.username for each in RoundAssignment.objects.filter(round=first).order_by("id")] == [
        "julian", "beto",
    ]  # fmt: skip
    assert first.stops.exclude(outcome="").count() == 1  # what was done stays done


def test_by_keyboard_on_a_desk_and_on_a_telephone(living_site: str, walk: Start) -> None:
    """Tab to «Reasignar», Enter; Tab to the name, Enter. And back, from a screen of 360 points."""
    first, *_ = a_morning_in_the_street()
    for width, name, username in ((1366, "Beto", "beto"), (360, "Julián", "julian")):
        laura = walk(living_site, "laura", width=width)
        laura.go("/recorridos/")
        laura.choose(f"Reasignar {first.name}")
        laura.choose(name)
        laura.see(f"ahora lo tiene {name}")
        assert holder(first) == username


def test_the_board_brings_its_news_and_keeps_where_one_is(living_site: str, walk: Start) -> None:
    """It is asked for again by itself; whoever was on a control of it is still there."""
    first, *_ = a_morning_in_the_street()
    laura = walk(living_site, "laura")
    laura.go("/recorridos/")
    laura.see("1 de ")
    laura.reach(f"Reasignar {first.name}")
    Stop.objects.filter(round=first).update(outcome="delivered", done_at=moment(TODAY, 10))
    n = first.stops.count()
    laura.page.evaluate(
        "htmx.trigger('#tablero', 'load'); htmx.ajax('GET', '/recorridos/tablero/', {target: '#tablero', swap: 'outerHTML'})"
    )
    laura.see(f"{n} de {n}")
    laura.see("completo")


def test_every_page_of_it_is_sound(living_site: str, walk: Start) -> None:
    rounds = a_morning_in_the_street()
    folio = rounds[0].folio
    run = BillingRun.objects.get(period=201812)
    laura = walk(living_site, "laura")
    pages = (
        "/recorridos/", "/recorridos/?dia=01/02/2019", f"/recorridos/{folio}/", f"/recorridos/{folio}/reasignacion/",
        "/ordenes/", "/ordenes/OT-000001/", f"/facturacion/{run.pk}/", f"/facturacion/{run.pk}/reparto/",
        "/cuentas/010293/historial/?tipo=calle",
    )  # fmt: skip
    found = [fault for path in pages for fault in faults(laura, path)]
    assert found == [], "\n".join(found)
