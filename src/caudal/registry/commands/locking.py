"""What every change of the padrón begins with: the account's row held, a reason given, a day that can be."""

from datetime import date

from caudal.kernel.refusals import Refusal
from caudal.registry import policy
from caudal.registry.models import Account, AccountHolder, ServiceAgreement


def account_locked(*, account: Account) -> Account:
    """The account's row, held until the transaction ends, so that two changes wait for each other."""
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def agreement_locked(*, account: Account, on: date, refusal: type[Refusal]) -> ServiceAgreement:
    """The agreement in effect on a day, with the account held.

    :raises Refusal: of the class given, if the account has no service in effect that day
    """
    account_locked(account=account)
    agreement: ServiceAgreement | None = (
        ServiceAgreement.objects.filter(account=account).in_effect(on=on).first()
    )
    if agreement is None:
        raise refusal(
            f"La cuenta {account.number} no tiene servicio vigente el {on:%d/%m/%Y}.",
            "Revise la fecha; si la cuenta está dada de baja, ábrale un servicio nuevo.",
        )
    return agreement


def may_cut(*, row: AccountHolder | ServiceAgreement, on: date) -> bool:
    """Whether a dated row may end on a day and another begin there."""
    return policy.starts_inside(on=on, effective_from=row.effective_from, effective_to=row.effective_to)


def require_reason(*, reason: str, refusal: type[Refusal]) -> None:
    """:raises Refusal: of the class given, if no reason is told"""
    if not reason.strip():
        raise refusal(
            "Falta el motivo.", "Escriba por qué se hace el cambio: queda en el historial.", field="reason"
        )
