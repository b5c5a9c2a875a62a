"""One process at a time makes, starts or stops a cluster."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caudal.kernel.server.diagnosis import DatabaseProblem

WAIT_SECONDS = 180


@contextmanager
def only_one(path: Path, *, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock file `path`; the system frees it even if this process is killed.

    :raises DatabaseProblem: another process has held it too long, or the folder cannot be written
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    except OSError as problem:
        raise DatabaseProblem(
            f"No se puede escribir en {path.parent}.",
            "Trabaje con el usuario dueño de esa carpeta, o elija otra con CAUDAL_HOME.",
        ) from problem
    try:
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise DatabaseProblem(
                    "Otro proceso está arrancando o deteniendo la base de datos y no termina.",
                    "Espere un momento y repita la orden.",
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":

    def _try_lock(handle: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _try_lock(handle: int) -> bool:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
