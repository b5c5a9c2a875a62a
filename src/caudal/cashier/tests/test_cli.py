"""The same acts from a terminal, for people and for programs."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from caudal.cashier import cli
from caudal.cashier import commands as cashier
from caudal.cashier.models import Payment
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog
from caudal.ledger.commands import ChargeLine
from caudal.ledger.tests.builders import account, bill
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
KEY = "5f0d3c2e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def march_5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T10:00:00")


@pytest.fixture
def chuy() -> Account:
    chuy = account("010117")
    bill(chuy, ChargeLine(catalog.WATER, 10_000))
    return chuy


def run(*words: str) -> Result:
    """Run `caudal …` the way the house does; a refusal comes back as the result's exception."""
    return CliRunner().invoke(getattr(cli, words[0]), words[1:])


def test_a_receipt_is_printed_for_a_person(chuy: Account) -> None:
    printed = run("pay", "010117", "$150.00", "--by", "veronica").output.splitlines()

    assert printed[0] == "Comprobante A-000001   cuenta 010117   2019-03-05"
    assert [line.split() for line in printed[1:]] == [
        ["Pagó", "$150.00"],
        ["2019-01", "Agua", "potable", "$100.00"],
        ["2019-01", "Recargos", "$2.00"],
        ["A", "favor", "$48.00"],
        ["No", "debe", "nada;", "a", "favor", "$48.00."],
    ]


def test_a_program_resends_with_its_key_and_pays_once(chuy: Account) -> None:
    words = (
        "pay",
        "010117",
        "60.00",
        "--tender",
        "card",
        "--key",
        KEY,
        "--on",
        "2019-01-15",
        "--json",
        "--by",
        "api",
    )

    first, again = run(*words), run(*words)

    assert first.output == again.output
    receipt = json.loads(first.output)
    assert (receipt["business_on"], receipt["surcharge_cents"], receipt["balance_cents"]) == (
        "2019-01-15",
        0,
        4_000,
    )
    assert Payment.objects.get().channel == "command_line"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("pay", "010117", "mil"), "El importe no se entiende"),
        (("pay", "999999", "10"), "No hay ninguna cuenta"),
        (("pay", "010117", "0"), "mayor que cero"),
        (("payments", "cancel", "A-000009", "--reason", "x"), "No existe el recibo A-000009"),
    ],
)
def test_a_refusal_reaches_the_edge_as_it_is(chuy: Account, words: tuple[str, ...], says: str) -> None:
    refused = run(*words).exception
    assert isinstance(refused, Refusal) and says in str(refused)
    assert not Payment.objects.exists()


def test_a_file_is_loaded_and_loaded_again(chuy: Account, tmp_path: Path) -> None:
    path = tmp_path / "pagos.csv"
    path.write_text("cuenta,importe,fecha,referencia\n010117,102.00,2019-03-05,8801\n")

    assert (
        run("payments", "import", str(path)).output
        == "Pagos registrados: 1 por $102.00; ya estaban: 0 por $0.00.\n"
    )
    assert (
        run("payments", "import", str(path)).output
        == "Pagos registrados: 0 por $0.00; ya estaban: 1 por $102.00.\n"
    )


def test_every_finding_of_a_file_is_told(chuy: Account, tmp_path: Path) -> None:
    path = tmp_path / "pagos.csv"
    path.write_text("cuenta,importe,fecha,referencia\n999,1,2019-03-05,1\n010117,x,2019-03-05,2\n")

    told = run("payments", "import", str(path))
    assert told.output.splitlines() == [
        "pagos.csv, renglón 2, columna cuenta, valor «999»: No existe esa cuenta. "
        "Corrija el renglón o quítelo del archivo.",
        "pagos.csv, renglón 3, columna importe, valor «x»: No es un importe que se pueda cobrar. "
        "Escríbalo como 1250.50.",
    ]
    assert isinstance(told.exception, cashier.CannotImportPayments)
    assert json.loads(run("payments", "import", str(path), "--json").output)[-1]["row"] == 3


def test_a_mapping_file_is_used(chuy: Account, tmp_path: Path) -> None:
    path, mapping = tmp_path / "pagos.csv", tmp_path / "banco.toml"
    path.write_text("c;i;f;r\n010117;10;05/03/2019;1\n")
    mapping.write_text(
        'channel = "bank"\ndelimiter = ";"\ndate_format = "%d/%m/%Y"\n'
        '[columns]\naccount = "c"\namount = "i"\npaid_on = "f"\nreference = "r"\n'
    )
    run("payments", "import", str(path), "--mapping", str(mapping))
    assert Payment.objects.get().channel == "bank"


def test_a_receipt_is_canceled_by_its_folio(chuy: Account) -> None:
    run("pay", "010117", "102")
    canceled = run("payments", "cancel", "a-000001", "--reason", "Cobrado a otra cuenta", "--by", "salas")
    assert canceled.output == (
        "Recibo A-000001 cancelado con A-CAN-000001: $102.00 vuelven a deberse en la cuenta 010117.\n"
    )
    assert Payment.objects.get(series="A-CAN").business_on == date(2019, 3, 5)


def test_a_series_is_opened_for_a_bank_and_closed(chuy: Account) -> None:
    assert run("payments", "series", "B", "Banco").output == "Serie B abierta.\n"
    assert run("pay", "010117", "10", "--series", "B").output.startswith("Comprobante B-000001")
    assert run("payments", "series", "B", "--close", "--by", "salas").output == "Serie B cerrada.\n"
    assert isinstance(run("pay", "010117", "10", "--series", "B").exception, cashier.CannotPostPayment)
