"""Every room's checks, asked one after the other."""

import importlib
import importlib.util
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was asked: what disagrees (empty when all is well) and how long it took."""

    room: str
    name: str
    question: str
    findings: list[str]
    milliseconds: int


def run(*, rooms: Sequence[str]) -> Iterator[Checked]:
    """Ask the checks of the rooms that have any, in order. They read whole tables, so they take their time."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    for room in rooms:
        module = f"caudal.{room}.checks"
        if importlib.util.find_spec(module) is None:
            continue
        for check in importlib.import_module(module).CHECKS:
            started = time.perf_counter()
            findings = list(check.find())
            elapsed = round((time.perf_counter() - started) * 1000)
            yield Checked(room, check.name, check.question, findings, elapsed)
