"""What holds on every page: its headers, its cost, its words."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.journeys.routes import DOORS, PAGES, Door
from tests.journeys.test_doors import USERNAMES, knock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
FILES = (".pdf", ".toml", ".csv", ".xlsx", ".docx", ".md")
HTML = [door for door in PAGES if not door.path.partition("?")[0].endswith(FILES)]
MOST_QUERIES = 30
# what tells of every room asks each of them once, however many rows there are
MOST_OF_ALL_ROOMS = {
    "activity_report": 40, "activity_report_file": 40, "report_publication": 40,
}  # fmt: skip

# words of ux, 5.10, and what escapes from a program when nobody looks
FORBIDDEN = ("transacción", "registro inválido", "error 500", "token", "timeout", "None", "undefined", "NaN")
ENGLISH = (
    "the", "and", "with", "your", "of", "this", "not", "page", "search", "save", "cancel", "submit", "loading", "error",
    "invalid", "required", "field", "value", "draft", "computed", "issued", "reviewed", "discarded", "running", "done",
    "failed", "waiting", "cash", "water", "sewerage", "surcharge", "metered", "flat", "residential", "senior", "bill",
    "account", "fee", "connection_fee", "january", "december",
)  # fmt: skip
OWN_NAMES = {"caudal tariff load libro.toml"}


def somebody(door: Door) -> str:
    return USERNAMES[min(door.roles)]


def words(html: str) -> str:
    """The text of a page, as a person reads it."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def require_headers(answer: Any) -> None:
    policy = {
        part.split(" ")[0]: part.split(" ")[1:] for part in answer["Content-Security-Policy"].split("; ")
    }
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    for directive in ("script-src", "style-src"):
        assert policy[directive][0] == "'self'"
        assert all(source == "'self'" or source.startswith("'nonce-") for source in policy[directive])
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_every_answer_carries_its_headers(enter_as: Enter, door: Door) -> None:
    require_headers(knock(enter_as(somebody(door)), door))


@pytest.mark.parametrize("username", ["julian", "nobody"])
def test_refusals_and_sign_in_carry_them_too(client: Client, enter_as: Enter, username: str) -> None:
    visitor = enter_as(username) if username == "julian" else client
    for path in ("/", "/entrar/", "/no-existe/", "/facturacion/", "/static/kernel/caudal.css"):
        answer = visitor.get(path)
        if path.startswith("/static/"):
            assert answer.status_code in (200, 404)
        else:
            require_headers(answer)


@pytest.mark.parametrize("door", HTML, ids=str)
def test_scripts_are_ours_and_carry_the_nonce_of_this_answer(enter_as: Enter, door: Door) -> None:
    answer = knock(enter_as(somebody(door)), door)
    html = answer.content.decode()
    nonces = set(re.findall(r'<script[^>]* nonce="([^"]+)"', html))
    if html.lstrip().startswith("<!doctype"):
        assert len(nonces) == 1 and f"'nonce-{nonces.pop()}'" in answer["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]* nonce=)", html) == []
    assert re.findall(r'\son\w+="|style="|javascript:', html) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', html) == []


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_no_page_asks_the_database_too_much(enter_as: Enter, door: Door) -> None:
    """Counted warm: the first page of a process also reads catalogs that stay in memory."""
    client = enter_as(somebody(door))
    knock(client, door)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        knock(client, door)
    questions = [
        each["sql"] for each in asked.captured_queries if not re.match(r"(SAVEPOINT|RELEASE)", each["sql"])
    ]
    most = MOST_OF_ALL_ROOMS.get(door.route, MOST_QUERIES)
    assert len(questions) <= most, "\n".join(each[:150] for each in questions)


@pytest.mark.parametrize("door", HTML, ids=str)
def test_every_page_is_written_in_spanish(enter_as: Enter, door: Door) -> None:
    html = knock(enter_as(somebody(door)), door).content.decode()
    text = words(html)
    for own in OWN_NAMES:
        text = text.replace(own, "")
    lower = text.lower()
    assert [word for word in FORBIDDEN if re.search(rf"\b{re.escape(word)}\b", text)] == []
    assert [word for word in ENGLISH if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", lower)] == []


@pytest.mark.parametrize("door", HTML, ids=str)
def test_amounts_and_dates_have_one_form(enter_as: Enter, door: Door) -> None:
    """`$1,234.56`, `31 ene 2019`: no amount without centavos, no date of a program."""
    html = knock(enter_as(somebody(door)), door).content.decode()
    # a picture rounds what its table says to the centavo
    text = words(re.sub(r"<svg\b.*?</svg>", " ", html, flags=re.DOTALL))
    assert re.findall(r"\$\d{4,}", text) == []
    assert re.findall(r"\$[\d,]+(?![\d,.])", text) == []
    assert re.findall(r"\b\d{4}-\d{2}-\d{2}\b", text) == []
    assert re.findall(r"-\$", text) == []


@pytest.mark.parametrize("door", HTML, ids=str)
def test_every_page_says_its_title_its_language_and_its_one_heading(enter_as: Enter, door: Door) -> None:
    html = knock(enter_as(somebody(door)), door).content.decode()
    if not html.lstrip().startswith("<!doctype"):
        return  # the progress panel is a piece of its page
    assert '<html lang="es-MX">' in html
    title = re.search(r"<title>(.+?) · SIBAPAS</title>", html)
    assert title and title[1].strip()
    assert html.count("<main") == 1 and len(re.findall(r"<h1\b", html)) in (1, 2)


def test_a_page_that_does_not_exist_says_so_and_shows_the_way_back(enter_as: Enter) -> None:
    answer = enter_as("laura").get("/no-existe/")
    assert answer.status_code == 404
    assert "Esta página no existe" in answer.content.decode() and 'href="/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/cuentas/999999/", "No hay ninguna cuenta con el número 999999."),
        ("/cuentas/999999/estado-de-cuenta.pdf", "No hay ninguna cuenta con el número 999999."),
        ("/recibos/no-es-un-folio.pdf", "folio"),
        ("/tarifas/no-existe/", "No hay un libro de tarifas con esa clave."),
        ("/tarifas/no-existe/libro.toml", "No hay un libro de tarifas con esa clave."),
        ("/tarifas/comparacion/?a=la-barca-demo-2019&b=", "No hay un libro de tarifas con esa clave."),
        ("/facturacion/99999/", "Esta página no existe"),
        ("/facturacion/99999/detenidos/", "Esta página no existe"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_what_to_do(enter_as: Enter, path: str, said: str) -> None:
    answer = enter_as("laura").get(path)
    assert answer.status_code == 404 and said in unescape(answer.content.decode())


@pytest.mark.parametrize(
    "path", ["/cuentas/<script>alert(1)<script>/", "/buscar/?q=<script>alert(1)</script>", "/tarifas/<b>/"]
)
def test_what_is_typed_comes_back_as_text(enter_as: Enter, path: str) -> None:
    html = enter_as("laura").get(path).content.decode()
    assert "<script>alert" not in html and "<b>" not in html


@pytest.mark.parametrize("text", ["'", "%", "\\", "10%; DROP TABLE", "ñ" * 5000, "🚰", "..", "-1"])
def test_any_words_can_be_searched(enter_as: Enter, text: str) -> None:
    assert enter_as("laura").get("/buscar/", {"q": text}).status_code == 200


@pytest.mark.parametrize("path", ["/buscar/?q=%00", "/cuentas/%00/", "/tarifas/%00/", "/recibos/%00.pdf"])
def test_a_nul_is_no_address_of_ours(enter_as: Enter, path: str) -> None:
    assert enter_as("laura").get(path).status_code == 404
