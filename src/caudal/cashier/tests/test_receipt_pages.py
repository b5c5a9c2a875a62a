"""The pages of a receipt: everything about it for staff, its papers, and the queue that waits for printers."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.cashier import printing, queries
from caudal.cashier.models import PrintJob, Receipt
from caudal.cashier.printing import sender
from caudal.cashier.printing.printers import SimulatedPrinter
from caudal.kernel.models import AuditEntry, Utility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "books")]
MARCH_5 = date(2019, 3, 5)
Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def five_past_eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Payments are taken at 11:00."""
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T11:05:00")


@pytest.fixture
def receipt(town: Town) -> Receipt:
    """Doña Lupita leaves $50.00; she owed nothing."""
    counter.hire()
    Utility.objects.create(
        id=1, name="SIBAPAS", long_name="Agua de La Barca", rfc="SBA", public_url="https://agua.labarca.mx"
    )
    return queries.receipt_by_folio(folio=counter.pay(town.lupita, 5_000, on=MARCH_5)["receipt_folio"])


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_page_says_who_when_where_and_where_the_money_went(enter_as: Enter, receipt: Receipt) -> None:
    html = seen(enter_as("veronica"), "/comprobantes/a1/")

    for words in (
        "A-000001", "Verónica Torres Díaz", "5 mar 2019, 11:00", "Caja 1", "Guadalupe Núñez Viuda de Ortega", "$50.00",
        "Queda a favor", "su turno sigue abierto", "1111", "2119", "Se cobró: Verónica Torres Díaz",
        bytes(receipt.hash).hex(), "válido",
    ):  # fmt: skip
        assert words in html, words


def test_a_canceled_one_tells_who_did_it_who_approved_it_and_why(enter_as: Enter, receipt: Receipt) -> None:
    told = counter.cancel(receipt.folio, on=MARCH_5, reason="Se cobró a otra cuenta")
    html = seen(enter_as("veronica"), f"/comprobantes/{receipt.folio}/")
    assert f'<a href="/comprobantes/{told["cancellation_folio"]}/">' in html
    assert "cancelado" in html and "Se cobró a otra cuenta" in html and "lo aprobó Rosa" in html
    other = seen(enter_as("veronica"), f"/comprobantes/{told['cancellation_folio']}/")
    assert "Cancela el comprobante" in other and "−$50.00" in other and "lo aprobó Rosa" in other


def test_after_the_closing_its_folio_is_one_click_away(enter_as: Enter, receipt: Receipt) -> None:
    session = receipt.session
    assert session is not None
    counter.close(session)
    html = seen(enter_as("salas"), f"/comprobantes/{receipt.folio}/")
    assert 'href="/cajas/cortes/1/">' in html


def test_an_auditor_finds_a_folio_in_two_steps(enter_as: Enter, receipt: Receipt) -> None:
    client = enter_as("salas")
    assert "A-000001" in seen(client, "/comprobantes/")
    assert client.get("/comprobantes/", {"folio": "a 1"})["Location"] == "/comprobantes/A-000001/"
    assert "A-000001" in seen(client, "/comprobantes/?folio=010293")
    assert "No existe el comprobante Z-9." in seen(client, "/comprobantes/?folio=Z-9", 404)


def codes_in(picture: Any) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_the_pdf_says_the_same_and_its_qr_leads_to_the_public_page(enter_as: Enter, receipt: Receipt) -> None:
    answer = enter_as("veronica").get(f"/comprobantes/{receipt.folio}.pdf")

    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    text = document[0].get_textpage().get_text_bounded()
    for words in ("A-000001", "Guadalupe Núñez Viuda de Ortega", "$50.00", "Queda a favor", "no libera"):
        assert words in text, words
    picture = document[0].render(scale=3).to_pil()
    assert codes_in(picture) == [f"https://agua.labarca.mx/v/{receipt.verification}"]


def test_the_ticket_is_for_who_took_the_payment_just_now(
    enter_as: Enter, receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = seen(enter_as("veronica"), "/comprobantes/A-000001/ticket/")
    assert "Comprobante de pago" in html and "REIMPRESIÓN" not in html
    assert "Guadalupe Núñez Viuda de Ortega" in html
    assert enter_as("salas").get("/comprobantes/A-000001/ticket/").status_code == 302
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T11:10:01")
    assert enter_as("veronica").get("/comprobantes/A-000001/ticket/")["Location"] == "/comprobantes/A-000001/"


def test_a_reprint_from_the_page_is_counted_before_it_is_shown(enter_as: Enter, receipt: Receipt) -> None:
    client = enter_as("veronica")
    assert (
        client.get("/comprobantes/A-000001/ticket/?reimpresion=1").status_code == 200
    )  # fresh: the first paper
    assert "REIMPRESIÓN" not in seen(client, "/comprobantes/A-000001/ticket/?reimpresion=1")

    answer = client.post("/comprobantes/A-000001/reimpresion/")

    assert answer["Location"] == "/comprobantes/A-000001/ticket/?reimpresion=1"
    assert '<p class="ticket-mark">REIMPRESIÓN</p>' in seen(client, answer["Location"])
    assert AuditEntry.objects.get(act=printing.queue.REPRINT).by == "veronica"
    # from now on there is no first paper any more
    assert client.get("/comprobantes/A-000001/ticket/").status_code == 302
    assert client.get("/comprobantes/A-000001/ticket/?reimpresion=2").status_code == 302
    assert "Se reimprimió (1): Verónica" in seen(client, "/comprobantes/A-000001/")


def test_with_a_printer_the_reprint_goes_to_its_queue(enter_as: Enter, receipt: Receipt) -> None:
    till = counter.till()
    till.printer = "127.0.0.1:9"
    till.save(update_fields=["printer"])
    answer = enter_as("veronica").post("/comprobantes/A-000001/reimpresion/")
    assert answer["Location"] == "/comprobantes/A-000001/"
    job = PrintJob.objects.get()
    assert (job.kind, job.copy, job.asked_by) == ("reprint", 1, "veronica")
    assert "Reimpresión 1" in seen(enter_as("veronica"), "/comprobantes/A-000001/")


@pytest.mark.parametrize("path", ["", "ticket/"])
def test_a_folio_that_does_not_exist_is_said(enter_as: Enter, path: str) -> None:
    assert "No existe el comprobante" in seen(enter_as("veronica"), f"/comprobantes/Z-9/{path}", 404)


@pytest.fixture
def doubtful(town: Town, receipt: Receipt) -> PrintJob:
    """One paper was cut in the middle, another waits: the printer is off."""
    till = counter.till()
    till.printer = "127.0.0.1:9"
    till.save(update_fields=["printer"])
    for _ in range(2):
        counter.pay(town.lupita, 1_000, on=MARCH_5)
    simulated = SimulatedPrinter(plan=["lost", "off"])
    sender.drain(till_code=till.pk, printer_at=lambda address: simulated)
    return PrintJob.objects.get(state=PrintJob.State.UNKNOWN)


def test_the_queue_says_what_waits_and_what_is_in_doubt(enter_as: Enter, doubtful: PrintJob) -> None:
    html = seen(enter_as("salas"), "/impresion/")
    assert "La impresora de Caja 1 no responde; 1 comprobante en espera." in html
    assert "1 comprobante sin confirmar: mire si salió el papel." in html
    assert "Se perdió la comunicación a medio papel." in html
    acts = re.findall(r"([\w ]+)<span class=\"visually-hidden\"> A-00000(\d)", html)
    assert acts == [("Sí salió", "2"), ("Imprimir otra vez", "2"), ("Descartar", "3")]


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [
        ("confirmacion", "sent", "Quedó como impreso."),
        ("reimpresion", "discarded", "Reimpresión 1 enviada a Caja 1."),
        ("descarte", "discarded", "Se descartó."),
    ],
)
def test_a_person_settles_what_is_in_doubt(
    enter_as: Enter, doubtful: PrintJob, act: str, state: str, said: str
) -> None:
    answer = enter_as("salas").post(f"/impresion/{doubtful.pk}/{act}/", follow=True)
    assert said in answer.content.decode()
    doubtful.refresh_from_db()
    assert doubtful.state == state
    settled = AuditEntry.objects.get(act="cashier.settle_print_job")
    assert (settled.by, settled.before, settled.after) == ("salas", {"state": "unknown"}, {"state": state})


def test_what_was_settled_meanwhile_is_said(enter_as: Enter, doubtful: PrintJob) -> None:
    printing.confirm(job=doubtful, at=moment(MARCH_5, 12), by="salas")
    answer = enter_as("salas").post(f"/impresion/{doubtful.pk}/descarte/", follow=True)
    assert "Ese papel ya está impreso." in answer.content.decode()
