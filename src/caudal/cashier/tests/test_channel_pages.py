"""The pages of the channels: rehearse, load, look at a file, and say whose a deposit was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caudal.access.models import Clerk
from caudal.cashier.models import PaymentChannel, Receipt, SettlementFile
from caudal.cashier.tests.channel_stories import (
    HEADINGS,
    balances,
    line,
    load,
    open_channel,
    street,
    unidentified_cents,
)
from caudal.kernel import jobs
from caudal.kernel.models import Job
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books", "media", "march_5")]
Enter = Callable[[str], Client]
ROWS = "010117,102.00,2019-03-05,1\n010129,70.00,2019-03-05,2\n"


@pytest.fixture
def march_5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T18:00:00")


@pytest.fixture
def town() -> list[Account]:
    Clerk.objects.create(username="rita", first_name="Rita", role=Clerk.Role.TILL_SUPERVISOR)
    return street()


@pytest.fixture
def office(town: list[Account]) -> PaymentChannel:
    return open_channel()


def send(client: Client, channel: PaymentChannel, rows: str, name: str = "banco.csv") -> str:
    """Send a file to be rehearsed → the address of its rehearsal."""
    file = SimpleUploadedFile(name, (HEADINGS + rows).encode())
    answer = client.post(f"/canales/{channel.code}/ensayos/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_file_is_rehearsed_before_it_is_loaded(
    town: list[Account], office: PaymentChannel, enter_as: Enter
) -> None:
    rita = enter_as("rita")

    address = send(rita, office, ROWS)
    page = rita.get(address).content.decode()

    assert "Registrar 2 movimientos por $172.00" in page and "$102.00" in page and "$70.00" in page
    assert "No existe la cuenta 010129." in page
    assert not Receipt.objects.exists() and not SettlementFile.objects.exists()

    answer = rita.post(address.partition("?")[0] + "carga/", {"name": "banco.csv"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/canales/archivos/{SettlementFile.objects.get().pk}/"
    page = answer.content.decode()
    assert "1 pagos aplicados por $102.00; 1 por identificar." in page and "B-000001" in page
    assert balances(town) == [0, 7_000]

    again = rita.get(send(rita, office, ROWS)).content.decode()
    assert "Todo lo de este archivo ya estaba registrado." in again and "Registrar" not in again


def test_a_file_with_a_mistake_shows_each_row_and_cannot_be_loaded(
    office: PaymentChannel, enter_as: Enter
) -> None:
    rita = enter_as("rita")
    address = send(rita, office, ROWS + "010117,diez,2019-03-05,3\n")

    page = rita.get(address).content.decode()
    assert "hay 1 por corregir" in page and "No es un importe" in page and "diez" in page
    assert "Registrar" not in page

    answer = rita.post(address.partition("?")[0] + "carga/", {"name": "banco.csv"})
    assert answer.status_code == 422 and not Receipt.objects.exists()


def test_no_file_is_told_beside_the_field(office: PaymentChannel, enter_as: Enter) -> None:
    answer = enter_as("rita").post(f"/canales/{office.code}/ensayos/")
    assert answer.status_code == 422 and "Elija el archivo" in answer.content.decode()


def test_a_file_that_is_gone_is_asked_for_again(office: PaymentChannel, enter_as: Enter) -> None:
    answer = enter_as("rita").get(f"/canales/{office.code}/ensayos/{'0' * 64}/")
    assert answer.status_code == 422 and "Elíjalo otra vez" in answer.content.decode()


def test_a_long_file_is_loaded_by_the_worker(
    town: list[Account], office: PaymentChannel, enter_as: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caudal.cashier.channel_work.MOST_AT_ONCE", 1)
    rita = enter_as("rita")
    address = send(rita, office, ROWS)
    assert "segundo plano" in rita.get(address).content.decode()

    answer = rita.post(address.partition("?")[0] + "carga/", {"name": "banco.csv"})
    job = Job.objects.get()
    assert answer["Location"] == f"/canales/cargas/{job.pk}/"
    assert "en espera" in rita.get(answer["Location"]).content.decode()

    done = jobs.carry_out(job_id=job.pk)
    assert (done.state, done.result["applied"], done.result["waiting"]) == ("done", 1, 1)
    file = SettlementFile.objects.get()
    assert (file.name, file.loaded_by) == ("banco.csv", "rita")
    assert rita.get(answer["Location"])["Location"] == f"/canales/archivos/{file.pk}/"
    live = rita.get(answer["Location"], headers={"HX-Request": "true"})
    assert live["HX-Redirect"] == f"/canales/archivos/{file.pk}/"


def test_whose_a_deposit_was_is_suggested_and_said(
    town: list[Account], office: PaymentChannel, enter_as: Enter
) -> None:
    """Nobody has 010129; Doña Lupita, 010293, owes just $70.00. Of January, with 2 %: $1.40 are left to pay."""
    load(office, ROWS)
    rita, waiting = enter_as("rita"), line("2")

    assert "010129" in rita.get("/por-identificar/").content.decode()
    page = rita.get(f"/por-identificar/{waiting.pk}/").content.decode()
    assert "debe justo $70.00" in page and "010293" in page

    wrong = rita.post(f"/por-identificar/{waiting.pk}/identificacion/", {"account": "999", "reason": "x"})
    assert wrong.status_code == 422 and unidentified_cents() == 7_000

    answer = rita.post(
        f"/por-identificar/{waiting.pk}/identificacion/",
        {"account": "010293", "reason": "Trajo su comprobante"},
        follow=True,
    )
    assert "$70.00 aplicados a la cuenta 010293: B-000002." in answer.content.decode()
    assert balances(town) == [0, 140] and unidentified_cents() == 0
    assert "Trajo su comprobante" in rita.get(f"/por-identificar/{waiting.pk}/").content.decode()


def test_a_deposit_is_given_back_and_an_applied_one_withdrawn(
    town: list[Account], office: PaymentChannel, enter_as: Enter
) -> None:
    load(office, ROWS)
    rita = enter_as("rita")

    none = rita.post(f"/por-identificar/{line('2').pk}/devolucion/")
    assert none.status_code == 422 and "Falta el motivo" in none.content.decode()
    rita.post(f"/por-identificar/{line('2').pk}/devolucion/", {"back-reason": "SPEI 7781"})
    assert unidentified_cents() == 0

    address = f"/canales/movimientos/{line('1').pk}/retiro/"
    assert "Retirar $102.00 de la cuenta 010117" in rita.get(address).content.decode()
    rita.post(address, {"reason": "Era de su vecino"})
    assert balances(town)[0] == 10_200 and unidentified_cents() == 10_200
    assert rita.post(address, {"reason": "Otra vez"}).status_code == 422


def test_a_reversal_that_waits_is_matched_by_hand(
    town: list[Account], office: PaymentChannel, enter_as: Enter
) -> None:
    load(office, ROWS + "010117,-102.00,2019-03-05,99\n")
    rita, waiting = enter_as("rita"), line("99")
    assert "¿Qué pago devuelve?" in rita.get(f"/por-identificar/{waiting.pk}/").content.decode()

    nothing = rita.post(f"/por-identificar/{waiting.pk}/origen/", {"reason": "x"})
    assert nothing.status_code == 422 and "Falta el pago" in nothing.content.decode()
    rita.post(
        f"/por-identificar/{waiting.pk}/origen/", {"original": line("1").pk, "reason": "Aviso del banco"}
    )

    assert balances(town)[0] == 10_200 and unidentified_cents() == 7_000
    assert "devuelto" in rita.get(f"/canales/archivos/{waiting.settlement_id}/").content.decode()


def test_the_list_is_filtered_by_channel_and_words(
    town: list[Account], office: PaymentChannel, enter_as: Enter
) -> None:
    load(office, ROWS)
    rita = enter_as("rita")
    assert "010129" in rita.get("/por-identificar/?canal=plain&texto=0101").content.decode()
    assert "Ningún movimiento coincide" in rita.get("/por-identificar/?texto=otra").content.decode()
    found = rita.get(f"/canales/archivos/{SettlementFile.objects.get().pk}/?texto=010117").content.decode()
    assert "B-000001" in found and "010129" not in found
    assert "Canal plain" in rita.get("/canales/").content.decode()


def test_an_uploaded_file_is_kept_as_it_came(office: PaymentChannel, enter_as: Enter, media: Path) -> None:
    send(enter_as("rita"), office, ROWS)
    [kept] = (media / "canales" / "plain").iterdir()
    assert kept.read_bytes() == (HEADINGS + ROWS).encode()
