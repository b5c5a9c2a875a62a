"""Waiting for a lock has an end: past it the clerk is told who to wait for, and nothing has happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from django.db import OperationalError

from caudal.kernel.refusals import Refusal

# lock_not_available (lock_timeout passed) and deadlock_detected
_GAVE_UP: Final = ("55P03", "40P01")


class StillBusy(Refusal):
    """Another act holds what this one needs; it can be tried again as it is."""


@contextmanager
def for_lock(*, what: str) -> Iterator[None]:
    """Turn a lock that was not obtained in time into a refusal.

    :param what: what is busy, as a Spanish sentence
    :raises StillBusy: saying so
    """
    try:
        yield
    except OperationalError as problem:
        cause = problem.__cause__
        if isinstance(cause, psycopg.Error) and cause.sqlstate in _GAVE_UP:
            raise StillBusy(
                what, "No se registró nada. Espere unos segundos e intente otra vez."
            ) from problem
        raise
