"""Publishing from the page: the manager signs with their PIN, and everybody who reads reports sees the seal."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.town import counter
from tests.town.cast import PIN, Town

from caudal.reports.models import ReportEdition

pytestmark = pytest.mark.django_db
DAYS = {"desde": "2019-01-01", "hasta": "2019-01-31"}
PUBLISH = "/informes/publicacion/"


@pytest.fixture(autouse=True)
def january(town: Town, books: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Don Chuy paid $100.00 in January, and it is March."""
    settings.REPORT_KEY = tmp_path / "report-key.pem"
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-04T12:00:00-06:00")
    counter.pay(town.chuy, 10_000, on=date(2019, 1, 8))
    return town


def test_published_read_again_and_corrected(town: Town, enter_as: Callable[[str], Client]) -> None:
    manager, auditor = enter_as("salas"), enter_as("ofelia")
    assert manager.get(PUBLISH, DAYS).status_code == 200
    answer = manager.post(PUBLISH, DAYS | {"note": "Para el consejo", "pin": PIN}, follow=True)
    assert "Edición 1 publicada, sellada y firmada." in answer.content.decode()
    assert "íntegra" in auditor.get("/informes/ediciones/").content.decode()
    paper = auditor.get("/informes/ediciones/1/archivo.pdf")
    assert paper.content == bytes(ReportEdition.objects.get().papers.get(form="pdf").body)
    assert "Las cifras de hoy son las publicadas." in auditor.get("/informes/", DAYS).content.decode()

    counter.pay(town.lupita, 2_550, on=date(2019, 1, 9))
    assert "Difiere hoy en 5 cifras." in auditor.get("/informes/", DAYS).content.decode()
    assert "Difiere hoy en 5 cifras." in auditor.get("/informes/ediciones/1/").content.decode()
    said = DAYS | {"reason": "Faltaba un comprobante", "pin": PIN}
    page = manager.post(PUBLISH, said, follow=True).content.decode()
    assert "Faltaba un comprobante" in page
    assert "$125.50" in page
    assert "La sustituye la" in auditor.get("/informes/ediciones/1/").content.decode()


def test_the_form_says_that_the_books_are_open_before_the_pin_is_typed(
    enter_as: Callable[[str], Client],
) -> None:
    said = "Cifras preliminares: los libros de enero de 2019 no están cerrados."
    page = enter_as("salas").get(PUBLISH, DAYS).content.decode()
    assert page.count(said) == 1
    assert page.index(said) < page.index('name="pin"')
    enter_as("salas").post(PUBLISH, DAYS | {"pin": PIN})
    assert enter_as("ofelia").get("/informes/ediciones/1/").content.decode().count(said) == 1


def test_a_wrong_pin_is_told_beside_it_and_nothing_is_published(enter_as: Callable[[str], Client]) -> None:
    answer = enter_as("salas").post(PUBLISH, DAYS | {"pin": "111111"})
    assert answer.status_code == 422
    assert "El PIN no es correcto." in answer.content.decode()
    assert not ReportEdition.objects.exists()


@pytest.mark.parametrize("username", ["laura", "ofelia", "veronica"])
def test_nobody_else_publishes(enter_as: Callable[[str], Client], username: str) -> None:
    assert enter_as(username).post(PUBLISH, DAYS | {"pin": PIN}).status_code == 403
    assert not ReportEdition.objects.exists()


def test_what_nobody_published_is_told_so(enter_as: Callable[[str], Client]) -> None:
    client = enter_as("laura")
    for path in ("7/", "7/archivo.pdf"):
        assert client.get(f"/informes/ediciones/{path}").status_code == 404
    assert client.get("/informes/actividades.odt").status_code == 404
