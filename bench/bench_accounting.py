"""The pages of accounting of a whole town, beside their floor: raw sums of the same tables, in the same run.

    .venv/bin/python bench/bench_accounting.py [--accounts 12000] [--months 4] [--tries 20] [--keep]

Makes a database of its own (`caudal_bench_accounting`) with the town of `bench_board.py`: half of the accounts in
debt, and a bank's file in which half of those pay (3,000 payments of 12,000 accounts). Opens as the manager, so many
times each, the light, the month and the day three ways, the registers, the revenue, the lists of debt. Goals for any
page: the slowest of twenty but one in 150 ms, 30 questions or fewer.
"""

import argparse
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from bench_board import NOW, floor, opened, pay_half  # noqa: E402 - after the path of the sources
from bench_campaigns import make_debts  # noqa: E402
from bench_whatif import make_town  # noqa: E402
from measuring import drop, enter  # noqa: E402

DATABASE = "caudal_bench_accounting"
GOAL_SECONDS, GOAL_QUESTIONS = 0.150, 30
MONTH = "desde=2019-03-01&hasta=2019-03-31"
PAGES = (
    "/semaforo/",
    "/contabilidad/",
    "/contabilidad/meses/201903/",
    "/contabilidad/dias/2019-03-05/",
    f"/contabilidad/polizas/?{MONTH}",
    f"/contabilidad/ingresos/?{MONTH}",
    "/listados/overdue/",
    "/listados/overdue_periods/",
)


def registers() -> list[str]:
    """The page of every register, of the month of the payments."""
    from caudal.accounting.registers import REGISTERS

    return [f"/contabilidad/registros/{each.code}/?{MONTH}" for each in REGISTERS]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=4)
    parser.add_argument("--tries", type=int, default=20)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    enter(database=DATABASE, now=NOW)
    try:
        make_town(asked.accounts)
        make_debts(asked.accounts, asked.months)
        print(f"a file of {pay_half(asked.accounts):,} payments")
        raw = floor()
        found = {path: opened(path, asked.tries) for path in (*PAGES, *registers())}
    finally:
        if not asked.keep:
            drop(DATABASE)
    print(f"raw sums {raw * 1000:.0f} ms")
    slow = 0
    for path, (seconds, questions) in found.items():
        late = seconds[max(len(seconds) * 19 // 20 - 1, 0)]
        slow += late > GOAL_SECONDS or questions > GOAL_QUESTIONS
        print(
            f"{path:70}{statistics.median(seconds) * 1000:6.0f} ms (best {seconds[0] * 1000:.0f}, p95 {late * 1000:.0f}), "
            f"{questions:3} questions; {statistics.median(seconds) / raw:5.1f} × raw"
        )
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
