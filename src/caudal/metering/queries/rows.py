"""Rows of a statement, by the names of its columns."""

from typing import Any

from django.db import connection


def rows(*, sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Every row as a dictionary."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
