"""What months paid ahead believe, derived again: their credit holds their money, and no bill keeps a reduction for nothing."""

from typing import Final

from caudal.kernel.checks import Check, rows
from caudal.kernel.wording import month_name, pesos

# a credit that was taken back pays for no month
PAID_BY_NOTHING: Final = """
    SELECT account.number, month.period FROM campaigns_prepaidmonth AS month
    JOIN registry_account AS account ON account.id = month.account_id
    JOIN ledger_credit AS credit ON credit.id = month.credit_id
    WHERE NOT EXISTS (SELECT FROM campaigns_prepaidmonthend AS ending WHERE ending.month_id = month.id)
      AND (credit.account_id <> month.account_id
           OR EXISTS (SELECT FROM ledger_credit AS reversing WHERE reversing.reverses_id = credit.id))
    ORDER BY 1, 2
"""
TOO_MANY: Final = """
    SELECT account.number, sum(month.paid_cents)::bigint, credit.amount_cents FROM campaigns_prepaidmonth AS month
    JOIN registry_account AS account ON account.id = month.account_id
    JOIN ledger_credit AS credit ON credit.id = month.credit_id
    GROUP BY account.number, credit.id HAVING sum(month.paid_cents) > credit.amount_cents ORDER BY 1
"""
# the reduction of a month whose receipt was canceled is still in a bill that nobody took back
STILL_REDUCED: Final = """
    SELECT DISTINCT account.number, month.period FROM campaigns_prepaidmonthend AS ending
    JOIN campaigns_prepaidmonth AS month ON month.id = ending.month_id
    JOIN registry_account AS account ON account.id = month.account_id
    JOIN ledger_charge AS charge ON charge.period = month.period AND charge.account_id = month.account_id
     AND charge.document_kind = 1
    JOIN ledger_concept AS concept ON concept.id = charge.concept_id AND concept.code IN ('early_payment', 'held_price')
    WHERE ending.kind = 'canceled' AND ending.difference_cents < 0
      AND NOT EXISTS (SELECT FROM campaigns_prepaidmonth AS again
                      WHERE again.account_id = month.account_id AND again.period = month.period
                        AND NOT EXISTS (SELECT FROM campaigns_prepaidmonthend AS ended
                                        WHERE ended.month_id = again.id))
      AND NOT EXISTS (SELECT FROM ledger_credit AS taken WHERE taken.account_id = month.account_id
                      AND taken.kind = 'bill_cancellation'
                      AND taken.document = account.number || '/' || month.period || '/' || charge.sequence)
    ORDER BY 1, 2
"""


def _paid_by_nothing() -> list[str]:
    return [
        f"Cuenta {number}: {month_name(period)} figura pagado por adelantado con un pago que ya no existe."
        for number, period in rows(PAID_BY_NOTHING)
    ]


def _too_many() -> list[str]:
    return [
        f"Cuenta {number}: los meses adelantados suman {pesos(cents)} y su pago fue de {pesos(paid)}."
        for number, cents, paid in rows(TOO_MANY)
    ]


def _still_reduced() -> list[str]:
    return [
        f"Cuenta {number}: el recibo de {month_name(period)} lleva la reducción de un pago anticipado que se canceló;"
        " cancele ese recibo y refacture."
        for number, period in rows(STILL_REDUCED)
    ]


CHECKS: Final = (
    Check("campaigns.prepaid_paid", "cada mes adelantado tiene su pago", _paid_by_nothing),
    Check("campaigns.prepaid_sum", "los meses adelantados caben en su pago", _too_many),
    Check("campaigns.prepaid_bills", "ninguna reducción sin su pago anticipado", _still_reduced),
)
