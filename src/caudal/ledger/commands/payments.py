"""Posting payments as a set: those of one receipt, or of a whole file, at most one for an account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from caudal.ledger import planning
from caudal.ledger.commands import balances, journal, settlement
from caudal.ledger.commands.credits import CannotPostCredit
from caudal.ledger.commands.settlement import Share
from caudal.ledger.commands.writing import CreditWords, Written, write_credits
from caudal.ledger.models import Credit
from caudal.ledger.planning import Plan
from caudal.ledger.policy import DebtTerms
from caudal.ledger.queries import positions
from caudal.rules.bounds import MAX_CENTS


@dataclass(frozen=True, slots=True)
class PostedPayments:
    """What was posted, accounts ascending, and how it went to their items."""

    plan: Plan
    written: Written

    @property
    def account_ids(self) -> list[int]:
        found: list[int] = self.plan.account_ids.tolist()
        return found

    @property
    def cents(self) -> list[int]:
        found: list[int] = self.plan.cents.tolist()
        return found

    def shares(self) -> dict[int, list[Share]]:
        """What each account's payment extinguished, by account."""
        credits = {
            account: [(credit, cents)]
            for account, credit, cents in zip(
                self.account_ids, self.written.credit_ids, self.cents, strict=True
            )
        }
        found: dict[int, list[Share]] = {account: [] for account in self.account_ids}
        for share in settlement.shares(
            items=self.plan.position.items, given=self.plan.given, credits=credits
        ):
            found[share.account_id].append(share)
        return found


@transaction.atomic(savepoint=False)
def post_payments(
    *,
    money_cents: Mapping[int, int],
    funds: Mapping[str, int],
    on: date,
    at: datetime,
    by: str,
    terms: DebtTerms,
    documents: Callable[[], tuple[Sequence[str], str]],
    are_locked: bool = False,
) -> PostedPayments:
    """Credit accounts (id → centavos) with money that arrived, each in the order of the terms.

    One journal entry for all: `funds` (account of the chart → centavos) against what was extinguished.

    :param documents: asked last, so that folios lock their series for as short as possible: the document of each
        account's credit, accounts ascending, and the one that names the journal entry
    :param are_locked: the caller holds the accounts already
    :raises CannotPostCredit: if an amount is not positive or absurd
    """
    if not money_cents or not all(0 < cents <= MAX_CENTS for cents in money_cents.values()):
        raise CannotPostCredit(
            "El importe debe ser mayor que cero y razonable.", "Revise la cantidad.", field="amount"
        )
    if sum(funds.values()) != sum(money_cents.values()):
        raise ValueError("the funds of payments must add up to their amounts")
    accounts = sorted(money_cents)
    if not are_locked:
        balances.lock_accounts(account_ids=accounts)
    position = positions.read(account_ids=accounts, on=on, terms=terms)
    plan = planning.settle(position=position, money_cents=money_cents, order=terms.allocation_order)
    names, entry = documents()
    words = CreditWords(
        names, Credit.Kind.PAYMENT.value, entry=entry, description=str(Credit.Kind.PAYMENT.label)
    )
    written = write_credits(
        plan=plan,
        words=words,
        debits=[journal.Line(account, part) for account, part in funds.items()],
        stamp=journal.Stamp(on, at, by),
    )
    return PostedPayments(plan, written)
