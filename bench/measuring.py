"""What every bench needs: a watch, and a way to throw its database away. Scripts of one folder import it by name."""

import time
from collections.abc import Callable
from typing import Any


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that some work took, and its answer."""
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


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
