"""Databases to walk in: one where the story is written once, and copies of it for whoever commits."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connections
from psycopg import sql


@contextmanager
def copied(*, source: str, name: str) -> Iterator[str]:
    """A copy of a database that nobody is using, dropped afterwards; both aliases point at it meanwhile."""
    connections.close_all()
    copy(source=source, name=name)
    before = connections["default"].settings_dict["NAME"]
    point_at(name)
    try:
        yield name
    finally:
        connections.close_all()
        point_at(before)
        drop(name)


def copy(*, source: str, name: str) -> None:
    """Make `name` anew out of `source`."""
    drop(name)
    with _maintenance() as admin:
        words = {"name": sql.Identifier(name), "source": sql.Identifier(source)}
        admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {source}").format(**words))


def drop(name: str, *, seconds: float = 10) -> None:
    """Drop a database, once whoever is leaving it has left: the owner may not put the application out."""
    limit = time.monotonic() + seconds
    while True:
        try:
            with _maintenance() as admin:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            return
        except psycopg.errors.ObjectInUse:
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)


def point_at(name: str) -> None:
    """Send both aliases to a database; the next connection opens there."""
    connections.close_all()
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name


def addresses() -> dict[str, str]:
    """The environment with which another process enters where this one is."""
    return {
        "DATABASE_URL": _address("default"),
        "DATABASE_OWNER_URL": _address("owner"),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }


def _address(alias: str) -> str:
    words = connections[alias].settings_dict
    login = f"{quote(words['USER'])}:{quote(words['PASSWORD'])}"
    port = f"&port={words['PORT']}" if words["PORT"] else ""
    return f"postgresql://{login}@/{words['NAME']}?host={quote(words['HOST'], safe='')}{port}"


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    owner = connections["owner"].settings_dict
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"] or None, user=owner["USER"], password=owner["PASSWORD"],
        dbname="postgres", autocommit=True,
    ) as admin:  # fmt: skip
        yield admin
