"""The two caches, moved in the transaction that moves what they are a sum of; and the lock on accounts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection

from caudal.kernel import partitions, waiting
from caudal.ledger.chart import Chart

LOCK = "SELECT id FROM registry_account WHERE id = ANY(%s::int[]) ORDER BY id FOR NO KEY UPDATE"
ADD = """
    INSERT INTO ledger_periodbalance AS held
        (period, account_id, due_on, open_principal_cents, open_accessory_cents, surcharged_months)
    VALUES (%s, %s, %s, %s, %s, 0)
    ON CONFLICT (period, account_id) DO UPDATE SET
        open_principal_cents = held.open_principal_cents + excluded.open_principal_cents,
        open_accessory_cents = held.open_accessory_cents + excluded.open_accessory_cents,
        due_on = GREATEST(held.due_on, excluded.due_on),
        surcharged_months = CASE WHEN held.open_principal_cents = 0 THEN 0 ELSE held.surcharged_months END
"""
MOVE = """
    UPDATE ledger_periodbalance AS held SET
        open_principal_cents = held.open_principal_cents + move.principal,
        open_accessory_cents = held.open_accessory_cents + move.accessory,
        surcharged_months = held.surcharged_months + move.months
    FROM unnest(%s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::int[])
        AS move (period, account_id, principal, accessory, months)
    WHERE held.period = move.period AND held.account_id = move.account_id AND held.period = ANY(%s)
"""
KEEP_CREDIT = """
    INSERT INTO ledger_creditbalance AS held (account_id, unallocated_cents)
    SELECT * FROM unnest(%s::int[], %s::bigint[])
    ON CONFLICT (account_id) DO UPDATE SET unallocated_cents = held.unallocated_cents + excluded.unallocated_cents
"""
SPEND_CREDIT = """
    UPDATE ledger_creditbalance AS held SET unallocated_cents = held.unallocated_cents + move.cents
    FROM unnest(%s::int[], %s::bigint[]) AS move (account_id, cents) WHERE held.account_id = move.account_id
"""


def lock_accounts(*, account_ids: Iterable[int]) -> None:
    """Lock accounts until the transaction ends, in order of id: who moves their money waits in line.

    :raises StillBusy: if another act holds one of them for too long
    """
    with (
        waiting.for_lock(what="Otra persona está cobrando o cambiando la misma cuenta."),
        connection.cursor() as cursor,
    ):
        cursor.execute(LOCK, [sorted(set(account_ids))])


def add_charges(
    *, period: int, account_id: int, due_on: date, principal_cents: int, accessory_cents: int
) -> None:
    """Add new charges to the open balance of a period. It is due when the last of its documents is."""
    partitions.ensure(parent="ledger_periodbalance", period=period)
    with connection.cursor() as cursor:
        cursor.execute(ADD, [period, account_id, due_on, principal_cents, accessory_cents])


class Moves:
    """Changes of open balances gathered by (account, period), written in one statement."""

    def __init__(self, concepts: Chart) -> None:
        self.concepts = concepts
        self.sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])

    def open_more(self, *, account_id: int, period: int, concept_id: int, cents: int) -> None:
        """The open amount of a concept grows by `cents` (shrinks, if negative)."""
        part = 1 if self.concepts.is_accessory(concept_id) else 0
        self.sums[account_id, period][part] += cents

    def surcharged(self, *, account_id: int, period: int, months: int) -> None:
        """So many more months of surcharge became a charge."""
        self.sums[account_id, period][2] += months

    def write(self) -> None:
        """Update the rows; they exist, because a charge was there."""
        keys = [key for key, sums in self.sums.items() if any(sums)]
        if not keys:
            return
        columns = list(zip(*(self.sums[key] for key in keys), strict=True))
        periods = [period for _, period in keys]
        with connection.cursor() as cursor:
            cursor.execute(
                MOVE,
                [periods, [account for account, _ in keys], *map(list, columns), sorted(set(periods))],
            )


def add_credit(*, cents_by_account: Mapping[int, int]) -> None:
    """Move what customers have in favor (centavos by account; negative when it is spent).

    Fails (check constraint) rather than leave a negative balance in favor.
    """
    for statement, sign in ((KEEP_CREDIT, 1), (SPEND_CREDIT, -1)):
        moves: Sequence[tuple[int, int]] = [
            (account, cents) for account, cents in sorted(cents_by_account.items()) if cents * sign > 0
        ]
        if moves:
            with connection.cursor() as cursor:
                cursor.execute(statement, [list(column) for column in zip(*moves, strict=True)])
