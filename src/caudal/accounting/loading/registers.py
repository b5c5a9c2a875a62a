"""The registers an auditor asks for: what was forgiven or reduced, canceled, adjusted, over or short, and still owed."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import connection

# every centavo that a rule took off a bill, and every one that a rule forgave (or took back)
DISCOUNTS: Final = """
    SELECT bill.issued_on, account.number, concept.name, 'reducción del recibo', charge.period::text,
           -(charge.amount_cents)::bigint, 'emisión'
    FROM ledger_charge AS charge
    JOIN ledger_concept AS concept ON concept.id = charge.concept_id AND concept.kind = 'reduction'
    JOIN billing_bill AS bill ON bill.period = charge.period AND bill.account_id = charge.account_id
         AND bill.revision = charge.sequence
    JOIN registry_account AS account ON account.id = charge.account_id
    WHERE charge.document_kind IN (1, 5) AND charge.reduces_id <> 0
      AND bill.issued_on >= %(since)s AND bill.issued_on < %(until)s
    UNION ALL
    SELECT credit."on", account.number, COALESCE(waiver.rule, back.rule, 'sin regla'),
           CASE WHEN credit.reverses_id IS NULL THEN 'condonación' ELSE 'condonación deshecha' END,
           COALESCE(waiver.document, back.document, credit.document), credit.amount_cents, credit.recorded_by
    FROM ledger_credit AS credit
    JOIN registry_account AS account ON account.id = credit.account_id
    LEFT JOIN campaigns_waiver AS waiver ON waiver.credit_id = credit.id
    LEFT JOIN campaigns_waiver AS back ON back.credit_id = credit.reverses_id
    WHERE credit.kind = 'waiver' AND credit."on" >= %(since)s AND credit."on" < %(until)s
    ORDER BY 1, 2, 4, 5
"""
CANCELLATIONS: Final = """
    SELECT receipt.business_on, 'comprobante',
           was.series || '-' || kernel_folio_digits(was.number),
           (SELECT string_agg(account.number, ', ' ORDER BY account.number) FROM cashier_payment AS payment
            JOIN registry_account AS account ON account.id = payment.account_id WHERE payment.receipt_id = receipt.id),
           -receipt.total_cents, receipt.reason, receipt.received_by
    FROM cashier_receipt AS receipt JOIN cashier_receipt AS was ON was.id = receipt.reverses_id
    WHERE receipt.business_on >= %(since)s AND receipt.business_on < %(until)s
    UNION ALL
    SELECT credit."on", CASE WHEN credit.reverses_id IS NULL THEN 'recibo o cargo' ELSE 'cancelación deshecha' END,
           credit.document, account.number, credit.amount_cents, credit.reason, credit.recorded_by
    FROM ledger_credit AS credit JOIN registry_account AS account ON account.id = credit.account_id
    WHERE credit.kind = 'bill_cancellation' AND credit."on" >= %(since)s AND credit."on" < %(until)s
    ORDER BY 1, 2, 3
"""
ADJUSTMENTS: Final = """
    SELECT credit."on", account.number,
           CASE credit.kind WHEN 'adjustment' THEN 'ajuste' WHEN 'regularization' THEN 'regularización de estimadas'
                ELSE 'saldo a favor inicial' END
           || CASE WHEN credit.reverses_id IS NULL THEN '' ELSE ' (deshecho)' END,
           credit.document, credit.amount_cents, credit.reason, credit.recorded_by
    FROM ledger_credit AS credit JOIN registry_account AS account ON account.id = credit.account_id
    WHERE credit.kind IN ('adjustment', 'regularization', 'opening_credit')
      AND credit."on" >= %(since)s AND credit."on" < %(until)s
    ORDER BY 1, 2, 4
"""
DIFFERENCES: Final = """
    SELECT COALESCE(entry.happened_on, entry."on"), entry.document, entry.description,
           sum(line.amount_cents)::bigint, entry.recorded_by
    FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
    WHERE entry.kind = 'cash_difference' AND line.ledger_account_id IN ('1111', '1112-01')
      AND entry."on" >= %(since)s AND entry."on" < %(until)s
    GROUP BY entry.id ORDER BY 1, 2
"""
# what the books say of the same registers
BOOKED: Final[Mapping[str, str]] = {
    "descuentos": """
        SELECT COALESCE(sum(line.amount_cents) FILTER (
                   WHERE concept.kind = 'reduction' AND entry.kind LIKE 'billing.%%'
                     AND line.ledger_account_id LIKE '4%%'), 0)::bigint
             + COALESCE(-sum(line.amount_cents) FILTER (
                   WHERE entry.kind IN ('credit.waiver', 'reversal.waiver')
                     AND line.ledger_account_id LIKE '1124%%'), 0)::bigint
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        LEFT JOIN ledger_concept AS concept ON concept.id = line.concept_id
        WHERE COALESCE(entry.happened_on, entry."on") >= %(since)s AND COALESCE(entry.happened_on, entry."on") < %(until)s
    """,
    "cancelaciones": """
        SELECT COALESCE(-sum(line.amount_cents), 0)::bigint
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE COALESCE(entry.happened_on, entry."on") >= %(since)s AND COALESCE(entry.happened_on, entry."on") < %(until)s
          AND (entry.kind = 'reversal.payment' AND line.ledger_account_id IN ('1111', '1112-01', '2119-02')
               OR entry.kind IN ('credit.bill_cancellation', 'reversal.bill_cancellation')
                  AND line.ledger_account_id LIKE '1124%%' AND line.ledger_account_id <> '1124-11')
    """,
    "ajustes": """
        SELECT COALESCE(-sum(line.amount_cents), 0)::bigint
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE COALESCE(entry.happened_on, entry."on") >= %(since)s AND COALESCE(entry.happened_on, entry."on") < %(until)s
          AND entry.kind IN ('credit.adjustment', 'reversal.adjustment', 'credit.regularization',
                             'reversal.regularization', 'opening.credit', 'reversal.opening_credit')
          AND (line.ledger_account_id LIKE '1124%%' OR line.ledger_account_id = '2119')
    """,
    "diferencias": """
        SELECT COALESCE(-sum(line.amount_cents), 0)::bigint
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        WHERE entry.kind = 'cash_difference' AND line.ledger_account_id IN ('4319-01', '1123-01')
          AND entry."on" >= %(since)s AND entry."on" < %(until)s
    """,
    "adeudos": """
        SELECT COALESCE(sum(line.amount_cents), 0)::bigint
        FROM ledger_journalentry AS entry JOIN ledger_journalline AS line ON line.entry_id = entry.id
        JOIN ledger_concept AS concept ON concept.id = line.concept_id
             AND concept.receivable_account = line.ledger_account_id
        WHERE COALESCE(entry.happened_on, entry."on") <= %(on)s
    """,
}


def rows(*, sql: str, since: date, until: date, on: date) -> list[tuple[Any, ...]]:
    """The rows of a register between two days, or of what was owed at the end of one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        cursor.execute(sql, {"since": since, "until": until, "on": on})
        return list(cursor.fetchall())
