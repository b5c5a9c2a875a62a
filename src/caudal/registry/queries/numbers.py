"""Accounts by a number that people write in many ways: account, telephone, CURP, RFC."""

import re
from dataclasses import dataclass
from typing import Final

from django.db import connection

# fewer digits are a house number, and fewer letters a word
PHONE_END: Final = 7
PHONE_BEGINNING: Final = 6
LONE_ACCOUNT: Final = 5
IDENTITY_BEGINNING: Final = 6
# what people put between the digits of a number
BETWEEN: Final = re.compile(r"[\s\-./()+]+")

ACCOUNTS: Final = """
    SELECT id, '', '', squeezed <> %(squeezed)s FROM (
        SELECT id, number, registry_squeezed(number) AS squeezed, ltrim(registry_squeezed(number), '0') AS bare
        FROM registry_account
        WHERE ltrim(registry_squeezed(number), '0') LIKE %(bare)s || '%%') found
    WHERE bare = %(bare)s OR (%(is_beginning)s AND squeezed LIKE %(beginning)s || '%%')
    ORDER BY bare <> %(bare)s, squeezed <> %(squeezed)s, number LIMIT %(limit)s"""
# the inner limit keeps the planner on the index, whatever it believes of how many there are
PHONES: Final = """
    SELECT h.account_id, 'phone', p.phone, p.phone_digits <> %(digits)s
    FROM (SELECT id, phone, phone_digits FROM registry_person WHERE phone_digits <> '' AND {how} LIMIT %(limit)s) p
    JOIN registry_accountholder h ON h.person_id = p.id ORDER BY 4, p.phone_digits, 1 LIMIT %(limit)s"""
IDENTITIES: Final = """
    SELECT h.account_id, '{column}', p.{column}, upper(p.{column}) <> %(squeezed)s
    FROM (SELECT id, {column} FROM registry_person
          WHERE {column} <> '' AND upper({column}) LIKE %(squeezed)s || '%%' LIMIT %(limit)s) p
    JOIN registry_accountholder h ON h.person_id = p.id ORDER BY 4, 3, 1 LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class Direct:
    """An account found by a number: which kind of number, and how it is written in the registry."""

    account_id: int
    found_by: str
    found_text: str


def accounts_numbered(*, text: str) -> list[tuple[int, str]]:
    """Accounts, and their numbers, that are this number: zeros in front, hyphens and spaces say nothing."""
    squeezed = BETWEEN.sub("", text).upper()
    bare = squeezed.lstrip("0")
    if not bare or not bare.isascii() or not bare.isalnum():
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number FROM registry_account WHERE ltrim(registry_squeezed(number), '0') = %s"
            " ORDER BY registry_squeezed(number) <> %s, number",
            [bare, squeezed],
        )
        return list(cursor.fetchall())


def by_numbers(*, text: str, words: list[str], limit: int) -> list[Direct]:
    """Accounts found by the number typed, or by one of the numbers among other words; whole ones first."""
    squeezed = BETWEEN.sub("", text).upper()
    if not squeezed.isascii() or not squeezed.isalnum():
        squeezed = ""
    found = _whole(squeezed, limit) if any(map(str.isdigit, squeezed)) else []
    if len(words) > 1 and not found:
        for word in words:
            if word.isdigit() and len(word) >= LONE_ACCOUNT:
                found += [Direct(account_id, "", "") for account_id, _ in accounts_numbered(text=word)]
            if word.isdigit() and len(word) >= PHONE_END:
                found += _phones(word, limit)
    return found


def _whole(squeezed: str, limit: int) -> list[Direct]:
    """The whole text is one number."""
    found = []
    bare = squeezed.lstrip("0")
    # «0107» begins like 010733; «107» begins like 010733 as well, and «00010293» is all of 010293
    beginning = squeezed if squeezed.startswith("0") else ""
    found += _ask(ACCOUNTS, limit, squeezed=squeezed, bare=bare, is_beginning=True, beginning=beginning)
    if squeezed.isdigit():
        found += _phones(squeezed, limit)
    elif len(squeezed) >= IDENTITY_BEGINNING and squeezed[:3].isalpha():
        for column in ("curp", "rfc"):
            found += _ask(IDENTITIES.format(column=column), limit, squeezed=squeezed)
    return found


def _phones(digits: str, limit: int) -> list[Direct]:
    """By the end of the number, as people say it without its area; by its beginning while it is typed."""
    found: list[Direct] = []
    if len(digits) >= PHONE_END:
        how = "reverse(phone_digits) LIKE reverse(%(digits)s) || '%%'"
        found += _ask(PHONES.format(how=how), limit, digits=digits)
    if len(digits) >= PHONE_BEGINNING and not found:
        found += _ask(PHONES.format(how="phone_digits LIKE %(digits)s || '%%'"), limit, digits=digits)
    return found


def _ask(sql: str, limit: int, **params: str | bool) -> list[Direct]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "limit": limit})
        return [Direct(account_id, by, text) for account_id, by, text, _ in cursor.fetchall()]
