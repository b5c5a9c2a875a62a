"""Bringing in what accounts owed in the system before, as sets."""

from datetime import date

import numpy as np
import pytest

from caudal.ledger import catalog, queries
from caudal.ledger import commands as ledger
from caudal.ledger.models import Charge, Credit, JournalEntry, JournalLine, PeriodBalance
from caudal.ledger.tests.builders import account, moment, pay, terms
from caudal.registry.models import Account

pytestmark = pytest.mark.django_db
WATER, SURCHARGE = catalog.WATER, catalog.SURCHARGE
CUTOVER = date(2018, 12, 31)


def open_balances(
    *rows: tuple[Account, int, int, int], credits: dict[Account, int] | None = None, sequence: int = 1
) -> ledger.OpenedBalances:
    """Rows: account, period, concept, centavos. Each month is due on the 20th of the next one."""
    periods = [period for _, period, _, _ in rows]
    return ledger.open_balances(
        charges={
            "account_id": np.array([holder.id for holder, *_ in rows], dtype=np.int64),
            "period": np.array(periods, dtype=np.int64),
            "concept_id": np.array([concept for _, _, concept, _ in rows], dtype=np.int64),
            "amount_cents": np.array([cents for *_, cents in rows], dtype=np.int64),
            "due_on": np.array(
                [
                    np.datetime64(f"{max(period, 201801) // 100}-{max(period, 201801) % 100:02d}-20")
                    for period in periods
                ],
                dtype="datetime64[D]",
            ),
        },
        credits={
            "account_id": np.array([holder.id for holder in credits or {}], dtype=np.int64),
            "amount_cents": np.array(list((credits or {}).values()), dtype=np.int64),
        },
        on=CUTOVER,
        at=moment(CUTOVER),
        by="laura",
        document=f"intake:{sequence}",
        sequence=sequence,
    )


def test_a_town_of_debts_opens_by_period_and_concept() -> None:
    """Don Chuy owes October (water $80.00, surcharge $2.40) and November $80.00; the rancho $125.00; Lupita
    has $60.00 in favor."""
    chuy, rancho, lupita = account("010117"), account("020031"), account("010293")

    opened = open_balances(
        (chuy, 201810, WATER, 8_000),
        (chuy, 201810, SURCHARGE, 240),
        (chuy, 201811, WATER, 8_000),
        (rancho, 201811, WATER, 12_500),
        (rancho, 0, catalog.LEGACY_DEBT, 3_000),
        credits={lupita: 6_000},
    )

    assert opened == ledger.OpenedBalances(
        n_charges=5, charged_cents=31_740, n_credits=1, credited_cents=6_000
    )
    october = PeriodBalance.objects.get(period=201810, account_id=chuy.id)
    assert (october.open_principal_cents, october.open_accessory_cents) == (8_000, 240)
    assert [queries.balance(account_id=each.id) for each in (chuy, rancho, lupita)] == [
        16_240,
        15_500,
        -6_000,
    ]
    assert {
        (line.ledger_account_id, line.entry.kind): line.amount_cents
        for line in JournalLine.objects.filter(ledger_account_id="3220").select_related("entry")
    } == {
        ("3220", "opening.water"): -28_500,
        ("3220", "opening.surcharge"): -240,
        ("3220", "opening.legacy_debt"): -3_000,
        ("3220", "opening.credit"): 6_000,
    }


def test_an_opening_debt_is_paid_like_any_other() -> None:
    """October $80.00, due 20 October: on 5 January three months late, $2.40."""
    chuy = account("010117")
    open_balances((chuy, 201810, WATER, 8_000))

    found = queries.statement(account_id=chuy.id, on=date(2019, 1, 5), terms=terms())
    assert found.total_cents == 8_240

    pay(chuy, 8_240, on=date(2019, 1, 5))
    assert queries.balance(account_id=chuy.id) == 0


def test_a_load_without_debts_may_still_bring_money_in_favor() -> None:
    lupita = account("010293")
    assert open_balances(credits={lupita: 6_000}) == ledger.OpenedBalances(0, 0, 1, 6_000)
    assert open_balances(sequence=2) == ledger.OpenedBalances(0, 0, 0, 0)
    assert queries.balance(account_id=lupita.id) == -6_000


def test_an_account_is_opened_once() -> None:
    chuy = account("010117")
    open_balances((chuy, 201810, WATER, 8_000))
    n_entries = JournalEntry.objects.count()

    with pytest.raises(ledger.CannotOpenBalances, match="ya tiene saldo inicial"):
        open_balances((chuy, 201811, WATER, 8_000))

    assert Charge.objects.count() == 1 and JournalEntry.objects.count() == n_entries


def test_a_correction_carries_only_differences() -> None:
    """The corrected export says October was $75.00 and November $80.00: −$5.00 and +$80.00."""
    chuy = account("010117")
    open_balances((chuy, 201810, WATER, 8_000))

    open_balances((chuy, 201810, WATER, -500), (chuy, 201811, WATER, 8_000), sequence=2)

    assert queries.balance(account_id=chuy.id) == 15_500
    pay(chuy, 7_725, on=date(2018, 12, 31))  # October: 75.00 × 3 months = 2.25
    assert [item.period for item in queries.open_items(account_id=chuy.id)] == [201811]


@pytest.mark.parametrize(
    ("concepts", "credit_cents", "says"),
    [
        ((WATER, WATER), 100, "dos veces el mismo periodo y concepto"),
        ((WATER, 77), 100, "No es un concepto de adeudo"),
        ((WATER, catalog.BENEFIT), 100, "No es un concepto de adeudo"),
        ((WATER, SURCHARGE), 0, "no es mayor que cero"),
    ],
)
def test_a_set_with_one_bad_row_is_refused_whole(
    concepts: tuple[int, int], credit_cents: int, says: str
) -> None:
    chuy = account("010117")

    with pytest.raises(ledger.CannotOpenBalances, match=says):
        open_balances(*((chuy, 201810, concept, 100) for concept in concepts), credits={chuy: credit_cents})

    assert not Charge.objects.exists() and not Credit.objects.exists() and not JournalEntry.objects.exists()


def test_an_opening_credit_can_be_reversed() -> None:
    lupita = account("010293")
    open_balances((lupita, 201810, WATER, 1_000), credits={lupita: 6_000})

    ledger.reverse_credit(
        credit=Credit.objects.get(), on=CUTOVER, at=moment(CUTOVER), by="laura",
        document="intake:1/C", reason="El saldo a favor era de otra cuenta",
    )  # fmt: skip

    assert queries.balance(account_id=lupita.id) == 1_000
