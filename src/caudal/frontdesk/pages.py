"""Pieces of a page that other screens show too: how an account stands, in pills."""

from caudal.kernel.pills import Pill
from caudal.kernel.wording import pesos, short_date
from caudal.ledger import queries as ledger
from caudal.registry import queries as registry


def pills(
    *, card: registry.AccountCard, statement: ledger.AccountStatement, is_brief: bool = False
) -> list[Pill]:
    """How the account stands, worst first; `is_brief` where there is room for few words."""
    overdue = [each for each in statement.periods if each.total_cents and each.due_on < statement.on]
    late = sum(1 for each in overdue if not each.is_installment)
    installments = [each for each in statement.periods if each.is_installment]
    if card.closed_on:
        found = [Pill("watch", "ban", f"Baja desde {short_date(card.closed_on)}")]
    elif late:
        found = [Pill("bad", "alert-triangle", f"Vencido {late} {'mes' if late == 1 else 'meses'}")]
    elif statement.total_cents and statement.next_due_on == statement.on:
        found = [Pill("watch", "clock", "Vence hoy")]
    elif statement.total_cents and statement.next_due_on:
        found = [Pill("watch", "clock", f"Vence el {short_date(statement.next_due_on)}")]
    else:
        found = [Pill("good", "circle-check", "Al corriente")]
    if installments:
        found.append(
            _agreement(overdue=sum(1 for each in overdue if each.is_installment), left=len(installments))
        )
    if card.interrupted_on:
        since = f"{card.interruption_name} desde {short_date(card.interrupted_on)}"
        found.append(Pill("bad", "hand-stop", f"Suspendido: {card.interruption_name}" if is_brief else since))
    if statement.credit_balance_cents:
        found.append(Pill("good", "scale", f"Saldo a favor {pesos(statement.credit_balance_cents)}"))
    return found + [
        Pill("good", "heart-handshake", name.capitalize() if is_brief else f"Beneficio: {name}")
        for name in card.benefit_names
    ]


def _agreement(*, overdue: int, left: int) -> Pill:
    """How the arrangement of an account stands."""
    if overdue:
        return Pill(
            "bad",
            "file-invoice",
            f"Convenio atrasado, {overdue} {'parcialidad' if overdue == 1 else 'parcialidades'}",
        )
    return Pill("agreement", "file-invoice", f"En convenio, {left} por pagar")
