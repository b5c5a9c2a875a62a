"""Nobody is at the screen: it locks, the PIN opens it, and nothing that was being done is lost."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.journeys.fixtures import entered
from tests.town.cast import PIN, Town, moment

from caudal.access import door
from caudal.access.models import Clerk, Pin
from caudal.kernel.models import Utility

MORNING = moment(date(2019, 1, 31), 8)
SCRIPT = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """It is eight in the morning; `clock(n)` makes it n minutes later."""

    def later(minutes: float) -> None:
        monkeypatch.setenv("CAUDAL_NOW", (MORNING + timedelta(minutes=minutes)).isoformat())

    later(0)
    Utility.objects.create(id=1, name="SIBAPAS", long_name="SIBAPAS", rfc="SBA010101AA4")
    return later


@pytest.fixture
def marta(clock: Callable[[float], None]) -> Client:
    """Marta came in at eight."""
    return entered("marta")


def test_ten_minutes_without_a_request_lock_every_page(marta: Client, clock: Callable[[float], None]) -> None:
    clock(9.9)
    assert marta.get("/cuentas/").status_code == 200
    clock(19.8)
    assert marta.get("/cuentas/").status_code == 200
    clock(29.8)
    for path in ("/", "/cuentas/?q=nunez", "/cuentas/010293/", "/mi-acceso/", "/por-aprobar/"):
        page = marta.get(path)
        assert page.status_code == 423
        assert "Pantalla bloqueada" in page.content.decode() and "Guadalupe" not in page.content.decode()
    clock(0)
    assert marta.get("/cuentas/").status_code == 423  # once locked it stays, whatever the clock says


def test_the_pin_goes_back_to_where_one_was(marta: Client, clock: Callable[[float], None]) -> None:
    clock(10)
    page = marta.get("/cuentas/?q=nunez&pagina=2").content.decode()
    assert 'name="back" value="/cuentas/?q=nunez&amp;pagina=2"' in page
    answer = marta.post("/desbloqueo/", {"pin": PIN, "back": "/cuentas/?q=nunez&pagina=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/cuentas/?q=nunez&pagina=2")
    assert marta.get("/cuentas/").status_code == 200


@pytest.mark.parametrize("back", ["https://ejemplo.mx/", "//ejemplo.mx", "", "javascript:alert(1)"])
def test_the_lock_leads_only_to_pages_of_ours(marta: Client, back: str) -> None:
    marta.post("/bloqueo/")
    assert marta.post("/desbloqueo/", {"pin": PIN, "back": back})["Location"] == "/"


def test_what_was_being_sent_when_the_lock_fell_is_kept(
    marta: Client, clock: Callable[[float], None]
) -> None:
    """A long form, the telephone rings, and eleven minutes later it is sent: first the PIN, then the form again."""
    clock(11)
    path = "/mi-acceso/contrasena/"
    sent = {
        "full_name": "Nuñez «Lupita»",
        "present": "secreta-1",
        "password": "secreta-2",
        "extra_pin": "222333",
    }
    page = marta.post(path, sent).content.decode()
    assert 'name="kept-full_name" value="Nuñez «Lupita»"' in page and 'name="is_sent"' in page
    assert "secreta" not in page and "222333" not in page

    kept = {"back": path, "is_sent": "1", "kept-full_name": "Nuñez «Lupita»"}
    wrong = marta.post("/desbloqueo/", kept | {"pin": "111222"})
    assert wrong.status_code == 422
    again = wrong.content.decode()
    assert 'name="kept-full_name" value="Nuñez «Lupita»"' in again and "El PIN no es correcto" in again
    assert f'name="back" value="{path}"' in again

    resumed = marta.post("/desbloqueo/", kept | {"pin": PIN}).content.decode()
    assert f'action="{path}"' in resumed and 'name="full_name" value="Nuñez «Lupita»"' in resumed
    assert "Enviar lo que escribí" in resumed


def test_a_part_of_a_page_answers_with_the_news_for_its_script(
    marta: Client, clock: Callable[[float], None]
) -> None:
    clock(10)
    part = marta.get("/buscar/?q=nunez", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Trigger"], part.content) == (423, "caudal-locked", b"")


def test_a_part_of_a_page_of_who_is_out_leads_to_the_door(client: Client) -> None:
    part = client.get("/buscar/?q=nunez", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/entrar/"


def test_a_progress_bar_does_not_keep_a_screen_awake(marta: Client, clock: Callable[[float], None]) -> None:
    """Laura left a run being computed: its panel asks every second, and after ten minutes it is told to lock."""
    unattended = {"HX-Request": "true", door.UNATTENDED: "1"}
    for minute in range(1, 10):
        clock(minute)
        assert marta.get("/mi-acceso/", headers=unattended).status_code == 200
    clock(10)
    assert marta.get("/mi-acceso/", headers=unattended).status_code == 423


def test_typing_on_one_page_keeps_it_awake(marta: Client, clock: Callable[[float], None]) -> None:
    for minute in (5, 10, 15, 20):
        clock(minute)
        assert marta.post("/presencia/", headers=SCRIPT).status_code == 204
    clock(30)
    assert marta.post("/presencia/", headers=SCRIPT).status_code == 423


def test_one_locks_before_leaving(marta: Client) -> None:
    answer = marta.post("/bloqueo/", headers={"Referer": "http://testserver/cuentas/010293/"})
    assert answer["Location"] == "http://testserver/cuentas/010293/"
    assert marta.get("/cuentas/010293/").status_code == 423
    assert marta.post("/bloqueo/", headers=SCRIPT).status_code == 204


def test_the_script_of_the_page_unlocks_without_leaving_it(marta: Client) -> None:
    marta.post("/bloqueo/", headers=SCRIPT)
    wrong = marta.post("/desbloqueo/", {"pin": "111222"}, headers=SCRIPT)
    assert wrong.status_code == 422
    assert json.loads(wrong.content)["what"] == "El PIN no es correcto."
    assert marta.get("/cuentas/").status_code == 423
    assert marta.post("/desbloqueo/", {"pin": PIN}, headers=SCRIPT).status_code == 204
    assert marta.get("/cuentas/").status_code == 200


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["page", "script"])
def test_five_wrong_pins_end_the_session(marta: Client, headers: dict[str, str]) -> None:
    marta.post("/bloqueo/")
    for _ in range(4):
        assert marta.post("/desbloqueo/", {"pin": "111222"}, headers=headers).status_code == 422
    fifth = marta.post("/desbloqueo/", {"pin": "111222"}, headers=headers)
    assert fifth.status_code == (401 if headers else 302)
    assert marta.get("/cuentas/")["Location"] == "/entrar/?next=/cuentas/"
    assert "Hubo cinco PIN equivocados" in marta.get("/entrar/").content.decode()


def test_who_has_no_pin_goes_out_and_comes_in_again(marta: Client) -> None:
    Pin.objects.filter(clerk__username="marta").delete()
    marta.post("/bloqueo/")
    page = marta.post("/desbloqueo/", {"pin": PIN}).content.decode()
    assert "todavía no tiene PIN" in page and "Salir y entrar con otro usuario" in page


def test_a_lock_is_opened_by_ones_own_pin(marta: Client, town: Town) -> None:
    """Rosa's PIN does not open Marta's screen."""
    from caudal.access import pins

    pins.set_pin(clerk=Clerk.objects.get(username="marta"), pin="730518", by="marta", at=town.at)
    marta.post("/bloqueo/")
    assert marta.post("/desbloqueo/", {"pin": PIN}).status_code == 422
    assert marta.post("/desbloqueo/", {"pin": "730518"}).status_code == 302


def test_pages_bring_the_cover_only_for_who_is_in(marta: Client, client: Client) -> None:
    assert '<dialog class="lock"' in marta.get("/cuentas/").content.decode()
    assert "<dialog" not in client.get("/entrar/").content.decode()
    marta.post("/bloqueo/")
    assert "<dialog" not in marta.get("/cuentas/").content.decode()
