"""Questions of the window: the charge in hand, what its accounts owe today. Nothing is written."""

from collections.abc import Mapping, Sequence
from datetime import date

from caudal.access.models import Clerk
from caudal.cashier import queries as cashier
from caudal.ledger import queries as ledger
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs
from caudal.window.models import WindowDraft


def draft_of(*, clerk: Clerk) -> WindowDraft | None:
    """The charge a clerk has in hand, and the reply of the last one."""
    return WindowDraft.objects.filter(clerk=clerk).first()


def statements(*, numbers: Sequence[str], on: date) -> dict[str, ledger.AccountStatement]:
    """What some accounts owe on a day, in the order asked; an account that does not exist is left out."""
    accounts = dict(Account.objects.filter(number__in=numbers).values_list("number", "pk"))
    if not accounts:
        return {}
    found = ledger.statements(account_ids=sorted(accounts.values()), on=on, terms=tariffs.terms_on(on=on))
    return {number: found[accounts[number]] for number in numbers if number in accounts}


def owed(*, numbers: Sequence[str], on: date) -> dict[str, int]:
    """What some accounts would have to pay on a day to owe nothing (centavos)."""
    return {number: each.total_cents for number, each in statements(numbers=numbers, on=on).items()}


def applied(*, amounts: Mapping[str, int], on: date) -> list[dict[str, object]]:
    """What would become of some amounts (account → centavos): see `cashier.preview_payment`."""
    accounts = {each.number: each for each in Account.objects.filter(number__in=list(amounts))}
    parts = [(accounts[number], cents) for number, cents in amounts.items()]
    return cashier.preview_payment(parts=parts, on=on)
