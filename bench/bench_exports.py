"""A listing of 50,000 rows as a workbook and as CSV, beside its floor: a COPY of the same rows out of the database.

    .venv/bin/python bench/bench_exports.py [--accounts 25000] [--months 4] [--keep]

Makes a database of its own (`caudal_bench_exports`), fills it with the town of `bench_whatif.py`, gives every other
account so many months of debt, and writes what is past due, period by period, three times each way. Goal: 5 s for
50,000 rows.
"""

import argparse
import io
import os
import resource
import statistics
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from bench_campaigns import make_debts  # noqa: E402 - after the path of the sources
from bench_whatif import make_town  # noqa: E402
from measuring import drop, timed  # noqa: E402

DATABASE = "caudal_bench_exports"
GOAL_SECONDS, GOAL_ROWS = 5.0, 50_000
UNTIL = date(2019, 7, 1)
TRIES = 3


def copied() -> int:
    """The same rows, raw: what the database alone takes."""
    from django.db import connection

    from caudal.reports import listings

    inside = listings.find(code="overdue_periods").inside(until=UNTIL).replace("%%", "%")
    with connection.cursor() as cursor, cursor.copy(f"COPY ({inside}) TO STDOUT") as out:
        return sum(len(block) for block in out)


def written(wanted: str) -> int:
    """A file as the page gives it; how many rows it has."""
    from caudal.kernel import snapshot
    from caudal.reports import exporting, listings, reading

    asked = reading.Asked(listings.find(code="overdue_periods"), None, UNTIL)
    with snapshot.of_one_moment():
        return exporting.write(asked=asked, wanted=exporting.Format(wanted), target=io.BytesIO())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=25_000)
    parser.add_argument("--months", type=int, default=4)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    os.environ["CAUDAL_DATABASE"] = DATABASE
    from caudal.kernel import server

    server.ensure_running()
    server.ensure_database(name=DATABASE)
    import django

    django.setup()
    took, rows = {}, 0
    try:
        make_town(asked.accounts)
        make_debts(asked.accounts, asked.months)
        raw = statistics.median(timed(copied)[0] for _ in range(TRIES))
        for wanted in ("csv", "xlsx"):
            started = time.process_time()
            tries = [timed(lambda wanted=wanted: written(wanted)) for _ in range(TRIES)]
            worked = (time.process_time() - started) / TRIES
            took[wanted], rows = (statistics.median(each for each, _ in tries), worked), tries[0][1]
    finally:
        if not asked.keep:
            drop(DATABASE)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{rows:,} rows; raw COPY {raw:.2f} s; peak memory {peak} MB")
    for wanted, (seconds, worked) in took.items():
        print(
            f"{wanted:5}{seconds:8.2f} s, {worked:.2f} of them this process's  ({seconds / raw:.1f} × raw; goal {GOAL_SECONDS:g} s)"
        )
    return int(any(seconds * GOAL_ROWS > GOAL_SECONDS * max(rows, 1) for seconds, _ in took.values()))


if __name__ == "__main__":
    sys.exit(main())
