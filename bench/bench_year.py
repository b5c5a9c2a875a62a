"""The report of a year in its four forms, beside its floor: raw counts of what happened by month, in the same run.

    .venv/bin/python bench/bench_year.py [--accounts 12000] [--database NAME] [--keep]

Makes a database of its own (`caudal_bench_year`) with the town of `bench_board.py`; or reads one that is there, such
as that of a year lived whole (`caudal demo --year 2019 --accounts 12000`), and changes nothing in it. Reports 2019
three times and writes HTML, PDF, DOCX and Markdown as `caudal report year 2019` does. Goal: all of it in 10 s.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from bench_board import pay_half  # noqa: E402 - after the path of the sources
from bench_campaigns import make_debts  # noqa: E402
from bench_whatif import make_town  # noqa: E402
from measuring import drop, timed  # noqa: E402

DATABASE = "caudal_bench_year"
GOAL_SECONDS = 10.0
SINCE, UNTIL = date(2019, 1, 1), date(2020, 1, 1)
TRIES = 3
FLOOR = (
    "SELECT date_trunc('month', business_on), channel, count(*), sum(total_cents) FROM cashier_receipt GROUP BY 1, 2",
    "SELECT date_trunc('month', j.\"on\"), l.ledger_account_id, sum(l.amount_cents) FROM ledger_journalentry j"
    " JOIN ledger_journalline l ON l.entry_id = j.id GROUP BY 1, 2",
    "SELECT period, concept_id, count(*), sum(amount_cents) FROM ledger_charge GROUP BY 1, 2",
    "SELECT concept_id, sum(amount_cents) FROM ledger_allocation GROUP BY 1",
    "SELECT period, count(*) FROM metering_consumption GROUP BY 1",
)


def floor() -> float:
    """Seconds of the raw counts."""
    from django.db import connection

    def ask() -> None:
        with connection.cursor() as cursor:
            for sql in FLOOR:
                cursor.execute(sql)
                cursor.fetchall()

    return statistics.median(timed(ask)[0] for _ in range(TRIES))


def told() -> tuple[dict[str, float], float, int]:
    """Seconds of the reading and of each form (medians), this process's own seconds, and how many activities."""
    from caudal.reports import activity_cli, queries

    took: dict[str, list[float]] = {}
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(TRIES):
            seconds, report = timed(lambda: queries.whole_report(since=SINCE, until=UNTIL, today=UNTIL))
            took.setdefault("read", []).append(seconds)
            for form in activity_cli.FORMS:
                seconds, _ = timed(
                    lambda form=form, report=report: activity_cli._write(report, form, Path(folder), UNTIL)
                )
                took.setdefault(form, []).append(seconds)
    worked = (time.process_time() - began) / TRIES
    activities = sum(len(month.activities) for month in report.months)
    return {name: statistics.median(each) for name, each in took.items()}, worked, activities


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=4)
    parser.add_argument("--database", default="")
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    os.environ["CAUDAL_DATABASE"] = asked.database or DATABASE
    from caudal.kernel import server

    server.ensure_running()
    if not asked.database:
        server.ensure_database(name=DATABASE)
    import django

    django.setup()
    try:
        if not asked.database:
            make_town(asked.accounts)
            make_debts(asked.accounts, asked.months)
            print(f"a file of {pay_half(asked.accounts):,} payments")
        raw = floor()
        took, worked, activities = told()
    finally:
        if not asked.keep and not asked.database:
            drop(DATABASE)
    whole = sum(took.values())
    print(f"{activities} activities; raw counts {raw:.2f} s")
    print(", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items()))
    print(
        f"whole {whole:.2f} s, {worked:.2f} of them this process's ({whole / raw:.1f} × raw; goal {GOAL_SECONDS:g} s)"
    )
    return int(whole > GOAL_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
