"""What cuts believe, derived again: every wrong cut was undone, every cut has its order, and no order outlives its end."""

from typing import Final

from caudal.disconnections.policy import order_folio
from caudal.kernel.checks import Check, rows

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
                      WHERE 'COR-' || lpad(cut_order.number::text, 6, '0') = cut.reason)
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


CHECKS = [
    Check("wrongful cuts", "¿Todo corte que no procedía se mandó restablecer?", _wrongful),
    Check("orders adrift", "¿Cada orden de corte dice lo mismo que su orden de campo?", _adrift),
    Check("cuts without result", "¿Cada corte del padrón tiene su orden con resultado?", _untold),
]
