"""A database of its own for stories that commit: threads, crashes, what the application may not do."""

import time
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
        _drop(name)
        with _maintenance() as admin:
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
            _drop(name)


def _drop(name: str) -> None:
    """Drop a database once its last session ends. Plainly: the owner may not end a vacuum by force, but a
    plain DROP asks it to stop."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    for patience in range(100):
        try:
            with _maintenance() as admin:
                admin.execute(statement)
            return
        except psycopg.errors.ObjectInUse:
            if patience == 99:
                raise
            time.sleep(0.1)


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
