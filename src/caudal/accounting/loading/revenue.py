"""Revenue as the government asks for it: by day and concept, what was accrued and what was collected of it."""

from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

# Collected: what payments took off receivables, whatever was charged in the same act; money in favor is collected when it
# comes, and applied when it meets a charge. What a canceled document gives back is not applied any more.
COLLECTED: Final = """
    COALESCE(-sum(line.amount_cents) FILTER (
        WHERE entry.kind IN ('credit.payment', 'reversal.payment')
          AND (line.ledger_account_id LIKE '1124%%' OR line.ledger_account_id = '2119')
           OR entry.kind = 'cash_difference' AND line.ledger_account_id LIKE '4%%'), 0)::bigint
"""
# a surcharge charged and extinguished by one entry moves no receivable: what it brought as revenue says how much
APPLIED: Final = """
    COALESCE(-sum(line.amount_cents) FILTER (
        WHERE entry.kind IN ('credit_application', 'release') AND line.ledger_account_id <> '2119'), 0)::bigint
"""
# accrued is what revenue accounts got; VAT is accrued for somebody else
MOMENTS: Final = f"""
    SELECT moves.*, COALESCE(told.classifier, concept.revenue_classifier, ''), COALESCE(told.name, ''),
           COALESCE(concept.code, ''), COALESCE(concept.name, account.name),
           COALESCE(concept.receivable_account, ''), COALESCE(concept.revenue_account, moves.other)
    FROM (
        SELECT entry."on" AS day, line.concept_id,
               CASE WHEN line.concept_id IS NULL THEN line.ledger_account_id ELSE '' END AS other,
               COALESCE(-sum(line.amount_cents) FILTER (WHERE line.ledger_account_id LIKE '4%%'), 0)::bigint AS accrued,
               COALESCE(-sum(line.amount_cents) FILTER (WHERE line.ledger_account_id = '2117'), 0)::bigint AS vat,
               {COLLECTED} AS collected, {APPLIED} AS applied
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE entry."on" >= %(since)s AND entry."on" < %(until)s
        GROUP BY 1, 2, 3) AS moves
    LEFT JOIN ledger_concept AS concept ON concept.id = moves.concept_id
    LEFT JOIN ledger_ledgeraccount AS account ON account.code = moves.other
    LEFT JOIN LATERAL (
        SELECT classifier, name FROM accounting_conceptclassification AS dated
        WHERE dated.concept_id = moves.concept_id AND dated.effective_from <= moves.day
        ORDER BY dated.effective_from DESC LIMIT 1) AS told ON true
    WHERE moves.accrued <> 0 OR moves.vat <> 0 OR moves.collected <> 0 OR moves.applied <> 0
    ORDER BY moves.day, moves.concept_id NULLS LAST, moves.other
"""


class Moments(NamedTuple):
    """One concept on one day (centavos)."""

    on: date
    concept_id: int | None
    other: str
    accrued_cents: int
    vat_cents: int
    collected_cents: int
    applied_cents: int
    classifier: str
    classifier_name: str
    code: str
    name: str
    receivable_account: str
    revenue_account: str


def moments(*, since: date, until: date) -> list[Moments]:
    """What was accrued and collected from one day to the eve of another, by the day of the books."""
    params: dict[str, Any] = {"since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(MOMENTS, params)
        return [Moments(*row) for row in cursor.fetchall()]
