"""What campaigns believe, derived again: what was forgiven is what its credits took off, each by its rule."""

from typing import Final

from caudal.kernel.checks import Check, rows
from caudal.kernel.wording import pesos

UNRULED = """
    SELECT account.number, credit.document, credit.amount_cents, COALESCE(waiver.cents, 0)
    FROM (SELECT * FROM ledger_credit WHERE kind = 'waiver' AND reverses_id IS NULL) AS credit
    LEFT JOIN campaigns_waiver AS waiver ON waiver.credit_id = credit.id AND waiver.account_id = credit.account_id
    JOIN registry_account AS account ON account.id = credit.account_id
    WHERE waiver.id IS NULL OR waiver.cents <> credit.amount_cents OR waiver.rule = '' ORDER BY credit.id
"""
NO_CREDIT = """
    SELECT account.number, waiver.document, waiver.cents
    FROM campaigns_waiver AS waiver JOIN ledger_credit AS credit ON credit.id = waiver.credit_id
    JOIN registry_account AS account ON account.id = waiver.account_id
    WHERE credit.kind <> 'waiver' OR credit.account_id <> waiver.account_id OR credit.reverses_id IS NOT NULL
    ORDER BY waiver.id
"""
SUMS = """
    SELECT waived.cents, credited.cents
    FROM (SELECT COALESCE(sum(waiver.cents + COALESCE(back.amount_cents, 0)), 0)::bigint AS cents
          FROM campaigns_waiver AS waiver LEFT JOIN ledger_credit AS back ON back.reverses_id = waiver.credit_id)
              AS waived,
         (SELECT COALESCE(sum(amount_cents), 0)::bigint AS cents FROM ledger_credit WHERE kind = 'waiver') AS credited
    WHERE waived.cents <> credited.cents
"""
OUT_OF_WINDOW = """
    SELECT account.number, waiver.document, campaign.code
    FROM campaigns_waiver AS waiver JOIN campaigns_campaign AS campaign ON campaign.id = waiver.campaign_id
    JOIN registry_account AS account ON account.id = waiver.account_id
    WHERE campaign.published_at IS NULL OR waiver.at < campaign.starts_at OR waiver.at >= campaign.ends_at
       OR waiver.at < campaign.published_at OR waiver.at >= campaign.withdrawn_at OR waiver.rule <> campaign.code
    ORDER BY waiver.id
"""


def _ruled() -> list[str]:
    unruled = [
        f"La condonación {document} de la cuenta {number} es de {pesos(cents)} y su regla dice {pesos(waived)}."
        for number, document, cents, waived in rows(UNRULED)
    ]
    return unruled + [
        f"La regla con el papel {document} de la cuenta {number} dice {pesos(cents)} y su abono no es una condonación."
        for number, document, cents in rows(NO_CREDIT)
    ]


def _sums() -> list[str]:
    return [
        f"Las reglas suman {pesos(waived)} condonados y los abonos {pesos(credited)}."
        for waived, credited in rows(SUMS)
    ]


def _windows() -> list[str]:
    return [
        f"La cuenta {number} recibió con {document} una condonación de {code} fuera de su vigencia."
        for number, document, code in rows(OUT_OF_WINDOW)
    ]


CHECKS: Final = [
    Check("waivers", "¿Cada condonación tiene su regla y cada regla su abono, por lo mismo?", _ruled),
    Check("waiver_sums", "¿Lo condonado por las reglas es lo que bajaron los adeudos?", _sums),
    Check("waiver_windows", "¿Todo se condonó dentro de la vigencia de su campaña?", _windows),
]
