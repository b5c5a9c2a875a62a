"""Computing a run chunk by chunk: while the database stores one, the next is computed beside it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Protocol

from django.db import connection, transaction

from caudal.billing import computing, posting
from caudal.billing.loading import Chunk, Inputs
from caudal.billing.models import BillingRun
from caudal.billing.posting import Packed
from caudal.billing.prepaying import HeldPrices
from caudal.billing.pricing import Pricing
from caudal.billing.regularizing import Differences
from caudal.kernel.refusals import Refusal

ADVISORY_SPACE = 7_243


class CannotTouchRun(Refusal):
    """Another process is computing or issuing the same run."""


class Watcher(Protocol):
    """Who is told how far a run is: a job's `Progress`, or the line of a terminal."""

    def phase(self, name: str, *, total: int) -> None: ...

    def advance(self, n: int, *, errors: int = 0) -> None: ...


class Silent:
    """Nobody watches."""

    def phase(self, name: str, *, total: int) -> None: ...

    def advance(self, n: int, *, errors: int = 0) -> None: ...


@contextmanager
def alone(*, run: BillingRun) -> Iterator[None]:
    """Let nobody else compute or issue this run meanwhile. A process that dies lets go by dying.

    :raises CannotTouchRun: if another process is at it
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [ADVISORY_SPACE, run.pk])
        if not cursor.fetchone()[0]:
            raise CannotTouchRun(
                f"La facturación {run.pk} ya se está calculando o emitiendo en otra parte.",
                "Espere a que termine; si se interrumpió, vuelva a intentarlo en un minuto.",
            )
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [ADVISORY_SPACE, run.pk])


def compute_chunks(*, run: BillingRun, pricing: Pricing, watcher: Watcher) -> None:
    """Compute and store every chunk that is not stored yet."""
    inputs = Inputs.read(run=run)
    pricing.choose(inputs=inputs)
    stored = set(run.chunks.values_list("number", flat=True))
    chunks = [chunk for chunk in inputs.chunks() if chunk.number not in stored]
    watcher.phase("Calculando recibos", total=int(inputs.agreements.keys.size))
    watcher.advance(sum(run.chunks.values_list("n_accounts", flat=True)))
    preparing = partial(
        _prepare,
        run,
        inputs,
        pricing,
        Differences.read(run=run, inputs=inputs),
        HeldPrices.read(run=run, inputs=inputs),
    )
    known_workings: set[int] = set()
    with ThreadPoolExecutor(max_workers=1) as beside:
        waiting = [beside.submit(preparing, chunk) for chunk in chunks[:1]]
        for number, chunk in enumerate(chunks):
            packed = waiting.pop().result()
            # only one ahead: what waits to be stored is memory
            waiting = [beside.submit(preparing, following) for following in chunks[number + 1 : number + 2]]
            with transaction.atomic():
                patiently()
                _unhurried()
                posting.store(run=run, chunk=chunk, packed=packed, known_workings=known_workings)
            watcher.advance(packed.n_accounts, errors=len(packed.unbilled_rows))


def _unhurried() -> None:
    """Do not wait for this commit to reach the disk: a power cut takes rows and mark together, and the chunk is
    computed again. The issue does wait."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def patiently() -> None:
    """In this transaction, not the patience of a page: a run takes the time it takes, and room to join in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _prepare(
    run: BillingRun,
    inputs: Inputs,
    pricing: Pricing,
    differences: Differences,
    held: HeldPrices,
    chunk: Chunk,
    /,
) -> Packed:
    computed = computing.compute(
        run=run, facts=inputs.facts(chunk=chunk), pricing=pricing, differences=differences, held=held
    )
    return posting.pack(run=run, computed=computed)
