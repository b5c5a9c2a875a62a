"""What a thief with the application's password cannot do: the tests of this page enter as the application."""

import pytest
from django.db import Error, connection, connections, transaction

pytestmark = pytest.mark.django_db

ATTEMPTS = [
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table} CASCADE",
]
WAYS_AROUND = [
    "SET session_replication_role = replica",
    "SET ROLE caudal_owner",
    "SET ROLE postgres",
    "GRANT caudal_owner TO caudal_web",
    "ALTER ROLE caudal_web SUPERUSER",
    "CREATE OR REPLACE FUNCTION public.kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION kernel_refuse_change() CASCADE",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql RETURN 1",
    "UPDATE kernel_partitioned SET append_only = false",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "CREATE EXTENSION postgres_fdw",
]


def _rows(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _is_denied(statement: str) -> bool:
    """Whether the statement was refused for lack of privilege, and for nothing else."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except Error as problem:
        return getattr(problem.__cause__, "sqlstate", "") == "42501"
    return False


def _guarded_tables() -> list[tuple[str, ...]]:
    """Append-only tables with their first column; the partitioned ones with a partition of January 2019."""
    for (parent,) in _rows("SELECT parent FROM kernel_partitioned WHERE append_only"):
        _rows(f"SELECT kernel_ensure_partition('{parent}', 201901)")
    return _rows(
        """SELECT DISTINCT c.relname, a.attname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
           JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
           WHERE p.proname = 'kernel_refuse_change' ORDER BY 1"""
    )


def test_the_application_is_not_the_owner_of_anything():
    assert _rows("SELECT session_user::text, current_user::text") == [("caudal_web", "caudal_web")]
    assert _rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'caudal_web'") == []


def test_what_is_written_for_good_stays_whatever_the_application_tries():
    tables = _guarded_tables()

    assert {
        "ledger_charge",
        "ledger_charge_201901",
        "ledger_credit",
        "kernel_auditentry",
        "kernel_folio",
    } <= {table for table, _ in tables}
    done = [
        statement
        for table, column in tables
        for attempt in ATTEMPTS
        if not _is_denied(statement := attempt.format(table=table, column=column))
    ]
    assert done == []


def test_the_application_cannot_give_itself_what_it_lacks():
    for table, _ in _guarded_tables():
        with connection.cursor() as cursor:
            cursor.execute(
                f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO caudal_web"
            )  # PostgreSQL only warns
        assert (
            _rows(
                f"SELECT has_table_privilege('{table}', right_) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) right_"
            )
            == [(False,)] * 3
        )


@pytest.mark.parametrize("statement", WAYS_AROUND)
def test_there_is_no_way_around(statement):
    assert _is_denied(statement)


@pytest.mark.django_db(databases=["default", "owner"])
def test_even_the_owner_trips_over_the_guard_and_must_mean_it():
    with (
        pytest.raises(Error, match="solo admite renglones nuevos"),
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute("TRUNCATE kernel_auditentry")
