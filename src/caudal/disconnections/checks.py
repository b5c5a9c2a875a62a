"""What cuts believe, derived again: every wrong cut was undone, every cut has its order, and no order outlives its end."""

from typing import Final

from caudal.disconnections.policy import order_folio
from caudal.kernel.checks import Check, rows
from caudal.ledger.models import DocumentKind

# a cut that was wrong, and no water ordered back for it
WRONGFUL: Final = """
    SELECT cut_order.number FROM disconnections_disconnection AS cut
    JOIN disconnections_disconnectionorder AS cut_order ON cut_order.id = cut.order_id
    WHERE cut.incidents <> '[]'::jsonb
      AND NOT EXISTS (SELECT FROM disconnections_reconnectionorder AS water
                      WHERE water.account_id = cut_order.account_id AND water.created_at >= cut.told_at)
    ORDER BY 1
"""
# an order under way whose field order was told or called off, or the other way around
ADRIFT: Final = """
    SELECT cut_order.number FROM disconnections_disconnectionorder AS cut_order
    JOIN fieldwork_fieldorder AS work ON work.id = cut_order.field_order_id
    LEFT JOIN fieldwork_orderresult AS told ON told.order_id = work.id
    WHERE (cut_order.state = 'dispatched') <> (work.canceled_at IS NULL AND told.order_id IS NULL) ORDER BY 1
"""
# an interruption of a cut made by an order of this room whose result does not say so
UNTOLD: Final = """
    SELECT account.number, cut.reason FROM registry_serviceinterruption AS cut
    JOIN registry_serviceagreement AS agreement ON agreement.id = cut.agreement_id
    JOIN registry_account AS account ON account.id = agreement.account_id
    WHERE cut.kind IN ('cut', 'restriction') AND cut.reason LIKE 'COR-%%'
      AND NOT EXISTS (SELECT FROM disconnections_disconnection AS told
                      JOIN disconnections_disconnectionorder AS cut_order ON cut_order.id = told.order_id
                      WHERE 'COR-' || kernel_folio_digits(cut_order.number) = cut.reason)
    ORDER BY 1
"""
# water of whoever owes nothing at all, cut by an order, that nobody has ordered back
OWED_WATER: Final = """
    SELECT account.number FROM registry_serviceinterruption AS cut
    JOIN registry_serviceagreement AS agreement ON agreement.id = cut.agreement_id
    JOIN registry_account AS account ON account.id = agreement.account_id
    WHERE cut.kind IN ('cut', 'restriction') AND cut.effective_to IS NULL AND cut.reason LIKE 'COR-%%'
      AND NOT EXISTS (SELECT FROM ledger_periodbalance AS balance WHERE balance.account_id = account.id
                      AND balance.open_principal_cents + balance.open_accessory_cents > 0)
      AND NOT EXISTS (SELECT FROM disconnections_reconnectionorder AS water
                      WHERE water.account_id = account.id AND water.state = 'open')
    ORDER BY 1
"""
# a cut taken for right without a look, not older than the rule of its day, that said it proceeded
UNSEEN: Final = """
    SELECT cut_order.number FROM disconnections_disconnection AS cut
    JOIN disconnections_disconnectionorder AS cut_order ON cut_order.id = cut.order_id
    WHERE cut.incidents = '[]'::jsonb
      AND NOT EXISTS (SELECT FROM disconnections_ordercheck AS seen
                      WHERE seen.order_id = cut.order_id AND seen.is_go AND seen.stage IN ('dispatch', 'door')
                        AND seen.at <= cut.done_at + interval '1 second'
                        AND seen.at >= cut.done_at - (SELECT rule.offline_hours * interval '1 hour'
                            FROM disconnections_disconnectionpolicy AS rule
                            WHERE rule.effective_from <= cut.done_at::date ORDER BY rule.effective_from DESC LIMIT 1))
    ORDER BY 1
"""
# a fine whose charge is not on the ledger
FINES: Final = """
    SELECT account.number, illegal.case_folio FROM disconnections_illegalreconnection AS illegal
    JOIN registry_account AS account ON account.id = illegal.account_id
    LEFT JOIN ledger_charge AS charge ON charge.account_id = illegal.account_id AND charge.period = 0
         AND charge.document_kind = %s AND charge.sequence = illegal.charge_sequence
         AND charge.concept_id = (SELECT id FROM ledger_concept WHERE code = 'fine')
    WHERE illegal.fine_cents > 0 AND charge.amount_cents IS DISTINCT FROM illegal.fine_cents
    ORDER BY 1
"""


def _wrongful() -> list[str]:
    return [
        f"El corte {order_folio(number)} no procedía y nadie ordenó restablecerlo."
        for (number,) in rows(WRONGFUL)
    ]


def _adrift() -> list[str]:
    return [
        f"La orden {order_folio(number)} y su orden de campo no dicen lo mismo." for (number,) in rows(ADRIFT)
    ]


def _untold() -> list[str]:
    return [
        f"La cuenta {number} está suspendida por {folio} y esa orden no tiene resultado."
        for number, folio in rows(UNTOLD)
    ]


def _owed_water() -> list[str]:
    return [
        f"La cuenta {number} no debe nada, sigue sin agua y nadie ordenó reconectarla."
        for (number,) in rows(OWED_WATER)
    ]


def _unseen() -> list[str]:
    return [
        f"El corte {order_folio(number)} se tomó por bueno sin una verificación vigente."
        for (number,) in rows(UNSEEN)
    ]


def _fines() -> list[str]:
    return [
        f"La multa de la cuenta {number}, {folio}, no está en su estado de cuenta como se puso."
        for number, folio in rows(FINES, [int(DocumentKind.FEE)])
    ]


CHECKS = [
    Check("wrongful cuts", "¿Todo corte que no procedía se mandó restablecer?", _wrongful),
    Check("orders adrift", "¿Cada orden de corte dice lo mismo que su orden de campo?", _adrift),
    Check("water owed", "¿Quien ya no debe nada tiene ordenada su reconexión?", _owed_water),
    Check("unseen cuts", "¿Todo corte tomado por bueno tuvo una verificación vigente?", _unseen),
    Check("fines", "¿Cada multa por reconectarse está en el libro con su importe?", _fines),
    Check("cuts without result", "¿Cada corte del padrón tiene su orden con resultado?", _untold),
]
