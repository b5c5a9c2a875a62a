"""The pages of accounting over the issued town: 31 January 2019, two months issued, January computed.

Every figure shown is asked again of raw tables by queries of its own.
"""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]

PAGES = (
    "/contabilidad/",
    "/contabilidad/meses/201812/",
    "/contabilidad/dias/2019-01-10/",
    "/semaforo/",
    "/contabilidad/polizas/",
    "/contabilidad/polizas/?since=01/11/2018&until=31/01/2019&text=run&account=4143-08&kind=billing.",
    "/contabilidad/ingresos/?since=01/11/2018&until=31/01/2019",
    "/contabilidad/registros/",
    *(f"/contabilidad/registros/{code}/?since=01/11/2018&until=31/01/2019"
      for code in ("descuentos", "cancelaciones", "ajustes", "diferencias", "adeudos")),
    "/contabilidad/clasificador/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["laura", "salas", "ofelia"])
def test_each_page_answers(enter_as: Callable[[str], Client], path: str, who: str) -> None:
    assert enter_as(who).get(path).status_code == 200


@pytest.mark.parametrize("code", ["descuentos", "cancelaciones", "ajustes", "diferencias", "adeudos"])
@pytest.mark.parametrize("days", ["since=01/11/2018&until=30/11/2018", "since=01/11/2018&until=31/01/2019"])
def test_each_register_says_what_the_books_say(
    enter_as: Callable[[str], Client], code: str, days: str
) -> None:
    page = enter_as("laura").get(f"/contabilidad/registros/{code}/?{days}")
    assert "igual que la contabilidad" in page.content.decode(), code


def _one(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def test_the_debt_of_today_is_what_accounts_owe(enter_as: Callable[[str], Client]) -> None:
    body = enter_as("laura").get("/contabilidad/registros/adeudos.csv?until=31/01/2019").content
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    owed = _one("SELECT sum(open_principal_cents + open_accessory_cents)::bigint FROM ledger_periodbalance")
    assert lines[-1][0] == "Total"
    assert lines[-1][-1] == f"{owed // 100}.{owed % 100:02d}"
    assert len(lines) == 3 + 1 + _one(
        "SELECT count(*) FROM (SELECT account_id FROM ledger_periodbalance GROUP BY 1"
        " HAVING sum(open_principal_cents + open_accessory_cents) <> 0) AS owing"
    )


def test_revenue_accrued_is_what_bills_and_services_say(enter_as: Callable[[str], Client]) -> None:
    """Bills of November and December less VAT, and what was charged by hand."""
    page = enter_as("laura").get("/contabilidad/ingresos/?since=01/11/2018&until=31/01/2019")
    found = page.context["found"]
    bills = _one("SELECT sum(amount_cents) FROM ledger_charge WHERE document_kind IN (1, 3, 5)")
    surcharges = _one("SELECT COALESCE(sum(amount_cents), 0) FROM ledger_charge WHERE document_kind = 2")
    over = _one(
        "SELECT COALESCE(-sum(amount_cents), 0) FROM ledger_journalline WHERE ledger_account_id = '4319-01'"
    )
    assert found.total.accrued_cents == bills + surcharges + over
    collected = _one("SELECT sum(total_cents) FROM cashier_receipt")
    assert found.total.collected_cents == collected + over
    assert sum(line.accrued_cents for line in found.by_concept) == found.total.accrued_cents
    assert sum(line.collected_cents for line in found.by_classifier) == found.total.collected_cents


def test_the_classifier_says_where_installments_are_told(enter_as: Callable[[str], Client]) -> None:
    page = enter_as("laura").get("/contabilidad/clasificador/").content.decode()
    assert "El de los conceptos que reunió cada convenio" in page and "Sin rubro" not in page


@pytest.mark.parametrize("name", ["polizas", "ingresos", "registros/descuentos", "registros/adeudos"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_each_list_is_a_file(enter_as: Callable[[str], Client], name: str, kind: str) -> None:
    answer = enter_as("ofelia").get(f"/contabilidad/{name}.{kind}?since=01/11/2018&until=31/01/2019")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert answer.content[:2] == (b"PK" if kind == "xlsx" else b"\xef\xbb")


@pytest.mark.parametrize("path", [
    "/contabilidad/meses/201913/", "/contabilidad/dias/2019-02-30/", "/contabilidad/dias/0001-01-01/",
    "/contabilidad/registros/nada/", "/contabilidad/registros/adeudos.exe", "/contabilidad/polizas.exe",
    "/contabilidad/polizas/999999/",
])  # fmt: skip
def test_what_is_not_there_is_not_found(enter_as: Callable[[str], Client], path: str) -> None:
    assert enter_as("laura").get(path).status_code == 404


def test_the_light_asks_few_questions(
    enter_as: Callable[[str], Client], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = enter_as("laura")
    client.get("/semaforo/")
    with django_assert_max_num_queries(30):
        page = client.get("/semaforo/")
    assert page.context["light"].on == date(2019, 1, 31)
    assert page.context["light"].n_findings == 0


def test_a_month_that_lacks_something_is_not_reviewed(enter_as: Callable[[str], Client]) -> None:
    answer = enter_as("laura").post("/contabilidad/meses/201901/revision/")
    assert answer.status_code == 422
    assert "todavía no termina" in answer.content.decode()


def test_an_analyst_does_not_close(enter_as: Callable[[str], Client]) -> None:
    assert enter_as("laura").post("/contabilidad/meses/201812/cierre/").status_code == 403
