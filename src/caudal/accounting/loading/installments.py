"""What was paid of agreements by day, and of which concepts the debt of each agreement was."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

from caudal.accounting import policy
from caudal.accounting.loading.revenue import APPLIED, COLLECTED
from caudal.ledger.models import DocumentKind

_INSTALLMENT: Final = f"(SELECT id FROM ledger_concept WHERE code = '{policy.INSTALLMENT}')"
# the lines of installments, by the day of the books and the day of the act: they differ for what came late for a closed month
BOOKED: Final = f"""
    SELECT * FROM (
        SELECT entry."on", COALESCE(entry.happened_on, entry."on"), {COLLECTED} AS collected, {APPLIED} AS applied
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE entry."on" >= %(since)s AND entry."on" < %(until)s AND line.concept_id = {_INSTALLMENT}
        GROUP BY 1, 2) AS booked
    WHERE collected <> 0 OR applied <> 0 ORDER BY 1, 2
"""
# Money that reached the installments of each agreement, as the books tell it: a payment, or one taken back, is collected;
# money in favor that reached them later, or that they gave back on being canceled, is applied.
PAID: Final = f"""
    WITH paid AS (
        SELECT installment.arrangement_id, allocation."on", allocation.amount_cents,
               CASE WHEN allocation.amount_cents < 0 AND released."on" IS NOT NULL THEN 'applied'
                    WHEN credit.kind = 'payment' AND (allocation.amount_cents < 0 OR allocation."on" = credit."on")
                        THEN 'collected'
                    WHEN allocation.amount_cents > 0 AND allocation."on" > credit."on" THEN 'applied' END AS moment
        FROM ledger_allocation AS allocation
        JOIN ledger_credit AS credit ON credit.id = allocation.credit_id
        JOIN arrangements_paymentarrangement AS arrangement ON arrangement.account_id = allocation.account_id
        JOIN arrangements_installment AS installment
            ON installment.arrangement_id = arrangement.id AND installment.sequence = allocation.sequence
        JOIN registry_account AS account ON account.id = allocation.account_id
        LEFT JOIN (SELECT document, COALESCE(happened_on, "on") AS "on" FROM ledger_journalentry
                   WHERE kind = 'release') AS released
            ON released.document = account.number || '/' || allocation.period || '/' || allocation.document_kind
               || '/' || allocation.sequence AND released."on" = allocation."on"
        WHERE allocation.period = 0 AND allocation.document_kind = {DocumentKind.INSTALLMENT.value}
          AND allocation.concept_id = {_INSTALLMENT} AND allocation."on" <= %(last)s
    )
    SELECT arrangement_id, "on", COALESCE(sum(amount_cents) FILTER (WHERE moment = 'collected'), 0)::bigint,
           COALESCE(sum(amount_cents) FILTER (WHERE moment = 'applied'), 0)::bigint
    FROM paid
    WHERE moment IS NOT NULL
      AND arrangement_id IN (SELECT arrangement_id FROM paid WHERE "on" = ANY(%(days)s::date[]))
    GROUP BY 1, 2 ORDER BY 1, 2
"""
CONSOLIDATED: Final = """
    SELECT arrangement.id, concept.id, sum(debt.owed_cents - debt.waived_cents)::bigint
    FROM arrangements_paymentarrangement AS arrangement,
         jsonb_to_recordset(arrangement.debts) AS debt (concept text, owed_cents bigint, waived_cents bigint)
    JOIN ledger_concept AS concept ON concept.code = debt.concept
    WHERE arrangement.id = ANY(%(ids)s::bigint[])
    GROUP BY 1, 2 HAVING sum(debt.owed_cents - debt.waived_cents) <> 0 ORDER BY 1, 2
"""
CLASSIFIED: Final = """
    SELECT concept.id, concept.code, concept.name, concept.revenue_account, asked.day,
           COALESCE(told.classifier, concept.revenue_classifier), COALESCE(told.name, '')
    FROM ledger_concept AS concept CROSS JOIN unnest(%(days)s::date[]) AS asked (day)
    LEFT JOIN LATERAL (
        SELECT classifier, name FROM accounting_conceptclassification AS dated
        WHERE dated.concept_id = concept.id AND dated.effective_from <= asked.day
        ORDER BY dated.effective_from DESC LIMIT 1) AS told ON true
    WHERE concept.id = ANY(%(ids)s::int[])
"""


class Booked(NamedTuple):
    """What the books say of installments (centavos), entered on a day and of the same or an earlier one."""

    on: date
    acted_on: date
    collected_cents: int
    applied_cents: int


class Paid(NamedTuple):
    """What reached the installments of an agreement on a day (centavos)."""

    arrangement_id: int
    on: date
    collected_cents: int
    applied_cents: int


class Classified(NamedTuple):
    """How a concept is told on a day."""

    concept_id: int
    code: str
    name: str
    revenue_account: str
    on: date
    classifier: str
    classifier_name: str


def _rows(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def booked(*, since: date, until: date) -> list[Booked]:
    """What the books say of installments from one day to the eve of another."""
    return [Booked(*row) for row in _rows(BOOKED, since=since, until=until)]


def paid(*, days: Sequence[date]) -> list[Paid]:
    """Of each agreement of which something was paid on these days, all that was paid until the last of them."""
    return [Paid(*row) for row in _rows(PAID, days=list(days), last=max(days))]


def consolidated(*, arrangement_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """What each agreement put in installments, by concept (centavos)."""
    found: dict[int, dict[int, int]] = {}
    for arrangement, concept, cents in _rows(CONSOLIDATED, ids=list(arrangement_ids)):
        found.setdefault(arrangement, {})[concept] = cents
    return found


def classified(*, concept_ids: Sequence[int], days: Sequence[date]) -> dict[tuple[int, date], Classified]:
    """How each concept is told on each of these days."""
    rows = [Classified(*row) for row in _rows(CLASSIFIED, ids=list(concept_ids), days=list(days))]
    return {(row.concept_id, row.on): row for row in rows}
