"""What the database knows of the movements of a file: accounts by number, lines by fingerprint, lines to take back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from caudal.cashier.channels.simulator import Debt

# Numbers are compared without the zeros on their left: a reference fills its field with them. Of the numbers a
# file asks for, most are found by their index; the whole registry is read only for those that were not.
EXACT: Final = "SELECT number, id FROM registry_account WHERE number = ANY(%s)"
WITHOUT_ZEROS: Final = """
    SELECT ltrim(number, '0'), min(id), count(*) FROM registry_account
    WHERE ltrim(number, '0') = ANY(%s) GROUP BY 1
"""
KNOWN: Final = """
    SELECT fingerprint, reference, amount_cents, paid_on FROM cashier_settlementline
    WHERE channel_id = %s AND fingerprint = ANY(%s)
"""
# what a line is now: its last decision holds, and before any, whether it was applied
STATE: Final = """
    SELECT line.id, line.reference, line.authorization, line.amount_cents, line.paid_on,
           COALESCE(decision.receipt_id, line.receipt_id) AS receipt_id,
           CASE WHEN decision.outcome IN ('returned', 'reversed') THEN 'ended'
                WHEN decision.outcome = 'withdrawn' OR (decision.outcome IS NULL AND line.receipt_id IS NULL)
                THEN 'waiting'
                WHEN EXISTS (SELECT FROM cashier_receipt AS back
                             WHERE back.reverses_id = COALESCE(decision.receipt_id, line.receipt_id)) THEN 'ended'
                ELSE 'applied' END AS state
    FROM cashier_settlementline AS line
    LEFT JOIN LATERAL (SELECT outcome, receipt_id FROM cashier_identification
                       WHERE line_id = line.id ORDER BY number DESC LIMIT 1) AS decision ON true
"""
NAMED: Final = f"""
    SELECT * FROM ({STATE} WHERE line.channel_id = %s AND line.amount_cents > 0
                   AND (line.authorization = ANY(%s) OR line.reference = ANY(%s))) AS each
    WHERE state <> 'ended'
"""
REVERSALS_WAITING: Final = f"""
    SELECT * FROM ({STATE} WHERE line.channel_id = %s AND line.amount_cents < 0 AND line.receipt_id IS NULL) AS each
    WHERE state = 'waiting'
"""
DEBTS: Final = """
    SELECT account.number, sum(owed.open_principal_cents + owed.open_accessory_cents)
    FROM ledger_periodbalance AS owed JOIN registry_account AS account ON account.id = owed.account_id
    GROUP BY 1 HAVING sum(owed.open_principal_cents + owed.open_accessory_cents) > 0 ORDER BY 1 LIMIT %s
"""


class LineState(NamedTuple):
    """A line of earlier files: what it says, the receipt that holds its money, and whether it waits."""

    id: int
    reference: str
    authorization: str
    amount_cents: int
    paid_on: object
    receipt_id: int | None
    state: str


def accounts_by_number(*, numbers: Iterable[str]) -> dict[str, int | None]:
    """Account of each number, its zeros on the left or not; None if there is more than one such account."""
    asked = set(numbers)
    found: dict[str, int | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(EXACT, [sorted(asked)])
        found.update(cursor.fetchall())
        missing = {number: number.lstrip("0") for number in asked - found.keys()}
        if missing:
            cursor.execute(WITHOUT_ZEROS, [sorted(set(missing.values()))])
            same = {bare: account if n == 1 else None for bare, account, n in cursor.fetchall()}
            found.update({number: same[bare] for number, bare in missing.items() if bare in same})
    return found


def known_lines(*, channel: str, fingerprints: Sequence[str]) -> Mapping[str, tuple[str, int, object]]:
    """Lines that earlier files brought: fingerprint → what they say (reference, centavos, day)."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [channel, list(fingerprints)])
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def lines_named(*, channel: str, authorizations: Iterable[str], references: Iterable[str]) -> list[LineState]:
    """Payments that a reversal may take back: those with these authorizations or references, still standing."""
    return _states(NAMED, [channel, sorted(set(authorizations) - {""}), sorted(set(references) - {""})])


def reversals_waiting(*, channel: str) -> list[LineState]:
    """Reversals whose payment nobody had seen."""
    return _states(REVERSALS_WAITING, [channel])


def states_of(*, line_ids: Sequence[int]) -> Mapping[int, LineState]:
    """What some lines are now, by id."""
    return {
        state.id: state for state in _states(f"{STATE} WHERE line.id = ANY(%s::bigint[])", [list(line_ids)])
    }


def state_of(*, line_id: int) -> LineState:
    """What a line is now."""
    return states_of(line_ids=[line_id])[line_id]


def _states(sql: str, params: Sequence[Any]) -> list[LineState]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return [LineState(*row) for row in cursor.fetchall()]


def debts(*, most: int) -> list[Debt]:
    """What accounts owe today without surcharges, by number: what a simulated file pays."""
    with connection.cursor() as cursor:
        cursor.execute(DEBTS, [most])
        return [Debt(number, int(cents)) for number, cents in cursor.fetchall()]
