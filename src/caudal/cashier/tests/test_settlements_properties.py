"""Files in any order, twice, overlapping, cut at any byte, the reversals first: each real payment once.

Every case prints its seed when it fails; `CAUDAL_FILES` asks for more cases than the suite runs.
"""

import os
from contextlib import suppress
from dataclasses import replace
from random import Random, SystemRandom

import pytest
from django.db import transaction

from caudal.cashier import checks as cashier_checks
from caudal.cashier import commands as cashier
from caudal.cashier.channels import simulator
from caudal.cashier.channels.simulator import Debt, Mishaps, Row
from caudal.cashier.models import PaymentChannel, Receipt, SettlementLine
from caudal.cashier.tests.channel_stories import MARCH_5, layout_of, load, open_channel, unidentified_cents
from caudal.kernel import checks as kernel_checks
from caudal.ledger import catalog
from caudal.ledger import checks as ledger_checks
from caudal.ledger.commands import ChargeLine
from caudal.ledger.tests.builders import account, bill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
CASES = int(os.environ.get("CAUDAL_FILES", "20"))
FIRST = int(os.environ.get("CAUDAL_SEED", str(SystemRandom().randrange(10**6))))
EXAMPLES = ("bbva-cie", "oxxo", "plain", "spei")


@pytest.fixture
def debts() -> list[Debt]:
    """Twelve houses that owe between $70.00 and $125.00 of January."""
    found = []
    for n in range(12):
        bill(account(f"01{n:04d}7"), ChargeLine(catalog.WATER, 7_000 + n * 500))
        found.append(Debt(f"01{n:04d}7", 7_000 + n * 500))
    return found


def cut_at_random(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def files_of(channel: PaymentChannel, rows: list[Row], chance: Random) -> list[bytes]:
    """The same movements as a bank may send them: two parts that overlap, in any order, one of them twice, one cut."""
    layout = layout_of(channel)
    middle = chance.randrange(1, len(rows))
    start = chance.randrange(middle)
    parts = [rows[:middle], rows[start:], list(reversed(rows[start:middle]))]
    files = [simulator.written(layout=layout, rows=part) for part in parts]
    files += [chance.choice(files), cut_at_random(chance.choice(files), chance)]
    chance.shuffle(files)
    return files


def real_cents(rows: list[Row]) -> int:
    """What the distinct movements add up to."""
    return sum(row.cents if row.kind == "payment" else -row.cents for row in set(rows))


@pytest.mark.parametrize("case", range(CASES))
def test_each_real_payment_is_applied_once_whatever_way_its_file_comes(case: int, debts: list[Debt]) -> None:
    seed = FIRST + case
    chance = Random(seed)
    channel = open_channel(EXAMPLES[case % len(EXAMPLES)])
    rows = simulator.rows(
        layout=layout_of(channel), debts=chance.sample(debts, 8), on=MARCH_5, chance=chance,
        mishaps=Mishaps(*(chance.randrange(3) for _ in range(4))),
    )  # fmt: skip

    for content in files_of(channel, rows, chance):
        try:
            loaded = load(channel, content)
        except cashier.CannotLoadSettlement as refusal:
            assert refusal.findings, f"seed {seed}"
            continue
        assert loaded.total_cents == sum_of(loaded), f"seed {seed}"
    load(channel, simulator.written(layout=layout_of(channel), rows=rows))

    lines = list(SettlementLine.objects.values_list("amount_cents", flat=True))
    assert (len(lines), sum(lines)) == (len(set(rows)), real_cents(rows)), f"seed {seed}"
    receipts = sum(Receipt.objects.values_list("total_cents", flat=True))
    assert receipts + unidentified_cents() == real_cents(rows), f"seed {seed}"
    assert findings() == [], f"seed {seed}"


def sum_of(loaded: cashier.LoadedSettlement) -> int:
    brought = loaded.file.total_cents if loaded.file else 0
    return brought + loaded.known_cents


def findings() -> list[str]:
    checks = [*kernel_checks.CHECKS, *ledger_checks.CHECKS, *cashier_checks.CHECKS]
    return [finding for check in checks for finding in check.find()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_file_cut_at_any_byte_is_refused_or_brings_only_whole_rows(example: str, debts: list[Debt]) -> None:
    """At every byte: nothing, or some of its movements exactly as they are. Those with totals bring nothing."""
    channel = open_channel(example)
    layout = layout_of(channel)
    rows = simulator.rows(layout=layout, debts=debts[:2], on=MARCH_5, chance=Random(FIRST))
    content = simulator.written(layout=layout, rows=rows)
    whole = {(row.reference, row.cents) for row in rows}
    for end in range(len(content)):
        with transaction.atomic():
            with suppress(cashier.CannotLoadSettlement):
                load(channel, content[:end])
            came = set(SettlementLine.objects.values_list("reference", "amount_cents"))
            assert came <= whole, f"seed {FIRST}, byte {end}: {came - whole}"
            is_almost_whole = end >= len(content) - 1
            assert is_almost_whole or not layout.totals or not came, f"seed {FIRST}, byte {end}"
            transaction.set_rollback(True)


def test_two_channels_may_bring_the_same_number(debts: list[Debt]) -> None:
    """A fingerprint is of its channel: two banks number their movements alike."""
    first, second = open_channel("plain"), open_channel("plain", code="otro", series="C")
    row = Row(debts[0].account_number, 1_000, MARCH_5, "1")
    for channel in (first, second):
        assert load(channel, simulator.written(layout=layout_of(channel), rows=[row])).n_applied == 1
    assert load(first, simulator.written(layout=layout_of(first), rows=[replace(row)])).n_known == 1
