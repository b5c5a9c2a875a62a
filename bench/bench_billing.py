"""A month billed, issued, posted and keyed, beside its floor: reading the same inputs and a raw COPY of the same rows.

    .venv/bin/python bench/bench_billing.py [--accounts 1000000] [--rounds 3] [--town] [--linear] [--keep]

Makes a database of its own (`caudal_bench_billing`) on the configured server, or on the embedded one, fills it with
so many accounts by SQL, and bills a month through the public verbs; then the very rows are copied back raw into the
same partitioned tables, with the same keys and references, after reading the same inputs. Rounds are interleaved, and
each runs in a process of its own, so that peak memory is the run's. Goals: 1,000,000 accounts in 15 s, at most 1.25 ×
the floor, 1.5 GB; a town of 12,000 in 1 s; a million at most 12 × a hundred thousand.
"""

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from measuring import drop, timed  # noqa: E402 - after the path of the sources

DATABASE = "caudal_bench_billing"
AT = datetime(2018, 12, 20, 9, tzinfo=ZoneInfo("America/Mexico_City"))
FIRST_PERIOD = 201901
TOWN = 12_000

# what the registry's own pages need and no run looks at: left out, or filling takes longer than all that is measured
LIGHTEN = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT conrelid::regclass AS made_on, conname FROM pg_constraint
             WHERE contype IN ('f', 'x') AND coninhcount = 0 AND conrelid::regclass::text IN
             ('registry_serviceagreement', 'registry_servicepoint', 'registry_premise', 'registry_benefit') LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.made_on, c.conname);
    END LOOP;
END $$;
ALTER TABLE registry_serviceagreement DISABLE TRIGGER search_insert;
"""
# 70 % metered with 4 to 40 m³, one in 97 far above its mean; 5 % with a benefit; one in four owes an older month
FILL = """
INSERT INTO registry_billingcycle (id, code, name, months) OVERRIDING SYSTEM VALUE VALUES (1, 'M', 'Mensual', 1);
INSERT INTO registry_locality (id, code, name, is_municipal_seat) OVERRIDING SYSTEM VALUE
    VALUES (1, '001', 'LA BARCA', true);
INSERT INTO registry_route (id, code, sector, name, cycle_id) OVERRIDING SYSTEM VALUE
    SELECT n, lpad(n::text, 6, '0'), '01', '', 1 FROM generate_series(1, %(accounts)s / 400 + 1) n;
INSERT INTO registry_premise (id, address, locality_id, cadastral_key, lot_area_m2) OVERRIDING SYSTEM VALUE
    SELECT n, 'Hidalgo ' || n, 1, '', 0 FROM generate_series(1, %(accounts)s) n;
INSERT INTO registry_servicepoint (id, premise_id, route_id, walk_sequence, connection_diameter_mm, has_sewerage)
    OVERRIDING SYSTEM VALUE SELECT n, n, 1 + (n - 1) / 400, n %% 400, 13, n %% 20 <> 0
    FROM generate_series(1, %(accounts)s) n;
INSERT INTO registry_account (id, number, opened_on) OVERRIDING SYSTEM VALUE
    SELECT n, lpad(n::text, 8, '0'), '2010-01-01' FROM generate_series(1, %(accounts)s) n;
INSERT INTO registry_serviceagreement (account_id, service_point_id, tariff_class_id, is_metered, effective_from, reason)
    SELECT n, n, c.id, n %% 10 < 7, '2010-01-01', '' FROM generate_series(1, %(accounts)s) n
    JOIN registry_tariffclass c ON c.code = CASE n %% 20 WHEN 3 THEN 'COM-SEC' WHEN 7 THEN 'COM-ALT' WHEN 11 THEN 'PUB'
        WHEN 13 THEN 'MIX-COM' WHEN 17 THEN 'IND' WHEN 19 THEN 'HOT' ELSE 'HAB-GEN' END;
INSERT INTO registry_benefit (account_id, category, effective_from, evidence, granted_by)
    SELECT n, 'pensioner', '2015-01-01', '', '' FROM generate_series(1, %(accounts)s, 20) n;
INSERT INTO ledger_periodbalance (period, account_id, due_on, open_principal_cents, open_accessory_cents,
    surcharged_months) SELECT 201811, n, '2018-12-15', 12345, 0, 0 FROM generate_series(1, %(accounts)s, 4) n;
"""
CONSUMPTION = """
INSERT INTO metering_consumption (period, service_point_id, installation_id, basis, consumption_m3, days,
    previous_reading, current_reading, previous_on, current_on, exception_code, mean_m3, doubts, estimated_periods)
SELECT %(period)s, n, n, 1, m3, 30, 1000, 1000 + m3, %(on)s - 30, %(on)s, 0, 22, 0, 0
FROM (SELECT n, 4 + (n::bigint * 7907 %% 37)::int + CASE WHEN n %% 97 = 0 THEN 60 ELSE 0 END AS m3
      FROM generate_series(1, %(accounts)s) n WHERE n %% 10 < 7) read
"""
PARENTS = ("billing_bill", "ledger_charge", "ledger_periodbalance")


def as_owner(*statements: str) -> None:
    """What only the owner of the tables may do; the run itself never enters as the owner."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def make_town(accounts: int, periods: list[int]) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    from caudal.kernel import partitions
    from caudal.tariffs import commands, queries

    call_command("migrate", database="owner", verbosity=0)
    as_owner(LIGHTEN)
    book = commands.load_book(body=queries.shipped_text(code="la-barca-demo-2019"), by="bench", at=AT)
    commands.publish_book(book=book, by="manager", at=AT)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        partitions.ensure(parent="ledger_periodbalance", period=201811)
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"accounts": accounts})
        for period in periods:
            partitions.ensure(parent="metering_consumption", period=period)
            on = date(period // 100, period % 100, 25)
            cursor.execute(CONSUMPTION, {"accounts": accounts, "period": period, "on": on})
    # a registry that grew over years has been vacuumed and analyzed long ago
    as_owner("VACUUM ANALYZE", "CHECKPOINT" if _may_checkpoint() else "SELECT 1")


def _may_checkpoint() -> bool:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_has_role('pg_checkpoint', 'MEMBER')")
        return bool(cursor.fetchone()[0])


def in_a_process(work: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    """Do one measurement in a process of its own → its figures and its peak memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, args))


def _measured(work: Callable[..., dict[str, Any]], args: tuple[Any, ...]) -> dict[str, Any]:
    prepare_django()
    figures = work(*args)
    return figures | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def prepare_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    import django

    django.setup()


def open_month(period: int) -> Any:
    from caudal.billing import commands
    from caudal.registry.models import BillingCycle

    year, month = divmod(period, 100)
    issued_on = date(year + month // 12, month % 12 + 1, 1)
    cycle = BillingCycle.objects.get(code="M")
    return commands.open_run(cycle=cycle, period=period, issued_on=issued_on, by="bench", at=AT)


def run_month(period: int) -> dict[str, Any]:
    """Compute, review and issue through the public verbs."""
    from caudal.billing import commands

    run = open_month(period)
    compute, run = timed(lambda: commands.compute(run=run, by="bench", at=AT))
    review, run = timed(lambda: commands.review(run=run, by="bench", at=AT))
    issue, run = timed(lambda: commands.issue(run=run, by="manager", at=AT))
    figures = {name: run.summary[name] for name in ("bills", "held_bills", "unbilled_accounts")}
    return figures | {"compute": compute, "review": review, "issue": issue, "whole": compute + review + issue}


def keep_rows(period: int, folder: Path) -> dict[str, Any]:
    """Lay the rows of an issued month on disk, as COPY gives them, for its floor."""
    from django.db import connection

    for parent in PARENTS:
        with connection.cursor() as cursor, (folder / parent).open("wb") as file:
            cursor.execute("SET statement_timeout = 0")
            with cursor.copy(f"COPY {parent}_{period} TO STDOUT (FORMAT binary)") as copy:
                for part in copy:
                    file.write(part)
    return {"bytes": sum((folder / parent).stat().st_size for parent in PARENTS)}


def floor(period: int, folder: Path) -> dict[str, Any]:
    """Read the inputs of the month, copy its rows raw, and attach them under the same keys and references."""
    from django.db import connection, transaction

    from caudal.billing import running
    from caudal.billing.loading import Inputs
    from caudal.billing.models import BillingRun
    from caudal.kernel import partitions

    run = BillingRun.objects.select_related("cycle", "book").get(period=period)
    read, _ = timed(lambda: Inputs.read(run=run))

    def copy_all() -> None:
        with transaction.atomic():
            running.patiently()
            for parent in PARENTS:
                table = partitions.open_detached(parent=parent, period=period, tag="floor")
                with (
                    connection.cursor() as cursor,
                    (folder / parent).open("rb") as file,
                    cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy,
                ):
                    while part := file.read(1 << 20):
                        copy.write(part)

    def key_all() -> None:
        with transaction.atomic():
            running.patiently()
            for parent in PARENTS:
                partitions.attach(parent=parent, period=period, tag="floor")

    copied, _ = timed(copy_all)
    keyed, _ = timed(key_all)
    return {"read": read, "copy": copied, "key": keyed, "whole": read + copied + keyed}


def forget(period: int) -> None:
    """Drop a month's partitions, so that the next round finds the debts and bills that the first one found."""
    as_owner(*(f"DROP TABLE {parent}_{period}" for parent in PARENTS))


def one_round(period: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        whole = in_a_process(run_month, period)
        in_a_process(keep_rows, period, Path(folder))
        forget(period)
        least = in_a_process(floor, period, Path(folder))
        forget(period)
    return {"run": whole, "floor": least, "ratio": whole["whole"] / least["whole"]}


def measure(accounts: int, rounds: int, *, keep: bool) -> dict[str, Any]:
    """Fill a database and bill so many months → medians, each beside its own floor."""
    from caudal.kernel import server

    drop(DATABASE)
    server.ensure_database(name=DATABASE)
    periods = [FIRST_PERIOD + 2 * number for number in range(rounds)]
    make_town(accounts, periods)
    results = []
    for period in periods:
        result = one_round(period)
        results.append(result)
        run, least = result["run"], result["floor"]
        print(
            f"{accounts:>9,} accounts: {run['whole']:6.2f} s (compute and store {run['compute']:.2f}, review"
            f" {run['review']:.2f}, issue {run['issue']:.2f}); floor {least['whole']:.2f} s (read {least['read']:.2f},"
            f" copy {least['copy']:.2f}, key {least['key']:.2f}); {result['ratio']:.2f} ×; peak {run['peak_mb']} MB;"
            f" {run['bills']:,} bills, {run['held_bills']:,} held",
            flush=True,
        )
    if not keep:
        drop(DATABASE)
    return {
        "accounts": accounts,
        "seconds": statistics.median(each["run"]["whole"] for each in results),
        "ratio": statistics.median(each["ratio"] for each in results),
        "peak_mb": max(each["run"]["peak_mb"] for each in results),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--town", action="store_true", help="only a town of 12,000")
    parser.add_argument(
        "--linear", action="store_true", help="a tenth of the accounts first, and how time grows"
    )
    parser.add_argument("--keep", action="store_true", help="leave the database for a look")
    asked = parser.parse_args()
    from caudal.kernel import server

    server.ensure_running()
    os.environ["CAUDAL_DATABASE"] = DATABASE
    prepare_django()
    accounts = TOWN if asked.town else asked.accounts
    tenth = measure(accounts // 10, asked.rounds, keep=False) if asked.linear else None
    found = measure(accounts, asked.rounds, keep=asked.keep)
    goals = {
        "seconds": (found["seconds"], 1.0 if asked.town else 15.0 * max(accounts, 100_000) / 1_000_000),
        "ratio": (found["ratio"], None if asked.town else 1.25),
        "peak_mb": (found["peak_mb"], 1536),
    }
    if tenth:
        goals["growth"] = (found["seconds"] / tenth["seconds"], 12)
    print(json.dumps({name: round(value, 3) for name, (value, _) in goals.items()} | {"accounts": accounts}))
    missed = [name for name, (value, goal) in goals.items() if goal is not None and value > goal]
    print("goals met" if not missed else f"MISSED: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
