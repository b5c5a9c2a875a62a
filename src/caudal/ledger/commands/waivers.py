"""Forgiving debt by a rule: the surcharges it reaches become charges, and a credit that is no money extinguishes them."""

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
from django.db import transaction

from caudal.ledger import planning
from caudal.ledger.commands import credits, journal, settlement
from caudal.ledger.commands.credits import PostedCredit
from caudal.ledger.commands.writing import CreditWords, write_credits
from caudal.ledger.models import Credit
from caudal.ledger.policy import Int64
from caudal.ledger.queries.positions import Position


@transaction.atomic(savepoint=False)
def post_waivers(
    *,
    position: Position,
    given: Int64,
    on: date,
    at: datetime,
    by: str,
    documents: Mapping[int, str],
    reason: str,
) -> dict[int, PostedCredit]:
    """Forgive so many centavos of each item of a position; one credit and one journal entry for each account.

    The caller holds the accounts and read the position under that lock. Revenue and VAT are taken back in
    proportion, rounded once per item. Who decided, and by which rule, is the caller's to keep.

    :param documents: the name of each account's waiver for ever (account id → document)
    :raises CannotPostCredit: if more is forgiven of an item than is open, or something below zero
    """
    if np.any(given < 0) or np.any(given > np.maximum(position.items.open_cents, 0)):
        raise credits.CannotPostCredit(
            "Se condonaría más de lo que se debe.", "Vuelva a cargar la cuenta y revise la regla."
        )
    accounts = np.unique(position.items.account_id[np.flatnonzero(given)]).tolist()
    return {
        account: _post(
            *position.of_account(account), given, documents[account], reason, journal.Stamp(on, at, by)
        )
        for account in accounts
    }


def _post(
    position: Position, rows: Int64, given: Int64, document: str, reason: str, stamp: journal.Stamp
) -> PostedCredit:
    mine = given[rows]
    cents, account_id = int(mine.sum()), int(position.items.account_id[0])
    written = write_credits(
        plan=planning.of(position=position, money_cents={account_id: cents}, given=mine),
        words=CreditWords(
            [document], Credit.Kind.WAIVER.value, entry=document, description=reason, reason=reason
        ),
        debits=credits.revenue_lines(
            position=position, sources=credits.extinguished_sources(position=position, given=mine)
        ),
        stamp=stamp,
    )
    credit = Credit(
        id=written.credit_ids[0], account_id=account_id, kind=Credit.Kind.WAIVER, amount_cents=cents,
        on=stamp.on, recorded_at=stamp.at, recorded_by=stamp.by, document=document, reason=reason,
    )  # fmt: skip
    shares = settlement.shares(items=position.items, given=mine, credits={account_id: [(credit.id, cents)]})
    return PostedCredit(credit, tuple(shares), written.surcharge_cents[0], 0)
