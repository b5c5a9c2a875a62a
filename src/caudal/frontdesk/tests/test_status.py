"""The statement and the history of an account: every centavo in order, as of any day, each with its paper."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.journeys.story import TODAY
from tests.town import counter
from tests.town.cast import moment

from caudal.billing import commands as billing
from caudal.fees import commands as fees
from caudal.frontdesk import statement, statement_sheet, timeline
from caudal.intake.models import IntakeSet, LegacyPayment
from caudal.kernel import audit
from caudal.ledger import queries as ledger
from caudal.metering.models import Reading
from caudal.registry import commands as registry
from caudal.registry import queries as accounts
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
ISSUED_NOVEMBER, ISSUED_DECEMBER = date(2018, 11, 30), date(2018, 12, 29)
DUE_NOVEMBER = date(2018, 12, 15)


@pytest.fixture
def marta(enter_as: Enter) -> Client:
    return enter_as("marta")


@pytest.fixture
def lupita() -> Account:
    return accounts.account_by_number(number="010293")


def text(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def words(pdf: bytes) -> str:
    told = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", told.replace("\N{NO-BREAK SPACE}", " "))


def test_each_movement_has_its_date_its_name_and_the_balance_after_it(lupita: Account) -> None:
    """November $134.39; December $117.00 − $8.99 of estimated water = $108.01. Today she left $100.00: first
    the surcharge of November, due 15 December: 2 months, 2 % of $134.39 = $2.6878 → $2.69.

    134.39 + 117.00 − 8.99 + 2.69 − 100.00 = $145.09; paying it today adds 1 % of $108.01 = $1.08: $146.17.
    """
    found = statement.read(account=lupita, as_of=TODAY, today=TODAY)
    assert [(row.on, row.concept, row.amount_cents, row.balance_cents) for row in found.rows] == [
        (ISSUED_NOVEMBER, "Recibo de noviembre 2018", 134_39, 134_39),
        (ISSUED_DECEMBER, "Recibo de diciembre 2018", 117_00, 251_39),
        (ISSUED_DECEMBER, "Regularización de estimadas de diciembre 2018", -8_99, 242_40),
        (TODAY, "Recargos de noviembre 2018", 2_69, 245_09),
        (TODAY, "Pago", -100_00, 145_09),
    ]
    assert (
        found.rows[0].href == "/recibos/201811-010293.pdf" and found.rows[0].detail == "vence el 15 dic 2018"
    )
    assert found.rows[-1].detail == "comprobante A-000002, efectivo"
    assert found.rows[-1].href == "/comprobantes/A-000002/"
    assert found.owed and found.owed.total_cents == found.closing_cents + 1_08 == 146_17
    assert [(each.name, each.total_cents) for each in found.periods] == [
        ("noviembre 2018", 37_08), ("diciembre 2018", 108_01 + 1_08),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "balance", "n"),
    [
        (ISSUED_NOVEMBER - timedelta(days=1), 0, 0),
        (ISSUED_NOVEMBER, 134_39, 1),
        (DUE_NOVEMBER, 134_39, 1),  # the day November is due, December is not issued
        (ISSUED_DECEMBER - timedelta(days=1), 134_39, 1),
        (ISSUED_DECEMBER, 134_39 + 108_01, 3),  # issued, though due in January
        (TODAY - timedelta(days=1), 242_40, 3),
        (TODAY, 145_09, 5),
    ],
)
def test_a_past_day_holds_nothing_that_came_later(lupita: Account, day: date, balance: int, n: int) -> None:
    found = statement.read(account=lupita, as_of=day, today=TODAY)
    assert (found.closing_cents, len(found.rows)) == (balance, n)
    assert (found.owed is None) == (day != TODAY)


def test_every_paper_that_is_linked_is_there(marta: Client) -> None:
    """Bills, receipts and the cancellation of one: no link of the history leads nowhere."""
    counter.cancel("A-000002", on=TODAY)
    for page in (
        "/cuentas/010293/historial/",
        "/cuentas/010293/estado-de-cuenta/",
        "/cuentas/020031/historial/",
    ):
        html = marta.get(page).content.decode()
        papers = set(re.findall(r'href="(/(?:recibos|comprobantes|tramites)/[^"]+)"', html))
        assert papers and {path: marta.get(path).status_code for path in papers} == dict.fromkeys(papers, 200)


def test_what_is_older_than_the_window_is_its_opening_balance(lupita: Account) -> None:
    """On 1 December 2019 twelve months begin on 1 December 2018: November's $134.39 is the opening."""
    day = date(2019, 12, 1)
    year, whole = (statement.read(account=lupita, as_of=day, today=day, months=each) for each in (12, None))
    assert (year.from_on, year.opening_cents, year.rows[0].balance_cents) == (
        date(2018, 12, 1), 134_39, 134_39 + 117_00,
    )  # fmt: skip
    assert (whole.from_on, whole.opening_cents, len(whole.rows)) == (ISSUED_NOVEMBER, 0, 5)
    assert year.closing_cents == whole.closing_cents == ledger.balance(account_id=lupita.pk)


def test_fees_cancellations_and_their_papers_are_told_by_name(lupita: Account) -> None:
    """A tanker for $480.00 canceled, and the payment of today taken back: $242.40 + $2.69 are owed again."""
    tanker = fees.ask_service(
        account=lupita, code="PIPA-10000", place="Morelos 293", on=TODAY, at=moment(TODAY, 11), by="veronica",
        key="00000000-0000-0000-0000-0000000000aa",
    )  # fmt: skip
    fees.cancel_service(service=tanker, reason="Ya llovió", on=TODAY, at=moment(TODAY, 12), by="veronica")
    billing.cancel_bill(
        account=lupita, period=201812, reason="Lectura de la vecina", authorized_by="salas", on=TODAY,
        at=moment(TODAY, 13),
    )  # fmt: skip
    found = statement.read(account=lupita, as_of=TODAY, today=TODAY)
    told = {row.concept: (row.amount_cents, row.detail, row.href) for row in found.rows}
    folio = tanker.folio
    assert told["Pipa de agua de 10,000 litros"] == (480_00, f"trámite {folio}", f"/tramites/{folio}/")
    assert told["Cancelación de trámite"] == (-480_00, f"{folio}: Ya llovió", f"/tramites/{folio}/")
    assert (
        sum(cents for name, (cents, *_) in told.items() if name.startswith("Cancelación de recibo"))
        == -108_01
    )
    assert found.closing_cents == 145_09 - 108_01 == ledger.balance(account_id=lupita.pk)


def test_it_adds_up_for_everybody_whatever_the_window() -> None:
    """Whatever is posted, opening + charges − credits = closing, for every account of the town and any window."""
    for account in Account.objects.order_by("number"):
        for months in (1, 2, 12, None):
            found = statement.read(account=account, as_of=TODAY, today=TODAY, months=months)
            assert found.opening_cents + found.charged_cents - found.credited_cents == found.closing_cents
            assert found.closing_cents == ledger.balance(account_id=account.pk)


def test_the_page_says_what_is_owed_and_the_newest_first(marta: Client) -> None:
    page = text(marta, "/cuentas/010293/estado-de-cuenta/")
    for sentence in (
        "Cuenta 010 293 · Guadalupe Núñez Viuda de Ortega Estado de cuenta", "Debe hoy $146.17 31 ene 2019",
        "De ello, recargos a hoy $1.08", "Saldo a favor $0.00 no tiene", "Próximo vencimiento Ya venció convenio: no tiene",
        "noviembre 2018 15 dic 2018 $37.08 $0.00 $0.00 $37.08",
        "diciembre 2018 13 ene 2019 $108.01 $0.00 $1.08 $109.09",
        "Para ponerse al corriente $145.09 $0.00 $1.08 $146.17", "1 ene 2018 Saldo inicial $0.00",
    ):  # fmt: skip
        assert sentence in page, sentence
    assert page.index("comprobante A-000002, efectivo") < page.index("Recibo de diciembre 2018")


def test_the_page_of_a_past_day_says_so_and_prints_the_same(marta: Client) -> None:
    html = marta.get(
        "/cuentas/010293/estado-de-cuenta/", {"al": "15/12/2018", "meses": "24"}
    ).content.decode()
    assert "Saldo al 15 dic 2018" in html and "$134.39" in html and "diciembre 2018" not in html
    paper = re.search(r'href="(/cuentas/010293/estado-de-cuenta\.pdf\?[^"]+)"', html)
    assert paper
    told = words(marta.get(unescape(paper[1])).content)
    assert "Recibo de noviembre 2018" in told and "Saldo final $134.39" in told
    assert "diciembre 2018" not in told and "A-000002" not in told
    assert (
        "Saldo al 15 dic 2018: no incluye movimientos posteriores" in told
        and "Impreso el 31 ene 2019" in told
    )


@pytest.mark.parametrize(
    ("typed", "words_said"),
    [("31/02/2018", "Escriba la fecha como 31/01/2019."), ("ayer", "Escriba la fecha como 31/01/2019."),
     ("1/1/99999999999999999999", "Escriba la fecha como 31/01/2019."), ("01/02/2019", "Ese día todavía no llega")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said_and_today_is_shown(marta: Client, typed: str, words_said: str) -> None:
    page = text(marta, f"/cuentas/010293/estado-de-cuenta/?al={typed}", status=422)
    assert words_said in page and "Debe hoy $146.17" in page


def test_strange_windows_and_accounts_are_no_trouble(marta: Client) -> None:
    assert "$146.17" in text(marta, "/cuentas/010293/estado-de-cuenta/?meses=9999")
    assert "Recibo de noviembre" in text(marta, "/cuentas/010293/estado-de-cuenta/?meses=todo")
    text(marta, "/cuentas/999999/estado-de-cuenta/", status=404)
    text(marta, "/cuentas/999999/historial/", status=404)


def test_the_paper_adds_up_and_names_the_next_due_date(lupita: Account) -> None:
    """$145.09 posted and $1.08 of surcharges to today."""
    sheet = statement_sheet.sheet(account=lupita, as_of=TODAY, at=moment(TODAY))
    assert (sheet.closing_balance_cents, sheet.surcharges_cents) == (145_09, 1_08)
    rancho = accounts.account_by_number(number="020031")
    told = words(statement_sheet.as_pdf(account=rancho, as_of=TODAY, at=moment(TODAY)))
    assert "Próximo vencimiento: 31 ene 2019." in told and "Pipa de agua de 10,000 litros" in told


def test_the_history_tells_everything_with_who_did_it(marta: Client, lupita: Account) -> None:
    """Fourteen readings, two bills, a payment and its holder, terms and benefit: twenty movements."""
    page = text(marta, "/cuentas/010293/historial/")
    assert "Todo 20 Recibos 2 Pagos 1 Lecturas 14 Padrón 3" in page and "20 movimientos" in page
    for sentence in (
        "31 ene 2019 Pago $100.00, folio A-000002 Verónica Torres Díaz",
        "25 ene 2019 Lectura 1,213 Julián Ramírez López", "29 dic 2018 Recibo de diciembre 2018, $108.01",
        "2 ene 2018 Lectura 950 inicial", "Titular: Guadalupe Núñez Viuda de Ortega",
        "Beneficio: adulto mayor Laura Gutiérrez Mora · INAPAM 4471-293",
    ):  # fmt: skip
        assert sentence in page, sentence


def test_a_year_of_changes_is_told_each_under_its_topic(lupita: Account, marta: Client) -> None:
    counter.cancel("A-000002", on=TODAY)
    billing.cancel_bill(
        account=lupita, period=201812, reason="Lectura de la vecina", authorized_by="salas", on=TODAY,
        at=moment(TODAY, 13),
    )  # fmt: skip
    registry.interrupt_service(account=lupita, on=TODAY, reason="Orden 55", by="salas", at=moment(TODAY))
    registry.restore_service(account=lupita, on=date(2019, 2, 2), by="salas", at=moment(TODAY))
    audit.record(
        act="approve", by="salas", at=moment(TODAY, 12), object_kind="receipt", object_id="A-000002",
        reason="Lo pidió veronica: se cobró a otra cuenta",
    )  # fmt: skip
    audit.record(
        act="cashier.reprint_receipt", by="veronica", at=moment(TODAY, 23, 30), object_kind="receipt",
        object_id="A-000002",
    )  # fmt: skip
    payments = text(marta, "/cuentas/010293/historial/?tipo=pagos")
    assert (
        "Pago cancelado −$100.00, folio A-CAN-000001 Verónica Torres Díaz · Se cobró a otra cuenta"
        in payments
    )
    assert "Lectura" not in payments.split("movimientos", 1)[1]
    bills = text(marta, "/cuentas/010293/historial/?tipo=recibos")
    assert "Recibo de diciembre 2018 cancelado, " in bills and "Lectura de la vecina" in bills
    changes = text(marta, "/cuentas/010293/historial/?tipo=padron")
    assert (
        "Suspensión: corte por adeudo" in changes
        and "2 feb 2019 Fin de suspensión: corte por adeudo" in changes
    )
    approvals = text(marta, "/cuentas/010293/historial/?tipo=aprobaciones")
    assert "Se aprobó el comprobante A-000002 Ing. Héctor Salas Pérez · Lo pidió veronica" in approvals
    # half past eleven at night is still today in La Barca
    assert "31 ene 2019 Se reimprimió el comprobante A-000002 Verónica Torres Díaz" in approvals


def test_the_payments_of_the_old_system_are_there(lupita: Account, marta: Client) -> None:
    loaded = IntakeSet.objects.create(
        name="Padrón 2017", mapping={}, files={}, as_of_on=date(2017, 12, 31), loaded_at=moment(TODAY),
        loaded_by="laura",
    )  # fmt: skip
    for folio, canceled in (("55-1", False), ("55-2", True)):
        LegacyPayment.objects.create(
            account=lupita, intake_set=loaded, folio=folio, paid_on=date(2017, 11, 3), amount_cents=178_20,
            tender="cash", till="2", is_canceled=canceled,
        )  # fmt: skip
    page = text(marta, "/cuentas/010293/historial/?tipo=pagos")
    assert "3 nov 2017 Pago $178.20 en el sistema anterior, folio 55-1 caja 2" in page
    assert "Pago cancelado $178.20 en el sistema anterior, folio 55-2" in page


def test_all_of_a_long_history_is_there_a_page_at_a_time(lupita: Account, marta: Client) -> None:
    """Sixty more readings: 14 + 60 = 74, fifty on the first page and twenty-four on the second."""
    first = Reading.objects.filter(installation__service_point__agreements__account=lupita).latest("id")
    Reading.objects.bulk_create(
        Reading(
            installation=first.installation, period=201901, kind="check", revision=number, value=2_000 + number,
            read_on=TODAY, origin="desk", observer="julian", recorded_at=moment(TODAY), recorded_by="julian",
        )
        for number in range(1, 61)
    )  # fmt: skip
    first_page = marta.get("/cuentas/010293/historial/?tipo=lecturas").content.decode()
    second = marta.get("/cuentas/010293/historial/?tipo=lecturas&pagina=2").content.decode()
    assert (first_page.count("<time "), second.count("<time ")) == (50, 24)
    assert "página 1 de 2" in first_page and "Más antiguos" in first_page and "Más nuevos" in second
    assert (
        marta.get("/cuentas/010293/historial/?tipo=lecturas&pagina=99").content.decode().count("<time ") == 24
    )
    assert marta.get("/cuentas/010293/historial/?tipo=nada").content.decode().count("<time ") == 50


def test_events_come_newest_first_whatever_room_they_come_from(lupita: Account) -> None:
    told = timeline.events(
        sources=timeline.Sources(
            account=lupita,
            movements=ledger.movements(account_id=lupita.pk),
            happenings=accounts.history(account=lupita),
        )
    )
    assert [event.on for event in told] == sorted((event.on for event in told), reverse=True)


def test_the_head_of_an_account_shows_what_one_may_do_with_it(enter_as: Enter) -> None:
    """The cashier charges, first of all; the desk asks for services; the auditor only looks."""
    shown = {}
    for username in ("veronica", "marta", "ofelia"):
        html = enter_as(username).get("/cuentas/010293/").content.decode()
        head = html[html.index('class="actions"') : html.index('class="cards"')]
        shown[username] = re.findall(r'<a class="button( primary)?" href="([^"]+)"', head)
    services = ("", "/cuentas/010293/tramites/")
    assert services in shown["marta"] and services not in shown["ofelia"]
    for buttons in shown.values():
        assert ("", "/cuentas/010293/estado-de-cuenta/") in buttons
        assert [is_primary for is_primary, _ in buttons].count(" primary") <= 1
    assert shown["marta"][0][0] == " primary"
