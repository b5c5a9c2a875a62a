"""The pages of campaigns: prepared by Laura, published with the manager's PIN, and every centavo in sight."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.journeys.story import TODAY
from tests.town.cast import PIN, moment

from caudal.campaigns.models import Campaign
from caudal.campaigns.tests.stories import in_force, pay_at_once
from caudal.registry import queries as accounts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
TYPED = {
    "code": "febrero-2019", "name": "Febrero sin recargos", "starts_on": "01/02/2019", "last_on": "28/02/2019",
    "council_agreement": "CA-12/2019", "on_single_payment": "on", "reduces": ["surcharge"], "percent": "75",
    "regime": "all",
}  # fmt: skip
THIS_MONTH = {
    "starts_at": moment(TODAY.replace(day=1), 0), "ends_at": moment(TODAY, 23), "reduces": ["water"], "ppm": 100_000,
}  # fmt: skip


def text(answer: object, *, status: int = 200) -> str:
    assert answer.status_code == status  # type: ignore[attr-defined]
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def laura(enter_as: Enter) -> Client:
    return enter_as("laura")


def test_a_campaign_is_prepared_and_published_with_the_pin_of_another(laura: Client) -> None:
    laura.post("/campanas/nueva/", TYPED)
    page = text(laura.get("/campanas/FEBRERO-2019/"))
    answer = laura.post(
        "/campanas/FEBRERO-2019/publicacion/", {"reason": "Sesión del 20", "approver": "salas", "pin": PIN}
    )

    assert "75 % de recargos" in page
    assert "Cuentas que alcanza" in page
    assert answer.status_code == 302
    assert Campaign.objects.get().published_by == "salas"
    assert "por empezar" in text(laura.get("/campanas/"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"percent": "0"}, "Con 0 % la campaña no perdona nada."),
        ({"percent": "101"}, "El porcentaje va de más de 0 a 100."),
        ({"percent": "mucho"}, "El porcentaje no se entiende."),
        ({"last_on": "31/01/2019"}, "antes de empezar"),
        ({"last_on": "30/02/2019"}, "La fecha no se entiende."),
        ({"reduces": []}, "No dice qué reduce."),
        ({"fixed": "-5"}, "El importe no se entiende."),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    laura: Client, typed: dict[str, object], said: str
) -> None:
    page = text(laura.post("/campanas/nueva/", {**TYPED, **typed}), status=422)

    assert said in page
    assert not Campaign.objects.exists()


def test_a_draft_is_changed_and_its_code_stays(laura: Client) -> None:
    laura.post("/campanas/nueva/", TYPED)

    shown = laura.get("/campanas/FEBRERO-2019/borrador/").content.decode()
    laura.post("/campanas/FEBRERO-2019/borrador/", {**TYPED, "percent": "12.5 %"})

    assert 'value="01/02/2019"' in shown and 'value="75"' in shown
    assert Campaign.objects.get().ppm == 125_000


def test_a_wrong_pin_publishes_nothing(laura: Client) -> None:
    laura.post("/campanas/nueva/", TYPED)

    page = laura.post(
        "/campanas/FEBRERO-2019/publicacion/", {"reason": "Sesión", "approver": "salas", "pin": "111222"}
    )

    assert "No se publicó." in text(page, status=422)
    assert Campaign.objects.get().published_at is None


def test_a_request_waits_for_the_manager(laura: Client, enter_as: Enter) -> None:
    laura.post("/campanas/nueva/", TYPED)

    laura.post("/campanas/FEBRERO-2019/solicitud/", {"reason": "Sesión del 20"})

    assert "Publicar la campaña FEBRERO-2019" in text(enter_as("salas").get(reverse("approval_requests")))


def test_the_manager_withdraws_with_a_reason(enter_as: Enter) -> None:
    in_force(**THIS_MONTH)
    salas = enter_as("salas")

    refused = text(salas.post("/campanas/ABRIL-2019/retiro/", {"reason": ""}), status=422)
    salas.post("/campanas/ABRIL-2019/retiro/", {"reason": "El consejo la revocó"})

    assert "Falta el motivo." in refused
    assert "La retiró Ing. Héctor Salas Pérez" in text(salas.get("/campanas/ABRIL-2019/"))


def test_the_paper_goes_up_and_comes_down(laura: Client, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    laura.post("/campanas/nueva/", TYPED)
    wrong = SimpleUploadedFile("acuerdo.pdf", b"MZ")
    right = SimpleUploadedFile("acuerdo.pdf", b"%PDF-1.7 acuerdo")

    refused = text(laura.post("/campanas/FEBRERO-2019/acuerdo/", {"file": wrong}), status=422)
    missing = laura.get("/campanas/FEBRERO-2019/acuerdo.pdf")
    laura.post("/campanas/FEBRERO-2019/acuerdo/", {"file": right})
    paper = laura.get("/campanas/FEBRERO-2019/acuerdo.pdf")

    assert "El archivo no es un PDF." in refused
    assert missing.status_code == 404
    assert b"".join(paper.streaming_content) == b"%PDF-1.7 acuerdo"  # type: ignore[attr-defined]


def test_what_was_forgiven_is_a_page_and_a_sheet(laura: Client) -> None:
    in_force(**THIS_MONTH)
    chuy = accounts.account_by_number(number="010117")
    [waiver] = pay_at_once(chuy, 50_000_00, on=TODAY, document="A-000077")

    page = text(laura.get("/campanas/condonado/"))
    sheet = laura.get("/campanas/condonado.csv").content.decode("utf-8-sig").splitlines()

    assert "ABRIL-2019" in page and "A-000077" in page and "Verónica Torres" in page
    assert len(sheet) == 2
    assert f",A-000077,{waiver.cents // 100}.{waiver.cents % 100:02d},0.00," in sheet[1]
    assert "Abril sin recargos" in text(laura.get("/campanas/ABRIL-2019/"))


def test_a_campaign_that_is_not_is_told_so(laura: Client) -> None:
    assert "No existe la campaña" in text(laura.get("/campanas/NADA/"), status=404)
