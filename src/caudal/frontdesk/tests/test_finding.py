"""Whatever reaches the counter names an account: a stub, a folio, the serial of a meter, half a name."""

from collections.abc import Callable
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.journeys.story import TODAY
from tests.town import counter
from tests.town.cast import moment

from caudal.documents.payment_codes import payment_reference
from caudal.frontdesk import queries
from caudal.ledger.models import PeriodBalance
from caudal.metering import commands as metering
from caudal.metering.models import Meter
from caudal.registry import commands as registry
from caudal.registry import queries as accounts
from caudal.registry.models import Account, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
# Doña Lupita's stub of December: $145.09, due on 13 January 2019
STUB = payment_reference(account_number="010293", amount_cents=14_509, due_on=date(2019, 1, 13))


def found(text: str) -> list[tuple[str, str]]:
    return [(row.number, row.why) for row in queries.search(text=text)]


def account(number: str) -> Account:
    return accounts.account_by_number(number=number)


class TestWhy:
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("AZ5300293", "medidor AZ5300293"), ("az-5300 293", "medidor AZ5300293"), ("5300293", ""),
            ("a-000002", "comprobante A-000002 por $100.00"), ("A000002", "comprobante A-000002 por $100.00"),
            ("A 2", "comprobante A-000002 por $100.00"), ("201812-010293", "recibo 201812-010293"),
            (" 201812 - 010293 ", "recibo 201812-010293"), (STUB, "referencia de pago"), ("9251293", "teléfono 392 925 1293"),
            ("010293", ""), ("lupita", ""), ("guadalupe", ""),
        ],
    )  # fmt: skip
    def test_each_row_says_why_it_is_there_when_it_does_not_show(self, text: str, why: str) -> None:
        expected = [] if text in ("5300293", "lupita") else [("010293", why)]
        assert found(text) == expected

    def test_a_stub_with_a_wrong_digit_is_shown_but_not_trusted(self) -> None:
        """The last digit is the check digit: any other is a misread stub."""
        wrong = STUB[:-1] + str((int(STUB[-1]) + 1) % 10)
        assert found(wrong) == [("010293", "la referencia tiene un dígito equivocado")]
        assert queries.resolve(text=wrong) is None
        assert found("9" * 26) == []

    def test_a_meter_that_was_taken_down_still_leads_to_its_account(self) -> None:
        metering.exchange_meter(
            service_point=account("010293").agreements.get().service_point, on=date(2019, 1, 28), final_reading=1_215,
            serial="NV-2019/7", reason="Descompuesto", by="laura", at=moment(TODAY),
        )  # fmt: skip
        assert found("AZ5300293") == [("010293", "tuvo el medidor AZ5300293")]
        assert found("nv20197") == [("010293", "medidor NV-2019/7")]
        assert queries.resolve(text="AZ5300293") is None and queries.resolve(text="NV 2019 7") == "010293"

    def test_a_former_holder_is_told_as_such(self) -> None:
        registry.change_holder(
            account=account("010117"), holder=registry.Holder(full_name="MARIA SALCEDO DE LA CRUZ"), on=TODAY,
            reason="Compraventa", by="laura", at=moment(TODAY),
        )  # fmt: skip
        (row,) = queries.search(text="jesus ramirez")
        assert (row.holder, row.why) == ("Maria Salcedo de la Cruz", "antes a nombre de Jesús Ramírez Ochoa")

    def test_identity_numbers_say_which(self) -> None:
        Person.objects.filter(full_name__startswith="Jesús").update(
            curp="RAOJ800101HJCMCS09", rfc="RAOJ800101AB1"
        )
        assert found("raoj800101hjcmcs09") == [("010117", "CURP RAOJ800101HJCMCS09")]
        assert found("RAOJ800101AB1") == [("010117", "RFC RAOJ800101AB1")]

    def test_a_receipt_of_two_accounts_finds_both(self) -> None:
        from caudal.cashier import commands as cashier

        reply = cashier.take_payment(
            session=counter.session(TODAY), parts=[
                cashier.AccountPart(account("010117"), 1_000), cashier.AccountPart(account("010405"), 2_000)
            ],
            tenders=[cashier.TenderPart("cash", 3_000)], at=moment(TODAY, 12), by="veronica", key=UUID(int=99),
        )  # fmt: skip
        folio = reply["receipt_folio"]
        assert found(folio) == [
            ("010117", f"comprobante {folio} por $10.00"),
            ("010405", f"comprobante {folio} por $20.00"),
        ]

    def test_a_folio_of_no_bill_still_offers_the_account_written_in_it(self) -> None:
        assert found("201899-010293") == [("010293", "")] and queries.resolve(text="201899-010293") is None

    @pytest.mark.parametrize("text", ["", "  ", "a-999999", "201812-999999", "zzzz", "''", "%"])
    def test_what_names_nothing_finds_nothing(self, text: str) -> None:
        assert found(text) == [] and queries.resolve(text=text) is None


class TestResolve:
    @pytest.mark.parametrize(
        "text",
        [
            "010293", "10293", "01-02-93", " 010 293 ", "00010293", STUB, f" {STUB[:8]} {STUB[8:17]} {STUB[17:25]} {STUB[25]} ",
            "AZ5300293", "az 5300-293", "201812-010293", "201811-010293",
        ],
    )  # fmt: skip
    def test_what_names_one_account_needs_no_list(self, text: str) -> None:
        assert queries.resolve(text=text) == "010293"

    @pytest.mark.parametrize(
        "text", ["nunez", "0102", "AZ53002", "9251293", "A-000002", "Guadalupe Núñez Viuda de Ortega"]
    )
    def test_what_only_resembles_one_waits_for_a_person(self, text: str) -> None:
        assert queries.resolve(text=text) is None

    def test_the_same_signs_for_two_accounts_are_a_doubt(self) -> None:
        """The meter of La Espiga is numbered like the account of Doña Lupita: both are offered, neither is taken."""
        Meter.objects.filter(serial="AZ5300405").update(serial="010293")
        assert queries.resolve(text="010293") is None
        assert found("010293") == [("010405", "medidor 010293"), ("010293", "")]


class TestCost:
    def test_what_is_owed_is_read_from_the_open_debts_alone(self) -> None:
        """Lupita: $37.08 + $108.01 = $145.09. Paid periods are not even looked at."""
        PeriodBalance.objects.filter(account_id=account("010405").pk).update(
            open_principal_cents=0, open_accessory_cents=0
        )
        owed = {row.number: row.owed_cents for row in queries.search(text="barca")}
        assert (owed["010293"], owed["010405"]) == (14_509, 0)
        with CaptureQueriesContext(connection) as asked:
            queries.search(text="barca")
        (debt,) = [each["sql"] for each in asked.captured_queries if "ledger_periodbalance" in each["sql"]]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {debt}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "account_id_include" in plan or "periodbalance_open" in plan or "Index Only Scan" in plan

    @pytest.mark.parametrize(
        "text", ["barca", "guadalpue nuñes viuda", STUB, "AZ5300293", "morelos 293", "9251293"]
    )
    def test_a_search_asks_a_handful_of_questions(self, text: str) -> None:
        with CaptureQueriesContext(connection) as asked:
            queries.search(text=text)
        assert len(asked) <= 16


class TestSuggestions:
    @pytest.fixture
    def marta(self, enter_as: Callable[[str], Client]) -> Client:
        return enter_as("marta")

    def asked(self, client: Client, text: str) -> str:
        answer = client.get("/buscar/sugerencias/", {"q": text})
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def test_each_option_carries_its_account(self, marta: Client) -> None:
        html = self.asked(marta, "juarez")
        assert html.count('role="option"') == 2
        for words in (
            'data-account="010405"',
            'data-href="/cuentas/010405/"',
            "Tortillería La Espiga",
            "Juárez 45, La Barca",
        ):
            assert words in html
        assert "<html" not in html

    def test_one_letter_is_not_a_question_yet(self, marta: Client) -> None:
        assert (
            self.asked(marta, "a").strip()
            == self.asked(marta, " ").strip()
            == self.asked(marta, "").strip()
            == ""
        )

    def test_no_more_than_fit_under_the_box(self, marta: Client) -> None:
        assert self.asked(marta, "la barca").count("data-account") == 7
        assert self.asked(marta, "010").count("data-account") == 7

    def test_what_is_not_there_says_what_to_try(self, marta: Client) -> None:
        assert "Ninguna cuenta coincide. Pruebe con el número de cuenta" in self.asked(marta, "zzzz")

    def test_names_and_questions_come_back_as_text(self, marta: Client) -> None:
        Person.objects.filter(full_name__startswith="Jesús").update(
            full_name='<img src=x onerror="alert(1)"> Jesús'
        )
        html = marta.get("/buscar/sugerencias/", {"q": "jesus"}).content.decode()
        assert "&lt;img" in html and "<img" not in html
        html = marta.get("/buscar/sugerencias/", {"q": "<script>alert(1)</script>"}).content.decode()
        assert "<script" not in html

    def test_a_page_of_results_says_why_too(self, marta: Client) -> None:
        html = unescape(marta.get("/cuentas/", {"q": "a-2"}).content.decode())
        assert "comprobante A-000002 por $100.00" in html and "1 cuenta para «a-2»" in html
