"""What the counter believes, derived again: folios, credits, tenders, the chain, sessions and their closings."""

from typing import Final

from caudal.cashier import chain, till_checks
from caudal.cashier.channels import checks as channels
from caudal.kernel.checks import NAMED, Check, rows
from caudal.kernel.cli import pesos

RECEIPTS = """
    SELECT COALESCE(folio.series, receipt.series), COALESCE(folio.number, receipt.number),
           folio.number IS NULL AS is_invented
    FROM (SELECT series, number FROM kernel_folio
          WHERE series IN (SELECT code FROM cashier_receiptseries)
             OR series IN (SELECT code || '-CAN' FROM cashier_receiptseries)) AS folio
    FULL JOIN (SELECT series, number FROM cashier_receipt) AS receipt
         ON receipt.series = folio.series AND receipt.number = folio.number
    WHERE folio.number IS NULL OR receipt.number IS NULL ORDER BY 1, 2
"""
AMOUNTS = """
    SELECT receipt.series, receipt.number, payment.amount_cents, credit.amount_cents
    FROM cashier_payment AS payment
    JOIN cashier_receipt AS receipt ON receipt.id = payment.receipt_id
    JOIN ledger_credit AS credit ON credit.id = payment.credit_id
    LEFT JOIN cashier_payment AS reversed
         ON reversed.receipt_id = receipt.reverses_id AND reversed.account_id = payment.account_id
    WHERE payment.amount_cents <> credit.amount_cents OR payment.account_id <> credit.account_id
       OR (reversed.credit_id IS DISTINCT FROM credit.reverses_id) ORDER BY 1, 2
"""
SUMS = """
    SELECT receipt.series, receipt.number, receipt.total_cents, COALESCE(paid.cents, 0), COALESCE(tender.cents, 0)
    FROM cashier_receipt AS receipt
    LEFT JOIN (SELECT receipt_id, sum(amount_cents) AS cents FROM cashier_payment GROUP BY 1) AS paid
         ON paid.receipt_id = receipt.id
    LEFT JOIN (SELECT receipt_id, sum(amount_cents) AS cents FROM cashier_tender GROUP BY 1) AS tender
         ON tender.receipt_id = receipt.id
    WHERE receipt.total_cents <> COALESCE(paid.cents, 0) OR receipt.total_cents <> COALESCE(tender.cents, 0)
    ORDER BY 1, 2
"""
ORPHANS = """
    SELECT credit.document, credit.amount_cents FROM ledger_credit AS credit
    WHERE credit.kind = 'payment' AND NOT EXISTS
        (SELECT FROM cashier_payment AS payment WHERE payment.credit_id = credit.id) ORDER BY credit.id
"""


def _receipts() -> list[str]:
    return [
        f"El comprobante {series}-{number:06d} "
        + ("no tomó un folio de su serie." if is_invented else "tiene folio y no tiene pago.")
        for series, number, is_invented in rows(RECEIPTS)
    ]


def _amounts() -> list[str]:
    paid = [
        f"El comprobante {series}-{number:06d} es de {pesos(paid)} y su abono de {pesos(credited)}, o de otra cuenta."
        for series, number, paid, credited in rows(AMOUNTS)
    ]
    sums = [
        f"El comprobante {series}-{number:06d} es de {pesos(total)}; sus cuentas suman {pesos(int(paid))} y sus "
        f"formas de pago {pesos(int(tendered))}."
        for series, number, total, paid, tendered in rows(SUMS)
    ]
    orphans = [
        f"El abono {document} de {pesos(cents)} no tiene comprobante." for document, cents in rows(ORPHANS)
    ]
    return paid + sums + orphans


def _chain() -> list[str]:
    return [f"Comprobante {problem}" for problem in chain.verify().problems[:NAMED]]


CHECKS: Final = [
    Check("receipts", "¿Cada folio de caja es un comprobante y cada comprobante un folio?", _receipts),
    Check("payments", "¿Cada comprobante suma lo que pagó cada cuenta y cómo lo pagó?", _amounts),
    *channels.CHECKS,
    *till_checks.TILL_CHECKS,
    Check("chain", "¿La cadena de comprobantes está entera y coincide con los cortes impresos?", _chain),
]
