"""Months ahead on their page and at the terminal: quoted line by line, listed, ended by who may."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.journeys.story import TODAY
from tests.town import counter
from tests.town.cast import moment

from caudal.campaigns import commands as campaigns
from caudal.campaigns.models import Campaign, PrepaidMonthEnd, PrepaymentPolicy
from caudal.ledger import queries as ledger
from caudal.quotes import queries
from caudal.quotes.cli import prepaid
from caudal.registry import commands as registry
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
Enter = Callable[[str], Client]
PAGE = "/cuentas/010117/meses-adelantados/"


@pytest.fixture
def chuy() -> Account:
    return Account.objects.get(number="010117")


@pytest.fixture
def early() -> Campaign:
    at = moment(TODAY)
    return Campaign.objects.create(
        code="PRONTO-15", name="Pronto pago 15 %", starts_at=at - timedelta(days=31), ends_at=at + timedelta(days=31),
        on_prepayment=True, least_months=1, ppm=150_000, council_agreement="CA-1/2019", drafted_at=at,
        drafted_by="laura", published_at=at, published_by="salas",
    )  # fmt: skip


def paid(account: Account, months: int) -> str:
    """So many months, after the debt; the folio of the receipt."""
    ahead = queries.months_ahead(account=account, months=months, on=TODAY)
    cents = (
        ledger.statement(account_id=account.pk, on=TODAY, terms=tariffs.terms_on(on=TODAY)).total_cents
        + ahead.months_cents
    )
    reply = counter.pay_ahead(account, ahead, cents, on=TODAY, hour=12)
    return str(reply["receipt_folio"])


def run(*words: str) -> Any:
    answer = CliRunner().invoke(prepaid, list(words), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output) if "--json" in words else answer.output


def test_the_page_adds_up(early: Campaign, enter_as: Enter) -> None:
    """12 × 135.30 = 1,623.60; less 12 × 20.30 = 243.60; 1,380.00."""
    page = enter_as("ofelia").get(PAGE).content.decode()

    assert all(words in page for words in ("$1,623.60", "−$243.60", "$1,380.00", "Pronto pago 15 %"))
    assert "no tiene meses pagados por usar" in page and "Terminar" not in page
    three = enter_as("ofelia").get(f"{PAGE}?months=3").content.decode()
    assert "$345.00" in three  # 3 × 115.00


@pytest.mark.parametrize("months", ["0", "13", "x", ""])
def test_other_numbers_of_months_are_answered_beside_the_box(enter_as: Enter, months: str) -> None:
    answer = enter_as("ofelia").get(f"{PAGE}?months={months}")

    assert answer.status_code == 422
    assert any(w in answer.content.decode() for w in ("Elija de 1 a 12", "Escriba un número", "Falta: meses"))


def test_who_may_ends_what_is_left_with_a_reason(chuy: Account, early: Campaign, enter_as: Enter) -> None:
    folio = paid(chuy, 2)
    page = enter_as("veronica").get(PAGE).content.decode()
    assert folio in page and "por usar" in page and "Terminar" not in page
    account = enter_as("veronica").get("/cuentas/010117/").content.decode()
    assert "2 por usar, enero a febrero 2019, $230.00" in account and PAGE in account
    assert enter_as("veronica").post(f"{PAGE}termino/", {"reason": "Se muda"}).status_code == 403

    marta = enter_as("marta")
    assert "Falta: motivo." in marta.post(f"{PAGE}termino/", {"reason": ""}).content.decode()
    assert not PrepaidMonthEnd.objects.exists()
    assert marta.post(f"{PAGE}termino/", {"reason": "Se muda"}, follow=True).status_code == 200

    assert set(PrepaidMonthEnd.objects.values_list("kind", "by", "reason")) == {
        ("refunded", "marta", "Se muda")
    }
    again = marta.post(f"{PAGE}termino/", {"reason": "Se muda"})
    assert again.status_code == 422 and "no tiene meses adelantados por usar" in again.content.decode()
    assert PrepaidMonthEnd.objects.count() == 2


def test_an_account_that_does_not_exist_has_no_months(enter_as: Enter) -> None:
    assert enter_as("ofelia").get("/cuentas/999999/meses-adelantados/").status_code == 404
    assert enter_as("marta").post("/cuentas/999999/meses-adelantados/termino/").status_code == 404


def test_the_same_at_the_terminal(chuy: Account, early: Campaign) -> None:
    told = run("quote", "010117", "2", "--json")
    assert [line["reduction_cents"] for line in told["lines"]] == [20_30, 20_30]
    assert "Pronto pago 15 %" in run("quote", "010117", "2")
    assert run("list", "010117") == "No ha pagado meses.\n"
    folio = paid(chuy, 2)
    assert [(row["period"], row["paid_cents"], row["document"], row["state"]) for row in run("list", "010117", "--json")] == [
        (201901, 115_00, folio, "waiting"), (201902, 115_00, folio, "waiting"),
    ]  # fmt: skip

    assert "2 meses terminados: $230.00" in run("end", "010117", "--reason", "Se muda", "--by", "salas")

    assert "devuelto" in run("list", "010117")


def test_the_policy_is_told_and_decided_at_the_terminal() -> None:
    assert run("policy").startswith("Sin política")
    run(
        "policy",
        "--from",
        "2019-01-01",
        "--article",
        "Acuerdo 3",
        "--on-tariff-change",
        "settle",
        "--by",
        "salas",
    )

    assert "se ajusta la diferencia" in run("policy") and PrepaymentPolicy.objects.get().set_by == "salas"


def test_closed_accounts_are_ended_together(chuy: Account, early: Campaign) -> None:
    paid(chuy, 3)
    assert run("end-closed").startswith("Ninguna")
    registry.close_account(account=chuy, on=TODAY, reason="Venta", by="laura", at=moment(TODAY))

    assert run("end-closed", "--json")["010117"]["cents"] == 345_00
    assert run("end-closed").startswith("Ninguna")
    with pytest.raises(campaigns.CannotEndPrepaidMonths):
        campaigns.end_prepaid_months(
            account=chuy, reason="Otra vez", on=date(2019, 2, 1), at=moment(date(2019, 2, 1)), by="salas"
        )
