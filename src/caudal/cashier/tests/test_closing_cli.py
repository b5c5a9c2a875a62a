"""The end of a till's day at the terminal: counted, closed with the PIN of who supervises, taken to the bank."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.town import counter

from caudal.access.approvals import CannotApprove
from caudal.access.models import ApprovalUse
from caudal.cashier import cli
from caudal.cashier import commands as cashier
from caudal.cashier.models import DepositSlip, TillClosing, TillSession
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
ON = date(2019, 3, 5)
CLOSE = ("close", "1", "--by", "veronica", "--pin", counter.PIN, "--approver")
BANK = ("deposit", "--bank-account", "0123456789", "--reference", "F-1", "--by", "rosa")


@pytest.fixture(autouse=True)
def march_5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T16:00:00")


@pytest.fixture
def counted(chuy: Account) -> TillSession:
    """Verónica took $100.00 of Don Chuy over her $500.00 of float, and counted $600.00."""
    counter.hire()
    counter.pay(chuy, 10_000, on=ON)
    assert till("count", "1", "--cash", "600", "--by", "veronica").exit_code == 0
    return TillSession.objects.get()


def till(*words: str) -> Result:
    return CliRunner().invoke(cli.till, words)


def facts(*words: str) -> dict[str, Any]:
    result = till(*words, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def refused(*words: str, refusal: type[Exception], match: str) -> None:
    result = till(*words)
    assert isinstance(result.exception, refusal), result.output
    assert match in str(result.exception)


def test_rosa_closes_at_veronicas_terminal(counted: TillSession) -> None:
    told = facts(*CLOSE, "rosa", "--note", "Sin novedad")
    assert (told["closing"], told["n_receipts"]) == ("CORTE-000001", 1)
    assert [each["difference_cents"] for each in told["tenders"]] == [0, 0, 0, 0]
    closing = TillClosing.objects.get()
    assert (closing.declared_by, closing.closed_by, closing.note) == ("veronica", "rosa", "Sin novedad")
    assert ApprovalUse.objects.get().approval.object_id == str(counted.pk)


@pytest.mark.parametrize(
    ("approver", "pin", "match"),
    [
        ("rosa", "918273", "PIN"),
        ("veronica", counter.PIN, "uno mismo"),
        ("nadie", counter.PIN, "Falta elegir quién aprueba"),
    ],
)
def test_without_the_pin_of_who_supervises_nothing_closes(
    counted: TillSession, approver: str, pin: str, match: str
) -> None:
    refused(
        "close",
        "1",
        "--by",
        "veronica",
        "--approver",
        approver,
        "--pin",
        pin,
        refusal=CannotApprove,
        match=match,
    )
    assert not TillClosing.objects.exists()
    counted.refresh_from_db()
    assert counted.state == TillSession.State.BALANCING


def test_the_approver_is_asked_for(counted: TillSession) -> None:
    assert "--approver" in till("close", "1", "--by", "rosa").output
    assert not TillClosing.objects.exists()


def test_who_was_not_counted_is_not_closed(chuy: Account) -> None:
    counter.hire()
    counter.pay(chuy, 10_000, on=ON)
    refused(*CLOSE, "rosa", refusal=cashier.CannotCloseSession, match="todavía no se ha contado")
    assert not TillClosing.objects.exists() and not ApprovalUse.objects.exists()


def test_everything_that_waits_goes_to_the_bank(counted: TillSession) -> None:
    """600.00 counted − 500.00 of float = 100.00."""
    till(*CLOSE, "rosa")
    assert till(*BANK).output == (
        "DEPOSITO-000001: $100.00 en efectivo y $0.00 en cheques, de CORTE-000001.\n"
    )
    slip = DepositSlip.objects.get()
    assert (slip.bank_account, slip.reference, slip.business_on) == ("0123456789", "F-1", ON)
    assert (slip.deposited_by, slip.amount_cents, slip.checks_cents) == ("rosa", 10_000, 0)
    refused(*BANK, refusal=cashier.CannotDeposit, match="No eligió ningún corte")
    assert DepositSlip.objects.count() == 1


@pytest.mark.parametrize("folio", ["CORTE-000001", "corte-1", "1"])
def test_a_closing_is_named_as_one_likes(counted: TillSession, folio: str) -> None:
    till(*CLOSE, "rosa")
    told = facts(*BANK, folio, "--on", "05/03/2019")
    assert (told["closings"], told["cash_cents"], told["on"]) == (["CORTE-000001"], 10_000, "2019-03-05")


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (("CORTE-000009",), "No hay un corte CORTE-000009"),
        (("RETIRO-000001",), "No hay un corte RETIRO-000001"),
        (("9" * 30,), "No hay un corte 999"),
        (("1", "--on", "2019-03-06"), "todavía no llega"),
        (("1", "--on", "2019-03-04"), "es del 05/03/2019"),
        (("1", "--reference", " "), "Falta la referencia"),
    ],
)
def test_a_deposit_that_cannot_be(counted: TillSession, words: tuple[str, ...], match: str) -> None:
    till(*CLOSE, "rosa")
    refused(*BANK, *words, refusal=cashier.CannotDeposit, match=match)
    assert not DepositSlip.objects.exists()
