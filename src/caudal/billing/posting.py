"""A computed chunk into the tables of its run: bytes made first, then one transaction with the chunk's mark.

Held bills go to tables of their own, so that what is issued is never deleted from and stays in order of its keys.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db import connection, transaction

from caudal.billing.computing import Columns, Computed
from caudal.billing.loading import BALANCE_TYPES, BILL_TYPES, CHARGE_TYPES, Chunk
from caudal.billing.models import BillingRun, HeldBill, RunChunk, UnbilledAccount
from caudal.billing.policy import Cause, Hold
from caudal.kernel import copying, partitions
from caudal.rules.bounds import Int64, Mask

TABLES: Final = {
    "billing_bill": BILL_TYPES,
    "ledger_charge": CHARGE_TYPES,
    "ledger_periodbalance": BALANCE_TYPES,
}
# what a bill only quotes on paper (older debt, as of the day) and the run's number are not part of its seal
UNSEALED: Final = ("run_id", "prior_balance_cents", "surcharge_cents")
SEALED_BILL_TYPES: Final = {name: kind for name, kind in BILL_TYPES.items() if name not in UNSEALED}
BIGGEST_CHANGES: Final = 20


@dataclass(frozen=True, slots=True)
class Packed:
    """A chunk ready to be sent: bytes by table, for what is issued and for what is held; and what to remember."""

    issued: dict[str, bytes]
    held: dict[str, bytes]
    held_rows: list[tuple[Any, ...]]
    unbilled_rows: list[tuple[Any, ...]]
    workings: dict[int, Any]
    n_accounts: int
    n_bills: int
    seal: str
    totals: dict[str, Any]


def pack(*, run: BillingRun, computed: Computed, holds_all: bool = False) -> Packed:
    """Turn rows into the bytes that the database receives. Pure: made beside the sending of the chunk before."""
    is_clean = (computed.hold == Hold.NONE) & (not holds_all)
    charge_bill = np.searchsorted(computed.bills["account_id"], computed.charges["account_id"])
    clean = _cut(computed, is_clean, is_clean[charge_bill])
    held = _cut(computed, ~is_clean, ~is_clean[charge_bill])
    issued = _bytes(clean)
    return Packed(
        issued=issued,
        held=_bytes(held) if not is_clean.all() else {},
        held_rows=_held_rows(run, computed),
        unbilled_rows=[
            (run.pk, int(account), Cause(int(cause)).name.lower(), "")
            for account, cause in zip(computed.unbilled, computed.cause, strict=True)
        ],
        workings=computed.workings,
        n_accounts=int(is_clean.size + computed.unbilled.size),
        n_bills=int(is_clean.sum()),
        seal=digest(bills=clean["billing_bill"], charges=issued.get("ledger_charge", b"")),
        totals=totals(
            bills=clean["billing_bill"],
            charges=clean["ledger_charge"],
            previous_total_cents=computed.previous_total_cents[is_clean],
        ),
    )


def digest(*, bills: Columns, charges: bytes) -> str:
    """SHA-256 of some bills and of the packed rows of their charges, both in the order of their keys."""
    found = hashlib.sha256(copying.to_rows(types=SEALED_BILL_TYPES, columns=bills))
    found.update(charges)
    return found.hexdigest()


def open_tables(*, run: BillingRun) -> None:
    """Make the run's detached tables, empty."""
    for parent in TABLES:
        for tag in tags(run=run):
            partitions.open_detached(parent=parent, period=int(run.period), tag=tag)


def drop_tables(*, run: BillingRun) -> None:
    """Throw away what is not attached of the run's tables."""
    for parent in TABLES:
        for tag in tags(run=run):
            partitions.drop_detached(parent=parent, period=int(run.period), tag=tag)


def tags(*, run: BillingRun) -> tuple[str, str]:
    """Marks of the tables of a run: what will be issued, and what is held."""
    return f"r{run.pk}", f"r{run.pk}h"


def table(*, run: BillingRun, parent: str, is_held: bool = False) -> str:
    """Name of one of the run's detached tables."""
    return partitions.detached_name(parent=parent, period=int(run.period), tag=tags(run=run)[is_held])


@transaction.atomic
def store(*, run: BillingRun, chunk: Chunk, packed: Packed, known_workings: set[int]) -> None:
    """Write a chunk and its mark, or nothing of it. A chunk stored twice is refused by the mark's key."""
    RunChunk.objects.create(
        run=run,
        number=chunk.number,
        first_account_id=chunk.first,
        last_account_id=chunk.last,
        n_accounts=packed.n_accounts,
        n_bills=packed.n_bills,
        seal=packed.seal,
        totals=packed.totals,
    )
    send(run=run, packed=packed, known_workings=known_workings)


def send(*, run: BillingRun, packed: Packed, known_workings: set[int]) -> None:
    """Write the rows of some accounts to the run's tables, in the caller's transaction."""
    new = {key: body for key, body in packed.workings.items() if key not in known_workings}
    keep_workings(bodies=new)
    known_workings.update(new)
    send_bytes(run=run, bodies=packed.issued)
    send_bytes(run=run, bodies=packed.held, is_held=True)
    _copy_text(HeldBill, _HELD, packed.held_rows)
    _copy_text(UnbilledAccount, _UNBILLED, packed.unbilled_rows)


def send_bytes(*, run: BillingRun, bodies: dict[str, bytes], is_held: bool = False) -> None:
    """Append packed rows to the run's tables."""
    for parent, body in bodies.items():
        name = table(run=run, parent=parent, is_held=is_held)
        copying.send_rows(table=name, types=TABLES[parent], body=body)


def keep_workings(*, bodies: dict[int, Any]) -> None:
    """Store the arithmetic of lines under its content address; what is there already is the same."""
    if not bodies:
        return
    texts = [
        json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        for body in bodies.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_working (id, body) SELECT * FROM unnest(%s::bigint[], %s::jsonb[])"
            " ON CONFLICT (id) DO NOTHING",
            [list(bodies), texts],
        )


_HELD = ("run_id", "account_id", "reason", "consumption_m3", "mean_m3", "total_cents", "surplus",
         "decision", "decided_by", "decision_reason")  # fmt: skip
_UNBILLED = ("run_id", "account_id", "cause", "detail")


def _copy_text(model: Any, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    statement = f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _held_rows(run: BillingRun, computed: Computed) -> list[tuple[Any, ...]]:
    bills = computed.bills
    return [
        (
            run.pk,
            int(bills["account_id"][row]),
            Hold(int(computed.hold[row])).name.lower(),
            int(bills["consumption_m3"][row]),
            int(bills["mean_m3"][row]),
            int(computed.real_total_cents[row]),
            json.dumps(computed.surplus.get(int(bills["account_id"][row]), [])),
            "",
            "",
            "",
        )
        for row in np.flatnonzero(computed.hold != Hold.NONE)
    ]


def _cut(computed: Computed, bills: Mask, charges: Mask) -> dict[str, Columns]:
    """Rows of some bills for the three tables; a balance opens with what its bill adds up to."""
    chosen = {name: _of(values, bills) for name, values in computed.bills.items()}
    balances = {
        "period": chosen["period"],
        "account_id": chosen["account_id"],
        "due_on": chosen["due_on"],
        "open_principal_cents": np.maximum(chosen["total_cents"], 0),
        "open_accessory_cents": 0,
        "surcharged_months": 0,
    }
    return {
        "billing_bill": chosen,
        "ledger_charge": {name: _of(values, charges) for name, values in computed.charges.items()},
        "ledger_periodbalance": balances,
    }


def _of(values: Any, mask: Mask) -> Any:
    return values if np.ndim(values) == 0 else values[mask]


def _bytes(rows: dict[str, Columns]) -> dict[str, bytes]:
    return {
        parent: copying.to_rows(types=TABLES[parent], columns=columns)
        for parent, columns in rows.items()
        if np.size(columns["account_id"])
    }


def _class_totals(bills: Columns) -> list[list[int]]:
    """Bills, m³ and amount of each tariff class."""
    classes, group = np.unique(bills["tariff_class_id"], return_inverse=True)
    n, m3, cents = np.zeros((3, classes.size), dtype=np.int64)
    np.add.at(n, group, 1)
    np.add.at(m3, group, bills["consumption_m3"])
    np.add.at(cents, group, bills["total_cents"])
    rows: list[list[int]] = np.stack([classes, n, m3, cents], axis=1).tolist()
    return rows


def totals(*, bills: Columns, charges: Columns, previous_total_cents: Int64 | None = None) -> dict[str, Any]:
    """What the summary adds up: bills, m³ and amounts by concept and class, and who changed most."""
    if previous_total_cents is None:
        previous_total_cents = np.zeros(bills["account_id"].size, dtype=np.int64)
    class_of = bills["tariff_class_id"][np.searchsorted(bills["account_id"], charges["account_id"])]
    key = (charges["concept_id"] * 1000 + charges["reduces_id"]) * 100_000 + class_of
    keys, group = np.unique(key, return_inverse=True)
    lines, amount, vat = np.zeros((3, keys.size), dtype=np.int64)
    np.add.at(lines, group, 1)
    np.add.at(amount, group, charges["amount_cents"])
    np.add.at(vat, group, charges["vat_cents"])
    change = np.where(previous_total_cents != 0, bills["total_cents"] - previous_total_cents, 0)
    most = np.argsort(-np.abs(change), kind="stable")[:BIGGEST_CHANGES]
    return {
        "bills": int(bills["account_id"].size),
        "consumption_m3": int(bills["consumption_m3"].sum()),
        "total_cents": int(bills["total_cents"].sum()),
        "previous_total_cents": int(previous_total_cents.sum()),
        "classes": _class_totals(bills),
        "lines": [
            [int(k) // 100_000 // 1000, int(k) // 100_000 % 1000, int(k) % 100_000, int(n), int(a), int(v)]
            for k, n, a, v in zip(keys, lines, amount, vat, strict=True)
        ],
        "changes": [
            [int(bills["account_id"][row]), int(previous_total_cents[row]), int(bills["total_cents"][row])]
            for row in most
            if change[row]
        ],
    }
