"""The pages of billing: what they offer, what they refuse beside its field, and that a refusal changed nothing."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests.journeys.story import TODAY
from tests.town.cast import moment

from caudal.access import policy as permissions
from caudal.billing import commands, pages, queries
from caudal.billing.models import BillingRun, HeldBill
from caudal.kernel import jobs
from caudal.kernel.models import AuditEntry, Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
ANALYST = permissions.ACTS["billing_analyst"]


@pytest.fixture
def laura(enter_as: Enter) -> Client:
    """Laura runs the billing."""
    return enter_as("laura")


@pytest.fixture
def january() -> BillingRun:
    return BillingRun.objects.select_related("cycle", "book").get(period=201901)


def said(answer) -> str:  # type: ignore[no-untyped-def]
    """The words of an answer."""
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def beside(answer, name: str) -> str:  # type: ignore[no-untyped-def]
    """What is said beside a field; the field points at it for who listens."""
    html = answer.content.decode()
    found = re.search(rf'<div class="error" id="id_{name}_error"[^>]*>(.*?)</div>', html)
    assert found, f"nothing is said beside {name}"
    field = re.search(rf'<(?:input|select)[^>]*id="id_{name}"[^>]*>', html)
    assert field and 'aria-invalid="true"' in field[0] and f"id_{name}_error" in field[0]
    return unescape(found[1])


# opening ----------------------------------------------------------------------------------------------


def opening(january: BillingRun, **words: str) -> dict[str, str]:
    return {
        "cycle": str(january.cycle_id),
        "period": "201902",
        "issued_on": "28/02/2019",
        "due_on": "",
        **words,
    }


@pytest.mark.parametrize(
    "typed", ["28/02/2019", "28-02-2019", "28-02-19", "280219", "28022019", "2019-02-28"]
)
def test_a_run_is_opened_however_its_date_is_typed(laura: Client, january: BillingRun, typed: str) -> None:
    """Due in fifteen days, as the book of 2019 says: 28 February + 15 = 15 March."""
    answer = laura.post("/facturacion/nueva/", opening(january, issued_on=typed))
    run = BillingRun.objects.get(period=201902)
    assert answer["Location"] == f"/facturacion/{run.pk}/"
    assert (run.state, run.issued_on, run.due_on) == ("draft", date(2019, 2, 28), date(2019, 3, 15))
    assert run.steps.get().by == "laura"


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("issued_on", "", "Falta fecha de emisión."),
        ("issued_on", "31/02/2019", "Escriba la fecha como 31/01/2019."),
        ("issued_on", "mañana", "Escriba la fecha como 31/01/2019."),
        ("due_on", "28/02/2019", "Los recibos vencerían el 28/02/2019, antes de emitirse."),
        ("due_on", "pronto", "Escriba la fecha como 31/01/2019."),
        ("period", "201901", "Ya hay una facturación de 01/2019 para el ciclo MENSUAL."),
        ("period", "", "Falta periodo."),
        ("period", "190013", "Elija un periodo de la lista."),
        ("cycle", "", "Falta ciclo."),
        ("cycle", "99999", "Elija un ciclo de la lista."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_opened(
    laura: Client, january: BillingRun, field: str, typed: str, refusal: str
) -> None:
    answer = laura.post("/facturacion/nueva/", opening(january, **{field: typed}))
    html = answer.content.decode()
    assert answer.status_code == 422 and beside(answer, field).startswith(refusal)
    assert "<title>Error: Abrir facturación" in html and f'href="#id_{field}"' in html
    assert BillingRun.objects.count() == 3
    if field == "issued_on" and typed:
        assert f'value="{typed}"' in html  # what was typed comes back


def test_the_next_month_is_offered(laura: Client) -> None:
    assert "Abrir facturación de febrero 2019" in said(laura.get("/facturacion/"))
    html = laura.get("/facturacion/nueva/").content.decode()
    assert '<option value="201902" selected>febrero 2019</option>' in html and 'value="31/01/2019"' in html


# a run -------------------------------------------------------------------------------------------------


def test_the_page_of_a_run_adds_up(laura: Client, january: BillingRun) -> None:
    """$3,357.78 + $496.13 of VAT = $3,853.91; 6 billed + 2 held = 8 services."""
    page = said(laura.get(f"/facturacion/{january.pk}/"))
    assert "Importe del periodo $3,853.91 $139.20 más que el periodo anterior" in page
    assert "Total $3,357.78 $496.13" in page
    assert (
        "Tomas activas del ciclo 8 con recibo 6 detenidas para revisión 2 sin recibo, con su motivo 0" in page
    )
    assert "sin explicación: ninguna 0" in page
    assert "Se calculó por Laura Gutiérrez Mora, 09:00" in page


def test_the_page_can_be_asked_for_while_the_run_is_issued(laura: Client, january: BillingRun) -> None:
    """Laura reloads at the very moment another process issues: the tables move, and her page does not break."""
    issuing = connection.copy()
    try:
        with issuing.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM billing_billingrun WHERE id = %s FOR UPDATE", [january.pk])
            answer = laura.get(f"/facturacion/{january.pk}/")
            cursor.execute("ROLLBACK")
    finally:
        issuing.close()
    assert answer.status_code == 200
    assert "Se está emitiendo en este momento" in said(answer)


def words(run: BillingRun, role: str) -> list[str]:
    acts = permissions.ACTS[role]
    return [
        action["words"]
        for action in pages.run_page(run=run, acts=acts, directory=Path("/nowhere"))["actions"]
    ]


def test_each_role_is_offered_its_own_steps(january: BillingRun) -> None:
    assert words(january, "billing_analyst") == ["Descartar", "Ver detenidos", "Marcar como revisada"]
    assert words(january, "commercial_manager") == ["Ver detenidos"]
    commands.review(run=january, by="laura", at=moment(TODAY))
    january.refresh_from_db()
    assert words(january, "billing_analyst") == ["Descartar", "Ver detenidos"]
    assert words(january, "commercial_manager") == ["Ver detenidos", "Emitir 6 recibos por $3,853.91"]
    commands.issue(run=january, by="salas", at=moment(TODAY))
    january.refresh_from_db()
    assert words(january, "commercial_manager") == ["Ver detenidos", "Repartir recibos", "Preparar impresión"]
    assert words(january, "auditor") == ["Ver detenidos", "Preparar impresión"]


def test_the_button_of_the_issue_counts_the_released_bills(enter_as: Enter, january: BillingRun) -> None:
    """6 bills for $3,853.91 and the school's released $4,271.84: what is signed is 7 for $8,125.75, and 7 go out."""
    held = HeldBill.objects.get(run=january, account__number="010512")
    commands.release_held(held=held, reason="Fuga reparada", by="laura", on=TODAY, at=moment(TODAY))
    commands.review(run=january, by="laura", at=moment(TODAY))
    page = said(enter_as("salas").get(f"/facturacion/{january.pk}/"))
    assert "Emitir 7 recibos por $8,125.75" in page and "Recibos 6 más 1 liberado al emitir" in page
    assert "Detenidos 1 esperan a una persona" in page
    issued = commands.issue(run=january, by="salas", at=moment(TODAY))
    assert (issued.summary["bills"], issued.summary["total_cents"]) == (7, 812_575)


def test_a_step_out_of_order_is_refused_on_the_page(enter_as: Enter, laura: Client) -> None:
    """November is issued: nobody reviews it again, nor discards it."""
    november = BillingRun.objects.get(period=201811)
    answer = laura.post(f"/facturacion/{november.pk}/revision/")
    assert (
        answer.status_code == 409
        and "está emitida: no hay cifras por revisar. Calcúlela primero." in said(answer)
    )
    answer = laura.post(f"/facturacion/{november.pk}/descarte/", {"reason": "Me equivoqué"})
    assert answer.status_code == 422 and "ya está emitida" in said(answer)
    november.refresh_from_db()
    assert november.state == "issued" and not Job.objects.exists()


def test_to_discard_one_says_why(laura: Client, january: BillingRun) -> None:
    for reason in ("", "   "):
        answer = laura.post(f"/facturacion/{january.pk}/descarte/", {"reason": reason})
        assert answer.status_code == 422 and beside(answer, "reason") == "Escriba por qué se descarta."
    january.refresh_from_db()
    assert january.state == "computed" and january.held.count() == 2

    answer = laura.post(f"/facturacion/{january.pk}/descarte/", {"reason": "Faltaba la ruta 02-001"})
    january.refresh_from_db()
    assert answer["Location"] == "/facturacion/" and january.state == "discarded"
    assert AuditEntry.objects.get(act="billing.discard").reason == "Faltaba la ruta 02-001"


def test_two_jobs_of_a_run_exclude_each_other(laura: Client, january: BillingRun) -> None:
    BillingRun.objects.filter(pk=january.pk).update(state="draft")
    assert laura.post(f"/facturacion/{january.pk}/calculo/").status_code == 302
    answer = laura.post(f"/facturacion/{january.pk}/calculo/")
    assert answer.status_code == 409 and "Ya está en curso el trabajo" in said(answer)
    assert Job.objects.count() == 1


# the job panel -------------------------------------------------------------------------------------------


def a_job(**values: object) -> Job:
    at = moment(TODAY)
    words = {
        "kind": "billing.compute", "args": {}, "requested_by": "laura", "requested_at": at, "started_at": at,
        "advanced_at": at + timedelta(seconds=10), "state": "running", "phase": "Calculando recibos",
        "done": 5_000, "total": 20_000, "errors": 3,
    }  # fmt: skip
    return Job(**{**words, **values})


def test_a_job_tells_how_far_how_fast_and_how_long() -> None:
    """5,000 of 20,000 in 10 s: 25 %, 500 a second, 15,000 ÷ 500 = 30 s to go."""
    row = pages.job_row(acts=ANALYST, job=a_job())
    assert row and (row.percent, row.rate, row.eta, row.errors) == (25, 500, "30 s", 3)
    assert row.title == "Cálculo de los recibos: en curso" and row.requested_by == "Laura Gutiérrez Mora"
    assert row.is_live and row.may_cancel and not row.may_resume


def test_long_waits_are_told_in_minutes() -> None:
    """100 a second, 19,000 to go: 190 s."""
    row = pages.job_row(acts=ANALYST, job=a_job(done=1_000))
    assert row and row.eta == "3 min 10 s"


@pytest.mark.parametrize(
    ("values", "percent", "eta"),
    [
        ({"total": 0, "done": 0, "state": "waiting", "started_at": None, "advanced_at": None}, 0, ""),
        ({"done": 0}, 0, ""),
        ({"done": 20_000, "state": "done"}, 100, ""),
        ({"done": 0, "total": 0, "state": "done"}, 100, ""),
        ({"state": "failed"}, 25, ""),
    ],
)
def test_nothing_is_promised_before_it_is_known(values: dict[str, object], percent: int, eta: str) -> None:
    row = pages.job_row(acts=ANALYST, job=a_job(**values))
    assert row and (row.percent, row.eta) == (percent, eta)


def test_what_stopped_may_go_on(laura: Client, january: BillingRun) -> None:
    job = jobs.start(kind="billing.compute", args={"run_id": january.pk, "by": "laura"}, by="laura")
    panel = laura.get(f"/facturacion/{january.pk}/avance/")
    assert "HX-Refresh" not in panel and 'hx-trigger="every 1s"' in panel.content.decode()
    assert "Cancelar el trabajo" in said(panel)

    assert laura.post(f"/facturacion/{january.pk}/cancelacion-del-trabajo/").status_code == 302
    panel = laura.get(f"/facturacion/{january.pk}/avance/")
    assert panel["HX-Refresh"] == "true" and "Reanudar donde se quedó" in said(panel)

    laura.post(f"/facturacion/{january.pk}/reanudacion/")
    again = Job.objects.latest("pk")
    assert again.pk != job.pk and (again.kind, again.args, again.state) == (job.kind, job.args, "waiting")


def test_who_only_looks_is_shown_no_button_that_would_refuse(enter_as: Enter, january: BillingRun) -> None:
    jobs.start(kind="billing.compute", args={"run_id": january.pk, "by": "laura"}, by="laura")
    panel = said(enter_as("ofelia").get(f"/facturacion/{january.pk}/avance/"))
    assert "Cálculo de los recibos" in panel and "Cancelar el trabajo" not in panel


def test_an_analyst_does_not_issue_by_resuming(enter_as: Enter, laura: Client, january: BillingRun) -> None:
    """The manager's issue stopped. Laura can neither take it up nor stop it; the manager can do both."""
    job = jobs.start(kind="billing.issue", args={"run_id": january.pk, "by": "salas"}, by="salas")
    assert laura.post(f"/facturacion/{january.pk}/cancelacion-del-trabajo/").status_code == 403
    salas = enter_as("salas")
    assert salas.post(f"/facturacion/{january.pk}/cancelacion-del-trabajo/").status_code == 302
    assert laura.post(f"/facturacion/{january.pk}/reanudacion/").status_code == 403
    assert "Reanudar" not in said(laura.get(f"/facturacion/{january.pk}/")) and Job.objects.get() == job
    assert salas.post(f"/facturacion/{january.pk}/reanudacion/").status_code == 302
    assert Job.objects.latest("pk").requested_by == "salas"


# held bills ------------------------------------------------------------------------------------------------


def test_a_held_bill_shows_what_decides_it(laura: Client, january: BillingRun) -> None:
    page = said(laura.get(f"/facturacion/{january.pk}/detenidos/"))
    assert "Caso 1 de 2" in page and "Escuela Primaria Benito Juárez" in page
    assert "Consumo calculado 240 m³ su promedio: 75 m³" in page
    assert "Lectura 21,255 → 21,495 real, 25 ene 2019, 31 días" in page
    assert "Liberar recibo de $4,271.84" in page and "2 por decidir" in page


@pytest.mark.parametrize("decision", ["released", "reread"])
@pytest.mark.parametrize("reason", ["", "   "])
def test_no_held_bill_is_decided_without_a_reason(
    laura: Client, january: BillingRun, decision: str, reason: str
) -> None:
    answer = laura.post(
        f"/facturacion/{january.pk}/detenidos/010512/", {"decision": decision, "reason": reason}
    )
    assert (
        answer.status_code == 409
        and beside(answer, "reason") == "Falta el motivo. Escriba por qué lo decide."
    )
    assert "Escuela Primaria Benito Juárez" in said(answer)
    assert not HeldBill.objects.filter(run=january).exclude(decision="").exists()


def test_a_decision_that_does_not_exist_is_not_taken(laura: Client, january: BillingRun) -> None:
    answer = laura.post(
        f"/facturacion/{january.pk}/detenidos/010512/", {"decision": "pardoned", "reason": "x"}
    )
    assert answer.status_code == 404
    assert (
        laura.post(f"/facturacion/{january.pk}/detenidos/010117/", {"decision": "released"}).status_code
        == 404
    )


def test_after_each_decision_comes_the_next_case(laura: Client, january: BillingRun) -> None:
    laura.post(
        f"/facturacion/{january.pk}/detenidos/010512/", {"decision": "released", "reason": "Fuga reparada"}
    )
    page = said(laura.get(f"/facturacion/{january.pk}/detenidos/"))
    assert "Empacadora La Ponderosa" in page and "1 por decidir" in page and "liberado" in page


def test_who_may_not_decide_is_shown_no_form(enter_as: Enter, january: BillingRun) -> None:
    page = said(enter_as("marta").get(f"/facturacion/{january.pk}/detenidos/"))
    assert "Escuela Primaria Benito Juárez" in page and "Motivo de la decisión" not in page


# papers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nada.pdf", "..%2Fsecret-key", "..%5Csecret-key", "secret-key"])
def test_only_the_print_files_of_the_run_are_served(
    laura: Client, january: BillingRun, media: Path, name: str
) -> None:
    folder = queries.print_directory(run=january)
    folder.mkdir(parents=True)
    (folder / "secret-key").write_text("x")
    (folder.parent / "secret-key").write_text("x")
    assert laura.get(f"/facturacion/{january.pk}/impresion/{name}").status_code == 404


def test_a_print_file_is_handed_over(laura: Client, january: BillingRun, media: Path) -> None:
    folder = queries.print_directory(run=january)
    folder.mkdir(parents=True)
    (folder / "201901-mensual-001.pdf").write_bytes(b"%PDF-1.7")
    answer = laura.get(f"/facturacion/{january.pk}/impresion/201901-mensual-001.pdf")
    assert answer["Content-Type"] == "application/pdf" and b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert "201901-mensual-001.pdf" in said(laura.get(f"/facturacion/{january.pk}/"))


def test_a_bill_is_a_pdf_by_its_folio(laura: Client) -> None:
    folio = queries.bill_folio(period=201812, account_number="010293", revision=1)
    answer = laura.get(f"/recibos/{folio}.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == f'inline; filename="recibo-{folio}.pdf"'


def test_what_is_not_issued_has_no_paper(laura: Client) -> None:
    """January is computed: its bills are nobody's yet."""
    folio = queries.bill_folio(period=201901, account_number="010293", revision=1)
    assert laura.get(f"/recibos/{folio}.pdf").status_code == 404


def test_where_nothing_is_held_the_page_says_so(laura: Client) -> None:
    page = said(laura.get(f"/facturacion/{BillingRun.objects.get(period=201812).pk}/detenidos/"))
    assert "No hay recibos detenidos Todos los casos de esta facturación ya tienen decisión." in page
    assert "Motivo de la decisión" not in page
