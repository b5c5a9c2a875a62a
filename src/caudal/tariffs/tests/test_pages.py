"""The pages of the tariff books: the list, a book as tables, its file, its publication, two books compared."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from tests.journeys.story import PROPOSAL, TODAY
from tests.town.cast import moment

from caudal.kernel.models import AuditEntry
from caudal.ledger.models import Concept
from caudal.tariffs import commands, pages, queries
from caudal.tariffs.models import TariffBook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
OTHER_PLACES = sorted((Path(__file__).parent / "books").glob("*.toml"))


@pytest.fixture
def salas(enter_as: Enter) -> Client:
    """The manager, who publishes."""
    return enter_as("salas")


def said(answer) -> str:  # type: ignore[no-untyped-def]
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_the_list_tells_what_is_in_force_and_what_is_a_draft(salas: Client) -> None:
    page = said(salas.get("/tarifas/"))
    assert f"Propuesta 2020 (sintética) {PROPOSAL} borrador 1 ene 2020 sin fecha de término" in page
    assert "la-barca-demo-2019 vigente 1 ene 2019 sin fecha de término" in page
    assert "la-barca-demo-2018 anterior 1 ene 2018 hasta 31 dic 2018" in page
    assert "Ing. Héctor Salas Pérez 20 dic 2017" in page


def test_a_book_is_read_as_tables_with_its_articles(salas: Client) -> None:
    """Homes: $70.00 with 10 m³ in it, then $7.10 up to 20; treatment 20 %; connection $1,250.00."""
    page = said(salas.get("/tarifas/la-barca-demo-2019/"))
    assert (
        "Habitacional, servicio medido HAB-MIN, HAB-GEN, HAB-ALTA $70.00, incluye 10 m³ $7.10 $7.60 $8.20"
        in page
    )
    assert "saneamiento Art. 46 20 %" in page and "enero, febrero 15 %" in page and "desde 1995 1 %" in page
    assert "agua · habitacional LIVA art. 2-A, fracción II, inciso h 0 %" in page
    assert "Derecho de conexión de toma de ½″ Art. 45 $1,250.00" in page
    assert (
        "hasta 10 m³ · agua, saneamiento, infraestructura · habitacional · Art. 50, fracción IV 50 %" in page
    )


def test_the_tiers_stand_in_their_order(salas: Client) -> None:
    heads = pages.price_tables(document=queries.book_by_code(code="la-barca-demo-2019").document)[
        "tier_heads"
    ]
    assert heads == ["hasta 20", "hasta 30", "hasta 50", "hasta 70", "hasta 100", "hasta 150", "desde 151"]


@pytest.mark.parametrize("path", OTHER_PLACES, ids=lambda path: path.stem)
def test_books_of_other_places_are_shown_too(salas: Client, path: Path) -> None:
    """Tables by the unit, bands of land, other units: whatever loads has a page without a word of a program."""
    book = commands.load_book(body=path.read_bytes(), by="laura", at=moment(TODAY))
    answer = salas.get(f"/tarifas/{book.code}/")
    page = said(answer)
    assert answer.status_code == 200 and "borrador" in page
    shown = pages.price_tables(document=book.document)
    assert len(shown["metered"]) + len(shown["flat"]) == len(book.document["schedules"])
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", page) == []


def test_the_file_of_a_book_loads_into_the_same_book(salas: Client) -> None:
    answer = salas.get("/tarifas/la-barca-demo-2019/libro.toml")
    assert answer["Content-Type"] == "application/toml; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="la-barca-demo-2019.toml"'
    again = commands.load_book(body=answer.content, by="laura", at=moment(TODAY))
    assert again == queries.book_by_code(code="la-barca-demo-2019") and TariffBook.objects.count() == 3


def test_the_manager_publishes_a_draft_and_its_predecessor_ends(salas: Client, enter_as: Enter) -> None:
    assert f"Publicar {PROPOSAL}" not in said(enter_as("laura").get(f"/tarifas/{PROPOSAL}/"))
    assert f"Publicar {PROPOSAL}" in said(salas.get(f"/tarifas/{PROPOSAL}/"))

    assert salas.post(f"/tarifas/{PROPOSAL}/publicacion/")["Location"] == f"/tarifas/{PROPOSAL}/"

    page = said(salas.get("/tarifas/"))
    assert f"{PROPOSAL} por entrar en vigor 1 ene 2020" in page and "1 ene 2019 hasta 31 dic 2019" in page
    assert (
        AuditEntry.objects.filter(act="tariffs.publish_book", by="salas").latest("id").object_id == PROPOSAL
    )


def test_what_is_published_is_not_published_again(salas: Client) -> None:
    before = TariffBook.objects.get(code="la-barca-demo-2019").published_at
    answer = salas.post("/tarifas/la-barca-demo-2019/publicacion/")
    assert (
        answer.status_code == 409
        and "Ese libro ya está publicado. No hace falta hacerlo otra vez." in said(answer)
    )
    assert TariffBook.objects.get(code="la-barca-demo-2019").published_at == before


def test_two_books_are_compared_over_the_whole_registry(salas: Client) -> None:
    """Only homes above 10 m³ pay more: Doña Lupita's 19 m³ are 9 above × $1.00 = $9.00, and its 23 % = $11.07."""
    page = said(salas.get(f"/tarifas/comparacion/?a=la-barca-demo-2019&b={PROPOSAL}"))
    assert "Diferencia al mes +$11.07 sobre 8 cuentas" in page
    assert "Pagan más / menos 1 / 0 7 pagan igual" in page
    assert "Habitacional genérica 2 19 $256.95 $268.02 +$11.07 +4.3 %" in page
    assert "Quienes pagarían menos" in page and "Nadie." in page


def test_a_book_compared_with_itself_changes_nothing(salas: Client) -> None:
    page = said(salas.get("/tarifas/comparacion/?a=la-barca-demo-2019&b=la-barca-demo-2019"))
    assert "Diferencia al mes $0.00" in page and "Pagan más / menos 0 / 0 8 pagan igual" in page


def test_concepts_are_called_what_the_ledger_calls_them(salas: Client) -> None:
    Concept.objects.filter(code="water_tanker_fee").update(name="Pipa a domicilio")
    assert "pipa a domicilio LIVA art. 2-A" in said(salas.get("/tarifas/la-barca-demo-2019/"))
