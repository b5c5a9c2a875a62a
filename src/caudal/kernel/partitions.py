"""Tables cut by billing period: built apart, keyed as a set, attached when right.

The application owns no table, so it asks functions of the owner (`SECURITY DEFINER`) that know only the
tables written down in `kernel_partitioned`. Measured: a month filled detached and attached costs a
fifth of inserting it row by row under its keys.
"""

from django.db import connection
from django.db.migrations.operations.special import RunSQL


def detached_name(*, parent: str, period: int, tag: str) -> str:
    """Name of the detached table of one run: `ledger_charge_201901_r12`."""
    return f"{parent}_{period}_{tag}"


def open_detached(*, parent: str, period: int, tag: str) -> str:
    """Make an empty table shaped like `parent`, without keys, that the application may fill and correct."""
    return _call("kernel_open_detached", parent, period, tag)


def attach(*, parent: str, period: int, tag: str) -> str:
    """Publish a detached table in one step: keys and checks as sets, attached as the partition of its
    period; where that partition exists already, its rows are inserted there instead. Returns the table
    that now holds the rows. Fails as a whole (unique violation) if any row was there before."""
    return _call("kernel_attach", parent, period, tag)


def drop_detached(*, parent: str, period: int, tag: str) -> str:
    """Throw a detached table away, if it is there and not attached."""
    return _call("kernel_drop_detached", parent, period, tag)


def ensure(*, parent: str, period: int) -> str:
    """Make sure rows of this period have a partition to go to."""
    return _call("kernel_ensure_partition", parent, period)


def _call(function: str, *args: str | int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(args))})", list(args))
        return str(cursor.fetchone()[0])


class Partitioned(RunSQL):
    """Migration operation: re-make a just created, empty table as partitioned by its `period`.

    :param key: columns of the primary key, `period` first
    :param checks: SQL checks kept on every partition
    :param append_only: partitions refuse UPDATE, DELETE and TRUNCATE once attached
    :param fillfactor: room left for updates in place (balances), 100 for rows that never change
    """

    def __init__(
        self, table: str, *, key: list[str], append_only: bool, fillfactor: int = 100, indexes: str = ""
    ) -> None:
        self.table, self.key, self.append_only = table, key, append_only
        self.fillfactor, self.indexes = fillfactor, indexes
        columns = ", ".join(key)
        guard = f"""
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM caudal_app;
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();"""
        super().__init__(
            sql=f"""
                ALTER TABLE {table} RENAME TO {table}_made_by_django;
                CREATE TABLE {table} (LIKE {table}_made_by_django INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
                    PARTITION BY LIST (period);
                DROP TABLE {table}_made_by_django;
                ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY ({columns});
                {indexes.format(table=table)}
                INSERT INTO kernel_partitioned VALUES ('{table}', '{columns}', {append_only}, {fillfactor});
                SELECT kernel_ensure_partition('{table}', 0);
                {guard if append_only else ""}
            """,
            reverse_sql=f"DROP TABLE {table}; DELETE FROM kernel_partitioned WHERE parent = '{table}';",
        )

    def deconstruct(self):  # type: ignore[no-untyped-def]
        return (
            self.__class__.__qualname__,
            [self.table],
            {
                "key": self.key,
                "append_only": self.append_only,
                "fillfactor": self.fillfactor,
                "indexes": self.indexes,
            },
        )
