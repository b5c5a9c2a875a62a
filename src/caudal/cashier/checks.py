"""What the window believes, derived again: every receipt has its folio, its credit and its amount."""

from typing import Final

from caudal.kernel.checks import Check, rows
from caudal.kernel.cli import pesos

RECEIPTS = """
    SELECT COALESCE(folio.series, payment.series), COALESCE(folio.number, payment.number),
           folio.number IS NULL AS is_invented
    FROM (SELECT series, number FROM kernel_folio
          WHERE series IN (SELECT code FROM cashier_receiptseries)
             OR series IN (SELECT code || '-CAN' FROM cashier_receiptseries)) AS folio
    FULL JOIN (SELECT series, number FROM cashier_payment) AS payment
         ON payment.series = folio.series AND payment.number = folio.number
    WHERE folio.number IS NULL OR payment.number IS NULL ORDER BY 1, 2
"""
AMOUNTS = """
    SELECT payment.series, payment.number, payment.amount_cents, credit.amount_cents
    FROM cashier_payment AS payment JOIN ledger_credit AS credit ON credit.id = payment.credit_id
    LEFT JOIN cashier_payment AS reversed ON reversed.id = payment.reverses_id
    WHERE payment.amount_cents <> credit.amount_cents OR payment.account_id <> credit.account_id
       OR (reversed.credit_id IS DISTINCT FROM credit.reverses_id) ORDER BY 1, 2
"""
ORPHANS = """
    SELECT credit.document, credit.amount_cents FROM ledger_credit AS credit
    WHERE credit.kind = 'payment' AND NOT EXISTS
        (SELECT FROM cashier_payment AS payment WHERE payment.credit_id = credit.id) ORDER BY credit.id
"""


def _receipts() -> list[str]:
    return [
        f"El recibo {series}-{number:06d} "
        + ("no tomó un folio de su serie." if is_invented else "tiene folio y no tiene pago.")
        for series, number, is_invented in rows(RECEIPTS)
    ]


def _amounts() -> list[str]:
    paid = [
        f"El recibo {series}-{number:06d} es de {pesos(paid)} y su abono de {pesos(credited)}, o de otra cuenta."
        for series, number, paid, credited in rows(AMOUNTS)
    ]
    orphans = [f"El abono {document} de {pesos(cents)} no tiene recibo." for document, cents in rows(ORPHANS)]
    return paid + orphans


CHECKS: Final = [
    Check("receipts", "¿Cada folio de caja es un recibo y cada recibo un folio?", _receipts),
    Check("payments", "¿Cada recibo es un abono de su cuenta por el mismo importe?", _amounts),
]
