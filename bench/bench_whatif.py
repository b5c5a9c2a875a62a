"""A whole registry under two tariff books, beside the reading of its inputs in the same run.

    .venv/bin/python bench/bench_whatif.py [--accounts 12000] [--keep]

Makes a database of its own (`caudal_bench_whatif`) on the configured server, or on the embedded one, fills it with
so many accounts of all classes and three months of consumption, and compares the demonstration books of 2019 and
2026 three times. Goals: 12,000 accounts in 1 s, 1,000,000 in 10 s.
"""

import argparse
import os
import resource
import statistics
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from measuring import drop, timed  # noqa: E402 - after the path of the sources

DATABASE = "caudal_bench_whatif"
ON = date(2019, 1, 15)
AT = datetime(2018, 12, 20, 9, tzinfo=ZoneInfo("America/Mexico_City"))
GOALS = {12_000: 1.0, 1_000_000: 10.0}

# account n: one in four flat; a vacant lot in forty; one in nine in the localities; one in twelve with a benefit
FILL = """
INSERT INTO registry_billingcycle (code, name, months) VALUES ('M', 'Mensual', 1);
INSERT INTO registry_route (code, sector, name, cycle_id) SELECT '01-001', '01', '', id FROM registry_billingcycle;
INSERT INTO registry_locality (code, name, is_municipal_seat) VALUES
    ('001', 'LA BARCA', true), ('002', 'EL CARMEN', false), ('003', 'ZALAMEA', false);
CREATE TEMPORARY TABLE town AS SELECT n,
    CASE WHEN n %% 40 = 0 THEN 'BALDIO' WHEN n %% 11 = 0 THEN 'COM-SEC' WHEN n %% 97 = 0 THEN 'HOT'
         WHEN n %% 53 = 0 THEN 'PUB' WHEN n %% 5 = 0 THEN 'HAB-MIN' ELSE 'HAB-GEN' END AS class,
    n %% 40 <> 0 AND n %% 4 <> 0 AS is_metered
    FROM generate_series(1, %(accounts)s) n;
INSERT INTO registry_account (id, number, opened_on) OVERRIDING SYSTEM VALUE
    SELECT n, lpad(n::text, 7, '0'), '2010-01-01' FROM town;
INSERT INTO registry_premise (id, address, locality_id, cadastral_key, lot_area_m2) OVERRIDING SYSTEM VALUE
    SELECT n, 'Hidalgo ' || n, l.id, '', CASE WHEN n %% 40 = 0 THEN 120 + n %% 900 ELSE 0 END
      FROM town JOIN registry_locality l ON l.code = CASE WHEN n %% 18 = 0 THEN '002' WHEN n %% 19 = 0 THEN '003' ELSE '001' END;
INSERT INTO registry_servicepoint (id, premise_id, route_id, walk_sequence, connection_diameter_mm, has_sewerage)
    OVERRIDING SYSTEM VALUE SELECT n, n, (SELECT min(id) FROM registry_route), n, 13, true FROM town;
INSERT INTO registry_serviceagreement
    (account_id, service_point_id, tariff_class_id, is_metered, effective_from, reason)
    SELECT n, n, c.id, town.is_metered, '2010-01-01', '' FROM town JOIN registry_tariffclass c ON c.code = town.class;
INSERT INTO registry_benefit (account_id, category, effective_from, evidence, granted_by)
    SELECT n, (ARRAY['pensioner', 'disabled', 'widowed', 'senior'])[1 + n %% 4], '2015-01-01', '', '' FROM town
     WHERE n %% 12 = 0;
"""
CONSUMPTION = """
INSERT INTO metering_consumption (period, service_point_id, installation_id, basis, consumption_m3, days,
    previous_reading, current_reading, previous_on, current_on, exception_code, mean_m3, doubts, estimated_periods)
SELECT %(period)s, n, n, 1, (n * 7 + %(period)s) %% 47 + CASE WHEN n %% 101 = 0 THEN 300 ELSE 0 END, 30, 0, 0,
       '2018-12-01', '2018-12-31', 0, -1, 0, 0 FROM town WHERE is_metered
"""


def make_town(accounts: int) -> None:
    from django.core.management import call_command
    from django.db import connection, connections, transaction

    from caudal.kernel import partitions
    from caudal.tariffs import commands, queries

    call_command("migrate", database="owner", verbosity=0)
    for code in ("la-barca-demo-2019", "la-barca-demo-2026"):
        commands.load_book(body=queries.shipped_text(code=code), by="bench", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_account")
        if cursor.fetchone()[0] == accounts:
            return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"accounts": accounts})
        for period in (201810, 201811, 201812):
            partitions.ensure(parent="metering_consumption", period=period)
            cursor.execute(CONSUMPTION, {"period": period})
    # a registry that grew over years has been analyzed long ago; only the owner of a table may ask for it
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(accounts: int) -> int:
    from caudal.tariffs import loading, queries

    first, second = (queries.book_by_code(code=f"la-barca-demo-{year}") for year in (2019, 2026))
    reads, wholes = [], []
    for _ in range(3):
        seconds, facts = timed(lambda: loading.facts(on=ON))
        assert len(facts) == accounts
        reads.append(seconds)
        seconds, found = timed(lambda: queries.compare(first=first, second=second, on=ON))
        wholes.append(seconds)
    read, whole = statistics.median(reads), statistics.median(wholes)
    priced = sum(each.accounts for each in found.by_class)
    assert priced + found.without_reading + found.without_price[0] == accounts
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{accounts:,} accounts, {priced:,} compared; revenue {found.first_cents:,} → {found.second_cents:,} centavos"
    )
    print(f"read {read:.2f} s, compare {whole:.2f} s = {whole / read:.2f} × reading; peak {peak} MB")
    goal = GOALS.get(accounts)
    if goal is None:
        return 0
    print(f"goal {goal:.0f} s: {'met' if whole <= goal else 'MISSED'}")
    return 0 if whole <= goal else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=12_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for another run")
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
        return measure(asked.accounts)
    finally:
        if not asked.keep:
            drop(DATABASE)


if __name__ == "__main__":
    sys.exit(main())
