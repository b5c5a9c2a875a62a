"""A drawer is closed while hands still pay at it: each payment is in exactly one closing, or was never taken (R13).

2,000 payments race the count that begins; `CAUDAL_RACES` asks for more, `CAUDAL_STORM_SEED` for the same ones again.
"""

import os
import random
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import Sum
from tests.storms.street import MARCH_5, at_once, everything_agrees, settle, take
from tests.town import counter
from tests.town.cast import moment

from caudal.cashier import commands as cashier
from caudal.cashier.models import Receipt, TenderBalance, TillClosing, TillSession
from caudal.kernel.refusals import Refusal

SEED = int(os.environ.get("CAUDAL_STORM_SEED", str(random.SystemRandom().randrange(10**6))))
RACES = int(os.environ.get("CAUDAL_RACES", "2000"))
TILLS, PAYERS, TURNS = 4, 3, 4
AT = moment(MARCH_5, 15)


def closing(session: TillSession, wait: float) -> Callable[[], TillClosing]:
    """Somebody closes, a moment after the others began to pay."""

    def close() -> TillClosing:
        time.sleep(wait)
        cashier.begin_balancing(session=session, at=AT, by=session.cashier)
        cashier.declare_count(session=session, pieces={}, others={}, at=AT, by=session.cashier)
        return cashier.close_session(session=session, at=AT, by="rosa")

    return close


def paying(session: TillSession, holder: Any, wait: float) -> Callable[[], list[Any]]:
    """A hand pays $1.00 as many times as it is let, and remembers each answer."""

    def pay() -> list[Any]:
        answers: list[Any] = []
        for _ in range(TURNS):
            time.sleep(wait)
            try:
                answers.append(take(holder, 100, session=session)["receipt_folio"])
            except Refusal as refusal:
                answers.append(refusal)
        return answers

    return pay


@pytest.mark.slow
def test_each_payment_is_in_exactly_one_closing_or_was_never_taken(own_database: str) -> None:
    print(f"seed {SEED}")
    chance, street = random.Random(SEED), settle(houses=8)
    taken, refused = [], 0
    for _ in range(-(-RACES // (TILLS * PAYERS * TURNS))):
        sessions = [
            counter.session(MARCH_5, by=f"cashier{n}", code=f"{n}", series=f"S{n}")
            for n in range(1, TILLS + 1)
        ]
        hands: list[Callable[[], Any]] = []
        for session in sessions:
            hands += [paying(session, chance.choice(street), chance.random() / 100) for _ in range(PAYERS)]
            hands.append(closing(session, chance.random() / 8))
        chance.shuffle(hands)
        for result in at_once(hands, hands=len(hands)):
            if isinstance(result, list):
                taken += [each for each in result if isinstance(each, str)]
                refused += sum(isinstance(each, cashier.CannotTakePayment) for each in result)

    print(f"{len(taken)} taken, {refused} refused")
    assert len(taken) + refused >= RACES and refused > 0 and taken
    # what was told is what is written, once
    assert sorted(each.folio for each in Receipt.objects.all()) == sorted(taken), f"seed {SEED}"
    assert not TillSession.objects.exclude(state="balanced").exists()
    # Σ closings = Σ receipts = $1.00 each
    assert sum(TillClosing.objects.values_list("n_receipts", flat=True)) == len(taken)
    floats = TillSession.objects.aggregate(cents=Sum("float_cents"))["cents"]
    expected = TenderBalance.objects.aggregate(cents=Sum("expected_cents"))["cents"]
    assert expected - floats == 100 * len(taken), f"seed {SEED}"
    for each in TillClosing.objects.select_related("session"):
        assert each.n_receipts == each.session.receipts.count(), f"seed {SEED}: {each.folio}"
    assert everything_agrees()


RAW = """
    INSERT INTO cashier_receipt (series, number, session_id, business_on, paid_at, received_by, channel, total_cents,
                                 reason, verification, previous_hash, hash)
    VALUES ('S1', %s, %s, '2019-03-05', now(), 'x', 'window', 100, '', %s, '', '')
"""


def _somebody(**words: str) -> "psycopg.Connection[Any]":
    at = connections["default"].settings_dict
    return psycopg.connect(
        host=at["HOST"], port=at["PORT"] or None, user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"], **words
    )  # fmt: skip


def test_the_guard_holds_even_for_who_forgets_to_lock(own_database: str) -> None:
    """A receipt written beside the commands makes the count wait; once the count began, none is written."""
    session = counter.session(MARCH_5, by="cashier1", code="1", series="S1")
    with _somebody() as careless:
        careless.execute(RAW, [1, session.pk, "guard-1"])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '150ms'")
            with pytest.raises(Exception, match="lock timeout"):
                cursor.execute(
                    "UPDATE cashier_tillsession SET state = 'balancing' WHERE id = %s", [session.pk]
                )
        careless.rollback()
    cashier.begin_balancing(session=session, at=AT, by="cashier1")
    with (
        _somebody() as careless,
        pytest.raises(psycopg.errors.CheckViolation, match="no admite este comprobante"),
    ):
        careless.execute(RAW, [1, session.pk, "guard-2"])
    with _somebody() as careless, pytest.raises(psycopg.errors.CheckViolation, match="no admite retiros"):
        careless.execute(
            "INSERT INTO cashier_cashwithdrawal (session_id, number, amount_cents, handed_by, received_by, at)"
            " VALUES (%s, 1, 100, 'x', 'y', now())",
            [session.pk],
        )
    assert not Receipt.objects.exists()


def test_two_hands_deposit_a_closing_once(own_database: str) -> None:
    [holder, *_] = settle(houses=1)
    session = counter.session(MARCH_5, by="cashier1", code="1", series="S1")
    take(holder, 5_000, session=session)
    counter.close(session, by="rosa")
    closed = TillClosing.objects.get()

    def deposit(n: int) -> Any:
        return cashier.deposit_closings(
            closings=[closed], bank_account="BANORTE 01", reference=f"{n}", on=MARCH_5, at=AT, by="rosa"
        )

    results = at_once([lambda n=n: deposit(n) for n in range(6)], hands=6)
    assert sum(not isinstance(each, Refusal) for each in results) == 1
    assert everything_agrees()


def test_six_supervisors_close_a_session_once(own_database: str) -> None:
    session = counter.session(MARCH_5, by="cashier1", code="1", series="S1")
    cashier.begin_balancing(session=session, at=AT, by="cashier1")
    cashier.declare_count(session=session, pieces={}, others={}, at=AT, by="cashier1")
    results = at_once(
        [lambda n=n: cashier.close_session(session=session, at=AT, by=f"rosa{n}") for n in range(6)], hands=6
    )
    assert sum(isinstance(each, TillClosing) for each in results) == 1
    assert all(isinstance(each, TillClosing | cashier.CannotCloseSession) for each in results)
    assert everything_agrees()
