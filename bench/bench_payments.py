"""Payments at the window, beside a floor of raw transactions in the same run, on a durable server of its own.

    .venv/bin/python bench/bench_payments.py [--payments 600] [--accounts 4000] [--profile payments.txt] [--keep]

Makes a server in a temporary folder (fsync, synchronous_commit and full_page_writes on), accounts that owe three late
months of three concepts, and takes payments through the public verb: one process and two; eight tills as threads of
one process; thirty-two cashiers on one account. The floor is what no program can do without: four rows and a commit.
Afterwards everything is derived again, and any finding fails the run. Goals: 100 payments/s on 2 cores; 8 tills p99
100 ms; 32 on one account p99 1.5 s.
"""

import argparse
import json
import math
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
ON = date(2019, 4, 10)
AT = datetime(2019, 4, 10, 11, tzinfo=ZoneInfo("America/Mexico_City"))
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
SPAWN = multiprocessing.get_context("spawn")
Latencies = list[float]

# three months of water, sewerage and treatment, due on the 20th; the journal has what a run would have posted
FILL = """
INSERT INTO registry_account (id, number, opened_on) OVERRIDING SYSTEM VALUE
    SELECT n, lpad(n::text, 8, '0'), '2010-01-01' FROM generate_series(1, %(accounts)s) n;
INSERT INTO ledger_charge (period, account_id, document_kind, sequence, concept_id, reduces_id, due_on, amount_cents,
                           vat_cents, base_cents, working_id)
    SELECT period, n, 1, 1, concept, 0, to_date((period * 100 + 20)::text, 'YYYYMMDD'),
           (ARRAY[8000, 2400, 400])[concept] + n %% 97, 0, 0, 0
    FROM generate_series(1, %(accounts)s) n, unnest(ARRAY[201901, 201902, 201903]) period, generate_series(1, 3) concept;
INSERT INTO ledger_periodbalance (period, account_id, due_on, open_principal_cents, open_accessory_cents,
                                  surcharged_months)
    SELECT period, account_id, max(due_on), sum(amount_cents), 0, 0 FROM ledger_charge GROUP BY 1, 2;
INSERT INTO ledger_journalentry ("on", kind, document, description, recorded_at, recorded_by)
    SELECT DISTINCT '2019-03-01'::date, 'billing.bench', 'run:' || concept_id, '', now(), '' FROM ledger_charge;
INSERT INTO ledger_journalline (entry_id, ledger_account_id, concept_id, amount_cents)
    SELECT entry.id, side.account, concept.id, side.sign * charged.cents
    FROM (SELECT concept_id, sum(amount_cents) AS cents FROM ledger_charge GROUP BY 1) charged
    JOIN ledger_concept concept ON concept.id = charged.concept_id
    JOIN ledger_journalentry entry ON entry.document = 'run:' || concept.id
    CROSS JOIN LATERAL (VALUES (concept.receivable_account, 1), (concept.revenue_account, -1)) side (account, sign);
CREATE TABLE bench_counter (id integer PRIMARY KEY, number bigint);
INSERT INTO bench_counter SELECT n, 0 FROM generate_series(1, 64) n;
CREATE TABLE bench_row (id bigserial PRIMARY KEY, owner integer, number bigint, cents bigint, words text);
GRANT ALL ON bench_counter, bench_row, bench_row_id_seq TO PUBLIC
"""


def prepare_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    import django

    django.setup()


def fill(accounts: int, tills: int) -> None:
    """A migrated database, the books of 2018 and 2019, debts, and an open session at each till."""
    from django.core.management import call_command
    from django.db import connections, transaction

    from caudal.cashier import commands as cashier
    from caudal.kernel import partitions
    from caudal.tariffs import commands, queries

    call_command("migrate", database="owner", verbosity=0)
    for code in ("la-barca-demo-2018", "la-barca-demo-2019"):
        book = commands.load_book(body=queries.shipped_text(code=code), by="bench", at=AT)
        commands.publish_book(book=book, by="manager", at=AT)
    with transaction.atomic():
        for parent in ("ledger_charge", "ledger_periodbalance"):
            for period in (201901, 201902, 201903):
                partitions.ensure(parent=parent, period=period)
    with connections["owner"].cursor() as cursor:
        for statement in FILL.split(";\n"):
            cursor.execute(statement, {"accounts": accounts})
        cursor.execute("VACUUM ANALYZE")
    for number in range(1, tills + 1):
        till = cashier.open_till(
            code=f"{number}", name=f"Caja {number}", series=f"T{number}", at=AT, by="bench"
        )
        cashier.open_session(till=till, cashier=f"cashier{number}", pieces={"10000": 5}, at=AT)


# -- hands: each does one thing so many times and says how long each took


def payer(till: int, accounts: Sequence[int], seed: int) -> Callable[[], Any]:
    """Take a payment of $50 to $600 at a till, from somebody drawn from these accounts."""
    from caudal.cashier import commands as cashier
    from caudal.cashier import queries
    from caudal.registry.models import Account

    chance, by = random.Random(seed), f"cashier{till}"
    session = queries.live_session(cashier=by)
    known = {account.pk: account for account in Account.objects.filter(id__in=set(accounts))}

    def pay() -> Any:
        account, cents = known[chance.choice(accounts)], chance.randrange(5_000, 60_000)
        return cashier.take_payment(
            session=session,
            parts=[cashier.AccountPart(account, cents)],
            tenders=[cashier.TenderPart("cash", cents)],
            at=AT,
            by=by,
            key=uuid.uuid4(),
        )

    return pay


def raw(till: int, accounts: Sequence[int], seed: int) -> Callable[[], Any]:
    """The floor: move a counter, write three rows, commit."""
    import psycopg

    from caudal.kernel import server

    session = psycopg.connect(server.connection().url(), autocommit=False)

    def transact() -> Any:
        [number] = session.execute(
            "UPDATE bench_counter SET number = number + 1 WHERE id = %s RETURNING number", [till]
        ).fetchone()
        session.execute(
            "INSERT INTO bench_row (owner, number, cents, words) SELECT %s, %s, n, 'pago' FROM generate_series(1, 3) n",
            [till, number],
        )
        session.commit()

    return transact


def hands(
    make: Callable[..., Callable[[], Any]], jobs: list[tuple[int, Sequence[int], int]], n: int
) -> Latencies:
    """So many hands as threads of this process, begun together, each n times → seconds of each act."""
    from django.db import connection

    gate = threading.Barrier(len(jobs))

    def work(job: tuple[int, Sequence[int], int]) -> Latencies:
        took = []
        try:
            act = make(*job)
            act()  # statements are prepared, books are read
            gate.wait(60)
            for _ in range(n):
                started = time.perf_counter()
                act()
                took.append(time.perf_counter() - started)
        finally:
            connection.close()
            if len(took) < n:
                gate.abort()
        return took

    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(work, job) for job in jobs]
    failures = [future.exception() for future in futures if future.exception()]
    if failures:
        # whoever only waited at the gate fails too; who broke it says why
        raise next(
            (each for each in failures if not isinstance(each, threading.BrokenBarrierError)), failures[0]
        )
    return [each for future in futures for each in future.result()]


def _in_process(
    gate: Any, make: Callable[..., Callable[[], Any]], job: tuple[int, Sequence[int], int], n: int
) -> Any:
    prepare_django()
    act = make(*job)
    for _ in range(20):
        act()
    gate.wait(60)
    started, worked = time.time(), time.process_time()
    took = []
    for _ in range(n):
        begun = time.perf_counter()
        act()
        took.append(time.perf_counter() - begun)
    return started, time.time(), time.process_time() - worked, took


def processes(
    make: Callable[..., Callable[[], Any]], jobs: list[tuple[int, Sequence[int], int]], n: int
) -> dict:
    """So many processes of one hand each → acts per second, together, and their latencies."""
    with SPAWN.Manager() as manager, SPAWN.Pool(len(jobs)) as pool:
        gate = manager.Barrier(len(jobs))
        done = pool.starmap(_in_process, [(gate, make, job, n) for job in jobs], chunksize=1)
    seconds = max(end for _, end, _, _ in done) - min(start for start, *_ in done)
    worked = sum(cpu for _, _, cpu, _ in done)
    took = [each for *_, latencies in done for each in latencies]
    return {"per_second": len(took) / seconds, "cpu_ms": 1000 * worked / len(took)} | spread(took)


def threads(
    make: Callable[..., Callable[[], Any]], jobs: list[tuple[int, Sequence[int], int]], n: int
) -> dict:
    started, worked = time.perf_counter(), time.process_time()
    took = hands(make, jobs, n)
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    return {"per_second": len(took) / seconds, "cpu_ms": 1000 * worked / len(took)} | spread(took)


def spread(took: Latencies) -> dict[str, float]:
    """Milliseconds within which half, 99 in 100, and all of the acts ended."""
    ordered = sorted(took)
    at = lambda part: 1000 * ordered[min(len(ordered) - 1, math.ceil(part * len(ordered)) - 1)]  # noqa: E731
    return {"p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1)}


def profile(path: Path, n: int) -> None:
    """Where the time of one till goes: functions of this process, and statements by their number."""
    import cProfile
    import pstats

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    act = payer(3, range(1, 1_000), 77)
    for _ in range(20):
        act()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(n):
        act()
    profiler.disable()
    with CaptureQueriesContext(connection) as captured:
        act()
    with path.open("w") as file:
        stats = pstats.Stats(profiler, stream=file)
        for order in ("tottime", "cumulative"):
            stats.sort_stats(order).print_stats(45)
        print(f"{len(captured)} statements in one payment:", file=file)
        for query in captured:
            print(f"  {query['time']}  {' '.join(query['sql'].split())[:160]}", file=file)
    connection.close()


def disagreements() -> list[str]:
    from caudal.cashier import checks as cashier_checks
    from caudal.kernel import checks as kernel_checks
    from caudal.ledger import checks as ledger_checks

    checks = [*kernel_checks.CHECKS, *ledger_checks.CHECKS, *cashier_checks.CHECKS]
    return [finding for check in checks for finding in check.find()]


def measure(accounts: int, n: int) -> dict[str, dict[str, float]]:
    """Interleaved: a floor beside each figure."""
    all_of_them = range(1, accounts + 1)
    one = [(1, all_of_them, 1)]
    two = [(till, all_of_them, till) for till in (1, 2)]
    eight = [(till, all_of_them, till) for till in range(1, 9)]
    crowd = [(till, [accounts], till) for till in range(1, 33)]
    figures: dict[str, dict[str, float]] = {}
    for name, how, make, jobs, times in (
        ("floor, 1 process", processes, raw, one, n),
        ("1 process", processes, payer, one, n),
        ("floor, 2 processes", processes, raw, two, n),
        ("2 processes", processes, payer, two, n),
        ("floor, 8 tills", threads, raw, eight, n // 8),
        ("8 tills", threads, payer, eight, n // 4),
        ("32 on one account", threads, payer, crowd, n // 16),
    ):
        figures[name] = how(make, jobs, max(times, 1))
        print(
            f"{name:<20} {figures[name]['per_second']:8.0f} /s   p50 {figures[name]['p50_ms']:7.1f} ms"
            f"   p99 {figures[name]['p99_ms']:7.1f} ms   max {figures[name]['max_ms']:7.1f} ms"
            f"   client CPU {figures[name]['cpu_ms']:5.2f} ms",
            flush=True,
        )
    return figures


def run(asked: argparse.Namespace) -> int:
    from django.db import connection

    prepare_django()
    fill(asked.accounts, tills=32)
    with connection.cursor() as cursor:
        for setting in DURABLE:
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == ("on",), f"{setting} is off: these figures would mean nothing"
    connection.close()
    if asked.profile:
        profile(asked.profile, asked.payments)
    figures = measure(asked.accounts, asked.payments)
    findings = disagreements()
    print("\n".join(findings) if findings else "everything agrees")
    goals = {
        "payments_per_second": (figures["2 processes"]["per_second"], 100, 1),
        "eight_tills_p99_ms": (figures["8 tills"]["p99_ms"], 100, -1),
        "one_account_p99_ms": (figures["32 on one account"]["p99_ms"], 1500, -1),
    }
    ratios = {
        "one_process_of_floor": figures["1 process"]["per_second"]
        / figures["floor, 1 process"]["per_second"],
        "two_processes_of_floor": figures["2 processes"]["per_second"]
        / figures["floor, 2 processes"]["per_second"],
    }
    print(json.dumps({name: round(value, 2) for name, value in ratios.items()}
                     | {name: round(value, 1) for name, (value, _, _) in goals.items()}))  # fmt: skip
    missed = [name for name, (value, goal, better) in goals.items() if (value - goal) * better < 0]
    print("goals met" if not missed else f"MISSED: {', '.join(missed)}")
    return 1 if missed or findings else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--payments", type=int, default=600, help="of each process")
    parser.add_argument("--accounts", type=int, default=4_000)
    parser.add_argument(
        "--profile", type=Path, help="where to write what a payment costs, function by function"
    )
    parser.add_argument("--keep", action="store_true", help="leave the server running for a look")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="caudal-bench-"))
    folder.chmod(0o755)
    os.environ["CAUDAL_HOME"] = str(folder / "home")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "CAUDAL_DATABASE", "CAUDAL_TEST_DB"):
        os.environ.pop(name, None)
    from caudal.kernel import server

    cluster = server.Cluster(folder / "home")
    try:
        cluster.ensure_running()
        return run(asked)
    finally:
        if not asked.keep:
            cluster.stop()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
