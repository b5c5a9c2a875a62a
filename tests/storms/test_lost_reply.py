"""R4: the line breaks just before COMMIT arrives, or just before its answer does: the same key tells the truth.

`CAUDAL_STORM_CASES` asks for more breaks, `CAUDAL_STORM_SEED` for the same ones again.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import InterfaceError, OperationalError, connection, connections
from tests.storms.faulty_line import CUT_AFTER, CUT_BEFORE, LATE, PASS, FaultyLine, faulty_line
from tests.storms.street import MARCH_5, everything_agrees, open_tills, settle, take
from tests.town import counter
from tests.town.cast import moment

from caudal.cashier import commands as cashier
from caudal.cashier.models import Receipt, TillSession
from caudal.kernel.idempotency import KeyWasUsedForAnotherRequest
from caudal.kernel.models import IdempotencyKey
from caudal.ledger import queries
from caudal.registry.models import Account

pytestmark = pytest.mark.slow

CASES = int(os.environ.get("CAUDAL_STORM_CASES", "500"))
SEED = int(os.environ.get("CAUDAL_STORM_SEED", str(random.SystemRandom().randrange(10**6))))
RETRIES = 2


@pytest.fixture
def street(own_database: str) -> list[Account]:
    return settle(houses=8)


@pytest.fixture
def line(street: list[Account]) -> Iterator[FaultyLine]:
    """This window reaches the database by a line that fails on purpose."""
    words = connections["default"].settings_dict
    kept = {name: words[name] for name in ("HOST", "PORT")}
    connections.close_all()
    with faulty_line(target=kept["HOST"], port=int(kept["PORT"] or 5432)) as line:
        words.update(HOST="127.0.0.1", PORT=str(line.port))
        try:
            yield line
        finally:
            connections.close_all()
            words.update(kept)


class Window:
    """A page with its key: what has no answer is sent again as it was."""

    def __init__(self, line: FaultyLine, session: TillSession) -> None:
        self.line, self.session = line, session

    def charge(
        self, holder: Account, cents: int, *, key: UUID, faults: list[str]
    ) -> tuple[dict[str, Any], int]:
        """The receipt, and how many times it had to be sent again."""
        for retry in range(RETRIES + 1):
            self.line.plan = faults[retry] if retry < len(faults) else PASS
            try:
                return take(holder, cents, session=self.session, key=key), retry
            except (OperationalError, InterfaceError):
                connection.close()
        raise AssertionError(f"seed {SEED}: after {RETRIES} retries nobody knows what became of {key}")


def test_the_truth_is_told_after_two_retries_at_most(street: list[Account], line: FaultyLine) -> None:
    """Each case: a payment whose COMMIT is lost, or whose answer is lost or late, once or twice."""
    print(f"seed {SEED}")
    chance, [session] = random.Random(SEED), open_tills(1)
    window, met = Window(line, session), Counter()
    for case in range(1, CASES + 1):
        key = UUID(int=chance.getrandbits(128), version=4)
        holder, cents = chance.choice(street), chance.randrange(1, 20_000)
        faults = [chance.choice((CUT_BEFORE, CUT_AFTER, LATE))]
        if chance.random() < 0.3:
            faults.append(chance.choice((CUT_BEFORE, CUT_AFTER)))

        receipt, retries = window.charge(holder, cents, key=key, faults=faults)

        met[tuple(faults), retries] += 1
        kept = IdempotencyKey.objects.get(key=key).reply
        assert json.dumps(receipt) == json.dumps(kept, sort_keys=True), f"seed {SEED}, case {case}"
        assert receipt["receipt_folio"] == f"S1-{case:06d}", f"seed {SEED}, case {case}: taken twice, or lost"
        assert receipt["total_cents"] == cents
    assert line.n_faults >= CASES
    for (met_faults, retries), n in sorted(met.items()):
        print(f"{' + '.join(met_faults)}: {n} × {retries} retries")
    assert counter.receipts("S1") == list(range(1, CASES + 1))
    assert everything_agrees()


@pytest.mark.parametrize(("fault", "is_taken"), [(CUT_BEFORE, False), (CUT_AFTER, True)])
def test_what_the_line_did_is_what_the_database_holds(
    street: list[Account], line: FaultyLine, fault: str, is_taken: bool
) -> None:
    """Cut before, nothing was taken; cut after, it was, though nobody was told. Neither is guessed."""
    key, [session] = UUID(int=7, version=4), open_tills(1)
    line.plan = fault
    with pytest.raises((OperationalError, InterfaceError)):
        take(street[0], 5_000, session=session, key=key)
    connection.close()

    assert Receipt.objects.count() == is_taken
    # 200.00 and January's 2 %, less 50.00; or 200.00 as before
    assert queries.balance(account_id=street[0].id) == (15_200 if is_taken else 20_000)

    with pytest.raises(KeyWasUsedForAnotherRequest) if is_taken else pytest.raises(StopIteration):
        take(street[0], 6_000, session=session, key=key)
        raise StopIteration
    assert everything_agrees()


def test_a_cancellation_whose_answer_is_lost_is_done_once(street: list[Account], line: FaultyLine) -> None:
    """The answer is lost; asked again, it is told that the receipt is canceled already."""
    receipt = counter.pay(street[0], 5_000, on=MARCH_5)
    live = counter.session(MARCH_5)
    found = Receipt.objects.get()
    act = cashier.act_of_cancellation(receipt=found, session=live)
    approval = counter.approve(act, "receipt", receipt["receipt_folio"], on=MARCH_5)
    words = {"receipt": found, "session": live, "reason": "5", "detail": "Se cobró a otra cuenta",
             "approval": approval, "at": moment(MARCH_5, 13), "by": "veronica"}  # fmt: skip

    line.plan = CUT_AFTER
    with pytest.raises((OperationalError, InterfaceError)):
        cashier.cancel_receipt(**words)
    connection.close()

    with pytest.raises(cashier.CannotCancelReceipt, match="ya está cancelado"):
        cashier.cancel_receipt(**words)
    assert Receipt.objects.filter(reverses=found).count() == 1
    assert everything_agrees()
