"""What journeys and page tests stand on: the story's database, its clerks signed in, the clock of the day.

`issued_town` is for tests that look and roll back; `living_site` for those that commit. The browser is
imported only where one is asked for.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import Client

from caudal.access import door
from caudal.access.models import Clerk
from caudal.kernel import clock
from tests.journeys import places, story

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.browsing import Walk

# one person for each role; all of the town but Beto
ROLES = {
    "veronica": "cashier", "laura": "billing_analyst", "salas": "commercial_manager", "julian": "meter_reader",
    "rosa": "till_supervisor", "beto": "crew", "marta": "service_desk", "ofelia": "auditor", "admin": "administrator",
}  # fmt: skip


@pytest.fixture(scope="session")
def story_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The database in which the story is written, once for the session."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAUDAL_NOW", story.NOW)
        template = connections["default"].settings_dict["NAME"]
        with places.copied(source=template, name=f"{template}_story") as name:
            story.write()
            _hire_everybody()
            connections.close_all()
            places.point_at(template)
            yield name


def _hire_everybody() -> None:
    password = Clerk.objects.get(username="laura").password
    for username, role in ROLES.items():
        if not Clerk.objects.filter(username=username).exists():
            Clerk.objects.create(
                username=username, first_name=username.capitalize(), role=role, password=password
            )


@pytest.fixture(scope="module")
def issued_town(story_database: str, django_db_blocker: Any) -> Iterator[None]:
    """This module's tests look at the story; what they write is rolled back (mark them `django_db`)."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAUDAL_NOW", story.NOW)
        before = connections["default"].settings_dict["NAME"]
        places.point_at(story_database)
        yield
        places.point_at(before)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Print files go to a folder of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


def entered(username: str, **options: Any) -> Client:
    """A client whose session went through every step of the door, without the steps; `options` are the client's."""
    client = Client(**options)
    client.force_login(
        Clerk.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    session = client.session
    door.mark(session=session, device=f"equipo-de-{username}", at=clock.now())
    session.save()
    return client


@pytest.fixture
def enter_as(db: None) -> Callable[[str], Client]:
    """A client in which somebody of the town is signed in, by user name."""

    def enter(username: str) -> Client:
        return entered(username)

    return enter


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One browser for all; each walk has a window of its own."""
    from playwright.sync_api import sync_playwright

    from tests.journeys import browsing

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = browsing.open_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(issued_town: None) -> Iterator[str]:
    """The story, served. For journeys that change nothing."""
    from tests.journeys import browsing

    with browsing.serving() as base:
        yield base


@pytest.fixture
def living_site(story_database: str, django_db_blocker: Any, media: Path) -> Iterator[str]:
    """A copy of the story, served: whatever is done here is dropped with it."""
    from tests.journeys import browsing

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAUDAL_NOW", story.NOW)
        with (
            places.copied(source=story_database, name=f"{story_database}_living"),
            browsing.serving() as base,
        ):
            yield base


@pytest.fixture
def walk(chromium: "Browser") -> "Iterator[Callable[..., Walk]]":
    """Open a window for somebody: `walk(base, username, width=1366)`. At the end none may have complained."""
    from tests.journeys import browsing

    walks: list[Walk] = []

    def start(base: str, username: str = "", *, width: int = 1366, height: int = 768) -> "Walk":
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="es-MX")
        opened = browsing.Walk(context=context, base=base)
        walks.append(opened)
        if username:
            opened.sign_in(username)
        return opened

    yield start
    for each in walks:
        each.context.close()
    assert [blemish for each in walks for blemish in each.blemishes] == []
