"""R11: every balance ever read is one the account had, after all that was told before and nothing asked later.

Payments of an account are ordered by the lock on it; each read says which ones it must have seen and may have seen.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.storms.street import MARCH_5, at_once, everything_agrees, open_tills, settle, take

from caudal.cashier.models import TillSession
from caudal.ledger import queries
from caudal.ledger.models import Credit
from caudal.ledger.tests.builders import terms
from caudal.registry.models import Account

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("CAUDAL_STORM_SEED", str(random.SystemRandom().randrange(10**6))))
WRITERS, READERS, PAYMENTS = 4, 4, 40


@dataclass
class History:
    """What each hand asked, when, and what it was told."""

    paid: list[tuple[float, float, dict[str, Any]]] = field(default_factory=list)
    read: list[tuple[float, float, int]] = field(default_factory=list)
    writers_left: int = WRITERS
    lock: Any = field(default_factory=threading.Lock)

    def faults(self, *, at_first: int) -> list[str]:
        """Reads that no order of the payments explains. The order is the one of the credits, under the account's lock."""
        told = {
            reply["receipt_folio"]: (asked, answered, reply["payments"][0]["balance_cents"])
            for asked, answered, reply in self.paid
        }
        documents = Credit.objects.order_by("id").values_list("document", flat=True)
        order = [told[document] for document in documents if document in told]
        balances = [at_first, *(balance for _, _, balance in order)]
        found = []
        for began, ended, balance in self.read:
            least = max((n for n, (_, answered, _) in enumerate(order, 1) if answered < began), default=0)
            most = max((n for n, (asked, _, _) in enumerate(order, 1) if asked < ended), default=0)
            if balance not in balances[least : most + 1]:
                found.append(f"{balance} was read, and it was one of {balances[least : most + 1]}")
        return found


def statement(account_id: int) -> int:
    """Debts, documents and credit are three questions: all of one moment, or a statement of what never was."""
    told = queries.statement(account_id=account_id, on=MARCH_5, terms=terms())
    assert told.total_cents == sum(item.open_cents for period in told.periods for item in period.items)
    return told.total_cents - told.credit_balance_cents


@pytest.fixture
def street(own_database: str) -> list[Account]:
    return settle(houses=1)


@pytest.mark.parametrize("read", [lambda pk: queries.balance(account_id=pk), statement],
                         ids=["balance", "statement"])  # fmt: skip
def test_every_balance_read_was_true_at_some_moment_of_its_reading(
    street: list[Account], read: Callable[[int], int]
) -> None:
    """Chuy owes $203.00 with surcharges, charged with the first payment of each month; then he pays for months ahead."""
    print(f"seed {SEED}")
    chuy, sessions, history = street[0], open_tills(WRITERS), History()
    take(
        chuy, 15_000, session=sessions[0]
    )  # all surcharges are charges from here on: the balance says everything
    at_first = queries.balance(account_id=chuy.pk)
    assert at_first == 5_300

    def write(session: TillSession, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(PAYMENTS):
            asked = time.monotonic()
            reply = take(chuy, chance.randrange(1, 400), session=session)
            with history.lock:
                history.paid.append((asked, time.monotonic(), reply))
        with history.lock:
            history.writers_left -= 1

    def look() -> None:
        while history.writers_left:
            began = time.monotonic()
            balance = read(chuy.pk)
            history.read.append((began, time.monotonic(), balance))

    at_once(
        [lambda n=n: write(sessions[n], SEED + n) for n in range(WRITERS)] + [look] * READERS,
        hands=WRITERS + READERS,
    )

    assert len(history.paid) == WRITERS * PAYMENTS and len(history.read) > 50
    print(f"{len(history.read)} reads beside {len(history.paid)} payments")
    assert history.faults(at_first=at_first) == [], f"seed {SEED}"
    assert everything_agrees()
