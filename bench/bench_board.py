"""The board of a whole town, beside its floor: the sums it shows, asked raw of their tables, in the same run.

    .venv/bin/python bench/bench_board.py [--accounts 12000] [--months 4] [--keep]

Makes a database of its own (`caudal_bench_board`), fills it with the town of `bench_whatif.py`, gives every other
account so many months of debt, lets a bank's file pay half of them, and opens the board and the indicators as the
manager, three times each. Goals: the board in 1 s, in 30 questions or fewer.
"""

import argparse
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from bench_campaigns import make_debts  # noqa: E402 - after the path of the sources
from bench_settlement import AT, bank_file  # noqa: E402
from bench_whatif import make_town  # noqa: E402
from measuring import drop, enter, timed  # noqa: E402

if TYPE_CHECKING:
    from django.test import Client

DATABASE = "caudal_bench_board"
NOW = "2019-03-06T09:00"
GOAL_SECONDS, GOAL_QUESTIONS = 1.0, 30
FLOOR = (
    "SELECT business_on, channel, sum(total_cents) FROM cashier_receipt GROUP BY 1, 2",
    "SELECT concept_id, sum(amount_cents) FROM ledger_allocation GROUP BY 1",
    "SELECT due_on, sum(open_principal_cents + open_accessory_cents) FROM ledger_periodbalance GROUP BY 1",
    "SELECT account_id, sum(open_principal_cents + open_accessory_cents) FROM ledger_periodbalance GROUP BY 1",
)


def pay_half(accounts: int) -> int:
    """A bank's file in which half of those who owe pay; how many payments it makes."""
    from caudal.cashier import commands

    channel, content = bank_file("bbva-cie", accounts // 4, 20190305)
    return commands.load_settlement(
        channel=channel, name="bench", content=content, at=AT, by="bench"
    ).n_applied


def floor() -> float:
    """Seconds of the raw sums."""
    from django.db import connection

    def ask() -> None:
        with connection.cursor() as cursor:
            for sql in FLOOR:
                cursor.execute(sql)
                cursor.fetchall()

    return statistics.median(timed(ask)[0] for _ in range(3))


def manager() -> "Client":
    """A window in which the manager has come in."""
    from django.test import Client

    from caudal.access import door
    from caudal.access.models import Clerk
    from caudal.kernel import clock

    clerk, _ = Clerk.objects.get_or_create(
        username="manager", defaults={"role": Clerk.Role.COMMERCIAL_MANAGER}
    )
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    door.mark(session=session, device="bench", at=clock.now())
    session.save()
    return client


def opened(path: str, tries: int = 3) -> tuple[list[float], int]:
    """Seconds of a page, the least first, and how many questions it asks; says the slowest of them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = manager()
    client.get(path)
    seconds = sorted(timed(lambda: client.get(path))[0] for _ in range(tries))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    print(path)
    for each in sorted(asked.captured_queries, key=lambda each: -float(each["time"]))[:5]:
        print(f"    {each['time']} s  {' '.join(each['sql'].split())[:110]}")
    return seconds, len(asked)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=4)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    enter(database=DATABASE, now=NOW)
    try:
        make_town(asked.accounts)
        make_debts(asked.accounts, asked.months)
        print(f"a file of {pay_half(asked.accounts):,} payments")
        raw = floor()
        (boards, questions), (series, more) = opened("/tablero/"), opened("/indicadores/")
        board, indicators = statistics.median(boards), statistics.median(series)
    finally:
        if not asked.keep:
            drop(DATABASE)
    print(f"raw sums   {raw:8.3f} s")
    print(
        f"board      {board:8.3f} s  ({questions} questions; {board / raw:.1f} × raw; goal {GOAL_SECONDS:g} s)"
    )
    print(f"indicators {indicators:8.3f} s  ({more} questions; {indicators / raw:.1f} × raw)")
    return int(board > GOAL_SECONDS or questions > GOAL_QUESTIONS)


if __name__ == "__main__":
    sys.exit(main())
