"""Statements asked many times a minute: the server reads and plans each once in a connection."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def rows(*, sql: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
    """Run a prepared statement in this transaction and give its rows; errors as Django's.

    Parameters travel apart from the text, so their types are written in it (`%s::int[]`).
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, params, prepare=True)
        return cursor.fetchall()
