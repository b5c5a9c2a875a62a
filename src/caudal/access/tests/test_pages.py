"""Signing in and out, as the person at the keyboard lives it."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from tests.town.cast import PASSWORD, digits

from caudal.access.models import Clerk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
WRONG = "El usuario o la contraseña no coinciden. Revise mayúsculas y vuelva a intentar."


def sign_in(client: Client, username: str, password: str = PASSWORD, *, path: str = "/entrar/"):  # type: ignore[no-untyped-def]
    return client.post(path, {"username": username, "password": password})


def come_in(client: Client, username: str, *, path: str = "/entrar/"):  # type: ignore[no-untyped-def]
    """By every step that is asked for."""
    answer = sign_in(client, username, path=path)
    return (
        client.post("/entrar/codigo/", {"code": digits()})
        if answer["Location"] == "/entrar/codigo/"
        else answer
    )


@pytest.mark.parametrize(
    ("username", "home"),
    [
        ("veronica", "/"),
        ("laura", "/"),
        ("salas", "/tablero/"),
        ("ofelia", "/"),
        ("admin", "/facturacion/"),
        ("julian", "/ayuda/"),
    ],
)
def test_each_lands_on_the_first_page_of_their_menu(client: Client, username: str, home: str) -> None:
    """The administrator does not read accounts: their first page is billing, and who directs starts at the board. Julián's is the help: he works on the telephone."""
    answer = come_in(client, username)
    assert (answer.status_code, answer["Location"]) == (302, home)


def test_who_was_on_the_way_somewhere_goes_on(client: Client) -> None:
    answer = come_in(client, "laura", path="/entrar/?next=/tarifas/")
    assert answer["Location"] == "/tarifas/"


def test_nobody_is_sent_to_another_site(client: Client) -> None:
    answer = come_in(client, "laura", path="/entrar/?next=https://ejemplo.mx/")
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("username", "password"), [("laura", "otra"), ("nadie", PASSWORD), ("", ""), ("laura", "")]
)
def test_a_wrong_password_and_an_unknown_name_are_told_alike(
    client: Client, username: str, password: str
) -> None:
    """So nobody learns who works here. What was typed as name comes back; the password does not."""
    answer = sign_in(client, username, password)
    html = unescape(answer.content.decode())
    assert answer.status_code == 200 and "_auth_user_id" not in client.session
    assert (WRONG in html) == bool(username and password)
    assert f'value="{username}"' in html or not username
    assert "otra" not in html


def test_names_and_passwords_left_empty_are_asked_for_in_spanish(client: Client) -> None:
    html = unescape(sign_in(client, "", "").content.decode())
    assert "Escriba su usuario." in html and "Escriba su contraseña." in html


def test_who_was_disabled_is_not_let_in(client: Client) -> None:
    Clerk.objects.filter(username="laura").update(is_active=False)
    answer = sign_in(client, "laura")
    assert answer.status_code == 200 and "_auth_user_id" not in client.session


def test_five_wrong_passwords_rest_for_a_quarter_of_an_hour(client: Client) -> None:
    """The fifth locks; then even the right one waits, and the page says how long."""
    for _ in range(4):
        assert sign_in(client, "laura", "otra-clave-1").status_code == 200
    locked = sign_in(client, "laura", "otra-clave-1")
    assert locked.status_code == 429 and "espere 15 minutos" in locked.content.decode()
    assert sign_in(client, "laura").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="10.0.0.7"), "laura").status_code == 302  # from her own desk


def test_out_is_out(enter_as: Callable[[str], Client]) -> None:
    client = enter_as("laura")
    answer = client.post("/salir/")
    assert (answer.status_code, answer["Location"]) == (302, "/entrar/")
    assert client.get("/")["Location"] == "/entrar/?next=/"


def test_nobody_is_signed_out_by_a_link(enter_as: Callable[[str], Client]) -> None:
    client = enter_as("laura")
    assert client.get("/salir/").status_code == 405
    assert client.get("/").status_code == 200


def test_who_is_in_does_not_sign_in_again(enter_as: Callable[[str], Client]) -> None:
    assert enter_as("admin").get("/entrar/")["Location"] == "/facturacion/"


def test_the_menu_and_the_search_show_only_what_one_may_use(enter_as: Callable[[str], Client]) -> None:
    def seen(username: str, path: str) -> tuple[list[str], bool]:
        html = enter_as(username).get(path).content.decode()
        words = [
            word for word in ("Hoy", "Cuentas", "Facturación", "Tarifas") if f"</svg>\n{word}</a>" in html
        ]
        return words, 'id="search"' in html

    assert seen("laura", "/") == (["Hoy", "Cuentas", "Facturación", "Tarifas"], True)
    assert seen("veronica", "/") == (["Hoy", "Cuentas"], True)
    assert seen("marta", "/") == (["Hoy", "Cuentas", "Facturación"], True)
    assert seen("admin", "/facturacion/") == (["Facturación", "Tarifas"], False)
    assert seen("julian", "/") == ([], False)


def test_a_page_of_another_role_names_ones_own_and_shows_the_way(enter_as: Callable[[str], Client]) -> None:
    html = enter_as("admin").get("/").content.decode()
    assert "Entró como administrador." in html and 'href="/facturacion/">Ir a Facturación</a>' in html
    html = enter_as("julian").get("/").content.decode()
    assert "Entró como lecturista." in html and 'href="/ayuda/">Ir a Ayuda</a>' in html
