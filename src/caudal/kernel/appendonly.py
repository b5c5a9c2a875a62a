"""Tables whose rows are never edited: the privilege is taken away and a trigger says why."""

from typing import Any

from django.db.migrations.operations.special import RunSQL

# a fixed group role: whoever signs in for the application is a member of it (see kernel/server)
APPLICATION_ROLE = "caudal_app"


class AppendOnly(RunSQL):
    """Migration operation: the application may insert and read `table`, and nothing else."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            sql=f"""
                REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION_ROLE};
                CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
                CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
            """,
            reverse_sql=f"""
                DROP TRIGGER {table}_append_only ON {table};
                DROP TRIGGER {table}_no_truncate ON {table};
                GRANT UPDATE, DELETE, TRUNCATE ON {table} TO {APPLICATION_ROLE};
            """,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.table], {})
