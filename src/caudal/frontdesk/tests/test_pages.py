"""The desk's pages: the day, the search, the account, and the statement to carry away."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.journeys.story import TODAY
from tests.town.cast import moment

from caudal.billing.models import BillingRun
from caudal.registry import commands as registry
from caudal.registry import queries as accounts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]


@pytest.fixture
def marta(enter_as: Enter) -> Client:
    """Marta attends the desk: she reads accounts and changes the registry."""
    return enter_as("marta")


def text(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_today_says_what_came_in_and_what_waits(marta: Client) -> None:
    """$100.00 of Doña Lupita today; December billed $13,806.99 in eight bills; January waits with two held."""
    page = text(marta, "/")
    assert "Cobrado hoy $100.00 1 pago Cobrado en el mes $100.00 1 pago" in page
    assert "Facturado en diciembre 2018 $13,806.99 8 recibos · vencen el 13 ene 2019" in page
    assert "Facturación de enero 2019 calculada ciclo MENSUAL" in page
    assert "Recibos detenidos de enero 2019 por liberar o releer 2" in page
    assert "A-000002 010293 31 ene 2019, 10:00 efectivo $100.00" in page


def test_an_empty_day_says_so_and_what_to_expect(marta: Client) -> None:
    BillingRun.objects.filter(period=201901).update(state="discarded")
    page = text(marta, "/")
    assert "Nada pendiente No hay recibos detenidos ni facturaciones abiertas." in page


@pytest.mark.parametrize(
    "words", ["nunez", "NÚÑEZ", "Guadalupe nunez", "  núñez ", "morelos 293", "AZ5300", "9251293"]
)
def test_an_account_is_found_however_it_is_asked_for(marta: Client, words: str) -> None:
    """By name without accents, address, meter or telephone. $37.08 + $108.01 = $145.09 before surcharges."""
    answer = marta.get("/buscar/", {"q": words})
    page = unescape(answer.content.decode())
    assert answer.status_code == 200 and "Guadalupe Núñez Viuda de Ortega" in page and "$145.09" in page


def test_what_names_one_account_goes_straight_to_it(marta: Client) -> None:
    for number in ("010293", "10293", " 010-293 ", "00010293", "az 5300293", "201812-010293"):
        assert marta.get("/buscar/", {"q": number})["Location"] == "/cuentas/010293/"


def test_what_is_not_found_says_how_to_look(marta: Client) -> None:
    page = text(marta, "/buscar/?q=zzzzzz")
    assert "0 cuentas para «zzzzzz»" in page and "no importan acentos ni mayúsculas" in page


def test_before_asking_nothing_was_not_found(marta: Client) -> None:
    page = text(marta, "/cuentas/")
    assert "Escriba arriba qué busca" in page and "No se encontró" not in page


def test_the_account_page_adds_up(marta: Client) -> None:
    """November $37.08 + December $109.09 (1 % of $108.01 = $1.08 of surcharge) = $146.17."""
    page = text(marta, "/cuentas/010293/")
    assert "Cuenta 010 293 · Habitacional genérica · medido Guadalupe Núñez Viuda de Ortega" in page
    assert "Vencido 2 meses" in page and "Beneficio: adulto mayor" in page
    assert "Debe hoy $146.17 2 periodos, $1.08 de recargos" in page
    assert "Consumo de enero 2019 19 m³ 612 litros al día · 1 más que hace un año" in page
    assert "Último pago $100.00 31 ene 2019, efectivo, folio A-000002" in page
    assert "Medidor AZ5300293 lectura 1,213 · 25 ene 2019" in page
    assert "diciembre 2018 venció 13 ene 2019 19 $108.01 — $1.08 $109.09" in page
    assert "noviembre 2018 estimada · venció 15 dic 2018 21 $137.08 $100.00 — $37.08" in page
    assert "Total a hoy $146.17" in page


def test_what_happened_is_told_newest_first(marta: Client) -> None:
    page = text(marta, "/cuentas/010293/")
    told = ["Pago $100.00, folio A-000002", "Lectura 1,213", "Recibo de diciembre 2018, $108.01", "Lectura 1,194",
            "Recibo de noviembre 2018, $134.39", "No se pudo leer el medidor", "Lectura 1,155"]  # fmt: skip
    assert [page.index(each) for each in told] == sorted(page.index(each) for each in told)


def test_the_chart_says_its_thirteen_months_aloud(marta: Client) -> None:
    html = marta.get("/cuentas/010293/").content.decode()
    spoken = re.search(r'role="img" aria-label="([^"]+)"', html)
    assert spoken and spoken[1].startswith(
        "Consumo de los últimos trece meses: ene 18 m³; feb 20 m³; mar 17 m³;"
    )
    assert spoken[1].endswith("nov 21 m³; dic 19 m³; ene 19 m³")
    assert html.count('<rect class="estimated"') == 1 and html.count('<rect class="year-ago"') == 1


def test_a_flat_service_is_not_waiting_for_readings(marta: Client) -> None:
    page = text(marta, "/cuentas/010117/")
    assert "Servicio de cuota fija No tiene medidor: paga lo mismo cada mes" in page
    assert (
        "Medidor Sin medidor Se cobra cuota fija." in page
        and "Último pago — No hay pagos registrados." in page
    )


def test_an_account_without_anything_yet_is_whole(marta: Client) -> None:
    """A new neighbor: no bills, no debt, no payments; every part of the page says what will come."""
    old = accounts.account_by_number(number="010117")
    point = old.agreements.get().service_point
    account = registry.open_account(
        number="010999",
        holder=registry.Holder(full_name="Ana Sofía de la Concepción Gutiérrez Villaseñor Hernández de los Santos y Mora"),
        place=registry.Place(
            address="Hidalgo 999", locality=point.premise.locality, route=point.route, walk_sequence=999,
        ),
        tariff_class=old.agreements.get().tariff_class, is_metered=True, opened_on=TODAY, by="marta", at=moment(TODAY),
    )  # fmt: skip
    page = text(marta, f"/cuentas/{account.number}/")
    assert "Al corriente" in page and "Debe hoy $0.00 No debe nada." in page
    assert "Aún no hay consumos Aparecerán con la primera lectura." in page
    assert "Sin cargos Esta cuenta todavía no tiene recibos ni adeudos." in page
    assert "Recibo de" not in page


def test_a_name_is_text_wherever_it_is_shown(marta: Client) -> None:
    """Whoever registers as <b> does not draw on the screen of the desk."""
    lupita = accounts.account_by_number(number="010293")
    registry.change_holder(
        account=lupita, holder=registry.Holder(full_name='<b onclick="x">Lupita</b> & "hijas"'), on=TODAY,
        reason="Prueba", by="marta", at=moment(TODAY),
    )  # fmt: skip
    for path in ("/cuentas/010293/", "/buscar/?q=lupita"):
        html = marta.get(path).content.decode()
        assert "<b onclick" not in html and "&lt;b onclick" in html


def test_the_statement_is_a_pdf_that_ends_in_what_is_owed(marta: Client) -> None:
    answer = marta.get("/cuentas/010293/estado-de-cuenta.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="estado-de-cuenta-010293.pdf"'
    paper = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    paper = paper.replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "Guadalupe Núñez Viuda de Ortega",
        "010 293",
        "Recibo de noviembre 2018",
        "A-000002",
        "146.17",
    ):
        assert words in paper
