"""Opening balances: what thousands of accounts owed in the system that came before, loaded as sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from caudal.kernel import copying, partitions
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog, chart, policy
from caudal.ledger.commands import balances, journal
from caudal.ledger.commands.journal import Stamp
from caudal.ledger.models import Charge, Credit, DocumentKind

CHARGE_TYPES = {
    "period": "int4",
    "account_id": "int4",
    "document_kind": "int2",
    "sequence": "int2",
    "concept_id": "int2",
    "reduces_id": "int2",
    "due_on": "date",
    "amount_cents": "int8",
    "vat_cents": "int8",
    "base_cents": "int8",
    "working_id": "int8",
}
OPEN_BALANCES = """
    INSERT INTO ledger_periodbalance AS held
        (period, account_id, due_on, open_principal_cents, open_accessory_cents, surcharged_months)
    SELECT period, account_id, max(due_on),
           COALESCE(sum(amount_cents) FILTER (WHERE concept.kind <> ALL(%s)), 0),
           COALESCE(sum(amount_cents) FILTER (WHERE concept.kind = ANY(%s)), 0), 0
    FROM ledger_charge AS charge JOIN ledger_concept AS concept ON concept.id = charge.concept_id
    WHERE period = ANY(%s) AND document_kind = %s AND sequence = %s AND account_id = ANY(%s::int[])
    GROUP BY period, account_id
    ON CONFLICT (period, account_id) DO UPDATE SET
        open_principal_cents = held.open_principal_cents + excluded.open_principal_cents,
        open_accessory_cents = held.open_accessory_cents + excluded.open_accessory_cents,
        due_on = GREATEST(held.due_on, excluded.due_on)
"""
OPEN_CREDITS = """
    INSERT INTO ledger_credit (account_id, kind, amount_cents, "on", recorded_at, recorded_by, document, reason)
    SELECT account_id, %s, cents, %s, %s, %s, %s || '/' || account_id, 'Saldo a favor inicial'
    FROM unnest(%s::int[], %s::bigint[]) AS credit (account_id, cents)
"""


class CannotOpenBalances(Refusal): ...


@dataclass(frozen=True, slots=True)
class OpenedBalances:
    """What was loaded: rows and sums (centavos)."""

    n_charges: int
    charged_cents: int
    n_credits: int
    credited_cents: int


@transaction.atomic
def open_balances(
    *,
    charges: Mapping[str, NDArray[Any]],
    credits: Mapping[str, NDArray[Any]] | None = None,
    on: date,
    at: datetime,
    by: str,
    document: str,
    sequence: int = 1,
) -> OpenedBalances:
    """Load opening charges and money in favor of many accounts, against results of earlier years.

    :param charges: columns `account_id`, `period` (0 for what has none), `concept_id`, `amount_cents`,
        `due_on` (datetime64[D]); one row for each account, period and concept
    :param credits: columns `account_id`, `amount_cents` (positive), one row for each account
    :param document: names the load in the journal for ever, such as `intake:3`
    :param sequence: 1 for the first load of an account; a correction takes the next and carries only
        differences, which may be negative
    :raises CannotOpenBalances: if an account has this load already, a row comes twice, or a concept is unknown
    """
    charges = {name: np.asarray(column) for name, column in charges.items()}
    account_ids = np.unique(charges["account_id"]).tolist()
    _require_sound(charges, sequence, account_ids)
    balances.lock_accounts(account_ids=account_ids)
    periods = np.unique(charges["period"]).tolist()
    for period in periods:
        _load_period(charges, period, sequence)
    _open(periods, account_ids, sequence)
    stamp = Stamp(on, at, by)
    charged = _post_charges(charges, document, stamp)
    n_credits, credited = _load_credits(credits or {}, document, stamp)
    return OpenedBalances(int(charges["account_id"].size), charged, n_credits, credited)


def _require_sound(charges: Mapping[str, NDArray[Any]], sequence: int, account_ids: list[int]) -> None:
    keys = np.stack(
        [charges[name].astype(np.int64) for name in ("account_id", "period", "concept_id")], axis=1
    )
    if len(np.unique(keys, axis=0)) != len(keys):
        raise CannotOpenBalances(
            "Una cuenta trae dos veces el mismo periodo y concepto.", "Sume esos renglones en uno solo."
        )
    concepts = chart.read().concepts
    unknown = {int(each) for each in np.unique(charges["concept_id"])} - set(concepts)
    if unknown or any(concepts[int(each)].kind == "reduction" for each in np.unique(charges["concept_id"])):
        raise CannotOpenBalances(
            f"No es un concepto de adeudo: {sorted(unknown) or 'una reducción'}.",
            "Corrija la tabla de conceptos del archivo de correspondencias.",
        )
    loaded = Charge.objects.filter(
        document_kind=DocumentKind.OPENING_BALANCE, sequence=sequence, account_id__in=account_ids
    ).first()
    if loaded:
        raise CannotOpenBalances(
            f"La cuenta con identificador {loaded.account_id} ya tiene saldo inicial.",
            "Cargue solo las diferencias, como corrección.",
        )


def _load_period(charges: Mapping[str, NDArray[Any]], period: int, sequence: int) -> None:
    """Fill a detached table with the month and attach it: keys and checks are made as sets."""
    rows = charges["period"] == period
    tag = f"opening{sequence}"
    table = partitions.open_detached(parent="ledger_charge", period=period, tag=tag)
    copying.copy_in(
        table=table,
        types=CHARGE_TYPES,
        columns={
            "period": period,
            "account_id": charges["account_id"][rows],
            "document_kind": DocumentKind.OPENING_BALANCE.value,
            "sequence": sequence,
            "concept_id": charges["concept_id"][rows],
            "reduces_id": 0,
            "due_on": charges["due_on"][rows],
            "amount_cents": charges["amount_cents"][rows],
            "vat_cents": 0,
            "base_cents": 0,
            "working_id": 0,
        },
    )
    partitions.attach(parent="ledger_charge", period=period, tag=tag)
    partitions.ensure(parent="ledger_periodbalance", period=period)


def _open(periods: list[int], account_ids: list[int], sequence: int) -> None:
    accessories = sorted(policy.ACCESSORY_KINDS)
    kind = DocumentKind.OPENING_BALANCE.value
    with connection.cursor() as cursor:
        cursor.execute(OPEN_BALANCES, [accessories, accessories, periods, kind, sequence, account_ids])


def _post_charges(charges: Mapping[str, NDArray[Any]], document: str, stamp: Stamp) -> int:
    concepts = chart.read()
    total = 0
    for concept in np.unique(charges["concept_id"]).tolist():
        cents = int(charges["amount_cents"][charges["concept_id"] == concept].sum())
        total += cents
        journal.write(
            kind=f"opening.{concepts.concepts[concept].code}",
            document=document,
            description=f"Saldos iniciales: {concepts.concepts[concept].name}",
            lines=journal.accrual_lines(
                totals=[journal.RunTotal(concept, cents)], concepts=concepts, against=catalog.PRIOR_RESULTS
            ),
            stamp=stamp,
        )
    return total


def _load_credits(credits: Mapping[str, NDArray[Any]], document: str, stamp: Stamp) -> tuple[int, int]:
    if not credits or not len(credits["account_id"]):
        return 0, 0
    accounts, cents = (np.asarray(credits[name]).tolist() for name in ("account_id", "amount_cents"))
    if min(cents) <= 0 or len(set(accounts)) != len(accounts):
        raise CannotOpenBalances(
            "Un saldo a favor no es mayor que cero, o una cuenta trae dos.", "Corrija esos renglones."
        )
    balances.lock_accounts(account_ids=accounts)
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN_CREDITS,
            [Credit.Kind.OPENING_CREDIT, stamp.on, stamp.at, stamp.by, document, accounts, cents],
        )
    balances.add_credit(cents_by_account=dict(zip(accounts, cents, strict=True)))
    journal.write(
        kind="opening.credit",
        document=document,
        description="Saldos a favor iniciales",
        lines=[
            journal.Line(catalog.PRIOR_RESULTS, sum(cents)),
            journal.Line(catalog.CREDIT_BALANCES, -sum(cents)),
        ],
        stamp=stamp,
    )
    return len(accounts), sum(cents)
