"""Many hands at once on the same accounts, keys and series: nothing twice, nothing lost, no gap."""

import json
import os
import random
import signal
import time
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections
from tests.storms.street import MARCH_5, at_once, everything_agrees, open_tills, settle, take
from tests.town import counter
from tests.town.cast import moment

from caudal.cashier import commands as cashier
from caudal.cashier.models import Payment, Receipt
from caudal.kernel.idempotency import KeyWasUsedForAnotherRequest
from caudal.kernel.models import IdempotencyKey
from caudal.kernel.waiting import StillBusy
from caudal.ledger import queries
from caudal.ledger.models import Charge, Credit, DocumentKind
from caudal.registry.models import Account

SEED = int(os.environ.get("CAUDAL_STORM_SEED", "20190305"))


@pytest.fixture
def street(own_database: str) -> list[Account]:
    """Eight accounts that owe two months of $100.00 each, late; committed, so that every thread sees them."""
    return settle(houses=8)


def test_fifty_hands_with_one_key_take_one_payment_and_hold_one_receipt(street: list[Account]) -> None:
    """The browser resends, the clerk clicks twice, the network repeats: $200.00 + $3.00 once."""
    key, [session] = uuid4(), open_tills(1)

    receipts = at_once([lambda: take(street[0], 20_300, session=session, key=key)] * 50, hands=50)

    assert len({json.dumps(receipt) for receipt in receipts}) == 1
    assert Receipt.objects.count() == Payment.objects.count() == Credit.objects.count() == 1
    assert queries.balance(account_id=street[0].id) == 0  # 200.00 + 2 % and 1 % of 100.00
    assert everything_agrees()


def test_fifty_hands_with_one_key_and_two_amounts_take_one_of_them(street: list[Account]) -> None:
    """Half of them say $50.00 and half $60.00: who came first is repeated, the others are refused."""
    key, [session] = uuid4(), open_tills(1)
    acts = [
        lambda cents=5_000 + 1_000 * (hand % 2): take(street[0], cents, session=session, key=key)
        for hand in range(50)
    ]

    results = at_once(acts, hands=50)

    taken = [each for each in results if isinstance(each, dict)]
    refused = [each for each in results if isinstance(each, KeyWasUsedForAnotherRequest)]
    assert (len(taken), len(refused)) == (25, 25)
    assert len({json.dumps(receipt) for receipt in taken}) == 1
    assert Payment.objects.get().amount_cents == taken[0]["total_cents"]
    assert everything_agrees()


def test_few_keys_asked_for_again_and_again_have_one_effect_each(street: list[Account]) -> None:
    """R3 in small: 600 requests on 20 keys from 16 hands, one in ten with another body."""
    chance, sessions = random.Random(SEED), open_tills(4)
    keys = [
        (uuid4(), chance.choice(street), chance.randrange(100, 9_000), sessions[n % 4]) for n in range(20)
    ]
    asked = [(*chance.choice(keys), chance.random() < 0.1) for _ in range(600)]

    results = at_once(
        [
            lambda key=key, holder=holder, cents=cents, session=session, other=other: take(
                holder, cents + other, session=session, key=key
            )
            for key, holder, cents, session, other in asked
        ],
        hands=16,
    )

    told: dict[Any, set[str]] = {}
    for (key, *_), result in zip(asked, results, strict=True):
        if isinstance(result, dict):
            told.setdefault(key, set()).add(json.dumps(result))
        else:
            assert isinstance(result, KeyWasUsedForAnotherRequest), f"seed {SEED}: {result}"
    assert {len(replies) for replies in told.values()} == {1}
    assert Receipt.objects.count() == IdempotencyKey.objects.count() == len({key for key, *_ in asked})
    assert everything_agrees()


def test_two_cashiers_on_one_account_pay_each_centavo_once(street: list[Account]) -> None:
    """$150.00 and $53.00 at the same moment pay $203.00, whoever comes first; surcharges are charged once."""
    chuy, [one, other] = street[0], open_tills(2)

    receipts = at_once(
        [lambda: take(chuy, 15_000, session=one), lambda: take(chuy, 5_300, session=other)], hands=2
    )

    assert sorted(receipt["receipt_folio"] for receipt in receipts) == ["S1-000001", "S2-000001"]
    paid = [receipt["payments"][0] for receipt in receipts]
    assert sum(each["unallocated_cents"] for each in paid) == 0
    assert sum(each["surcharge_cents"] for each in paid) == 300
    assert sorted(each["balance_cents"] for each in paid)[0] == 0 == queries.balance(account_id=chuy.id)
    surcharges = Charge.objects.filter(account_id=chuy.id, document_kind=DocumentKind.SURCHARGE)
    assert sorted(surcharges.values_list("period", "amount_cents")) == [(201901, 200), (201902, 100)]
    assert everything_agrees()


def test_thirty_two_cashiers_on_one_account_leave_it_exact(street: list[Account]) -> None:
    """R10: 32 × 10 payments of $1.00 to $80.00 at their own tills: the balance is what is owed less what was paid."""
    chance, sessions = random.Random(SEED), open_tills(32)
    chuy = street[0]
    amounts = [(session, chance.randrange(100, 8_000)) for _ in range(10) for session in sessions]

    results = at_once(
        [
            lambda session=session, cents=cents: take(chuy, cents, session=session)
            for session, cents in amounts
        ],
        hands=32,
    )

    assert [each for each in results if not isinstance(each, dict)] == [], f"seed {SEED}"
    paid = sum(cents for _, cents in amounts)
    surcharged = sum(receipt["payments"][0]["surcharge_cents"] for receipt in results)
    assert queries.balance(account_id=chuy.id) == 20_000 + surcharged - paid
    # each payment saw all that came before it: balances fall by what was paid, in some order, without a repeat
    seen = {receipt["payments"][0]["balance_cents"] for receipt in results}
    assert len(seen) == len(results) and min(seen) == queries.balance(account_id=chuy.id)
    for session in sessions:
        assert counter.receipts(session.till.series_id) == list(range(1, 11))
    assert everything_agrees()


def test_receipts_for_the_same_accounts_in_other_orders_do_not_lock_each_other(street: list[Account]) -> None:
    """R15: sixteen tills charge families of five of the same eight houses, each naming them in its own order."""
    chance, sessions = random.Random(SEED), open_tills(16)

    def family(session: Any, holders: list[Account]) -> Any:
        return cashier.take_payment(
            session=session,
            parts=[cashier.AccountPart(holder, 1_000) for holder in holders],
            tenders=[cashier.TenderPart("cash", 1_000 * len(holders))],
            at=moment(MARCH_5, 11),
            by=session.cashier,
            key=uuid4(),
        )

    acts = [
        lambda session=session, holders=chance.sample(street, 5): family(session, holders)
        for _ in range(8)
        for session in sessions
    ]
    results = at_once(acts, hands=16)

    assert [each for each in results if not isinstance(each, dict)] == [], f"seed {SEED}"
    assert Payment.objects.count() == 5 * 128 and Receipt.objects.count() == 128
    assert everything_agrees()


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ("SELECT id FROM registry_account WHERE number = '010117' FOR UPDATE", "Otra persona está cobrando"),
        ("SELECT kernel_take_folio('S1')", "La serie S1 está ocupada"),
        ("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", "todavía se está registrando"),
        ("SELECT id FROM cashier_tillsession FOR UPDATE", "turno"),
    ],
)
def test_who_waits_too_long_is_told_so_and_may_try_again(street: list[Account], held: str, says: str) -> None:
    """Somebody left a transaction open; after a moment the window says what is busy. Nothing was taken."""
    key, [session] = uuid4(), open_tills(1)
    words = connections["owner"].settings_dict
    with psycopg.connect(
        host=words["HOST"], port=words["PORT"] or None, user=words["USER"], password=words["PASSWORD"],
        dbname=words["NAME"],
    ) as somebody:  # fmt: skip
        somebody.execute(held, [str(key)] if "%s" in held else None)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(StillBusy, match=says):
            take(street[0], 20_300, session=session, key=key)
        assert not Payment.objects.exists() and not IdempotencyKey.objects.exists()
        somebody.rollback()
    assert take(street[0], 20_300, session=session, key=key)["receipt_folio"] == "S1-000001"
    assert everything_agrees()


def test_eight_hands_cancel_a_receipt_once(street: list[Account]) -> None:
    receipt = counter.pay(street[0], 5_000, on=MARCH_5)

    results = at_once([lambda: counter.cancel(receipt["receipt_folio"], on=MARCH_5)] * 8, hands=8)

    assert sum(isinstance(each, dict) for each in results) == 1
    assert Receipt.objects.filter(total_cents__lt=0).count() == 1
    assert queries.balance(account_id=street[0].id) == 20_000 + 200  # January's surcharge had come
    assert everything_agrees()


def test_a_window_that_dies_in_the_middle_leaves_nothing(street: list[Account], own_database: str) -> None:
    """A cashier's process is killed at random moments; what it acknowledged is there, nothing is halved."""
    [session] = open_tills(1)
    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # the window: pays one peso after another and writes down what it was told
        try:
            while True:
                receipt = take(street[0], 100, session=session)
                os.write(writer, f"{receipt['receipt_folio']}\n".encode())
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as told:
        acknowledged = [told.readline().strip() for _ in range(5)]
        os.kill(child, signal.SIGKILL)  # wherever it is by now
        os.waitpid(child, 0)
        acknowledged += told.read().split()
    _wait_for_sessions_to_end(own_database)

    written = counter.receipts("S1")
    assert [f"S1-{number:06d}" for number in written][: len(acknowledged)] == acknowledged
    assert len(written) - len(acknowledged) in (0, 1)  # one may have committed without being told
    assert everything_agrees()


def _wait_for_sessions_to_end(database: str) -> None:
    """The server notices a dead window when it next speaks to it; wait until only this session is left."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [database],
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise psycopg.OperationalError("the killed window's session is still there")
