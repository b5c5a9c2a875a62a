"""What a check is, and what the kernel asks of itself: folios without gaps, guards in their place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from caudal.kernel.appendonly import APPLICATION_ROLE

# how many disagreements a check names; the first is the one to look at
NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Check:
    """A question with one right answer: `find` gives a Spanish sentence for each thing that disagrees."""

    name: str
    question: str
    find: Callable[[], list[str]]


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The first rows of a query that should have none."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {NAMED}", list(params))
        return list(cursor.fetchall())


FOLIOS = """
    SELECT code, last_number, taken, first, last
    FROM kernel_folioseries
    LEFT JOIN (SELECT series, count(*) AS taken, min(number) AS first, max(number) AS last
               FROM kernel_folio GROUP BY series) AS folio ON series = code
    WHERE (COALESCE(taken, 0), COALESCE(last, 0)) IS DISTINCT FROM (last_number, last_number)
       OR (last_number > 0 AND first <> 1)
    ORDER BY code
"""
# A table that refuses changes has its trigger; then the application must lack the privileges as well.
UNGUARDED = """
    SELECT guarded.oid::regclass::text
    FROM pg_class AS guarded
    WHERE guarded.relkind IN ('r', 'p')
      AND EXISTS (SELECT FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                  WHERE tgrelid = guarded.oid AND proname = 'kernel_refuse_change')
      AND (has_table_privilege(%s, guarded.oid, 'UPDATE') OR has_table_privilege(%s, guarded.oid, 'DELETE')
           OR has_table_privilege(%s, guarded.oid, 'TRUNCATE')
           OR EXISTS (SELECT FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                      WHERE tgrelid = guarded.oid AND proname = 'kernel_refuse_change' AND tgenabled <> 'O'))
    ORDER BY 1
"""


def _folios() -> list[str]:
    return [
        f"Serie {code}: el contador dice {last_number} y hay {taken or 0} folios, del {first or 0} al {last or 0}."
        for code, last_number, taken, first, last in rows(FOLIOS)
    ]


def _guards() -> list[str]:
    return [
        f"La tabla {table} debería rechazar cambios y la aplicación puede hacerlos."
        for (table,) in rows(UNGUARDED, [APPLICATION_ROLE] * 3)
    ]


CHECKS: Final = [
    Check("folios", "¿Cada serie de folios es consecutiva y sin huecos?", _folios),
    Check(
        "guards", "¿La aplicación no puede cambiar ni borrar lo que solo admite renglones nuevos?", _guards
    ),
]
