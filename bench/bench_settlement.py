"""A bank's file posted, beside its floor: a raw COPY of the very rows it wrote, in the same run.

    .venv/bin/python bench/bench_settlement.py [--payments 100000] [--example bbva-cie] [--rounds 3] [--keep]

Makes a database of its own (`caudal_bench_settlement`) on the configured server, or on the embedded one, with so many
accounts that owe two late months. The simulator writes a file in which each of them pays what it owes; it is loaded
whole: read, checked digit by digit, applied in the order of the book with its surcharges, folios, seals, journal.
The floor copies every row that this wrote into empty copies of the same tables with their keys, indexes and
references: what it added, counted table by table, and the open balances that it changed, because a row changed is
written whole again (with their key; their references are not looked at again, neither here nor there). A handful of
rows is left out: the file, its mark in the record of acts, the journal's text. Goal: the file at half the speed of the
floor, or faster.
"""

import argparse
import os
import statistics
import sys
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
from measuring import drop, timed  # noqa: E402 - after the path of the sources

DATABASE = "caudal_bench_settlement"
ON = date(2019, 3, 5)
AT = datetime(2019, 3, 5, 18, tzinfo=ZoneInfo("America/Mexico_City"))
GOAL = 0.5
# every table that posting a payment adds rows to; the parents of partitions stand for their partitions
TABLES = (
    "kernel_folio", "cashier_settlementfile", "cashier_settlementline", "cashier_receipt", "cashier_payment",
    "cashier_paymentstanding", "cashier_tender", "ledger_credit", "ledger_allocation", "ledger_charge",
    "ledger_creditbalance", "ledger_journalentry", "ledger_journalline",
)  # fmt: skip
CHANGED = ("ledger_periodbalance",)
# what was there before the load is not of the load: the debts are bills, what it charges are surcharges
WRITTEN = {"ledger_charge": "WHERE document_kind = 2", "kernel_folio": "WHERE series = 'B'"}
FILL = """
INSERT INTO registry_account (id, number, opened_on) OVERRIDING SYSTEM VALUE
    SELECT n, lpad(n::text, 7, '0'), '2010-01-01' FROM generate_series(1, %(accounts)s) n;
INSERT INTO ledger_charge (period, account_id, document_kind, sequence, concept_id, reduces_id, due_on, amount_cents,
                           vat_cents, base_cents, working_id)
    SELECT period, n, 1, 0, concept, 0, due, 5000 + (n * 37 + concept) %% 20000, 0, 0, 0
    FROM generate_series(1, %(accounts)s) n, unnest(ARRAY[1, 3, 4]) concept,
         (VALUES (201901, date '2019-01-20'), (201902, date '2019-02-20')) month (period, due);
INSERT INTO ledger_periodbalance (period, account_id, due_on, open_principal_cents, open_accessory_cents, surcharged_months)
    SELECT period, account_id, min(due_on), sum(amount_cents), 0, 0 FROM ledger_charge GROUP BY 1, 2
"""


def fill(accounts: int) -> None:
    from django.core.management import call_command
    from django.db import connection, connections, transaction

    from caudal.kernel import partitions
    from caudal.tariffs import commands, queries

    call_command("migrate", database="owner", verbosity=0)
    body = queries.shipped_text(code="la-barca-demo-2019")
    commands.publish_book(book=commands.load_book(body=body, by="bench", at=AT), by="manager", at=AT)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for parent in ("ledger_charge", "ledger_periodbalance"):
            for period in (201901, 201902):
                partitions.ensure(parent=parent, period=period)
        for statement in FILL.split(";\n"):
            cursor.execute(statement, {"accounts": accounts})
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def bank_file(example: str, accounts: int, seed: int) -> tuple[Any, bytes]:
    """A channel, and a file in which every account pays what it owes today."""
    from caudal.cashier import commands
    from caudal.cashier.channels import examples, layout, loading, simulator
    from caudal.cashier.models import PaymentChannel

    found = layout.from_toml(text=examples.text(name=example))
    channel = PaymentChannel.objects.filter(code=example).first() or commands.open_channel(
        code=example, name=example, series="B", layout=found.document, at=AT, by="bench"
    )
    rows = simulator.rows(layout=found, debts=loading.debts(most=accounts), on=ON, chance=Random(seed))
    return channel, simulator.written(layout=found, rows=rows)


def marks() -> dict[str, int]:
    """How many rows each table has."""
    from django.db import connection

    with connection.cursor() as cursor:
        counts = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    return counts


def floor() -> tuple[dict[str, float], dict[str, int]]:
    """Copy what the load wrote, table by table, into empty copies: with keys and indexes; and with references too.
    Gives the seconds of each, and the rows of each table."""
    from django.db import connections

    seconds, rows = {"keys": 0.0, "references": 0.0}, {}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; DROP SCHEMA IF EXISTS floor CASCADE; CREATE SCHEMA floor")
        for table in (*TABLES, *CHANGED):
            body = b"".join(copied_out(cursor, table))
            for kind in seconds:
                name = f"floor.{kind}_{table}"
                cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
                if kind == "references" and table not in CHANGED:
                    refer(cursor, table, name)
                took, rows[table] = timed(lambda name=name, body=body: copied_in(cursor, name, body))
                seconds[kind] += took
        cursor.execute("DROP SCHEMA floor CASCADE")
    return seconds, rows


def copied_out(cursor: Any, table: str) -> list[bytes]:
    with cursor.cursor.copy(
        f"COPY (SELECT * FROM {table} {WRITTEN.get(table, '')}) TO STDOUT (FORMAT binary)"
    ) as copy:
        return [bytes(part) for part in copy]


def copied_in(cursor: Any, name: str, body: bytes) -> int:
    with cursor.cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
        copy.write(body)
    n_rows: int = cursor.cursor.rowcount
    return n_rows


def refer(cursor: Any, table: str, name: str) -> None:
    """The references of a table, to the tables that the product's own refer to."""
    cursor.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        [table],
    )
    for (definition,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {name} ADD {definition}")


def one_round(example: str, payments: int, seed: int) -> dict[str, float]:
    from caudal.cashier import commands

    channel, content = bank_file(example, payments, seed)
    before = marks()
    seconds, loaded = timed(
        lambda: commands.load_settlement(channel=channel, name="bench", content=content, at=AT, by="bench")
    )
    assert loaded.n_applied == payments, (loaded.n_applied, loaded.n_waiting)
    added = {table: n - before[table] for table, n in marks().items()}
    least, copied = floor()
    assert {table: copied[table] for table in TABLES} == added, (
        "the floor copies other rows than the load wrote"
    )
    print(
        f"{payments:,} payments ({len(content) / 1e6:.1f} MB, {sum(copied.values()):,} rows): {seconds:.2f} s ="
        f" {payments / seconds:,.0f}/s; floor {least['keys']:.2f} s with keys and indexes,"
        f" {least['references']:.2f} s with references; ratio {least['keys'] / seconds:.2f} and"
        f" {least['references'] / seconds:.2f}"
    )
    return {"seconds": seconds, **{kind: took / seconds for kind, took in least.items()}}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--example", default="bbva-cie")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leave the database to look at it")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    from caudal.kernel import server

    server.ensure_running()
    ratios = []
    for seed in range(asked.rounds):
        os.environ["CAUDAL_DATABASE"] = DATABASE
        import django

        django.setup()
        from django.db import connections

        for alias in ("default", "owner"):
            connections[alias].settings_dict["NAME"] = DATABASE
        drop(DATABASE)  # what a run that was stopped left
        server.ensure_database(name=DATABASE)
        fill(asked.payments)
        ratios.append(one_round(asked.example, asked.payments, seed))
        if not asked.keep:
            drop(DATABASE)
    median = {kind: statistics.median(each[kind] for each in ratios) for kind in ratios[0]}
    print(
        f"median: {median['seconds']:.2f} s; {median['keys']:.2f} × the speed of COPY with keys and indexes,"
        f" {median['references']:.2f} with references; goal {GOAL}"
    )
    return 0 if median["references"] >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
