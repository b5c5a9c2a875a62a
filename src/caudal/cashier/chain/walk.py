"""Walking the chain of receipts again, from what is stored, against what was printed outside."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from caudal.cashier.chain.seals import GENESIS, body, seal

# one row a receipt, in the order of its series, with what its payments and tenders say
SEALED = """
    SELECT receipt.series, receipt.number, receipt.session_id, receipt.settlement_id, receipt.business_on,
           receipt.paid_at, receipt.received_by, receipt.channel, receipt.total_cents, receipt.verification,
           receipt.previous_hash, receipt.hash, reversed.series, reversed.number,
           paid.accounts, paid.cents, how.kinds, how.cents, how.given, how.refs
    FROM cashier_receipt AS receipt
    LEFT JOIN cashier_receipt AS reversed ON reversed.id = receipt.reverses_id
    LEFT JOIN (SELECT receipt_id, array_agg(account_id) AS accounts, array_agg(amount_cents) AS cents
               FROM cashier_payment GROUP BY receipt_id) AS paid ON paid.receipt_id = receipt.id
    LEFT JOIN (SELECT receipt_id, array_agg(kind::text) AS kinds, array_agg(amount_cents) AS cents,
                      array_agg(given_cents) AS given, array_agg(reference::text) AS refs
               FROM cashier_tender GROUP BY receipt_id) AS how ON how.receipt_id = receipt.id
    WHERE %s::text IS NULL OR receipt.series = %s
    ORDER BY receipt.series, receipt.number
"""
COUNTERS = """
    SELECT code, last_number FROM kernel_folioseries
    WHERE (code IN (SELECT code FROM cashier_receiptseries)
           OR code IN (SELECT code || '-CAN' FROM cashier_receiptseries))
      AND (%s::text IS NULL OR code = %s)
"""
# what each closing printed: the head of its till's series, and of its cancellations
CLOSINGS = """
    SELECT till.series_id, closing.last_folio, closing.chain_head, closing.cancellation_head, closing.number
    FROM cashier_tillclosing AS closing
    JOIN cashier_tillsession AS session ON session.id = closing.session_id
    JOIN cashier_till AS till ON till.code = session.till_id
    ORDER BY closing.number
"""
ROWS_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Head:
    """A seal that was printed: of which series and folio (none if the paper does not say), and where it was seen."""

    series: str
    seal: str
    folio: str = ""
    where: str = "la cabeza impresa"


def printed(*, folio: str, seal: str) -> Head:
    """The head of a paper: `A-000123` and its 64 hexadecimal digits."""
    return Head(folio.rpartition("-")[0], seal.strip().lower(), folio)


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """The first thing that is wrong with a series, or a printed head that is not there."""

    series: str
    folio: str
    what: str

    def __str__(self) -> str:
        return f"{self.folio}: {self.what}" if self.folio else f"Serie {self.series}: {self.what}"


@dataclass(frozen=True, slots=True)
class SeriesHead:
    """The last receipt of a series that was verified, and its seal."""

    series: str
    folio: str
    seal: str
    n_receipts: int


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found. Problems come in the order of series and folio."""

    n_receipts: int
    heads: tuple[SeriesHead, ...]
    problems: tuple[ChainProblem, ...]

    @property
    def is_whole(self) -> bool:
        return not self.problems

    @property
    def first_bad_folio(self) -> str:
        """The first folio that is not as it was sealed; empty if there is none."""
        return next((problem.folio for problem in self.problems if problem.folio), "")


@dataclass(slots=True)
class _Stored:
    """A receipt as it is stored, with the words that its seal covers."""

    series: str
    number: int
    session_id: int | None
    settlement_id: int | None
    business_on: date
    paid_at: datetime
    received_by: str
    channel: str
    total_cents: int
    verification: str
    previous: bytes
    seal: bytes
    reverses: str
    payments: list[tuple[int, int]]
    tenders: list[tuple[str, int, int, str]]

    @property
    def folio(self) -> str:
        return f"{self.series}-{self.number:06d}"


@dataclass(slots=True)
class _Walk:
    """Where the verification is in a series."""

    series: str
    last_number: int = 0
    last_seal: bytes = GENESIS
    n_receipts: int = 0
    problem: ChainProblem | None = None
    seals: dict[str, str] = field(default_factory=dict)  # wanted seal → the folio it was found at

    @property
    def last_folio(self) -> str:
        return f"{self.series}-{self.last_number:06d}" if self.last_number else ""


def verify(*, series: str | None = None, heads: Iterable[Head] = ()) -> ChainReport:
    """Make every seal again from the stored rows, and look for the heads that were printed.

    Found: a receipt edited, deleted, inserted or swapped, a tail that is missing, and, against the heads of the
    closings and those given (what is on paper), a chain that was written again as a whole. Each series tells its
    first bad folio.

    :param series: only this one; a cancellation has its own, such as `A-CAN`
    """
    # the counters and closings are read first: a payment that comes meanwhile is past them, never short of them
    counters = dict(_rows(COUNTERS, [series, series]))
    wanted = [*_closings(), *heads]
    seals = {head.seal.lower() for head in wanted}
    walks: dict[str, _Walk] = {code: _Walk(code) for code in counters}
    for receipt in _stored(series):
        walk = walks.get(receipt.series)
        if walk is None:
            walk = walks[receipt.series] = _Walk(receipt.series)
        _step(walk, receipt, seals)
    invented = {code for code, walk in walks.items() if walk.last_number > counters.get(code, 0)}
    if invented:
        counters = dict(_rows(COUNTERS, [series, series]))
    problems = []
    for code in sorted({*walks, *(head.series for head in wanted if series in (None, head.series))}):
        walk = walks.get(code) or _Walk(code)
        problems += _ends(walk, counters.get(code, 0))
        problems += _missing_heads(walk, [head for head in wanted if head.series == code])
    return ChainReport(
        n_receipts=sum(walk.n_receipts for walk in walks.values()),
        heads=tuple(
            SeriesHead(walk.series, walk.last_folio, walk.last_seal.hex(), walk.n_receipts)
            for _, walk in sorted(walks.items())
            if walk.n_receipts
        ),
        problems=tuple(problems),
    )


def _step(walk: _Walk, receipt: _Stored, wanted: set[str]) -> None:
    """Follow the chain by one receipt; after the first thing that is wrong the rest is only counted."""
    walk.n_receipts += 1
    if walk.problem is None:
        expected = walk.last_number + 1
        if receipt.number != expected:
            walk.problem = ChainProblem(
                walk.series, f"{walk.series}-{expected:06d}", f"falta; el siguiente es {receipt.folio}."
            )
        elif receipt.previous != walk.last_seal:
            walk.problem = ChainProblem(
                walk.series, receipt.folio, "no sigue al anterior: uno de los dos se cambió."
            )
        elif receipt.seal != seal(previous=receipt.previous, body=_body_of(receipt)):
            walk.problem = ChainProblem(walk.series, receipt.folio, "no dice lo que decía cuando se selló.")
    walk.last_number, walk.last_seal = receipt.number, receipt.seal
    if (found := receipt.seal.hex()) in wanted:
        walk.seals[found] = receipt.folio


def _body_of(receipt: _Stored) -> str:
    return body(
        receipt=receipt, payments=receipt.payments, tenders=receipt.tenders, reverses=receipt.reverses
    )


def _ends(walk: _Walk, taken: int) -> list[ChainProblem]:
    """The first problem of a series, or a tail that does not reach the last folio that was taken."""
    if walk.problem is not None:
        return [walk.problem]
    if walk.last_number < taken:
        folio = f"{walk.series}-{walk.last_number + 1:06d}"
        return [ChainProblem(walk.series, folio, "tomó folio y ya no está, ni los que le siguen.")]
    if walk.last_number > taken:
        folio = f"{walk.series}-{taken + 1:06d}"
        return [ChainProblem(walk.series, folio, "no tomó folio: se añadió después.")]
    return []


def _missing_heads(walk: _Walk, heads: list[Head]) -> list[ChainProblem]:
    """The first printed head that the series does not pass through."""
    for head in heads:
        found = walk.seals.get(head.seal.lower())
        if found is None or (head.folio and found != head.folio):
            what = f"su sello no es el de {head.where}: la serie se escribió otra vez o le falta el final."
            return [ChainProblem(walk.series, head.folio, what)]
    return []


def _closings() -> Iterator[Head]:
    for series, last_folio, head, cancellations, number in _rows(CLOSINGS, []):
        where = f"la cabeza impresa en el corte {number}"
        if head:
            yield Head(series, head, last_folio if last_folio.rpartition("-")[0] == series else "", where)
        if cancellations:
            yield Head(f"{series}-CAN", cancellations, where=where)


def _stored(series: str | None) -> Iterator[_Stored]:
    """Receipts in the order of their series, a few thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(SEALED, [series, series])
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                words: tuple[Any, ...] = (
                    *row[:10],
                    bytes(row[10]),
                    bytes(row[11]),
                    f"{row[12]}-{row[13]:06d}" if row[12] else "",
                    list(zip(row[14] or (), row[15] or (), strict=True)),
                    list(zip(*(column or () for column in row[16:20]), strict=True)),
                )
                yield _Stored(*words)


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
