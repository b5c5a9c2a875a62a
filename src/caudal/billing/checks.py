"""What billing believes, derived again: bills against their charges, runs against their services and seals."""

from typing import Final

import numpy as np

from caudal.billing import issuing, posting, proving
from caudal.billing.loading import BILL_TYPES, CHARGE_TYPES
from caudal.billing.models import BillingRun, HeldBill, RunChunk
from caudal.kernel import copying
from caudal.kernel.checks import NAMED, Check, rows
from caudal.kernel.cli import pesos
from caudal.registry.models import Account

_TOTALS = """
SELECT a.number, b.period, b.revision, b.total_cents, COALESCE(c.cents, 0)
FROM billing_bill b
JOIN registry_account a ON a.id = b.account_id
LEFT JOIN (SELECT period, account_id, sequence, sum(amount_cents + vat_cents) AS cents FROM ledger_charge
           WHERE document_kind IN (1, 5) GROUP BY period, account_id, sequence) c
     ON (c.period, c.account_id, c.sequence) = (b.period, b.account_id, b.revision)
WHERE b.total_cents <> COALESCE(c.cents, 0) ORDER BY b.period, a.number
"""
_LIVE_TWICE = """
SELECT a.number, b.period, count(*) FROM billing_bill b
JOIN registry_account a ON a.id = b.account_id
LEFT JOIN billing_billcancellation x ON (x.period, x.account_id, x.revision) = (b.period, b.account_id, b.revision)
WHERE x.id IS NULL GROUP BY a.number, b.period HAVING count(*) > 1 ORDER BY b.period, a.number
"""
_WITHOUT_BILL = """
SELECT a.number, c.period, c.sequence FROM ledger_charge c
JOIN registry_account a ON a.id = c.account_id
LEFT JOIN billing_bill b ON (b.period, b.account_id, b.revision) = (c.period, c.account_id, c.sequence)
WHERE c.document_kind IN (1, 5) AND b.account_id IS NULL
GROUP BY a.number, c.period, c.sequence ORDER BY c.period, a.number
"""


def _totals() -> list[str]:
    return [
        f"Cuenta {number}, recibo {period}/{revision}: dice {pesos(total)} y sus cargos suman {pesos(int(cents))}."
        for number, period, revision, total, cents in rows(_TOTALS)
    ]


def _live_twice() -> list[str]:
    return [f"Cuenta {number}: {n} recibos vigentes de {period}." for number, period, n in rows(_LIVE_TWICE)]


def _without_bill() -> list[str]:
    return [
        f"Cuenta {number}: cargos de recibo {period}/{revision} sin recibo."
        for number, period, revision in rows(_WITHOUT_BILL)
    ]


def _issued() -> list[BillingRun]:
    runs = BillingRun.objects.select_related("cycle", "book").filter(state=BillingRun.State.ISSUED)
    return list(runs.order_by("period", "id"))


def _incomplete() -> list[str]:
    """Against what the run counted when it was computed: the registry may have moved on since, and rightly."""
    found = []
    for run in _issued():
        n_said, twice = proving.said(run=run)
        numbers = Account.objects.filter(id__in=twice).order_by("number").values_list("number", flat=True)
        found += [
            f"Facturación {run.pk} ({run.period}): cuenta {number} con más de uno." for number in numbers
        ]
        if n_said != run.n_accounts:
            found += _missing(run, n_said)
    return found[:NAMED]


def _missing(run: BillingRun, n_said: int) -> list[str]:
    return [
        f"Facturación {run.pk} ({run.period}): se calcularon {run.n_accounts} servicios y hay recibo, detención o "
        f"motivo de {n_said}."
    ] + [
        f"Facturación {run.pk} ({run.period}): cuenta {number} sin recibo, detención ni motivo."
        for number in issuing.completeness(run=run).without_a_word
    ]


def _seals() -> list[str]:
    found = []
    for run in _issued():
        chunks = list(run.chunks.order_by("number"))
        released = np.array(run.summary.get("released", []), dtype=np.int64)
        held = np.array(
            list(HeldBill.objects.filter(run=run).values_list("account_id", flat=True)), dtype=np.int64
        )
        seals = [_seal(run, chunk, without=np.union1d(held, released)) for chunk in chunks]
        wrong = [chunk for chunk, seal in zip(chunks, seals, strict=True) if seal != chunk.seal]
        found += [
            f"Facturación {run.pk}: lo emitido a las cuentas {chunk.first_account_id} a {chunk.last_account_id} cambió."
            for chunk in wrong
        ]
        if (
            not wrong
            and issuing.seal_of(chunk_seals=seals, released_seal=_seal_of_accounts(run, released)) != run.seal
        ):
            found.append(f"Facturación {run.pk}: el sello no corresponde a los recibos liberados.")
    return found[:NAMED]


def _seal(run: BillingRun, chunk: RunChunk, *, without: np.ndarray) -> str:
    bounds = f"account_id BETWEEN {chunk.first_account_id} AND {chunk.last_account_id}"
    found = _sealed_rows(run, bounds)
    return _digest(
        found, {parent: ~np.isin(columns["account_id"], without) for parent, columns in found.items()}
    )


def _seal_of_accounts(run: BillingRun, accounts: np.ndarray) -> str:
    listed = ", ".join(map(str, accounts.tolist())) or "NULL"
    found = _sealed_rows(run, f"account_id IN ({listed})")
    return _digest(
        found, {parent: np.ones(columns["account_id"].size, dtype=bool) for parent, columns in found.items()}
    )


def _sealed_rows(run: BillingRun, accounts: str) -> dict[str, dict[str, np.ndarray]]:
    """First revisions as they were issued: later ones, and other kinds of charge, are not of the run."""
    of_run = f"{accounts} AND period = {int(run.period)}"
    mine = f"SELECT account_id FROM billing_bill WHERE {of_run} AND run_id = {run.pk} AND revision = 1"
    return {
        parent: copying.copy_out(
            sql=f"SELECT * FROM {parent} WHERE {of_run} AND {first} AND account_id IN ({mine})"
            f" ORDER BY {issuing.KEYS[parent]}",
            types=types,
        )
        for parent, types, first in (
            ("billing_bill", BILL_TYPES, "revision = 1"),
            ("ledger_charge", CHARGE_TYPES, "sequence = 1 AND document_kind IN (1, 5)"),
        )
    }


def _digest(found: dict[str, dict[str, np.ndarray]], kept: dict[str, np.ndarray]) -> str:
    bills, charges = (
        {name: values[kept[parent]] for name, values in found[parent].items()}
        for parent in ("billing_bill", "ledger_charge")
    )
    return posting.digest(bills=bills, charges=copying.to_rows(types=CHARGE_TYPES, columns=charges))


CHECKS: Final = [
    Check("bill_totals", "¿Cada recibo suma lo que suman sus cargos?", _totals),
    Check("one_live_bill", "¿Cada cuenta tiene un solo recibo vigente por periodo?", _live_twice),
    Check("charges_have_bill", "¿Cada cargo de recibo tiene su recibo?", _without_bill),
    Check("runs_complete", "¿Cada servicio activo tiene recibo, detención o motivo?", _incomplete),
    Check("runs_sealed", "¿Lo emitido es lo que se selló?", _seals),
]
