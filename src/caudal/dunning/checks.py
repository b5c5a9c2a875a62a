"""What dunning believes, derived again: folios, amounts, costs, and nobody notified who kept an agreement."""

from typing import Final

from caudal.arrangements import queries as arrangements
from caudal.arrangements.models import PaymentArrangement
from caudal.dunning.policy import notice_folio
from caudal.kernel.checks import Check, rows
from caudal.kernel.wording import pesos

FOLIOS = """
    SELECT COALESCE(folio.series, written.series), COALESCE(folio.number, written.number)
    FROM (SELECT series, number FROM kernel_folio WHERE series IN ('notificacion', 'lote')) AS folio
    FULL JOIN (SELECT 'notificacion' AS series, number FROM dunning_notice
               UNION ALL SELECT 'lote', number FROM dunning_noticebatch) AS written
         ON written.series = folio.series AND written.number = folio.number
    WHERE folio.number IS NULL OR written.number IS NULL ORDER BY 1, 2
"""
SUMS = """
    SELECT notice.number, notice.total_cents, COALESCE(debt.cents, 0)
    FROM dunning_notice AS notice
    LEFT JOIN (SELECT notice_id, sum(water_cents + sewerage_cents + other_cents + surcharge_cents + cost_cents)::bigint
                      AS cents FROM dunning_noticedebt GROUP BY 1) AS debt ON debt.notice_id = notice.id
    WHERE notice.total_cents <> COALESCE(debt.cents, 0) ORDER BY 1
"""
# a cost is one charge of its account, and only of a notice that was served
COSTS = """
    SELECT notice.number, cost.amount_cents, COALESCE(charge.cents, 0), served.notice_id IS NOT NULL
    FROM dunning_noticecost AS cost JOIN dunning_notice AS notice ON notice.id = cost.notice_id
    LEFT JOIN (SELECT account_id, sequence, sum(amount_cents)::bigint AS cents FROM ledger_charge
               WHERE period = 0 AND document_kind = 3 AND concept_id = 23 GROUP BY 1, 2) AS charge
         ON charge.account_id = notice.account_id AND charge.sequence = cost.charge_sequence
    LEFT JOIN (SELECT DISTINCT notice_id FROM dunning_serviceofnotice WHERE effects_on IS NOT NULL) AS served
         ON served.notice_id = notice.id
    WHERE cost.amount_cents <> COALESCE(charge.cents, 0) OR served.notice_id IS NULL ORDER BY 1
"""
TWICE = """
    SELECT notice.account_id, cost.charge_sequence, count(*) FROM dunning_noticecost AS cost
    JOIN dunning_notice AS notice ON notice.id = cost.notice_id
    GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1, 2
"""
IN_AGREEMENT = """
    SELECT notice.number, notice.issued_on, signed.id FROM dunning_notice AS notice
    JOIN arrangements_paymentarrangement AS signed
         ON signed.account_id = notice.account_id AND signed.signed_on < notice.issued_on
    LEFT JOIN arrangements_arrangementend AS ended ON ended.arrangement_id = signed.id
    WHERE ended.arrangement_id IS NULL OR ended."on" > notice.issued_on ORDER BY 1
"""


def _folios() -> list[str]:
    return [
        f"El folio {number} de la serie {series} no tiene su papel, o el papel no tomó su folio."
        for series, number in rows(FOLIOS)
    ]


def _sums() -> list[str]:
    return [
        f"La notificación {notice_folio(number)} dice {pesos(said)} y sus periodos suman {pesos(listed)}."
        for number, said, listed in rows(SUMS)
    ]


def _costs() -> list[str]:
    found = [
        f"Los gastos de {notice_folio(number)} son de {pesos(said)} y su cargo de {pesos(charged)}."
        if was_served
        else f"La notificación {notice_folio(number)} tiene gastos y nadie la notificó."
        for number, said, charged, was_served in rows(COSTS)
    ]
    twice = [
        f"El cargo {sequence} de la cuenta de id {account} es de {count} notificaciones."
        for account, sequence, count in rows(TWICE)
    ]
    return found + twice


def _in_agreement() -> list[str]:
    """Nobody whose agreement had nothing past due on the day of issue."""
    pairs = rows(IN_AGREEMENT)
    signed = PaymentArrangement.objects.select_related("policy").in_bulk([each[2] for each in pairs])
    found = []
    for number, on, arrangement in pairs:
        told = arrangements.standing(arrangement=signed[arrangement], on=on)
        was_late = any(row.due_on < on and (row.paid_on is None or row.paid_on > on) for row in told.rows)
        if not was_late:
            found.append(
                f"La notificación {notice_folio(number)} es de una cuenta con convenio al corriente."
            )
    return found


CHECKS: Final = [
    Check("notices", "¿Cada folio de notificación o lote tiene su papel, y cada papel su folio?", _folios),
    Check("notice_debts", "¿Cada notificación es la suma de sus periodos?", _sums),
    Check("notice_costs", "¿Cada gasto de ejecución se cargó una vez, y solo de lo notificado?", _costs),
    Check("notices_in_agreement", "¿Nadie con convenio al corriente fue notificado?", _in_agreement),
]
