"""Payment agreements as the terminal tells them: as JSON for programs, as lines for people."""

from typing import Any

from django.core.exceptions import ValidationError

from caudal.arrangements.commands.policies import CannotSetPolicy, policy_rules
from caudal.arrangements.queries import Simulation, Standing
from caudal.kernel.cli import pesos
from caudal.rules import money


def simulation(*, told: Simulation) -> dict[str, Any]:
    """An agreement that nobody has signed (centavos)."""
    return {
        "account": told.account_number,
        "total_cents": told.total_cents,
        "waived_cents": told.waived_cents,
        "waiver": told.waiver_name,
        "agreed_cents": told.agreed_cents,
        "deferral_cents": told.deferral_cents,
        "table": [
            {"number": each.number, "due_on": each.due_on, "amount_cents": each.amount_cents,
             "deferral_cents": each.deferral_cents, "total_cents": each.total_cents}
            for each in told.table
        ],
        "beyond": list(told.beyond),
    }  # fmt: skip


def standing(*, told: Standing) -> dict[str, Any]:
    """An agreement and each of its payments (centavos)."""
    signed = told.arrangement
    return {
        "folio": signed.folio,
        "account": signed.account.number,
        "signed_on": signed.signed_on,
        "state": told.state.value,
        "agreed_cents": signed.agreed_cents,
        "waived_cents": signed.waived_cents,
        "paid_cents": told.paid_cents,
        "open_cents": told.open_cents,
        "late_cents": told.late_cents,
        "next_due_on": told.next_due_on,
        "installments": [
            {"number": row.number, "due_on": row.due_on, "total_cents": row.total_cents,
             "paid_cents": row.paid_cents, "state": row.state.value}
            for row in told.rows
        ],
    }  # fmt: skip


def table_text(told: dict[str, Any], /) -> str:
    """The debt, the table, and what needs approval."""
    waived = f", menos {pesos(told['waived_cents'])} ({told['waiver']})" if told["waived_cents"] else ""
    lines = [
        f"Cuenta {told['account']}: {pesos(told['total_cents'])}{waived} = {pesos(told['agreed_cents'])}."
    ]
    for each in told["table"]:
        deferral = f" + {pesos(each['deferral_cents'])} de prórroga" if each["deferral_cents"] else ""
        lines.append(
            f"{each['number']:>3}  {each['due_on']:%d/%m/%Y}  {pesos(each['amount_cents']):>12}{deferral}"
        )
    return "\n".join([*lines, *(f"Necesita aprobación: {each}" for each in told["beyond"])])


def standing_text(told: dict[str, Any], /) -> str:
    """An agreement and a line for each payment."""
    rows = [
        f"{row['number']:>3}  {row['due_on']:%d/%m/%Y}  {pesos(row['total_cents']):>12}  {row['state']}"
        for row in told["installments"]
    ]
    return "\n".join([line(told), *rows])


def line(told: dict[str, Any], /) -> str:
    """One agreement in a line."""
    late = f", vencido {pesos(told['late_cents'])}" if told["late_cents"] else ""
    return (
        f"{told['folio']}  {told['account']:>8}  {told['signed_on']:%d/%m/%Y}  {pesos(told['agreed_cents']):>12}  "
        f"pagado {pesos(told['paid_cents']):>12}  {told['state']}{late}"
    )


def night_text(told: dict[str, Any], /) -> str:
    """What the night ended."""
    lines = [f"{folio}: cumplido." for folio in told["finished"]]
    lines += [f"{each['folio']}: incumplido. {each['reason']}" for each in told["defaulted"]]
    return "\n".join(lines) or "Ninguno."


def survival_text(rows: list[dict[str, Any]], /) -> str:
    """A line for each payment of the curve."""
    return (
        "\n".join(
            f"{row['number']:>3}  llegaron {row['reached']}: a tiempo {row['paid_on_time']}, tarde {row['paid_late']}, "
            f"vencida {row['late']}, se rompió {row['defaulted']}  ({_tenths(row['kept_ppm'])} % en pie)"
            for row in rows
        )
        or "Ninguno."
    )


def _tenths(ppm: int) -> str:
    """`857143` → `85.7`."""
    whole, tenth = divmod(money.divide_half_away(ppm, 1_000), 10)
    return f"{whole}.{tenth}"


def read_rule(said: str, /) -> tuple[str, Any]:
    """`most_installments=6` → the name and the value as its column takes it.

    :raises CannotSetPolicy: if there is no such rule, or it is no such value
    """
    name, _, value = said.partition("=")
    field = next((each for each in policy_rules() if each.name == name.strip()), None)
    if field is None:
        known = ", ".join(each.name for each in policy_rules())
        raise CannotSetPolicy(f"No hay una regla «{name.strip()}».", f"Hay estas: {known}.", field="rule")
    try:
        return field.name, field.clean(value.strip(), None)
    except ValidationError as problem:
        raise CannotSetPolicy(
            f"«{value.strip()}» no puede ser el valor de {field.name}.",
            " ".join(problem.messages),
            field="rule",
        ) from problem
