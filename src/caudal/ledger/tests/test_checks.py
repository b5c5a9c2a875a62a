"""A check that cannot fail is a defect: each is shown the wrong that it exists to find."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from caudal.ledger import catalog, checks
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import (
    Allocation,
    Charge,
    Credit,
    CreditBalance,
    JournalEntry,
    JournalLine,
    PeriodBalance,
)
from caudal.ledger.tests.builders import account, bill, moment, pay
from caudal.registry.models import Account

pytestmark = pytest.mark.django_db
WATER, ON = catalog.WATER, date(2019, 1, 15)


@pytest.fixture
def everything_agrees() -> None:
    """These stories break the books on purpose."""


@pytest.fixture
def chuy() -> Account:
    """He was charged $100.00 and $16.00 of VAT and paid $50.00; the checks find nothing wrong yet."""
    chuy = account("010117")
    bill(chuy, ChargeLine(WATER, 10_000, vat_cents=1_600))
    pay(chuy, 5_000, on=ON)
    assert found() == {}
    return chuy


def found() -> dict[str, list[str]]:
    return {check.name: findings for check in checks.CHECKS if (findings := check.find())}


def extra_allocation(chuy: Account, cents: int, *, sequence: int = 1, on: date = ON) -> None:
    Allocation.objects.create(
        credit=Credit.objects.get(), on=on, account_id=chuy.id, period=201901, document_kind=1, sequence=sequence,
        concept_id=WATER, amount_cents=cents,
    )  # fmt: skip


def charge_without_entry(chuy: Account) -> None:
    Charge.objects.create(
        period=201901, account_id=chuy.id, document_kind=1, sequence=2, concept_id=WATER,
        due_on=ON, amount_cents=700, vat_cents=100,
    )  # fmt: skip


def entry_without_charge(chuy: Account) -> None:
    entry = JournalEntry.objects.create(
        on=ON, kind="charges", document="x", description="x", recorded_at=moment(ON), recorded_by="x"
    )
    JournalLine.objects.create(entry=entry, ledger_account_id="1124-03", concept_id=WATER, amount_cents=300)
    JournalLine.objects.create(entry=entry, ledger_account_id="2117", concept_id=WATER, amount_cents=-300)


def empty_entry(chuy: Account) -> None:
    JournalEntry.objects.create(
        on=ON, kind="charges", document="y", description="y", recorded_at=moment(ON), recorded_by="y"
    )


@pytest.mark.parametrize(
    ("harm", "names", "says"),
    [
        (
            lambda chuy: PeriodBalance.objects.filter(account_id=chuy.id).update(open_principal_cents=6_599),
            {"period_balances"},
            "Cuenta 010117, periodo 201901: sus cargos menos lo aplicado dan $66.00 de principal y $0.00 de "
            "accesorios; el saldo guardado dice $65.99 y $0.00.",
        ),
        (
            lambda chuy: PeriodBalance.objects.filter(account_id=chuy.id).delete(),
            {"period_balances"},
            "Cuenta 010117, periodo 201901: sus cargos menos lo aplicado dan $66.00 de principal y $0.00 de "
            "accesorios; el saldo guardado dice $0.00 y $0.00.",
        ),
        (
            lambda chuy: CreditBalance.objects.create(account_id=chuy.id, unallocated_cents=1),
            {"credit_balances", "favor"},
            "Cuenta 010117: sus abonos menos lo aplicado dan $0.00 a favor; el saldo a favor guardado dice $0.01.",
        ),
        (
            lambda chuy: extra_allocation(chuy, 7_000),
            {"period_balances", "credit_balances", "allocations", "days", "credits", "receivables"},
            "Cuenta 010117, periodo 201901: sus cargos menos lo aplicado dan −$4.00 de principal y $0.00 de "
            "accesorios; el saldo guardado dice $66.00 y $0.00.",
        ),
        (
            lambda chuy: extra_allocation(chuy, 7_000, sequence=9),
            {"period_balances", "credit_balances", "allocations", "days", "credits", "receivables"},
            "Cuenta 010117, periodo 201901: sus cargos menos lo aplicado dan −$4.00 de principal y $0.00 de "
            "accesorios; el saldo guardado dice $66.00 y $0.00.",
        ),
        (
            charge_without_entry,
            {"period_balances", "receivables", "vat"},
            "Cuenta 010117, periodo 201901: sus cargos menos lo aplicado dan $74.00 de principal y $0.00 de "
            "accesorios; el saldo guardado dice $66.00 y $0.00.",
        ),
        (
            entry_without_charge,
            {"receivables", "vat"},
            "Agua potable: los cargos abiertos suman $66.00 y la contabilidad tiene por cobrar $69.00.",
        ),
    ],
)
def test_a_wrong_is_named(
    chuy: Account, harm: Callable[[Account], object], names: set[str], says: str
) -> None:
    harm(chuy)

    wrong = found()

    assert set(wrong) == names
    assert next(iter(wrong.values()))[0] == says


def test_an_entry_without_lines_is_named(chuy: Account) -> None:
    empty_entry(chuy)
    assert list(found()) == ["journal"]


def test_what_was_allocated_to_a_charge_that_is_not_there_is_said_so(chuy: Account) -> None:
    extra_allocation(chuy, 7_000, sequence=9)
    assert found()["allocations"] == [
        "Cuenta 010117, periodo 201901, documento 1/9, Agua potable: se aplicaron $70.00 a un cargo que no existe."
    ]


def test_what_was_applied_on_another_day_than_its_entry_is_named(chuy: Account) -> None:
    """$10.00 taken back and applied again a day later without an entry: only the debt of the day before is wrong."""
    extra_allocation(chuy, -1_000)
    extra_allocation(chuy, 1_000, on=ON + timedelta(days=1))
    first, second = ON.isoformat(), (ON + timedelta(days=1)).isoformat()
    assert found() == {
        "days": [
            f"Agua potable, {first}: se aplicaron $40.00 y las pólizas de ese día dicen $50.00.",
            f"Agua potable, {second}: se aplicaron $10.00 y las pólizas de ese día dicen $0.00.",
        ]
    }


def test_a_reversal_of_another_amount_is_named(chuy: Account) -> None:
    Credit.objects.create(
        account=chuy, kind="payment", amount_cents=-4_000, on=ON, recorded_at=moment(ON), recorded_by="x",
        document="A-CAN-000001", reverses=Credit.objects.get(),
    )  # fmt: skip
    wrong = found()["credits"]
    assert wrong[-1] == "La cancelación A-CAN-000001 es de −$40.00 y su abono de $50.00."
