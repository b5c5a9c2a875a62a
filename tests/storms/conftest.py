"""A database of its own for stories that commit: threads, crashes, what the application may not do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg import sql


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the test database, dropped afterwards: nothing committed here reaches another test."""
    template = connections["default"].settings_dict["NAME"]
    name = f"{template}_storm"
    with django_db_blocker.unblock():
        connections.close_all()
        with _maintenance() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        _point_at(name)
        try:
            yield name
        finally:
            connections.close_all()
            _point_at(template)
            with _maintenance() as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    owner = connections["owner"].settings_dict
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as admin:
        yield admin


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name
