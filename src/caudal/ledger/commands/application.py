"""Money in favor meets new charges: after a run, what customers had paid ahead is applied."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from caudal.ledger import catalog, policy
from caudal.ledger.commands import balances, journal, settlement
from caudal.ledger.commands.journal import Stamp
from caudal.ledger.models import CreditBalance
from caudal.ledger.policy import DebtTerms, Int64
from caudal.ledger.queries import positions
from caudal.ledger.queries.positions import Position

# accounts settled in one transaction: their rows stay locked for as long as it lasts
BATCH = 5_000

CREDITS_LEFT = """
    SELECT credit.account_id, credit.id, credit.amount_cents - COALESCE(allocated.cents, 0)
    FROM ledger_credit credit
    LEFT JOIN (SELECT credit_id, sum(amount_cents)::bigint AS cents FROM ledger_allocation
               WHERE account_id = ANY(%s::int[]) GROUP BY credit_id) AS allocated ON allocated.credit_id = credit.id
    WHERE credit.account_id = ANY(%s::int[]) AND credit.reverses_id IS NULL
      AND credit.amount_cents > COALESCE(allocated.cents, 0)
      AND NOT EXISTS (SELECT FROM ledger_credit AS reversing WHERE reversing.reverses_id = credit.id)
    ORDER BY credit.account_id, credit.id
"""


@dataclass(frozen=True, slots=True)
class AppliedCredit:
    """How many accounts had money applied to their debts, and how much (centavos)."""

    n_accounts: int
    amount_cents: int


def apply_credit_balance(
    *,
    account_ids: Sequence[int] | None,
    on: date,
    at: datetime,
    by: str,
    document: str,
    terms: DebtTerms,
    reserved_cents: Mapping[int, int] | None = None,
) -> AppliedCredit:
    """Apply money in favor to open debts, oldest credit first, in the order of the terms.

    Batches of accounts, each its own transaction unless the caller holds one; running it again applies
    only what is still in favor and still owed.

    :param account_ids: None for every account with money in favor
    :param document: names the application in the journal, such as `run:12`
    :param reserved_cents: account → centavos in favor that wait for something else, such as months paid ahead
    """
    holders = CreditBalance.objects.filter(unallocated_cents__gt=0)
    if account_ids is not None:
        holders = holders.filter(account_id__in=list(account_ids))
    waiting = list(holders.order_by("account_id").values_list("account_id", flat=True))
    n_accounts, cents = 0, 0
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        applied = _apply_batch(batch, document, terms, Stamp(on, at, by), reserved_cents or {})
        n_accounts, cents = n_accounts + applied.n_accounts, cents + applied.amount_cents
    return AppliedCredit(n_accounts, cents)


@transaction.atomic
def _apply_batch(
    account_ids: list[int],
    document: str,
    terms: DebtTerms,
    stamp: Stamp,
    reserved_cents: Mapping[int, int],
    /,
) -> AppliedCredit:
    balances.lock_accounts(account_ids=account_ids)
    position = positions.read(account_ids=account_ids, on=stamp.on, terms=terms)
    credits = _credits_left(account_ids)
    money = {
        account: max(sum(left for _, left in mine) - reserved_cents.get(account, 0), 0)
        for account, mine in credits.items()
    }
    given = policy.settle(items=position.items, money_cents=money, order=terms.allocation_order)
    return spend(position=position, given=given, credits=credits, document=document, stamp=stamp)


def spend(
    *,
    position: Position,
    given: Int64,
    credits: Mapping[int, Sequence[tuple[int, int]]],
    document: str,
    stamp: Stamp,
) -> AppliedCredit:
    """Apply what credits have left (account → credit and centavos) to the items of a position, as decided.

    Whatever day the position is of, its surcharges become charges on the day of the act.
    """
    shares = settlement.shares(items=position.items, given=given, credits=credits)
    if not shares:
        return AppliedCredit(0, 0)
    moves = balances.Moves(position.concepts)
    reached = policy.touched(items=position.items, given=given)
    surcharge_cents = settlement.crystallize(position=position, reached=reached, on=stamp.on, moves=moves)
    settlement.allocate(shares=shares, on=stamp.on, moves=moves)
    moves.write()
    spent: dict[int, int] = defaultdict(int)
    for share in shares:
        spent[share.account_id] -= share.amount_cents
    balances.add_credit(cents_by_account=spent)
    total = -sum(spent.values())
    journal.write(
        kind="credit_application",
        document=_unused(document),
        description="Aplicación de saldos a favor",
        lines=[
            *settlement.surcharge_lines(cents=surcharge_cents, concepts=position.concepts),
            journal.Line(catalog.CREDIT_BALANCES, total),
            *settlement.receivable_lines(shares=shares, concepts=position.concepts),
        ],
        stamp=stamp,
    )
    return AppliedCredit(len(spent), total)


def _credits_left(account_ids: list[int]) -> dict[int, list[tuple[int, int]]]:
    credits: dict[int, list[tuple[int, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(CREDITS_LEFT, [account_ids, account_ids])
        for account, credit, left in cursor.fetchall():
            credits[account].append((credit, int(left)))
    return credits


def _unused(document: str) -> str:
    """`run:12`, then `run:12/2`: a resumed or batched application writes one entry each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"credit_application/{document}"]
        )
        cursor.execute(
            "SELECT count(*) FROM ledger_journalentry WHERE kind = 'credit_application'"
            " AND (document = %s OR document LIKE %s)",
            [document, f"{document}/%"],
        )
        earlier = cursor.fetchone()[0]
    return f"{document}/{earlier + 1}" if earlier else document
