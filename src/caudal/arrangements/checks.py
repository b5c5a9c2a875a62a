"""What payment agreements believe, derived again: folios, charges, what was forgiven, and what ending them undid."""

from typing import Final

from caudal.arrangements.policy import arrangement_folio
from caudal.kernel.checks import Check, rows
from caudal.kernel.wording import pesos

FOLIOS = """
    SELECT COALESCE(folio.number, written.number)
    FROM (SELECT number FROM kernel_folio WHERE series = 'convenio') AS folio
    FULL JOIN arrangements_paymentarrangement AS written ON written.number = folio.number
    WHERE folio.number IS NULL OR written.number IS NULL ORDER BY 1
"""
CHARGES = """
    SELECT arrangement.number, installment.number,
           installment.principal_cents + installment.deferral_cents, COALESCE(charge.cents, 0)
    FROM arrangements_installment AS installment
    JOIN arrangements_paymentarrangement AS arrangement ON arrangement.id = installment.arrangement_id
    LEFT JOIN (SELECT account_id, sequence, min(due_on) AS due_on, sum(amount_cents + vat_cents)::bigint AS cents
               FROM ledger_charge WHERE period = 0 AND document_kind = 6 GROUP BY 1, 2) AS charge
         ON charge.account_id = arrangement.account_id AND charge.sequence = installment.sequence
    WHERE (installment.principal_cents + installment.deferral_cents, installment.due_on)
          IS DISTINCT FROM (charge.cents, charge.due_on) ORDER BY 1, 2
"""
STRAY = """
    SELECT charge.account_id, charge.sequence FROM ledger_charge AS charge
    WHERE charge.period = 0 AND charge.document_kind = 6
      AND NOT EXISTS (SELECT FROM arrangements_installment AS installment
                      JOIN arrangements_paymentarrangement AS arrangement ON arrangement.id = installment.arrangement_id
                      WHERE arrangement.account_id = charge.account_id AND installment.sequence = charge.sequence)
    ORDER BY 1, 2
"""
FORGIVEN = """
    SELECT arrangement.number, arrangement.waived_cents, COALESCE(sum(waiver.cents), 0)::bigint
    FROM arrangements_paymentarrangement AS arrangement
    LEFT JOIN campaigns_waiver AS waiver
         ON waiver.is_conditional AND waiver.account_id = arrangement.account_id
            AND waiver.document = 'CON-' || kernel_folio_digits(arrangement.number)
    GROUP BY arrangement.id HAVING arrangement.waived_cents <> COALESCE(sum(waiver.cents), 0) ORDER BY 1
"""
# kept or in force: its credits stand; broken or canceled: all of them were taken back, and no installment is owed
UNDONE = """
    SELECT arrangement.number, credit.document
    FROM arrangements_paymentarrangement AS arrangement
    LEFT JOIN arrangements_arrangementend AS ended ON ended.arrangement_id = arrangement.id
    JOIN ledger_credit AS credit
         ON credit.id = arrangement.credit_id
            OR credit.id IN (SELECT credit_id FROM campaigns_waiver AS waiver
                             WHERE waiver.is_conditional AND waiver.account_id = arrangement.account_id
                               AND waiver.document = 'CON-' || kernel_folio_digits(arrangement.number))
    WHERE (COALESCE(ended.kind, '') IN ('defaulted', 'canceled'))
          <> EXISTS (SELECT FROM ledger_credit AS reversing WHERE reversing.reverses_id = credit.id)
    ORDER BY 1, 2
"""
OPEN = """
    SELECT arrangement.number, ended.kind, installment.number,
           installment.principal_cents + installment.deferral_cents - COALESCE(paid.cents, 0)
    FROM arrangements_arrangementend AS ended
    JOIN arrangements_paymentarrangement AS arrangement ON arrangement.id = ended.arrangement_id
    JOIN arrangements_installment AS installment ON installment.arrangement_id = arrangement.id
    LEFT JOIN (SELECT account_id, sequence, sum(amount_cents)::bigint AS cents FROM ledger_allocation
               WHERE period = 0 AND document_kind = 6 GROUP BY 1, 2) AS paid
         ON paid.account_id = arrangement.account_id AND paid.sequence = installment.sequence
    WHERE installment.principal_cents + installment.deferral_cents <> COALESCE(paid.cents, 0)
    ORDER BY 1, 3
"""


_ENDED: Final = {"finished": "cumplido", "defaulted": "incumplido", "canceled": "cancelado"}


def _folios() -> list[str]:
    return [
        f"El folio {arrangement_folio(number)} no tiene su convenio, o el convenio no tomó su folio."
        for (number,) in rows(FOLIOS)
    ]


def _charges() -> list[str]:
    charged = [
        f"{arrangement_folio(number)}: la parcialidad {part} es de {pesos(agreed)} y su cargo de {pesos(cents)}, "
        "o vencen en días distintos."
        for number, part, agreed, cents in rows(CHARGES)
    ]
    stray = [
        f"La cuenta de id {account} tiene una parcialidad cargada, la {sequence}, que no es de ningún convenio."
        for account, sequence in rows(STRAY)
    ]
    return charged + stray


def _forgiven() -> list[str]:
    return [
        f"{arrangement_folio(number)}: dice condonar {pesos(said)} y las reglas condonaron {pesos(cents)}."
        for number, said, cents in rows(FORGIVEN)
    ]


def _ends() -> list[str]:
    credits = [
        f"{arrangement_folio(number)}: {document} debería estar deshecho si el convenio se rompió, y en pie si no."
        for number, document in rows(UNDONE)
    ]
    installments = [
        f"{arrangement_folio(number)}: terminó {_ENDED[kind]} y la parcialidad {part} todavía debe {pesos(cents)}."
        for number, kind, part, cents in rows(OPEN)
    ]
    return credits + installments


CHECKS: Final = [
    Check("arrangements", "¿Cada folio de convenio tiene su convenio?", _folios),
    Check("installments", "¿Cada parcialidad está cargada por lo que se firmó, y ninguna de más?", _charges),
    Check("arrangement_waivers", "¿Lo condonado en cada convenio es lo que dicen sus reglas?", _forgiven),
    Check("arrangement_ends", "¿Lo que se rompió se deshizo entero, y lo demás sigue en pie?", _ends),
]
