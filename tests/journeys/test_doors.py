"""Who may go through which door: every route by every role, declared, and nobody unknown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from caudal.access.models import Clerk
from caudal.billing import queries as billing
from caudal.billing.models import BillingRun
from caudal.kernel.models import Job
from caudal.registry.models import Benefit
from tests.journeys.fixtures import ROLES as PEOPLE
from tests.journeys.fixtures import entered
from tests.journeys.routes import DOORS, OPEN_TO_ALL, PAGES, ROLES, Door

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
USERNAMES = {role: username for username, role in PEOPLE.items()}


def knock(client: Client, door: Door) -> Any:
    """Ask for an address of the story."""
    runs = {run.period: run.pk for run in BillingRun.objects.all()}
    folio = billing.bill_folio(period=201812, account_number="010293", revision=1)
    path = door.path.format(
        january=runs[201901], december=runs[201812], folio=folio, benefit=Benefit.objects.get().pk
    )
    return getattr(client, door.method)(path, dict(door.body))


def routes(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
    """All the routes, those of included pages too."""
    return [
        route
        for each in patterns
        for route in (routes(each.url_patterns) if isinstance(each, URLResolver) else [each])
    ]


def test_every_route_is_declared_here() -> None:
    known = {route.name for route in routes(get_resolver().url_patterns)}
    assert known == {door.route for door in DOORS} | set(OPEN_TO_ALL)


def test_every_route_says_which_act_it_asks_for() -> None:
    doors = {route.name: route.callback for route in routes(get_resolver().url_patterns)}
    without_gate = {name for name, view in doors.items() if not hasattr(view, "required_act")}
    open_to_all = {name for name, view in doors.items() if getattr(view, "required_act", "") is None}
    assert without_gate == set() and open_to_all == set(OPEN_TO_ALL)


def test_every_role_has_somebody() -> None:
    assert set(PEOPLE.values()) == set(ROLES) == set(Clerk.Role.values)


@pytest.mark.parametrize("door", DOORS, ids=str)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_let_in_or_told_why_not(enter_as: Enter, door: Door, role: str) -> None:
    answer = knock(enter_as(USERNAMES[role]), door)
    assert answer.status_code == (door.answer if role in door.roles else 403)
    if role not in door.roles:
        assert "Esta página no es parte de su puesto" in answer.content.decode()


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_stranger_is_sent_to_sign_in(client: Client, door: Door) -> None:
    answer = knock(client, door)
    assert answer.status_code == 302 and answer["Location"].startswith("/entrar/?next=/")
    assert not Job.objects.exists()


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_who_was_disabled_is_let_in_nowhere(enter_as: Enter, door: Door) -> None:
    """Laura left this morning with her session open."""
    client = enter_as("laura")
    Clerk.objects.filter(username="laura").update(is_active=False)
    assert knock(client, door).status_code == 302


@pytest.mark.parametrize("door", [door for door in DOORS if door.method == "post"], ids=str)
def test_acts_ask_for_the_seal_of_the_form(door: Door) -> None:
    """A POST that does not come from a page of ours is refused before anything happens."""
    client = entered(Clerk.objects.get(role=min(door.roles)).username, enforce_csrf_checks=True)
    assert knock(client, door).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("door", [door for door in DOORS if door.method == "post"], ids=str)
def test_acts_are_not_done_by_looking(enter_as: Enter, door: Door) -> None:
    client = enter_as(USERNAMES[min(door.roles)])
    before = list(BillingRun.objects.order_by("id").values())
    looked = knock(client, Door(door.route, door.path, door.roles, 405))
    assert looked.status_code in ((200, 405) if door.answer == 422 else (405,))
    assert list(BillingRun.objects.order_by("id").values()) == before and not Job.objects.exists()


def test_a_refused_act_did_nothing(enter_as: Enter) -> None:
    """The analyst prepares January and cannot issue it; the manager issues it and cannot discard it."""
    january = BillingRun.objects.get(period=201901)
    assert enter_as("laura").post(f"/facturacion/{january.pk}/emision/").status_code == 403
    assert enter_as("salas").post(f"/facturacion/{january.pk}/descarte/", {"reason": "x"}).status_code == 403
    january.refresh_from_db()
    assert january.state == "computed" and not Job.objects.exists()
