"""The pages of benefits: what they promise, what they keep to themselves, and who may look."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.journeys.story import TODAY
from tests.town.cast import moment

from caudal.benefits import commands as benefits
from caudal.benefits.models import EvidenceReading
from caudal.benefits.tests.window import picture, register, written
from caudal.kernel.models import AuditEntry
from caudal.registry import commands as registry
from caudal.registry import queries as accounts
from caudal.registry.models import Account, Benefit, Locality, Route, TariffClass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]


@pytest.fixture
def chayo() -> Account:
    """A house of flat rate in El Carmen that owes nothing."""
    return registry.open_account(
        number="010950", holder=registry.Holder(full_name="ROSARIO VILLASEÑOR OCHOA", phone="392 925 0950"),
        place=registry.Place(
            address="Zaragoza 50", locality=Locality.objects.get(code="EL CARMEN"),
            route=Route.objects.get(code="02-001"), walk_sequence=50,
        ),
        tariff_class=TariffClass.objects.get(code="HAB-GEN"), is_metered=False, opened_on=TODAY, by="laura",
        at=moment(TODAY, 8),
    )  # fmt: skip


@pytest.fixture
def given(chayo: Account, media: Path) -> Benefit:
    """Hers, with a picture of the card."""
    return register(chayo, "disabled", folio="QX-77-4471", shown={"photo": picture()})


def text(answer: object, *, status: int = 200) -> str:
    assert answer.status_code == status  # type: ignore[attr-defined]
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def typed(**said: object) -> dict[str, object]:
    return {"key": str(uuid4()), "category": "pensioner", "folio": "2930", "lives_there": "on", **said}


def test_at_the_window_from_the_account_to_the_benefit(enter_as: Enter, chayo: Account, media: Path) -> None:
    veronica = enter_as("veronica")
    assert "/cuentas/010950/beneficio/" in veronica.get("/cuentas/010950/").content.decode()
    page = text(veronica.get("/cuentas/010950/beneficio/"))
    assert "Los recibos ya emitidos no cambian." in page and "Cuenta desde el 31 ene 2019" in page
    assert "los primeros 10 m³ del mes si tiene medidor; lo que pase, a precio completo" in page
    photo = SimpleUploadedFile("tarjeta.jpg", picture(), content_type="image/jpeg")
    done = veronica.post("/cuentas/010950/beneficio/", typed(expires_on="15062019", photo=photo), follow=True)
    shown = text(done)
    assert "Beneficio registrado: pensionado o jubilado." in shown
    assert "Último día 15 jun 2019" in shown and "Los recibos ya emitidos no cambian." in shown
    # a cashier registers it and does not see it again
    assert "2930" not in shown and "A resguardo." in shown and "Ver documentos" not in shown


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"category": ""}, "Falta: categoría."),
        ({"folio": ""}, "Falta: últimos 4 de su folio."),
        ({"expires_on": "30/01/2019"}, "El documento venció el 30/01/2019."),
        ({"expires_on": "mañana"}, "La fecha no se entiende."),
        ({"lives_there": ""}, "solo para el predio en que vive"),
        ({"kind": "credencial del INAPAM"}, "Ese documento no acredita"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    enter_as: Enter, chayo: Account, said: dict[str, object], words: str
) -> None:
    before = written()
    page = text(enter_as("veronica").post("/cuentas/010950/beneficio/", typed(**said)), status=422)
    assert "No se registró." in page and words in page and written() == before


def test_who_owes_is_told_at_the_form(enter_as: Enter) -> None:
    """Chuy owes November and December."""
    page = text(enter_as("veronica").post("/cuentas/010117/beneficio/", typed()), status=422)
    assert "ya vencidos" in page and "cóbrelos o firme un convenio" in page


def test_a_file_that_is_no_picture(enter_as: Enter, chayo: Account) -> None:
    photo = SimpleUploadedFile("virus.jpg", b"MZ" * 100, content_type="image/jpeg")
    page = text(enter_as("veronica").post("/cuentas/010950/beneficio/", typed(photo=photo)), status=422)
    assert "El archivo no es una foto que se pueda guardar." in page


def test_an_account_that_does_not_exist(enter_as: Enter) -> None:
    assert "No hay ninguna cuenta" in text(enter_as("veronica").get("/cuentas/999/beneficio/"), status=404)
    assert "Búsquelo en «Beneficiarios»" in text(enter_as("ofelia").get("/beneficiarios/99999/"), status=404)


def test_the_registry_filters_and_shows_no_document(enter_as: Enter, given: Benefit) -> None:
    ofelia = enter_as("ofelia")
    page = text(ofelia.get("/beneficiarios/"))
    assert "Rosario Villaseñor Ochoa" in page and "Guadalupe Núñez" in page and "4471" not in page
    page = text(ofelia.get("/beneficiarios/?categoria=disabled&localidad=EL CARMEN&estado=live"))
    assert "Rosario" in page and "Guadalupe" not in page and "1 beneficio" in page
    assert "Nadie con esas condiciones" in text(ofelia.get("/beneficiarios/?estado=ended"))
    assert "Rosario" in text(ofelia.get("/beneficiarios/?estado=quien-sabe&categoria=rica"))


def test_the_renewals_of_a_year_and_of_sixty_days(enter_as: Enter, given: Benefit) -> None:
    """Hers ends in 365 days."""
    marta = enter_as("marta")
    assert "Ninguno termina en 60 días" in text(marta.get("/beneficiarios/renovaciones/?dias=ocho"))
    page = text(marta.get("/beneficiarios/renovaciones/?dias=9999"))
    assert "392 925 0950" in page and "30 ene 2020" in page and "Guadalupe" not in page


def test_the_file_has_no_formulas_and_says_who_took_it(enter_as: Enter, given: Benefit) -> None:
    registry.change_holder(
        account=accounts.account_by_number(number="010293"), holder=registry.Holder(full_name="=SUMA(A1)"), on=TODAY,
        reason="x", by="laura", at=moment(TODAY),
    )  # fmt: skip
    answer = enter_as("marta").get("/beneficiarios.csv?categoria=disabled")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[1] == (
        "010950,ROSARIO VILLASEÑOR OCHOA,persona con discapacidad,Zaragoza 50,El Carmen,392 925 0950,2019-01-31,"
        "2020-01-30,Vigente,"
    )
    assert len(lines) == 2 and answer["Content-Disposition"].endswith('"beneficiarios-2019-01-31.csv"')
    entry = AuditEntry.objects.get(act="export_beneficiaries")
    assert (entry.by, entry.after) == ("marta", {"rows": 1})
    assert "Rosario" not in enter_as("marta").get("/beneficiarios/renovaciones.csv").content.decode()


def test_a_name_that_is_a_formula_is_text(enter_as: Enter, chayo: Account) -> None:
    registry.change_holder(
        account=chayo, holder=registry.Holder(full_name="=1+1"), on=moment(TODAY).date().replace(month=2, day=1),
        reason="x", by="laura", at=moment(TODAY),
    )  # fmt: skip
    benefits.register_benefit(
        account=chayo, category="senior", shown=benefits.Shown(folio="1"), lives_there=True, key=UUID(int=9),
        on=TODAY.replace(month=2, day=2), at=moment(TODAY), by="marta",
    )  # fmt: skip
    assert "010950,'=1+1," in enter_as("marta").get("/beneficiarios.csv").content.decode()


def test_every_look_asks_what_for_and_is_shown_to_the_next(
    enter_as: Enter, given: Benefit, media: Path
) -> None:
    marta, path = enter_as("marta"), f"/beneficiarios/{given.pk}/"
    page = text(marta.get(path))
    assert "4471" not in page and "Diga para qué los consulta" in page
    assert "Falta: para qué lo consulta." in text(
        marta.post(f"{path}documentos/", {"reason": ""}), status=422
    )
    assert not EvidenceReading.objects.exists()
    page = text(marta.post(f"{path}documentos/", {"reason": "Cotejar con el DIF"}))
    assert "termina en 4471" in page and "Credencial de discapacidad del DIF" in page
    reading = EvidenceReading.objects.get()
    photo = marta.get(f"/beneficiarios/consultas/{reading.pk}/foto/")
    assert (photo.status_code, photo["Content-Type"], photo["Cache-Control"]) == (
        200,
        "image/jpeg",
        "no-store",
    )
    # another person, and the same address: they say what for themselves
    salas = enter_as("salas")
    assert "Esta consulta ya terminó." in text(
        salas.get(f"/beneficiarios/consultas/{reading.pk}/foto/"), status=404
    )
    assert "marta: Cotejar con el DIF" in text(salas.get(path)) and "4471" not in text(salas.get(path))
    # the auditor sees neither documents nor who looked
    assert "Cotejar" not in text(enter_as("ofelia").get(path))


def test_a_visit_and_a_loss_with_their_reasons(enter_as: Enter, given: Benefit) -> None:
    marta, path = enter_as("marta"), f"/beneficiarios/{given.pk}/"
    told = {"on": "31/01/2019", "lives_there": "0", "note": ""}
    assert "Falta qué se encontró." in text(marta.post(f"{path}visita/", told), status=422)
    page = text(marta.post(f"{path}visita/", told | {"note": "Casa sola"}, follow=True))
    assert "Visita anotada." in page and "No vive ahí: visita al domicilio. Casa sola" in page
    assert "Falta: causa." in text(marta.post(f"{path}perdida/", {"reason": "x"}), status=422)
    page = text(marta.post(f"{path}perdida/", {"kind": "not_lived_in", "reason": "Casa sola"}, follow=True))
    assert "El beneficio termina: no vive en el predio." in page and "Último día 31 ene 2019" in page


def test_a_renewal_by_page(enter_as: Enter) -> None:
    """Doña Lupita's came without a document; she owes, and is told so; nothing changed."""
    held = Benefit.objects.get(account__number="010293")
    marta = enter_as("marta")
    page = text(marta.get(f"/beneficiarios/{held.pk}/renovacion/"))
    assert "vino del sistema anterior sin documento" in page
    before = written()
    told = {"key": str(uuid4()), "kind": "credencial del INAPAM", "folio": "0293", "lives_there": "on"}
    page = text(marta.post(f"/beneficiarios/{held.pk}/renovacion/", told), status=422)
    assert "ya vencidos" in page and "No se renovó." in page and written() == before


def test_the_command_line(given: Benefit, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from caudal.benefits.cli import benefit

    def said(*words: str) -> str:
        answer = CliRunner().invoke(benefit, words, catch_exceptions=False)
        assert answer.exit_code == 0
        return answer.output

    listed = said("list", "--category", "disabled")
    assert "010950" in listed and "hasta el 30/01/2020" in listed and "4471" not in listed
    assert '"state": "unverified"' in said("list", "--state", "unverified", "--json")
    assert "Ninguno." in said("renewals") and "010950" in said("renewals", "--days", "366")
    assert said("expire", "--by", "noche") == "Ninguno.\n"
    monkeypatch.setenv("CAUDAL_NOW", "2020-01-31T01:00")
    assert said("expire", "--by", "noche") == "  010950  2020-01-31  venció sin renovarse\n"
    assert "credencial del INAPAM" in said("policy")
    decided = said(
        "policy",
        "senior",
        "--from",
        "2020-02-01",
        "--article",
        "Art. 51",
        "--evidence",
        "INE",
        "--months",
        "24",
    )
    assert (
        "senior     INE. Se renueva cada 24 meses; un solo predio, al corriente, habitarlo. Art. 51"
        in decided
    )
