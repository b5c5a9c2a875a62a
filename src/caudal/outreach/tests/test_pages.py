"""The pages: planned from the desk, written down from the street, read by whoever may read campaigns."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader
from tests.town.cast import moment

from caudal.outreach.models import OutreachAction, OutreachEntry
from caudal.outreach.tests.winter import AT, TODAY, campaign, done, photo, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town", "media")]
Enter = Callable[[str], Client]
PLAN = {
    "channel": "loudspeaker_route", "title": "Perifoneo en el centro", "place": "Hidalgo, Morelos y Juárez",
    "planned_from": "2019-01-10", "planned_to": "2019-01-20", "cost": "1,250.50",
}  # fmt: skip


@pytest.fixture
def laura(enter_as: Enter) -> Client:
    """Laura prepares campaigns."""
    return enter_as("laura")


@pytest.fixture
def veronica(enter_as: Enter) -> Client:
    """Verónica, at her till, may read them."""
    return enter_as("veronica")


def text(answer: Any, *, status: int = 200) -> str:
    assert answer.status_code == status
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_the_list_says_how_far_each_campaign_is(laura: Client) -> None:
    campaign()
    campaign(code="BORRADOR", name="La que viene", published_at=None, published_by="", council_agreement="")
    campaign(
        code="MARZO",
        name="Marzo",
        starts_at=moment(TODAY.replace(month=3, day=1)),
        ends_at=moment(TODAY.replace(month=3)),
    )
    campaign(code="2018", name="De 2018", starts_at=moment(TODAY.replace(year=2018)), ends_at=moment(TODAY))
    campaign(
        code="FUERA",
        name="Retirada",
        withdrawn_at=AT,
        withdrawn_by="salas",
        withdrawal_reason="Lo pidió el consejo",
    )

    said = text(laura.get("/difusion/"))
    for words in (
        "Pronto pago 2019",
        "15 % menos en tus recargos",
        "vigente",
        "borrador",
        "por empezar",
        "terminada",
        "retirada",
    ):
        assert words in said.replace("\N{NO-BREAK SPACE}", " "), words


def test_where_there_is_no_campaign_it_says_what_to_do(laura: Client) -> None:
    assert "Todavía no hay campañas" in text(laura.get("/difusion/"))


def test_planned_from_the_page_it_waits_to_be_written_down(laura: Client) -> None:
    campaign()
    form = laura.get("/difusion/campanas/PRONTO-2019/plan/").content.decode()
    assert 'value="2019-01-01"' in form and 'value="2019-02-28"' in form

    answer = laura.post("/difusion/campanas/PRONTO-2019/plan/", PLAN)

    assert answer.headers["Location"] == "/difusion/campanas/PRONTO-2019/"
    action = OutreachAction.objects.get()
    assert (action.cost_cents, action.made_by) == (125_050, "laura")
    said = text(laura.get("/difusion/campanas/PRONTO-2019/"))
    for words in (
        "Planeado: Perifoneo en el centro.",
        "de $1,250.50 previstos",
        "sin anotar",
        "Nada anotado",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"planned_to": "2019-01-09"}, "antes de empezar el 10 ene 2019"),
        ({"planned_to": "2019-04-09"}, "queda fuera"),
        ({"cost": "-5"}, "no puede ser menor que cero"),
        ({"cost": "mil"}, "No se entiende el importe"),
        ({"planned_from": "ayer"}, "No se entiende la fecha"),
        ({"channel": ""}, "Elija el canal."),
        ({"title": ""}, "Escriba qué se hará."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    laura: Client, typed: dict[str, str], words: str
) -> None:
    campaign()
    answer = laura.post("/difusion/campanas/PRONTO-2019/plan/", PLAN | typed)
    body = answer.content.decode()
    assert words in text(answer, status=422)
    assert body.count('class="field wrong"') == 1 and "Hidalgo, Morelos y Ju" in body
    assert not OutreachAction.objects.exists()


def test_a_plan_is_changed_and_dropped_from_its_page(laura: Client) -> None:
    action = planned(campaign())
    page = f"/difusion/acciones/{action.pk}/"
    assert 'value="2000.00"' in laura.get(page).content.decode()

    assert laura.post(page, PLAN | {"channel": "radio_spot", "cost": ""}).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.cost_cents) == ("Perifoneo en el centro", 0)
    assert "antes de empezar" in text(laura.post(page, PLAN | {"planned_to": "2019-01-01"}), status=422)

    done(action)
    assert "Quitar del plan" not in text(laura.get(page))
    assert "Ya tiene anotaciones" in text(laura.post(f"{page}baja/"), status=422)
    other = planned(action.campaign)
    assert laura.post(f"/difusion/acciones/{other.pk}/baja/").status_code == 302
    assert OutreachAction.objects.get() == action


def test_written_down_with_one_figure(laura: Client) -> None:
    """Laura types 12 and Enter: the day is today, the words those of the plan, the cost nothing."""
    action = planned(campaign())
    page = f"/difusion/acciones/{action.pk}/anotacion/"
    form = laura.get(page).content.decode()
    assert "Cuántos spots" in form and f'value="{TODAY.isoformat()}"' in form
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key

    typed = {"key": key[1], "quantity": "12", "on": TODAY.isoformat(), "cost": "", "note": ""}
    for _ in range(2):
        assert laura.post(page, typed).status_code == 302

    entry = OutreachEntry.objects.get()
    assert (entry.quantity, entry.note, entry.by) == (12, "Spot de 30 segundos", "laura")
    said = text(laura.get("/difusion/campanas/PRONTO-2019/"))
    assert "12 spots" in said and "Anotó Laura Gutiérrez Mora, 31 ene 2019, 10:42." in said


def test_a_photo_of_the_poster_is_kept_and_shown_to_who_may_read(laura: Client, veronica: Client) -> None:
    action = planned(campaign(), channel="poster_site", title="Cartelón en el mercado", cost_cents=0)
    file = SimpleUploadedFile("IMG_0001.JPG", photo(), "image/jpeg")
    typed = {"key": uuid4(), "quantity": "1", "on": TODAY.isoformat(), "cost": "80", "evidence": file}
    assert laura.post(f"/difusion/acciones/{action.pk}/anotacion/", typed).status_code == 302

    entry = OutreachEntry.objects.get()
    assert "1 cartelón" in text(veronica.get("/difusion/campanas/PRONTO-2019/"))
    answer = veronica.get(f"/difusion/anotaciones/{entry.pk}/evidencia/")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (64, 48)


def test_a_file_that_is_no_evidence_is_said_beside_it(laura: Client) -> None:
    action = planned(campaign())
    file = SimpleUploadedFile("virus.exe", b"MZ", "image/jpeg")
    typed = {"key": uuid4(), "quantity": "1", "on": TODAY.isoformat(), "evidence": file}
    answer = laura.post(f"/difusion/acciones/{action.pk}/anotacion/", typed)
    assert "No se puede abrir ese archivo." in text(answer, status=422)
    assert not OutreachEntry.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"quantity": ""}, "Escriba cuántos fueron."),
        ({"quantity": "doce"}, "Escriba un número entero"),
        ({"quantity": "-1"}, "No puede ser menor que cero."),
        ({"on": "2019-02-01"}, "todavía no llega"),
        ({"cost": "-1"}, "no puede ser menor que cero"),
    ],
)
def test_what_cannot_be_is_not_written_down(laura: Client, typed: dict[str, str], words: str) -> None:
    action = planned(campaign())
    said = {"key": str(uuid4()), "quantity": "12", "on": TODAY.isoformat(), "cost": ""} | typed
    assert words in text(laura.post(f"/difusion/acciones/{action.pk}/anotacion/", said), status=422)
    assert not OutreachEntry.objects.exists()


def test_a_mistake_is_voided_from_the_page_and_stays_in_sight(laura: Client) -> None:
    entry = done(planned(campaign()), 120)
    page = f"/difusion/anotaciones/{entry.pk}/anulacion/"
    assert "120 spots" in text(laura.get(page))
    assert "Diga qué estaba mal." in text(laura.post(page, {"reason": ""}), status=422)

    assert laura.post(page, {"reason": "Fueron 12"}).status_code == 302

    said = text(laura.get("/difusion/campanas/PRONTO-2019/"))
    assert "Anulada por Laura Gutiérrez Mora: Fueron 12." in said and "120 spots" in said
    assert "ya está anulada" in text(laura.post(page, {"reason": "Otra vez"}), status=422)


def test_who_only_reads_is_offered_nothing_to_write(veronica: Client) -> None:
    entry = done(planned(campaign()))
    said = text(veronica.get("/difusion/campanas/PRONTO-2019/"))
    assert "Gasto por cada $100 cobrados" in said
    assert not [words for words in ("Planear acción", "Anotar Spot", "Anular") if words in said]
    for page in (
        "/difusion/campanas/PRONTO-2019/plan/", f"/difusion/acciones/{entry.action_id}/",
        f"/difusion/acciones/{entry.action_id}/anotacion/", f"/difusion/anotaciones/{entry.pk}/anulacion/",
    ):  # fmt: skip
        assert veronica.get(page).status_code == 403


def test_what_came_in_is_told_without_saying_why(veronica: Client) -> None:
    """$100.00 came in today and $500.00 were spent: $500.00 for every $100."""
    done(planned(campaign()), 12, cost_cents=50_000)
    said = text(veronica.get("/difusion/campanas/PRONTO-2019/"))
    assert "no se afirma que la difusión lo haya traído" in said
    assert "31 ene 2019 $100.00 $0.00 12 spots $500.00" in said
    assert "gracias" not in said.lower()


def test_the_papers_of_a_campaign_are_read_back(veronica: Client) -> None:
    campaign()
    poster = veronica.get("/difusion/campanas/PRONTO-2019/cartel-tabloide.pdf")
    paper = PdfReader(io.BytesIO(poster.content)).pages
    words = " ".join(paper[0].extract_text().split()).replace("\N{NO-BREAK SPACE}", " ")
    assert (len(paper), poster.headers["Content-Type"]) == (1, "application/pdf")
    for part in (
        "SIBAPAS",
        "15 %",
        "menos en tus recargos",
        "28 de febrero de 2019",
        "Acuerdo de Cabildo 3/2019",
    ):
        assert part in words, part
    sizes = {
        "cartel-carta.png": (1275, 1650),
        "cartel-tabloide.png": (1650, 2550),
        "imagen.png": (1080, 1080),
    }
    for name, size in sizes.items():
        picture = veronica.get(f"/difusion/campanas/PRONTO-2019/{name}")
        assert Image.open(io.BytesIO(picture.content)).size == size
    assert "Elija carta o tabloide." in text(
        veronica.get("/difusion/campanas/PRONTO-2019/cartel-oficio.pdf"), status=404
    )


def test_a_withdrawn_campaign_is_not_announced(veronica: Client) -> None:
    campaign(withdrawn_at=AT, withdrawn_by="salas", withdrawal_reason="Lo pidió el consejo")
    assert "ya no se anuncia" in text(veronica.get("/difusion/campanas/PRONTO-2019/"))
    assert "se retiró" in text(veronica.get("/difusion/campanas/PRONTO-2019/imagen.png"), status=422)


def test_what_is_not_there_is_said_on_a_page(laura: Client) -> None:
    entry = done(planned(campaign()))
    for page in (
        "campanas/NADA/", "campanas/NADA/plan/", "campanas/NADA/imagen.png", "acciones/999999/",
        "acciones/999999/anotacion/", "anotaciones/999999/anulacion/", f"anotaciones/{entry.pk}/evidencia/",
    ):  # fmt: skip
        text(laura.get(f"/difusion/{page}"), status=404)
