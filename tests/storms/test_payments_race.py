"""Many hands at once on the same accounts, keys and series: nothing twice, nothing lost, no gap."""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, connections

from caudal.cashier import checks as cashier_checks
from caudal.cashier import commands as cashier
from caudal.cashier import queries as payments
from caudal.cashier.models import Payment
from caudal.kernel import checks as kernel_checks
from caudal.kernel.refusals import Refusal
from caudal.kernel.waiting import StillBusy
from caudal.ledger import catalog, queries
from caudal.ledger import checks as ledger_checks
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import Charge, Credit, DocumentKind
from caudal.ledger.tests.builders import account, bill, moment, terms
from caudal.registry.models import Account
from caudal.tariffs import commands as tariffs

MARCH_5 = date(2019, 3, 5)
SEED = 20190305


@pytest.fixture
def street(own_database: str) -> list[Account]:
    """Eight accounts that owe two months of $100.00 each, late; committed, so that every thread sees them."""
    at = moment(date(2019, 1, 1), hour=0)
    body = (resources.files("caudal.tariffs") / "books" / "la-barca-demo-2019.toml").read_bytes()
    tariffs.publish_book(book=tariffs.load_book(body=body, by="laura", at=at), by="laura", at=at)
    street = [account(f"{number:06d}") for number in range(10117, 10125)]
    for holder in street:
        for period, due_on in ((201901, date(2019, 1, 20)), (201902, date(2019, 2, 20))):
            bill(holder, ChargeLine(catalog.WATER, 10_000), period=period, due_on=due_on)
    return street


def take(holder: Account, cents: int, *, key: UUID | None = None, series: str = "A") -> dict[str, Any]:
    return cashier.post_payment(
        account=holder,
        amount_cents=cents,
        tender="cash",
        paid_at=moment(MARCH_5),
        business_on=MARCH_5,
        by="veronica",
        key=key or uuid4(),
        series=series,
    )


def at_once(acts: list[Callable[[], Any]], *, hands: int) -> list[Any]:
    """Do all acts with so many threads, each with its own connection; a refusal is a result too."""
    barrier = threading.Barrier(min(hands, len(acts)))
    started = threading.local()

    def do(act: Callable[[], Any]) -> Any:
        if not getattr(started, "yes", False):
            started.yes = True
            barrier.wait(timeout=30)
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(do, acts))


def everything_agrees() -> bool:
    checks = [*kernel_checks.CHECKS, *ledger_checks.CHECKS, *cashier_checks.CHECKS]
    findings = [finding for check in checks for finding in check.find()]
    assert findings == []
    return True


def test_fifty_hands_with_one_key_take_one_payment_and_hold_one_receipt(street: list[Account]) -> None:
    """The browser resends, the clerk clicks twice, the network repeats: $204.00 + $3.00 once."""
    key = uuid4()

    receipts = at_once([lambda: take(street[0], 20_300, key=key) for _ in range(50)], hands=50)

    assert len({json.dumps(receipt) for receipt in receipts}) == 1
    assert Payment.objects.count() == 1 and Credit.objects.count() == 1
    assert queries.balance(account_id=street[0].id) == 0  # 200.00 + 2 % and 1 % of 100.00
    assert everything_agrees()


def test_two_cashiers_on_one_account_pay_each_centavo_once(street: list[Account]) -> None:
    """$150.00 and $53.00 at the same moment pay $203.00, whoever comes first; surcharges are charged once."""
    chuy = street[0]

    receipts = at_once([lambda: take(chuy, 15_000), lambda: take(chuy, 5_300)], hands=2)

    assert sorted(receipt["receipt_folio"] for receipt in receipts) == ["A-000001", "A-000002"]
    assert sum(receipt["unallocated_cents"] for receipt in receipts) == 0
    assert sum(receipt["surcharge_cents"] for receipt in receipts) == 300
    assert queries.balance(account_id=chuy.id) == 0
    surcharges = Charge.objects.filter(account_id=chuy.id, document_kind=DocumentKind.SURCHARGE)
    assert sorted(surcharges.values_list("period", "amount_cents")) == [(201901, 200), (201902, 100)]
    assert everything_agrees()


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ("SELECT id FROM registry_account WHERE number = '010117' FOR UPDATE", "Otra persona está cobrando"),
        ("SELECT kernel_take_folio('A')", "La serie A está ocupada"),
        ("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", "todavía se está registrando"),
    ],
)
def test_who_waits_too_long_is_told_so_and_may_try_again(street: list[Account], held: str, says: str) -> None:
    """Somebody left a transaction open; after a moment the window says what is busy. Nothing was taken."""
    key = uuid4()
    words = connections["owner"].settings_dict
    with psycopg.connect(
        host=words["HOST"], port=words["PORT"] or None, user=words["USER"], password=words["PASSWORD"],
        dbname=words["NAME"],
    ) as somebody:  # fmt: skip
        somebody.execute(held, [str(key)] if "%s" in held else None)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(StillBusy, match=says):
            take(street[0], 20_300, key=key)
        assert not Payment.objects.exists()
        somebody.rollback()
    assert take(street[0], 20_300, key=key)["receipt_folio"] == "A-000001"
    assert everything_agrees()


def test_two_hands_cancel_a_receipt_once(street: list[Account]) -> None:
    receipt = take(street[0], 5_000)
    payment = payments.payment_by_folio(receipt_folio=receipt["receipt_folio"])

    def cancel() -> Any:
        return cashier.cancel_payment(
            payment=payment, reason="Error", business_on=MARCH_5, at=moment(MARCH_5), by="salas"
        )

    results = at_once([cancel] * 8, hands=8)

    assert sum(isinstance(each, dict) for each in results) == 1
    assert Payment.objects.filter(amount_cents__lt=0).count() == 1
    assert everything_agrees()


def test_the_same_bank_file_sent_twice_at_once_is_taken_once(street: list[Account], tmp_path: Any) -> None:
    """Two clerks load the same file: one brings it, the others find it there."""
    path = tmp_path / "banco.csv"
    rows = "".join(f"{holder.number},50.00,2019-03-05,{8801 + row}\n" for row, holder in enumerate(street))
    path.write_text("cuenta,importe,fecha,referencia\n" + rows)
    from caudal.cashier.settlement_files import PaymentFile

    def load() -> Any:
        return cashier.import_payments(path=path, mapping=PaymentFile(), at=moment(MARCH_5), by="laura")

    results = at_once([load] * 4, hands=4)

    assert sorted(each.n_posted for each in results) == [0, 0, 0, len(street)]
    assert Payment.objects.count() == len(street)
    assert everything_agrees()


def random_acts(street: list[Account], chance: random.Random, n: int) -> list[Callable[[], Any]]:
    """Payments, resends of the same keys, cancellations, applications, new fees; on few accounts."""
    keys = [(uuid4(), chance.choice(street), chance.randrange(1, 9_000)) for _ in range(n // 4)]

    def resend() -> Any:
        key, holder, cents = chance.choice(keys)
        return take(holder, cents, key=key)

    def pay() -> Any:
        return take(chance.choice(street), chance.randrange(1, 15_000))

    def cancel() -> Any:
        payment = Payment.objects.filter(amount_cents__gt=0, payment=None).order_by("?").first()
        return payment and cashier.cancel_payment(
            payment=payment, reason="Error", business_on=MARCH_5, at=moment(MARCH_5), by="salas"
        )

    def fee() -> Any:
        return ledger.post_charges(
            account=chance.choice(street),
            lines=[ChargeLine(catalog.WATER_TANKER_FEE, chance.randrange(100, 5_000))],
            document_kind=DocumentKind.FEE,
            due_on=MARCH_5,
            on=MARCH_5,
            at=moment(MARCH_5),
            by="veronica",
        )

    def apply() -> Any:
        return ledger.apply_credit_balance(
            account_ids=[holder.id for holder in street],
            on=MARCH_5,
            at=moment(MARCH_5),
            by="laura",
            document="run:storm",
            terms=terms(),
        )

    return [chance.choice([pay, pay, pay, resend, resend, cancel, fee, apply]) for _ in range(n)]


def test_sixteen_hands_doing_everything_at_once_leave_the_books_in_order(street: list[Account]) -> None:
    acts = random_acts(street, random.Random(SEED), 240)

    results = at_once(acts, hands=16)

    receipts = [each for each in results if isinstance(each, dict) and "allocations" in each]
    by_folio = Counter(receipt["receipt_folio"] for receipt in receipts)
    numbers = sorted(Payment.objects.filter(series="A").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(by_folio) == len(numbers), f"seed {SEED}"
    assert everything_agrees(), f"seed {SEED}"


def test_a_window_that_dies_in_the_middle_leaves_nothing(street: list[Account], own_database: str) -> None:
    """A cashier's process is killed at random moments; what it acknowledged is there, nothing is halved."""
    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # the window: pays one peso after another and writes down what it was told
        try:
            while True:
                receipt = take(street[0], 100)
                os.write(writer, f"{receipt['receipt_folio']}\n".encode())
        finally:
            os._exit(1)
    os.close(writer)
    time.sleep(0.8)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        acknowledged = told.read().split()
    _wait_for_sessions_to_end(own_database)

    written = list(Payment.objects.order_by("number").values_list("number", flat=True))
    assert len(acknowledged) > 3
    assert [f"A-{number:06d}" for number in written][: len(acknowledged)] == acknowledged
    assert len(written) - len(acknowledged) in (0, 1)  # one may have committed without being told
    assert written == list(range(1, len(written) + 1))
    assert everything_agrees()


def _wait_for_sessions_to_end(database: str) -> None:
    """The server notices a dead window when it next speaks to it; wait until only this session is left."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [database],
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise psycopg.OperationalError("the killed window's session is still there")
