"""The overdue portfolio of a whole town, and a batch of notices from its segment to its paper.

    .venv/bin/python bench/bench_notices.py [--accounts 12000] [--months 4] [--notices 5000] [--keep]

Makes a database of its own (`caudal_bench_notices`), fills it with the town of `bench_whatif.py`, gives every other
account so many months of debt, looks at the portfolio three times, prepares and issues a batch, and prints it.
Goals: the portfolio in 2 s for 12,000 accounts; 5,000 notices issued and printed in 60 s.
"""

import argparse
import os
import statistics
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from bench_campaigns import make_debts  # noqa: E402 - after the path of the sources
from bench_whatif import make_town  # noqa: E402
from measuring import drop, timed  # noqa: E402

DATABASE = "caudal_bench_notices"
ON = date(2019, 4, 10)
AT = datetime(2019, 4, 10, 9, tzinfo=ZoneInfo("America/Mexico_City"))
GOALS = {"portfolio": 2.0, "notices": 60.0}


def measure(notices: int) -> dict[str, float]:
    """Seconds of the portfolio (median of three), the segment, the issue and the print."""
    from django.conf import settings

    from caudal.dunning import commands, papers, queries
    from caudal.dunning.queries import SegmentFilter

    settings.MEDIA_ROOT = tempfile.mkdtemp()
    looked = [timed(lambda: queries.portfolio(on=ON, by="route")) for _ in range(3)]
    told = looked[0][1]
    print(f"portfolio: {told.n_accounts:,} accounts owe {told.total_cents / 100:,.2f}")
    within = SegmentFilter(most_accounts=notices)
    prepared, batch = timed(
        lambda: commands.prepare_batch(
            name="bench", stage="courtesy_letter", within=within, on=ON, at=AT, by="bench"
        )
    )
    issued, batch = timed(lambda: commands.issue_batch(batch=batch, on=ON, at=AT, by="bench"))
    printed, files = timed(lambda: papers.print_batch(batch=batch))
    print(f"batch: {batch.notices.count():,} notices, {len(files)} files")
    return {
        "portfolio": statistics.median(seconds for seconds, _ in looked), "prepare": prepared, "issue": issued,
        "print": printed, "notices": issued + printed,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=4)
    parser.add_argument("--notices", type=int, default=5_000)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    from caudal.kernel import server

    server.ensure_running()
    server.ensure_database(name=DATABASE)
    os.environ["CAUDAL_DATABASE"] = DATABASE
    import django

    django.setup()
    try:
        make_town(asked.accounts)
        make_debts(asked.accounts, asked.months)
        seconds = measure(asked.notices)
    finally:
        if not asked.keep:
            drop(DATABASE)
    for name, value in seconds.items():
        goal = GOALS.get(name)
        print(f"{name:<10} {value:8.2f} s" + (f"  (goal {goal:g} s)" if goal else ""))
    return int(any(seconds[name] > goal for name, goal in GOALS.items()))


if __name__ == "__main__":
    sys.exit(main())
