"""What every bench needs: a watch, and a way in to its database and to throw it away. Scripts of one folder import it by name."""

import os
import time
from collections.abc import Callable
from typing import Any


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that some work took, and its answer."""
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def enter(*, database: str, now: str) -> None:
    """Come in to a database of its own, made if it is not there, on a day; pages may be asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caudal.config.settings")
    os.environ["CAUDAL_NOW"], os.environ["CAUDAL_DATABASE"] = now, database
    from caudal.kernel import server

    server.ensure_running()
    server.ensure_database(name=database)
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()


def drop(name: str) -> None:
    """Throw a database away, as its owner, once nobody of this process is in it."""
    import psycopg
    from django.db import connections

    connections.close_all()
    settings = connections["owner"].settings_dict
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    where = {key: settings[word] for key, word in words.items() if settings[word]}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{name}"')
