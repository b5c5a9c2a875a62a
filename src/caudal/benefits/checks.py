"""What benefits believe, derived again: one property per person, dates that a document proves, losses that ended."""

from typing import Final

from caudal.kernel.checks import Check, rows

TWO_PROPERTIES: Final = """
    SELECT person.full_name, one.number, other.number
    FROM benefits_beneficiary AS given
    JOIN registry_benefit AS held ON held.id = given.benefit_id
    JOIN benefits_benefitpolicy AS policy ON policy.id = given.policy_id AND policy.one_property
    JOIN registry_person AS person ON person.id = given.person_id
    JOIN benefits_beneficiary AS again ON again.benefit_id > given.benefit_id
    JOIN registry_person AS same ON same.id = again.person_id
         AND (same.id = person.id OR (person.curp <> '' AND same.curp = person.curp))
    JOIN registry_benefit AS second ON second.id = again.benefit_id AND second.account_id <> held.account_id
         AND daterange(second.effective_from, second.effective_to) && daterange(held.effective_from, held.effective_to)
    JOIN registry_account AS one ON one.id = held.account_id
    JOIN registry_account AS other ON other.id = second.account_id
    ORDER BY 2, 3
"""
UNPROVEN: Final = """
    SELECT account.number, held.effective_to, newest.counts_until
    FROM registry_benefit AS held
    JOIN registry_account AS account ON account.id = held.account_id
    JOIN LATERAL (SELECT counts_until FROM benefits_benefitevidence WHERE benefit_id = held.id
                  ORDER BY id DESC LIMIT 1) AS newest ON true
    WHERE held.effective_to IS NULL OR held.effective_to > newest.counts_until
    ORDER BY 1
"""
STILL_HELD: Final = """
    SELECT account.number, held.effective_to, loss.on
    FROM benefits_benefitloss AS loss
    JOIN registry_benefit AS held ON held.id = loss.benefit_id
    JOIN registry_account AS account ON account.id = held.account_id
    WHERE held.effective_to IS DISTINCT FROM loss.on
    ORDER BY 1
"""


def _two_properties() -> list[str]:
    return [
        f"{name} tiene beneficio en las cuentas {one} y {other} a la vez."
        for name, one, other in rows(TWO_PROPERTIES)
    ]


def _unproven() -> list[str]:
    return [
        f"El beneficio de la cuenta {number} dura más que su documento: "
        f"{f'hasta el {until:%d/%m/%Y}' if until else 'sin fecha'}, y el documento cuenta hasta el {proven:%d/%m/%Y}."
        for number, until, proven in rows(UNPROVEN)
    ]


def _still_held() -> list[str]:
    return [
        f"El beneficio de la cuenta {number} se perdió el {on:%d/%m/%Y} y el padrón dice otra fecha."
        for number, _, on in rows(STILL_HELD)
    ]


CHECKS: Final = (
    Check("benefits.one_property", "¿Cada persona tiene beneficio en un solo predio?", _two_properties),
    Check("benefits.proven", "¿Ningún beneficio dura más que el documento que lo prueba?", _unproven),
    Check("benefits.losses", "¿Los beneficios perdidos terminaron el día de su pérdida?", _still_held),
)
