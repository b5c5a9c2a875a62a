"""The one place that locks the padrón: the account's row, before anything dated of it is read."""

from datetime import date

from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account, ServiceAgreement


def account_locked(*, account: Account) -> Account:
    """The account's row, held until the transaction ends, so that two changes wait for each other."""
    return Account.objects.select_for_update().get(pk=account.pk)


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
