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

# tests that ran before took numbers of rows and gave their rows back: a story always numbers its own from the same one
RENUMBER = """
DO $$ DECLARE each record; BEGIN
    FOR each IN
        SELECT numbers.oid::regclass AS sequence, owner.oid::regclass AS owner, attribute.attname
        FROM pg_class AS numbers
        JOIN pg_depend AS owned ON owned.objid = numbers.oid AND owned.deptype IN ('a', 'i')
             AND owned.refclassid = 'pg_class'::regclass
        JOIN pg_class AS owner ON owner.oid = owned.refobjid
        JOIN pg_attribute AS attribute ON attribute.attrelid = owner.oid AND attribute.attnum = owned.refobjsubid
        WHERE numbers.relkind = 'S'
    LOOP
        EXECUTE format('SELECT setval(%L, COALESCE((SELECT max(%I) FROM %s), 0) + 1, false)',
                       each.sequence, each.attname, each.owner);
    END LOOP;
END $$
"""


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
    """Make `name` anew out of `source`; its next rows are numbered after the last there is."""
    drop(name)
    with _maintenance() as admin:
        words = {"name": sql.Identifier(name), "source": sql.Identifier(source)}
        admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {source}").format(**words))
    with _maintenance(database=name) as admin:
        admin.execute(RENUMBER)


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
def _maintenance(*, database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
    owner = connections["owner"].settings_dict
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"] or None, user=owner["USER"], password=owner["PASSWORD"],
        dbname=database, autocommit=True,
    ) as admin:  # fmt: skip
        yield admin
