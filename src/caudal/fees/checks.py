"""What the counter's services believe, derived again: folios, charges, ends."""

from typing import Final

from caudal.fees.policy import service_folio
from caudal.kernel.checks import Check, rows
from caudal.kernel.wording import pesos

FOLIOS = """
    SELECT COALESCE(folio.series, written.series), COALESCE(folio.number, written.number)
    FROM (SELECT series, number FROM kernel_folio WHERE series IN ('tramite', 'constancia')) AS folio
    FULL JOIN (SELECT 'tramite' AS series, number FROM fees_counterservice
               UNION ALL SELECT 'constancia', number FROM fees_nodebtcertificate) AS written
         ON written.series = folio.series AND written.number = folio.number
    WHERE folio.number IS NULL OR written.number IS NULL ORDER BY 1, 2
"""
CHARGES = """
    SELECT service.number, service.amount_cents + service.vat_cents, COALESCE(charge.cents, 0)
    FROM fees_counterservice AS service
    LEFT JOIN (SELECT account_id, sequence, concept_id, sum(amount_cents + vat_cents)::bigint AS cents
               FROM ledger_charge WHERE period = 0 AND document_kind = 3 GROUP BY 1, 2, 3) AS charge
         ON charge.account_id = service.account_id AND charge.sequence = service.charge_sequence
            AND charge.concept_id = service.concept_id
    WHERE service.amount_cents + service.vat_cents <> COALESCE(charge.cents, 0) ORDER BY 1
"""
CANCELED = """
    SELECT service.number, service.amount_cents + service.vat_cents - COALESCE(taken.cents, 0)
    FROM fees_counterservice AS service JOIN fees_counterserviceend AS ended ON ended.service_id = service.id
    LEFT JOIN (SELECT allocation.account_id, allocation.sequence, sum(allocation.amount_cents)::bigint AS cents
               FROM ledger_allocation AS allocation JOIN ledger_credit AS credit ON credit.id = allocation.credit_id
               WHERE allocation.period = 0 AND allocation.document_kind = 3 AND credit.kind = 'bill_cancellation'
               GROUP BY 1, 2) AS taken
         ON taken.account_id = service.account_id AND taken.sequence = service.charge_sequence
    WHERE ended.kind = 'canceled' AND service.amount_cents + service.vat_cents <> COALESCE(taken.cents, 0)
    ORDER BY 1
"""


def _folios() -> list[str]:
    return [
        f"El folio {number} de la serie {series} no tiene su papel, o el papel no tomó su folio."
        for series, number in rows(FOLIOS)
    ]


def _charges() -> list[str]:
    charged = [
        f"El trámite {service_folio(number)} es de {pesos(asked)} y su cargo de {pesos(cents)}."
        for number, asked, cents in rows(CHARGES)
    ]
    canceled = [
        f"El trámite {service_folio(number)} está cancelado y todavía se deben {pesos(cents)}."
        for number, cents in rows(CANCELED)
    ]
    return charged + canceled


CHECKS: Final = [
    Check("services", "¿Cada folio de trámite o constancia tiene su papel, y cada papel su folio?", _folios),
    Check(
        "fee_charges", "¿Cada trámite está cargado por lo que dice, y el cancelado ya no se debe?", _charges
    ),
]
