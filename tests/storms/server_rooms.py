"""Clusters for the storms: made in folders of their own, stopped and removed afterwards."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from caudal.kernel.server import Cluster, processes


@contextmanager
def office(name: str) -> Iterator[Path]:
    """A home folder that a server under another user can reach too."""
    root = Path(tempfile.mkdtemp(prefix="caudal-storm-"))
    root.chmod(0o755)
    home = root / name
    try:
        yield home
    finally:
        place = Cluster(home).place
        Cluster(home).stop()
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(place.host, ignore_errors=True)


def enter(cluster: Cluster, *, role: str = "app", database: str = "caudal") -> psycopg.Connection:
    return psycopg.connect(cluster.connection_url(role=role, database=database), autocommit=True)


def pull_the_plug(cluster: Cluster) -> None:
    """kill -9 of every process of the server, and nobody else's; over when the kernel has buried them all."""
    deadline = time.monotonic() + 60
    while pids := processes.orphans(cluster.place.data):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        assert time.monotonic() < deadline, f"the kernel does not bury {pids}"
        time.sleep(0.01)


def wait_until_gone(pid: int, *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while processes.PROC.joinpath(str(pid), "cmdline").exists() and time.monotonic() < deadline:
        if not processes.PROC.joinpath(str(pid), "cmdline").read_bytes():
            return
        time.sleep(0.05)


@contextmanager
def working_at(cluster: Cluster, blocker: Any) -> Iterator[None]:
    """This process works at the database of a cluster, as the application, and comes back afterwards."""
    from django.db import connections

    kept = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    connections.close_all()
    with blocker.unblock():
        for alias, role in (("default", "app"), ("owner", "owner")):
            words = cluster.connection(role=role).django()
            connections[alias].settings_dict.update(
                {name: words[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
            )
        try:
            yield
        finally:
            connections.close_all()
            for alias, words in kept.items():
                connections[alias].settings_dict.clear()
                connections[alias].settings_dict.update(words)
