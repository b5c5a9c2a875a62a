"""The search index made again from the rows, when `caudal check` says that it disagrees."""

from datetime import datetime

from django.db import connection, transaction

from caudal.kernel import audit


@transaction.atomic
def index_accounts(*, by: str, at: datetime) -> int:
    """Make the words of every account again from the padrón → how many accounts it has.

    Meanwhile people search with the old words, and whoever changes the padrón waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT registry_index_all()")
        n_accounts = int(cursor.fetchone()[0])
    audit.record(
        act="index_accounts", by=by, at=at, object_kind="registry", object_id="search",
        after={"accounts": n_accounts},
    )  # fmt: skip
    return n_accounts
