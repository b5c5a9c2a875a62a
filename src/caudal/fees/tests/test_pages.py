"""The counter's pages: the price before asking, each state with what may be done, and who may do it."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.journeys.story import TODAY
from tests.town import counter as town_counter
from tests.town.cast import moment

from caudal.fees import commands as fees
from caudal.fees.models import CertificatePrint, CounterService, NoDebtCertificate
from caudal.fees.tests.counter import DEED, written
from caudal.ledger import queries as ledger
from caudal.registry import queries as accounts
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]


@pytest.fixture
def marta(enter_as: Enter) -> Client:
    """Marta attends the desk: she charges services and changes the registry."""
    return enter_as("marta")


@pytest.fixture
def clean() -> Account:
    """The vacant lot, with everything it owed paid this morning."""
    lot = accounts.account_by_number(number="010733")
    terms = tariffs.terms(book=tariffs.book_in_force(on=TODAY))
    owed = ledger.statement(account_id=lot.pk, on=TODAY, terms=terms).total_cents
    town_counter.pay(lot, owed, on=TODAY)
    return lot


def text(answer: object, *, status: int = 200) -> str:
    assert answer.status_code == status  # type: ignore[attr-defined]
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def ask(account: Account, code: str, by: str = "veronica", **said: object) -> CounterService:
    return fees.ask_service(
        account=account, code=code, on=TODAY, at=moment(TODAY, 10), by=by, key=uuid4(), **said
    )  # type: ignore[arg-type]


def paid(account: Account, code: str, **said: object) -> CounterService:
    service = ask(account, code, **said)
    town_counter.pay(account, service.total_cents, on=TODAY)
    return service


def test_the_price_is_seen_before_asking(marta: Client) -> None:
    """$320.00 + 16 % = $51.20 → $371.20; nothing is written by looking."""
    before = written()
    listed = text(marta.get("/cuentas/010293/tramites/"))
    assert "Reconexión con medidor Art. 45 $320.00 $51.20 $371.20" in listed
    assert "Pipa de agua de 10,000 litros Art. 45 $480.00 $0.00 $480.00" in listed
    form = text(marta.get("/cuentas/010293/tramites/RECONEXION-MEDIDO/"))
    assert "Importe $320.00 IVA $51.20 Total $371.20 Fundamento Art. 45" in form
    assert "Pedir y cargar $371.20" in form and written() == before


def test_asked_from_the_page_it_is_on_the_account_and_in_the_day(marta: Client) -> None:
    page = marta.get("/cuentas/010293/tramites/PIPA-10000/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    sent = {"key": key[1], "place": "Morelos 293, portón azul", "asked_for": "", "note": "Por la tarde"}
    answer = marta.post("/cuentas/010293/tramites/PIPA-10000/", sent)
    again = marta.post("/cuentas/010293/tramites/PIPA-10000/", sent)
    assert answer["Location"] == again["Location"] == "/tramites/TRA-000002/"
    assert CounterService.objects.filter(account__number="010293").count() == 1
    shown = text(marta.get("/tramites/TRA-000002/"))
    assert "Trámite TRA-000002 · cuenta 010293 Pipa de agua de 10,000 litros por pagar" in shown
    assert "A dónde Morelos 293, portón azul Nota Por la tarde" in shown
    assert "Cobre $480.00 en la ventanilla, en la cuenta 010293." in shown
    # $146.17 of her bills and $480.00: $626.17, with the tanker under its own name
    account = text(marta.get("/cuentas/010293/"))
    assert (
        "Debe hoy $626.17" in account
        and "Pipa de agua de 10,000 litros, $480.00, folio TRA-000002" in account
    )
    day = text(marta.get("/tramites/"))
    assert "2 trámites, $960.00; 2 por pagar" in day and "TRA-000001" in day and "TRA-000002" in day


def test_what_is_wrong_is_beside_its_field_and_stays_typed(marta: Client) -> None:
    before = written()
    typed = {"key": str(uuid4()), "full_name": "Ana <b>", "rfc": "NADA", "documents": "Escritura"}
    answer = marta.post("/cuentas/010733/tramites/CAMBIO-PROPIETARIO/", {**typed, "rfc": "", "documents": ""})
    page = text(answer, status=422)
    assert "Falta: documentos que presenta." in page
    html = answer.content.decode()
    assert 'value="Ana &lt;b&gt;"' in html and 'id="id_documents_error"' in html and written() == before


def test_a_debt_is_told_before_a_certificate(marta: Client) -> None:
    """Doña Lupita owes $37.08 of November and $109.09 of December."""
    before = written()
    page = text(marta.post("/cuentas/010293/tramites/CONSTANCIA/", {"key": str(uuid4())}), status=422)
    assert (
        "No se puede hacer la constancia: la cuenta debe $146.17 de noviembre 2018 y diciembre 2018." in page
    )
    assert "Cobre primero el adeudo en la ventanilla." in page and written() == before


def test_a_certificate_from_the_first_click_to_its_copy(marta: Client, clean: Account) -> None:
    service = paid(clean, "CONSTANCIA", asked_for="Notaría 2")
    path = f"/tramites/{service.folio}/"
    assert "Expedir constancia" in text(marta.get(path))
    assert marta.post(f"{path}entrega/", {"note": "A la interesada"})["Location"] == path
    shown = text(marta.get(path))
    assert "CNA-000001, vigente hasta el 1 mar 2019; sin imprimir" in shown and "Constancia original" in shown

    papers = [marta.post(f"{path}constancia/") for _ in range(2)]
    told = [PdfReader(BytesIO(each.content)).pages[0].extract_text() for each in papers]
    assert papers[0]["Content-Disposition"] == 'inline; filename="CNA-000001.pdf"'
    assert "COPIA" not in told[0] and "COPIA 1" in told[1]
    # the utility has not said its public address: the QR leads to where it was printed from
    code = NoDebtCertificate.objects.get().code
    assert f"http://testserver/constancias/{code}/" in told[0]
    assert CertificatePrint.objects.count() == 2
    assert "impresa 2 veces" in text(marta.get(path)) and "Copia de la constancia" in text(marta.get(path))
    assert "Vigente." in text(Client().get(f"/constancias/{code}/"))


def test_the_cashier_charges_and_the_desk_changes_the_holder(enter_as: Enter, clean: Account) -> None:
    service = paid(clean, "CAMBIO-PROPIETARIO", new_holder=DEED)
    path = f"/tramites/{service.folio}/"
    veronica = enter_as("veronica")
    assert "Ya está pagado. Lo entrega quien puede cambiar el padrón." in text(veronica.get(path))
    assert veronica.post(f"{path}entrega/").status_code == 403
    assert accounts.account_card(account=clean, on=TODAY).holder == "Rosa Elena Castañeda Villaseñor"

    marta = enter_as("marta")
    assert "La cuenta pasa desde hoy a nombre de Ana Ortega Núñez." in text(marta.get(path))
    marta.post(f"{path}entrega/")
    assert accounts.account_card(account=clean, on=TODAY).holder == "Ana Ortega Núñez"
    assert "entregado el 31 ene 2019 por Marta" in text(marta.get(path))


def test_who_asked_is_told_that_another_must_deliver(marta: Client, clean: Account) -> None:
    service = paid(clean, "CAMBIO-PROPIETARIO", new_holder=DEED, by="marta")
    before = written()
    page = text(marta.post(f"/tramites/{service.folio}/entrega/", {"note": "Mía"}), status=422)
    assert "El cambio de titular lo entrega otra persona." in page and written() == before


def test_what_was_typed_comes_back_when_it_is_refused(marta: Client) -> None:
    """The ranch's tanker is not paid: it is not delivered; nor canceled without saying why."""
    before = written()
    unpaid = marta.post("/tramites/TRA-000001/entrega/", {"note": "Don Martín"})
    assert "Faltan por pagar $480.00 de este trámite." in text(unpaid, status=422)
    unsaid = marta.post("/tramites/TRA-000001/cancelacion/", {"reason": " "})
    assert (
        "Falta el motivo." in text(unsaid, status=422) and 'id="id_reason_error"' in unsaid.content.decode()
    )
    assert written() == before


def test_a_canceled_service_offers_nothing_more(marta: Client) -> None:
    marta.post("/tramites/TRA-000001/cancelacion/", {"reason": "Ya llovió"})
    page = text(marta.get("/tramites/TRA-000001/"))
    assert "cancelado el 31 ene 2019 por Marta" in page and ": Ya llovió" in page
    assert "Motivo" not in page and "Por pagar $0.00" in page


def test_the_day_shows_what_still_waits_from_before(enter_as: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-02-04T09:00")
    marta = enter_as("marta")
    page = text(marta.get("/tramites/"))
    assert (
        "Sin trámites este día" in page and "Siguen en curso, de días anteriores 1 trámite, $480.00" in page
    )
    other = text(marta.get("/tramites/?dia=31/01/2019"))
    assert "Del día 1 trámite, $480.00; 1 por pagar" in other
    for strange in ("ayer", "31/02/2019", "1/1/1/1", ""):
        assert "4 feb 2019" in text(marta.get("/tramites/", {"dia": strange}))


def test_addresses_that_lead_nowhere_say_so(marta: Client) -> None:
    for path in ("/tramites/TRA-777777/", "/tramites/nada.pdf", "/cuentas/999999/tramites/"):
        assert marta.get(path).status_code == 404
    assert marta.get("/cuentas/010293/tramites/NADA/")["Location"] == "/cuentas/010293/tramites/"


def test_the_order_is_a_pdf_with_its_price_and_article(marta: Client) -> None:
    answer = marta.get("/tramites/TRA-000001.pdf")
    paper = PdfReader(BytesIO(answer.content))
    told = re.sub(r"\s+", " ", paper.pages[0].extract_text().replace("\N{NO-BREAK SPACE}", " "))
    for sentence in (
        "Orden de servicio TRA-000001 31 ene 2019", "020 031", "Pipa de agua de 10,000 litros",
        "Art. 45 · DEMO La Barca 2019 (sintético)", "Importe $480.00", "IVA $0.00", "Total $480.00",
        "Por pagar en caja: $480.00.", "Camino Real s/n, junto al establo",
        "Verónica Torres Díaz, 31 ene 2019", "Nombre y firma de quien lo pide",
    ):  # fmt: skip
        assert sentence in told, sentence
    assert len(paper.pages) == 1
