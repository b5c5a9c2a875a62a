"""A month of billing by keyboard, with the worker at work: compute, look, decide, review, issue, print."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun, HeldBill
from caudal.kernel import jobs
from caudal.kernel.models import Job
from tests.journeys import browsing
from tests.journeys.browsing import Walk
from tests.journeys.story import PROPOSAL, TODAY
from tests.town.cast import moment

pytestmark = pytest.mark.browser
Start = Callable[..., Walk]


@pytest.fixture
def worker(living_site: str, media: Path) -> Iterator[None]:
    """`caudal worker`, on the same database and the same folder of papers."""
    with browsing.working(home=media.parent):
        yield


def january() -> BillingRun:
    return BillingRun.objects.exclude(state="discarded").get(period=201901)


def start_over() -> BillingRun:
    """January as Laura finds it: opened, nothing computed."""
    run = january()
    billing.discard(run=run, by="laura", at=moment(TODAY), reason="Se repite")
    return billing.open_run(cycle=run.cycle, period=201901, issued_on=TODAY, by="laura", at=moment(TODAY))


def test_a_month_from_draft_to_paper(living_site: str, worker: None, walk: Start) -> None:
    start_over()
    laura = walk(living_site, "laura")
    laura.choose("Facturación")
    laura.choose("enero 2019")

    # compute, and see it end without touching a key
    laura.see("borrador")
    laura.choose("Calcular recibos")
    laura.see("Cálculo de los recibos: terminado")
    laura.see("Marcar como revisada")
    assert "$3,853.91" in laura.text and january().state == "computed"

    # two are held: the school is released, the packing house is sent to be read again
    laura.choose("Ver detenidos")
    laura.see("Caso 1 de 2")
    assert laura.page.evaluate("document.activeElement.id") == "id_reason"  # ready to write
    laura.page.keyboard.type("Fuga reparada, se verificó")
    with laura.page.expect_navigation():
        laura.press("Enter")
    laura.see("Empacadora La Ponderosa")
    laura.page.keyboard.type("La empacadora sí trabajó")
    laura.choose("Mandar a releer")
    laura.see("0 por decidir")
    decided = (
        HeldBill.objects.filter(run=january())
        .order_by("account__number")
        .values_list("account__number", "decision")
    )
    assert list(decided) == [("010512", "released"), ("010818", "reread")]

    # Laura signs the review, and the page offers her nothing more; the door is closed to her too
    laura.go(f"/facturacion/{january().pk}/")
    laura.choose("Marcar como revisada")
    laura.see("revisada")
    assert "Emitir" not in laura.text
    seal = laura.page.get_attribute("body", "hx-headers") or ""
    answer = laura.context.request.post(
        f"{living_site}/facturacion/{january().pk}/emision/",
        headers={"X-CSRFToken": seal.split('"')[3], "Referer": living_site},
    )
    assert answer.status == 403 and january().state == "reviewed"

    # the manager issues: 6 + the school's = 7 bills, $3,853.91 + $4,271.84 = $8,125.75
    salas = walk(living_site, "salas")
    salas.go(f"/facturacion/{january().pk}/")
    salas.choose("Emitir 7 recibos por $8,125.75")
    salas.see("Emisión de los recibos: terminado")
    salas.see("Preparar impresión")
    assert january().state == "issued" and Bill.objects.filter(period=201901).count() == 7

    # and prints: one sheet for each bill, in the file that the page offers
    salas.choose("Preparar impresión")
    salas.see("Archivos para imprimir: terminado")
    salas.see(".pdf")
    salas.reach(".pdf")
    file = salas.context.request.get(str(salas.page.evaluate("document.activeElement.href")))
    paper = PdfReader(BytesIO(file.body()))
    assert len(paper.pages) == 7 and "Escuela Primaria Benito Juárez" in "".join(
        p.extract_text() for p in paper.pages
    )


def test_a_month_thrown_away_says_why_and_leaves_the_period_free(living_site: str, walk: Start) -> None:
    laura = walk(living_site, "laura")
    laura.go(f"/facturacion/{january().pk}/")
    laura.choose("Descartar")
    laura.reach("Motivo")
    with laura.page.expect_navigation():
        laura.press("Enter")  # without a reason
    laura.see("Escriba por qué se descarta.")
    assert january().state == "computed"
    laura.reach("Motivo")
    laura.page.keyboard.type("Faltaban lecturas de El Carmen")
    laura.choose("Descartar 6 recibos calculados")
    laura.see("descartada")

    laura.choose("Abrir facturación de enero 2019")
    laura.choose("Abrir facturación")
    laura.see("borrador")
    assert january().state == "draft"


def test_a_job_is_stopped_and_taken_up_again(living_site: str, media: Path, walk: Start) -> None:
    """Nobody works yet: the job waits, Laura cancels it, has it go on, and then the worker comes."""
    start_over()
    laura = walk(living_site, "laura")
    laura.go(f"/facturacion/{january().pk}/")
    laura.choose("Calcular recibos")
    laura.see("Cálculo de los recibos: en espera")

    laura.choose("Cancelar el trabajo")
    laura.see("Cálculo de los recibos: cancelado")
    assert Job.objects.get().state == "canceled" and january().state == "draft"

    laura.choose("Reanudar donde se quedó")
    laura.see("Cálculo de los recibos: en espera")
    with browsing.working(home=media.parent):
        laura.see("Cálculo de los recibos: terminado")
    laura.see("calculada")
    assert [job.state for job in Job.objects.order_by("id")] == ["canceled", "done"]


def test_the_panel_moves_while_the_work_moves(living_site: str, walk: Start) -> None:
    """The panel asks once a second and shows what the worker wrote: 25 %, then 75 %, then the page of the end."""
    run = start_over()
    job = jobs.start(kind="billing.compute", args={"run_id": run.pk, "by": "laura"}, by="laura")
    Job.objects.filter(pk=job.pk).update(state="running", phase="Calculando recibos", done=2, total=8)
    laura = walk(living_site, "laura")
    laura.go(f"/facturacion/{run.pk}/")
    laura.see("25 %")
    Job.objects.filter(pk=job.pk).update(done=6, errors=1)
    laura.see("75 %")
    laura.see("1 sin recibo")
    assert laura.page.get_attribute("#avance-barra", "value") == "75"

    # who was about to press a button of the panel does not lose it each second
    laura.reach("Cancelar el trabajo")
    laura.page.wait_for_timeout(1_500)
    assert laura.focused() == "Cancelar el trabajo"

    Job.objects.filter(pk=job.pk).update(
        state="failed", message="El servidor se reinició mientras trabajaba."
    )
    laura.see("El servidor se reinició mientras trabajaba.")
    laura.see("Reanudar donde se quedó")


def test_the_manager_compares_two_books(living_site: str, walk: Start) -> None:
    salas = walk(living_site, "salas")
    salas.choose("Tarifas")
    salas.choose("Comparar")
    assert urlsplit(salas.page.url).query == f"a={PROPOSAL}&b=la-barca-demo-2019"
    assert "−$11.07" in salas.text and "Doña" not in salas.text
    salas.choose("010293")
    salas.see("Guadalupe Núñez Viuda de Ortega")
