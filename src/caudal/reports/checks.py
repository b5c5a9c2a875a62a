"""What was published, derived again: each edition whole and signed, one chain, numbers without a gap."""

from typing import Final

from caudal.kernel.checks import NAMED, Check, rows
from caudal.reports import edition_queries, verifying

CHAIN: Final = """
    SELECT number, before FROM (
        SELECT number, previous_sha256, lag(number) OVER by_number AS before, lag(sha256) OVER by_number AS sealed
        FROM reports_reportedition WINDOW by_number AS (ORDER BY number)
    ) AS edition
    WHERE previous_sha256 <> COALESCE(sealed, '') ORDER BY number
"""
NUMBERS: Final = """
    SELECT expected FROM generate_series(1, (SELECT max(number) FROM reports_reportedition)) AS expected
    WHERE NOT EXISTS (SELECT FROM reports_reportedition WHERE number = expected) ORDER BY 1
"""


def _whole() -> list[str]:
    """All but the chain, which is a question of its own."""
    found = [
        f"Edición {edition.number}: {words}"
        for edition in edition_queries.editions().order_by("number").iterator(chunk_size=NAMED)
        for words in verifying.verify(edition=edition).findings
        if words != verifying.UNCHAINED
    ]
    return found[:NAMED]


def _chain() -> list[str]:
    return [
        f"La edición {number} no lleva el sello de la {before}."
        if before
        else f"La edición {number} dice que sigue a otra, y no hay ninguna antes."
        for number, before in rows(CHAIN)
    ]


def _numbers() -> list[str]:
    return [f"Falta la edición {number}." for (number,) in rows(NUMBERS)]


CHECKS: Final = [
    Check("editions", "¿Cada edición del informe es la que se publicó, con sus archivos y su firma?", _whole),
    Check("editions_chain", "¿Cada edición lleva el sello de la anterior?", _chain),
    Check("editions_numbers", "¿Las ediciones están numeradas sin huecos?", _numbers),
]
