"""What the street believes, derived again: folios, what became of each event, one result for each order."""

from typing import Final

from caudal.fieldwork import policy
from caudal.kernel.checks import Check, rows

# a series takes its folio in the transaction of its document, so neither is without the other
FOLIOS: Final = (
    (policy.ROUND_SERIES, "fieldwork_round", "folio", "REC-", policy.round_folio),
    (policy.ORDER_SERIES, "fieldwork_fieldorder", "folio", "OT-", policy.order_folio),
    (policy.DEVICE_SERIES, "fieldwork_device", "code", "TEL-", policy.device_code),
)
UNANSWERED = """
    SELECT event.id, event.received_at::date FROM fieldwork_fieldevent AS event
    WHERE NOT EXISTS (SELECT FROM fieldwork_eventoutcome AS outcome WHERE outcome.event_id = event.id) ORDER BY 2, 1
"""
APPLIED_TWICE = """
    SELECT event_id, count(*) FROM fieldwork_eventoutcome WHERE kind = 'applied' GROUP BY 1 HAVING count(*) > 1 ORDER BY 1
"""
# nothing is dismissed after it was applied, nor applied after it was dismissed
CONTRADICTED = """
    SELECT event_id FROM fieldwork_eventoutcome GROUP BY 1
    HAVING bool_or(kind = 'applied') AND bool_or(kind = 'dismissed') ORDER BY 1
"""
ORDERS_UNTOLD = """
    SELECT orders.folio FROM fieldwork_orderresult AS result
    JOIN fieldwork_fieldorder AS orders ON orders.id = result.order_id
    WHERE result.event_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM fieldwork_eventoutcome AS outcome
                      WHERE outcome.event_id = result.event_id AND outcome.kind = 'applied') ORDER BY 1
"""
ORDERS_OVER = """
    SELECT orders.folio FROM fieldwork_fieldorder AS orders
    JOIN fieldwork_orderresult AS result ON result.order_id = orders.id
    WHERE orders.canceled_at IS NOT NULL ORDER BY 1
"""
STOPS_UNTOLD = """
    SELECT round.folio, stop.sequence FROM fieldwork_stop AS stop JOIN fieldwork_round AS round ON round.id = stop.round_id
    JOIN LATERAL (SELECT max(event.happened_at) AS latest FROM fieldwork_fieldevent AS event
                  JOIN fieldwork_eventoutcome AS outcome ON outcome.event_id = event.id AND outcome.kind = 'applied'
                  WHERE event.stop_code = stop.code AND event.kind <> 'note') AS told ON told.latest IS NOT NULL
    WHERE stop.done_at IS NULL OR stop.done_at < told.latest ORDER BY 1, 2
"""


def _folios() -> list[str]:
    found = []
    for series, table, column, prefix, folio in FOLIOS:
        sql = f"""
            SELECT COALESCE(taken.number, written.number)
            FROM (SELECT number FROM kernel_folio WHERE series = %s) AS taken
            FULL JOIN (SELECT replace({column}, %s, '')::bigint AS number FROM {table}) AS written USING (number)
            WHERE taken.number IS NULL OR written.number IS NULL ORDER BY 1
        """
        found += [
            f"El folio {folio(number)} no tiene su documento, o el documento no tomó su folio."
            for (number,) in rows(sql, [series, prefix])
        ]
    return found


def _events() -> list[str]:
    unanswered = [
        f"El suceso {event}, que llegó el {on:%d/%m/%Y}, no dice qué fue de él."
        for event, on in rows(UNANSWERED)
    ]
    twice = [f"El suceso {event} está aplicado {n} veces." for event, n in rows(APPLIED_TWICE)]
    both = [f"El suceso {event} está aplicado y descartado." for (event,) in rows(CONTRADICTED)]
    return unanswered + twice + both


def _orders() -> list[str]:
    untold = [
        f"{folio}: su resultado es de un suceso que no está aplicado." for (folio,) in rows(ORDERS_UNTOLD)
    ]
    over = [f"{folio}: está cancelada y tiene resultado." for (folio,) in rows(ORDERS_OVER)]
    return untold + over


def _stops() -> list[str]:
    return [
        f"{folio}, parada {sequence}: no dice lo último que se aplicó de ella." for folio, sequence in rows(STOPS_UNTOLD)
    ]  # fmt: skip


CHECKS: Final = [
    Check("field_folios", "¿Cada folio de recorrido, orden y teléfono tiene lo suyo?", _folios),
    Check("field_events", "¿De cada suceso se sabe qué fue, y ninguno se aplicó dos veces?", _events),
    Check("field_orders", "¿Cada orden tiene un solo resultado, y ninguno las canceladas?", _orders),
    Check("field_stops", "¿Cada parada dice lo último que se contó de ella?", _stops),
]
