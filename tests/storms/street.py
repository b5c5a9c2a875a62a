"""A street whose neighbors owe two late months, tills to pay them at, many hands at once, and what must agree after."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections
from tests.oracle.seals import broken_seals
from tests.town import counter
from tests.town.cast import moment

from caudal.cashier import checks as cashier_checks
from caudal.cashier import commands as cashier
from caudal.cashier.models import TillSession
from caudal.kernel import checks as kernel_checks
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog
from caudal.ledger import checks as ledger_checks
from caudal.ledger.commands import ChargeLine
from caudal.ledger.tests.builders import account, bill
from caudal.registry.models import Account
from caudal.tariffs import commands as tariffs

MARCH_5 = date(2019, 3, 5)
MONTHS = ((201901, date(2019, 1, 20)), (201902, date(2019, 2, 20)))


def settle(*, houses: int) -> list[Account]:
    """Houses that owe two months of $100.00 each, late, and the book of the year in force. Committed."""
    at = moment(date(2019, 1, 1), hour=0)
    body = (resources.files("caudal.tariffs") / "books" / "la-barca-demo-2019.toml").read_bytes()
    tariffs.publish_book(book=tariffs.load_book(body=body, by="laura", at=at), by="salas", at=at)
    street = [account(f"{number:06d}") for number in range(10117, 10117 + houses)]
    for holder in street:
        for period, due_on in MONTHS:
            bill(holder, ChargeLine(catalog.WATER, 10_000), period=period, due_on=due_on)
    counter.hire()
    return street


def open_tills(hands: int, *, on: date = MARCH_5) -> list[TillSession]:
    """So many tills, each with its series (S1, S2…), its cashier (cashier1…) and an open session."""
    return [
        counter.session(on, by=f"cashier{hand}", code=f"{hand}", series=f"S{hand}")
        for hand in range(1, hands + 1)
    ]


def take(
    holder: Account, cents: int, *, session: TillSession, key: UUID | None = None, hour: int = 11
) -> dict[str, Any]:
    """One neighbor pays cash at a till; the receipt as `take_payment` gives it."""
    return cashier.take_payment(
        session=session,
        parts=[cashier.AccountPart(holder, cents)],
        tenders=[cashier.TenderPart("cash", cents)],
        at=moment(session.business_on, hour),
        by=session.cashier,
        key=key or uuid4(),
    )


def at_once(acts: Iterable[Callable[[], Any]], *, hands: int) -> list[Any]:
    """Do all acts with so many threads, each with its own connection; a refusal is a result too."""
    waiting = list(enumerate(acts))
    results: list[Any] = [None] * len(waiting)
    hands = min(hands, len(waiting))
    barrier, turns = threading.Barrier(hands), iter(waiting)
    taking_turns = threading.Lock()

    def work() -> None:
        barrier.wait(timeout=60)
        try:
            while True:
                with taking_turns:
                    place, act = next(turns, (-1, None))
                if act is None:
                    return
                try:
                    results[place] = act()
                except Refusal as refusal:
                    results[place] = refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(hands) as pool:
        for future in [pool.submit(work) for _ in range(hands)]:
            future.result()
    return results


def gaps() -> list[str]:
    """Series in which a folio is missing or twice: their receipts are not 1, 2, 3…"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT series, count(*), min(number), max(number), count(DISTINCT number) FROM cashier_receipt"
            " GROUP BY series HAVING min(number) <> 1 OR max(number) <> count(*) OR count(DISTINCT number) <> count(*)"
        )
        return [str(row) for row in cursor.fetchall()]


def everything_agrees() -> bool:
    """Journal, balances, allocations, folios, receipts, sessions and seals, derived again from the rows."""
    checks = [*kernel_checks.CHECKS, *ledger_checks.CHECKS, *cashier_checks.CHECKS]
    findings = [finding for check in checks for finding in check.find()]
    assert findings + broken_seals() + gaps() == []
    return True


def deadlocks(database: str) -> int:
    """How many times PostgreSQL had to break a deadlock in a database; sessions tell when they end."""
    connections.close_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [database])
        return int(cursor.fetchone()[0])
