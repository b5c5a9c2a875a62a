"""Files of a bank loaded by several people at once, beside the windows: each real payment once, nothing locked for good."""

import os
import random
from collections import Counter
from typing import Any

import pytest
from django.db.models import Sum
from tests.storms.street import MARCH_5, at_once, deadlocks, everything_agrees, open_tills, settle, take
from tests.town import counter
from tests.town.cast import moment

from caudal.cashier import commands as cashier
from caudal.cashier.channels import examples, layout
from caudal.cashier.models import Payment, PaymentChannel, Receipt, SettlementFile, SettlementLine
from caudal.ledger import queries
from caudal.ledger.models import JournalLine
from caudal.registry.models import Account

SEED = int(os.environ.get("CAUDAL_STORM_SEED", str(random.SystemRandom().randrange(10**6))))
BANK = "1112-01"


@pytest.fixture
def street(own_database: str) -> list[Account]:
    return settle(houses=8)


@pytest.fixture
def channel(street: list[Account]) -> PaymentChannel:
    """A channel whose files say account, amount, day and the bank's own number."""
    return cashier.open_channel(
        code="banco", name="Banco", series="B", layout=layout.from_toml(text=examples.text(name="plain")).document,
        at=moment(MARCH_5, 8), by="salas",
    )  # fmt: skip


def written(movements: list[tuple[Account, int, int]]) -> bytes:
    """A file: account, centavos, the number the bank gave the movement."""
    rows = [
        f"{holder.number},{cents // 100}.{cents % 100:02d},2019-03-05,{number}"
        for holder, cents, number in movements
    ]
    return ("cuenta,importe,fecha,referencia\n" + "\n".join(rows) + "\n").encode()


def load(channel: PaymentChannel, content: bytes, *, by: str) -> Any:
    return cashier.load_settlement(
        channel=channel, name="banco.csv", content=content, at=moment(MARCH_5, 18), by=by
    )


def in_the_bank() -> int:
    return (
        JournalLine.objects.filter(ledger_account_id=BANK).aggregate(cents=Sum("amount_cents"))["cents"] or 0
    )


def test_the_same_file_loaded_by_four_people_at_once_is_taken_once(
    street: list[Account], channel: PaymentChannel
) -> None:
    """Eight neighbors paid $50.00 each: one person brings them, the other three find them there."""
    content = written([(holder, 5_000, 8801 + place) for place, holder in enumerate(street)])

    results = at_once(
        [lambda by=by: load(channel, content, by=by) for by in ("rosa", "laura", "salas", "rita")], hands=4
    )

    assert sorted((each.n_applied, each.n_known) for each in results) == [(0, 8), (0, 8), (0, 8), (8, 0)]
    assert sorted(each.file is None for each in results) == [False, True, True, True]
    assert SettlementFile.objects.count() == 1 and SettlementLine.objects.count() == 8
    assert Receipt.objects.count() == Payment.objects.count() == 8
    assert counter.receipts("B") == list(range(1, 9))
    # 200.00 and January's 2.00 of surcharge, less 50.00
    assert [queries.balance(account_id=holder.pk) for holder in street] == [15_200] * 8
    assert in_the_bank() == 40_000
    assert everything_agrees()


def test_files_that_overlap_in_any_order_bring_each_movement_once(
    street: list[Account], channel: PaymentChannel
) -> None:
    """Sixty movements of the day in eight files cut at random, each loaded twice, by eight people at once."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    movements = [(chance.choice(street), chance.randrange(100, 9_000), 9000 + n) for n in range(60)]
    files = [
        written(movements[start : start + chance.randrange(5, 30)])
        for start in (0, *chance.sample(range(50), 6))
    ]
    files.append(written(movements))
    loads = files * 2
    chance.shuffle(loads)

    results = at_once(
        [lambda content=content: load(channel, content, by="rosa") for content in loads], hands=8
    )

    assert [each for each in results if not isinstance(each, cashier.LoadedSettlement)] == [], f"seed {SEED}"
    assert sum(each.n_applied for each in results) == 60 == SettlementLine.objects.count()
    paid = Counter(Payment.objects.values_list("account__number", "amount_cents"))
    assert paid == Counter((holder.number, cents) for holder, cents, _ in movements)
    assert in_the_bank() == sum(cents for _, cents, _ in movements)
    assert everything_agrees()


def test_a_file_and_eight_windows_charge_the_same_street_at_once(
    street: list[Account], channel: PaymentChannel, own_database: str
) -> None:
    """The file names the houses backwards; the windows charge them in any order: nobody waits for each other in a ring."""
    chance, sessions = random.Random(SEED), open_tills(8)
    files = [
        written([(holder, 1_000, 7000 + 8 * n + place) for place, holder in enumerate(reversed(street))])
        for n in range(4)
    ]
    acts = [lambda content=content: load(channel, content, by="rosa") for content in files]
    acts += [
        lambda session=session, holder=chance.choice(street): take(holder, 1_500, session=session)
        for _ in range(10)
        for session in sessions
    ]
    chance.shuffle(acts)

    results = at_once(acts, hands=10)

    assert sum(isinstance(each, dict) for each in results) == 80, f"seed {SEED}"
    assert sum(isinstance(each, cashier.LoadedSettlement) for each in results) == 4, f"seed {SEED}"
    assert Payment.objects.count() == 80 + 32
    surcharged = sum(
        share["amount_cents"]
        for share in JournalLine.objects.filter(entry__kind="surcharges", amount_cents__gt=0).values(
            "amount_cents"
        )
    )
    owed = sum(queries.balance(account_id=holder.pk) for holder in street)
    assert owed == 8 * 20_000 + surcharged - 80 * 1_500 - 32 * 1_000
    assert everything_agrees()
    assert deadlocks(own_database) == 0
