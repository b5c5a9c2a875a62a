"""Whose a movement that nobody recognized may be: a reference with one slip, or somebody who owes just as much."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection

from caudal.cashier.channels import loading
from caudal.cashier.channels.layout import Layout
from caudal.cashier.channels.references import UnreadableReference
from caudal.kernel.wording import pesos

MOST: Final = 6
BY_ID: Final = """
    SELECT account.number, COALESCE(sum(owed.open_principal_cents + owed.open_accessory_cents), 0)
    FROM registry_account AS account LEFT JOIN ledger_periodbalance AS owed ON owed.account_id = account.id
    WHERE account.id = ANY(%s::int[]) GROUP BY 1 ORDER BY 1
"""
OWING: Final = """
    SELECT account.number, owed.cents FROM (
        SELECT account_id, sum(open_principal_cents + open_accessory_cents) AS cents FROM ledger_periodbalance
        GROUP BY 1 HAVING sum(open_principal_cents + open_accessory_cents) = %s LIMIT %s) AS owed
    JOIN registry_account AS account ON account.id = owed.account_id ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An account that a movement may be of, what it owes (centavos), and why."""

    number: str
    owed_cents: int
    why: str


def suggestions(*, layout: Layout, reference: str, amount_cents: int) -> list[Suggestion]:
    """Accounts to look at first, the likeliest above."""
    similar = _similar(layout, reference)
    owing = _owing(amount_cents)
    likely = [each for each in similar if each.owed_cents == amount_cents]
    rest = [each for each in similar if each.owed_cents != amount_cents]
    seen: dict[str, Suggestion] = {}
    for each in (*likely, *rest, *owing):
        seen.setdefault(each.number, each)
    return list(seen.values())[:MOST]


def _similar(layout: Layout, reference: str) -> list[Suggestion]:
    """Accounts whose reference differs from this one by a slip of the hand."""
    asked = set()
    for candidate in _slips(reference):
        try:
            asked.add(layout.reference.read(text=candidate).account_number)
        except UnreadableReference:
            continue
    accounts = [account for account in loading.accounts_by_number(numbers=asked).values() if account]
    with connection.cursor() as cursor:
        cursor.execute(BY_ID, [accounts])
        return [
            Suggestion(number, int(cents), f"su referencia se parece; debe {pesos(int(cents))}")
            for number, cents in cursor.fetchall()
        ]


def _slips(reference: str) -> Iterator[str]:
    """The reference itself, with another digit in each place, and with each two neighbors exchanged."""
    yield reference
    for place, letter in enumerate(reference):
        if letter.isdigit():
            yield from (reference[:place] + digit + reference[place + 1 :] for digit in "0123456789")
        yield reference[:place] + reference[place : place + 2][::-1] + reference[place + 2 :]


def _owing(amount_cents: int) -> list[Suggestion]:
    with connection.cursor() as cursor:
        cursor.execute(OWING, [amount_cents, MOST])
        return [
            Suggestion(number, int(cents), f"debe justo {pesos(int(cents))}")
            for number, cents in cursor.fetchall()
        ]
