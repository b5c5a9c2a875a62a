"""What many accounts owe: columns for a billing run, sums for a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection

from caudal.kernel import copying
from caudal.ledger import loading
from caudal.ledger.policy import Debts, DebtTerms, Int64
from caudal.ledger.queries import positions

DEBTS_OF_RANGE = f"""
    SELECT {", ".join(loading.DEBT_TYPES)} FROM ledger_periodbalance
    WHERE {loading.IS_OPEN} AND account_id BETWEEN %s AND %s ORDER BY account_id, period
"""
BALANCE = f"""
    SELECT (COALESCE((SELECT sum(open_principal_cents + open_accessory_cents) FROM ledger_periodbalance
                      WHERE {loading.IS_OPEN} AND account_id = %s), 0)
            - COALESCE((SELECT unallocated_cents FROM ledger_creditbalance WHERE account_id = %s), 0))::bigint
"""
RECEIVABLES = """
    SELECT concept.code, concept.name, sum(cents)::bigint
    FROM (SELECT CASE WHEN reduces_id <> 0 THEN reduces_id ELSE concept_id END AS concept_id,
                 amount_cents + vat_cents AS cents FROM ledger_charge
          UNION ALL SELECT concept_id, -amount_cents FROM ledger_allocation) AS moves
    JOIN ledger_concept AS concept ON concept.id = moves.concept_id
    GROUP BY concept.id, concept.code, concept.name HAVING sum(cents) <> 0 ORDER BY concept.id
"""


@dataclass(frozen=True, slots=True)
class OpenColumns:
    """For each account asked, in the order asked (centavos): debt of earlier documents, surcharge to the
    day, and money in favor; and how many periods it owes."""

    prior_balance_cents: Int64
    surcharge_cents: Int64
    credit_balance_cents: Int64
    n_periods: Int64


def open_columns(*, account_ids: Int64, on: date, terms: DebtTerms) -> OpenColumns:
    """What each of these accounts owes before a new bill. `account_ids` is ascending, without repeats.

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    size = len(account_ids)
    if not size:
        nothing = np.zeros(0, dtype=np.int64)
        return OpenColumns(nothing, nothing, nothing, nothing)
    between = (int(account_ids[0]), int(account_ids[-1]))
    columns = copying.copy_out(sql=DEBTS_OF_RANGE, types=loading.DEBT_TYPES, params=between)
    debts = Debts(due_ordinal=columns.pop("due_on") + loading.POSTGRES_EPOCH, **columns)
    late = positions.late_surcharges(debts=debts, on=on, terms=terms)
    credit = copying.copy_out(
        sql="SELECT account_id, unallocated_cents FROM ledger_creditbalance"
        " WHERE unallocated_cents > 0 AND account_id BETWEEN %s AND %s",
        types={"account_id": "int4", "unallocated_cents": "int8"},
        params=between,
    )
    owed = debts.open_principal_cents + debts.open_accessory_cents
    return OpenColumns(
        prior_balance_cents=_sums(account_ids, debts.account_id, owed),
        surcharge_cents=_sums(account_ids, debts.account_id, late.amount_cents),
        credit_balance_cents=_sums(account_ids, credit["account_id"], credit["unallocated_cents"]),
        n_periods=_sums(account_ids, debts.account_id, np.ones_like(owed)),
    )


def _sums(account_ids: Int64, of: Int64, cents: Int64) -> Int64:
    """Add up rows by account; rows of accounts that were not asked are left out."""
    sums = np.zeros(len(account_ids), dtype=np.int64)
    place = np.minimum(np.searchsorted(account_ids, of), len(account_ids) - 1)
    is_asked = account_ids[place] == of
    np.add.at(sums, place[is_asked], cents[is_asked])
    return sums


def balance(*, account_id: int) -> int:
    """What an account owes of what is charged, less what it has in favor (centavos), without surcharges to
    the day."""
    # one statement, so that it is a balance the account had at some moment
    with connection.cursor() as cursor:
        cursor.execute(BALANCE, [account_id, account_id])
        balance: int = cursor.fetchone()[0]
    return balance


def receivables() -> Sequence[dict[str, Any]]:
    """What all accounts owe, by concept (centavos, VAT included)."""
    with connection.cursor() as cursor:
        cursor.execute(RECEIVABLES)
        return [
            {"concept": code, "name": name, "open_cents": cents} for code, name, cents in cursor.fetchall()
        ]
