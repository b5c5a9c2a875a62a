"""What reports believe, derived again: folios, locks, clocks, merges."""

from typing import Final

from caudal.kernel.checks import Check, rows

FOLIOS = """
    SELECT COALESCE('REP-' || kernel_folio_digits(taken.number), written.folio)
    FROM (SELECT number FROM kernel_folio WHERE series = 'reporte') AS taken
    FULL JOIN cases_case AS written ON written.folio = 'REP-' || kernel_folio_digits(taken.number)
    WHERE taken.number IS NULL OR written.id IS NULL ORDER BY 1
"""
# the last move of a case says how far it is: finished with a claim open, its lock would never be lifted
UNDECIDED = """
    SELECT folio FROM cases_case AS reported JOIN cases_billingclaim AS claim ON claim.case_id = reported.id
    LEFT JOIN cases_claimresolution AS decided ON decided.claim_id = claim.id
    WHERE decided.claim_id IS NULL AND (
        SELECT kind FROM cases_caseentry AS entry
        WHERE entry.case_id = reported.id AND kind NOT IN ('noted', 'gathered') ORDER BY entry.id DESC LIMIT 1
    ) IN ('resolved', 'merged') ORDER BY 1
"""
UNLOCKED = """
    SELECT folio FROM cases_case AS reported JOIN cases_casetype AS kind ON kind.id = reported.type_id
    WHERE kind.is_billing_claim AND NOT EXISTS (SELECT FROM cases_billingclaim WHERE case_id = reported.id) ORDER BY 1
"""
ALONE = """
    SELECT folio FROM cases_caseentry AS merged JOIN cases_case AS reported ON reported.id = merged.case_id
    WHERE merged.kind = 'merged' AND NOT EXISTS (
        SELECT FROM cases_caseentry AS gathered WHERE gathered.kind = 'gathered' AND gathered.case_id = merged.other_id
        AND gathered.other_id = merged.case_id) ORDER BY 1
"""
UNOPENED = """
    SELECT folio FROM cases_case AS reported
    WHERE NOT EXISTS (SELECT FROM cases_caseentry WHERE case_id = reported.id AND kind = 'opened') ORDER BY 1
"""


def _folios() -> list[str]:
    return [f"{folio}: falta el folio o el reporte." for (folio,) in rows(FOLIOS)] + [
        f"{folio} no dice cuándo se recibió." for (folio,) in rows(UNOPENED)
    ]


def _claims() -> list[str]:
    return [f"{folio} terminó y su importe sigue reclamado." for (folio,) in rows(UNDECIDED)] + [
        f"{folio} reclama un importe y no protege a su cuenta." for (folio,) in rows(UNLOCKED)
    ]


def _merges() -> list[str]:
    return [f"{folio} se unió a otro que no lo sabe." for (folio,) in rows(ALONE)]


CHECKS: Final = [
    Check("cases", "¿Cada folio de reporte tiene su reporte, y cada reporte su entrada?", _folios),
    Check("claims", "¿Cada reclamo protege a su cuenta hasta que se resuelve?", _claims),
    Check("merges", "¿Cada reporte unido está en el que sigue?", _merges),
]
