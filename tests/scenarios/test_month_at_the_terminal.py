"""A month without a page: every act is a `caudal` command, and every answer can be read by a program."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from caudal.billing.models import Bill
from caudal.cashier.models import Payment
from caudal.config.cli import caudal
from caudal.kernel.refusals import Refusal
from tests.scenarios.world import office as of
from tests.town import counter
from tests.town.cast import Town

KEY = "7f0f7f0e-5a34-4f3e-9d0c-2f2f3a7b1c11"


class Terminal:
    """Somebody at a terminal, on a day."""

    def __init__(self, clock: pytest.MonkeyPatch) -> None:
        self.clock = clock

    def on(self, day: str) -> None:
        self.clock.setenv("CAUDAL_NOW", f"{day}T10:00:00")

    def ask(self, words: str) -> Any:
        answer = CliRunner().invoke(caudal, [*words.split(), "--json"], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.stdout)

    def all_is_well(self) -> None:
        assert [each["findings"] for each in self.ask("check") if each["findings"]] == []


@pytest.fixture
def terminal(town: Town, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    of.publish("la-barca-demo-2018", "la-barca-demo-2019")
    return Terminal(monkeypatch)


def test_january_from_readings_to_money(terminal: Terminal) -> None:
    """La Espiga's first bill is held and let out; Don Chuy pays it all late, twice by mistake and once in fact."""
    terminal.on("2019-01-25")
    terminal.ask("reading record 010405 4130 --period 201901 --observer julian")
    terminal.ask("reading record 010293 --code 01 --period 201901 --observer julian")
    assert terminal.ask("reading assess --cycle MENSUAL --period 201901")["n_real"] == 1

    terminal.on("2019-02-01")
    run = terminal.ask("billing open --cycle MENSUAL --period 201901")["run"]
    terminal.ask(f"billing compute {run}")
    held = {row["account"]: row["reason"] for row in terminal.ask(f"billing held {run}")}
    assert held["010405"] == "first_bill"
    terminal.ask(f"billing release {run} --all-of first_bill --reason Vistos")
    terminal.ask(f"billing review {run} --by laura")
    issued = terminal.ask(f"billing issue {run} --by salas")
    assert (issued["state"], issued["due_on"]) == ("issued", "2019-02-16")
    terminal.all_is_well()

    terminal.on("2019-02-18")
    statement = terminal.ask("ledger statement 010117")
    assert statement["total_cents"] == 135_30 + 1_35  # flat, one month late: 1 %
    counter.hire()
    terminal.ask("till new 1 Caja-1 --series A --by salas")
    terminal.ask("till open 1 --float 500 --by veronica")
    receipts = [terminal.ask(f"pay 010117 136.65 --key {KEY} --by veronica") for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert (receipts[0]["receipt_folio"], receipts[0]["payments"][0]["balance_cents"]) == ("A-000001", 0)
    canceled = terminal.ask(
        f"payments cancel A-000001 --reason 4 --approver rosa --pin {counter.PIN} --by veronica"
    )
    assert (canceled["total_cents"], canceled["reason"]) == (136_65, "La persona desistió")
    assert terminal.ask("ledger statement 010117")["total_cents"] == 136_65
    terminal.all_is_well()


def test_a_day_of_the_drawer(terminal: Terminal) -> None:
    """$500.00 of float, $100.00 in cash and $50.00 by card, $200.00 to Rosa; she closes to the centavo and takes $100.00 to the bank."""
    counter.hire()
    terminal.on("2019-02-18")
    terminal.ask("till new 1 Caja-1 --series A --printer 127.0.0.1:9100 --limit 550 --by salas")
    terminal.ask("till open 1 --float 500 --by veronica")
    terminal.ask("pay 010117 100 --by veronica")
    terminal.ask("pay 010117 50 --tender card --reference 881 --by veronica")
    (drawer,) = terminal.ask("till list")
    assert (drawer["cashier"], drawer["cash_cents"], drawer["is_over_limit"]) == ("veronica", 600_00, True)
    taken = terminal.ask(f"till withdraw 1 200 --approver rosa --pin {counter.PIN} --by veronica")
    assert (taken["folio"], taken["received_by"]) == ("RETIRO-000001", "rosa")
    counted = terminal.ask("till count 1 --cash 400 --card 50 --by veronica")
    assert (counted["cash_cents"], counted["card"]) == (400_00, 50_00)
    closed = terminal.ask(f"till close 1 --approver rosa --pin {counter.PIN} --by veronica")
    assert (closed["closing"], closed["n_receipts"]) == ("CORTE-000001", 2)
    assert [each["difference_cents"] for each in closed["tenders"]] == [0, 0, 0, 0]
    assert terminal.ask("till list")[0]["cashier"] == ""
    slip = terminal.ask("till deposit --bank-account 0123456789 --reference F-881 --by rosa")
    # 400.00 counted + 200.00 handed over − 500.00 of float
    assert (slip["slip"], slip["cash_cents"], slip["closings"]) == (
        "DEPOSITO-000001",
        100_00,
        ["CORTE-000001"],
    )
    terminal.ask("till retire 1 --by salas")
    assert terminal.ask("till list") == []
    terminal.all_is_well()


def test_a_bill_is_taken_back_corrected_and_issued_again(terminal: Terminal) -> None:
    """The dial of La Espiga said 4120 and not 4130: 20 m³ and not 30."""
    terminal.on("2019-01-25")
    terminal.ask("reading record 010405 4130 --period 201901")
    terminal.ask("reading assess --cycle MENSUAL --period 201901")
    terminal.on("2019-02-01")
    run = terminal.ask("billing open --cycle MENSUAL --period 201901")["run"]
    terminal.ask(f"billing compute {run}")
    terminal.ask(f"billing reread {run} 010405 --reason Aclaración")
    terminal.ask(f"billing review {run} --by laura")
    terminal.ask(f"billing issue {run} --by salas")
    assert not Bill.objects.filter(account_id__in=_ids("010405")).exists()

    terminal.on("2019-02-05")
    terminal.ask("reading correct 010405 4120 --period 201901 --reason Releída")
    terminal.ask(f"billing reread {run} 010405 --again")
    terminal.ask(f"billing release {run} 010405 --reason Vista")
    (bill,) = Bill.objects.filter(account_id__in=_ids("010405"))
    # 20 m³: 110.00 + 112.00 = 222.00; 44.40; 6.66; and 16 % of each: 35.52, 7.10, 1.07
    assert (bill.consumption_m3, bill.total_cents) == (20, 222_00 + 44_40 + 6_66 + 35_52 + 7_10 + 1_07)

    terminal.ask("billing cancel 010405 --period 201901 --reason Duplicada --by salas")
    again = terminal.ask("billing rebill 010405 --period 201901")
    assert (again["revision"], again["total_cents"]) == (2, bill.total_cents)
    terminal.all_is_well()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("pay 010117 nada", "El importe no se entiende"),
        ("pay 999999 10", "999999"),
        ("payments cancel A-000009 --reason 2 --approver rosa", "No existe el comprobante A-000009"),
        ("billing compute 4096", "No hay una facturación con ese número"),
        ("billing open --cycle MENSUAL --period 201001", "No hay un libro de tarifas publicado"),
        ("billing rebill 010117 --period 201901", "no está cancelado"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_happens(terminal: Terminal, words: str, says: str) -> None:
    terminal.on("2019-02-01")
    with pytest.raises(Refusal, match=says):
        terminal.ask(words)
    assert Payment.objects.count() == Bill.objects.count() == 0
    terminal.all_is_well()


def _ids(number: str) -> list[int]:
    from caudal.registry.models import Account

    return list(Account.objects.filter(number=number).values_list("pk", flat=True))
