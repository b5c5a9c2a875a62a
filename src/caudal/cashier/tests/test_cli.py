"""The same acts from a terminal, for people and for programs."""

import json
from datetime import date

import pytest
from click.testing import CliRunner, Result

from caudal.cashier import cli
from caudal.cashier.models import Payment, Receipt, Till, TillSession
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
KEY = "5f0d3c2e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def march_5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-05T10:00:00")


@pytest.fixture
def drawer(db: None) -> None:
    """Till 1 with its series A; Verónica opens it with $500.00."""
    run("till", "new", "1", "Caja 1", "--series", "A", "--by", "salas")
    run("till", "open", "1", "--float", "500", "--by", "veronica")


def run(*words: str) -> Result:
    """Run `caudal …` the way the house does; a refusal comes back as the result's exception."""
    return CliRunner().invoke(getattr(cli, words[0]), words[1:])


def test_a_till_is_put_to_use_and_opened() -> None:
    assert (
        run("till", "new", "1", "Caja 1", "--series", "A", "--by", "salas").output
        == "Caja 1 en uso, serie A.\n"
    )
    opened = run("till", "open", "1", "--float", "500", "--by", "veronica")

    session = TillSession.objects.get()
    assert opened.output == f"Turno {session.pk} abierto en la caja 1.\n"
    assert (session.till_id, session.cashier, session.float_cents) == ("1", "veronica", 50_000)
    assert session.business_on == date(2019, 3, 5)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("till", "new", "caja uno", "Caja", "--series", "B"), "no sirve"),
        (("till", "new", "2", "Caja 2", "--series", "A"), "es de otra caja"),
        (("till", "open", "9"), "No hay una caja 9"),
        (("till", "open", "1", "--float", "mil"), "El importe no se entiende"),
        (("till", "open", "1", "--by", "laura"), "tiene abierto el turno de veronica"),
    ],
)
@pytest.mark.usefixtures("drawer")
def test_a_till_that_cannot_be_used_says_why(words: tuple[str, ...], says: str) -> None:
    refused = run(*words).exception
    assert isinstance(refused, Refusal) and says in str(refused)
    assert Till.objects.count() == 1 and TillSession.objects.count() == 1


@pytest.mark.usefixtures("drawer")
def test_a_receipt_is_printed_for_a_person(chuy: Account) -> None:
    """$150.00: $120.00 of January, 2 % of it, and $27.60 in favor."""
    printed = run("pay", "010117", "$150.00", "--by", "veronica").output.splitlines()

    assert printed[0] == "Comprobante A-000001   2019-03-05   $150.00"
    assert [line.split() for line in printed[1:]] == [
        ["Cuenta", "010117:", "pagó", "$150.00"],
        ["2019-01", "Agua", "potable", "$100.00"],
        ["2019-01", "Saneamiento", "$20.00"],
        ["2019-01", "Recargos", "$2.40"],
        ["A", "favor", "$27.60"],
        ["No", "debe", "nada;", "a", "favor", "$27.60."],
    ]


@pytest.mark.usefixtures("drawer")
def test_a_program_resends_with_its_key_and_pays_once(chuy: Account) -> None:
    words = ("pay", "010117", "60.00", "--tender", "card", "--reference", "00774411", "--key", KEY, "--json",
             "--by", "veronica")  # fmt: skip

    first, again = run(*words), run(*words)

    assert first.output == again.output
    receipt = json.loads(first.output)
    assert (receipt["business_on"], receipt["total_cents"]) == ("2019-03-05", 6_000)
    assert receipt["payments"][0]["balance_cents"] == 6_240  # 120.00 + 2 % − 60.00
    assert receipt["tenders"][0]["reference"] == "00774411"
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("pay", "010117", "mil", "--by", "veronica"), "El importe no se entiende"),
        (("pay", "999999", "10", "--by", "veronica"), "No hay ninguna cuenta"),
        (("pay", "010117", "0", "--by", "veronica"), "mayor que cero"),
        (("pay", "010117", "10", "--by", "veronica", "--tender", "card"), "Falta la referencia"),
        (("pay", "010117", "10", "--by", "laura"), "laura no tiene un turno abierto"),
        (
            ("payments", "cancel", "A-000009", "--reason", "2", "--approver", "rosa", "--by", "veronica"),
            "No existe el comprobante A-000009",
        ),
    ],
)
@pytest.mark.usefixtures("drawer")
def test_a_refusal_reaches_the_edge_as_it_is(chuy: Account, words: tuple[str, ...], says: str) -> None:
    refused = run(*words).exception
    assert isinstance(refused, Refusal) and says in str(refused)
    assert not Payment.objects.exists() and not Receipt.objects.exists()
