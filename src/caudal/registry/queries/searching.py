"""Find an account by what a person remembers of it.

Three looks, each wider than the one before, until there is enough to choose from: every word as written or
begun; every word with a slip; all words but one. Numbers are looked up apart, by their own indexes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

from django.db import connection

from caudal.registry import spelling
from caudal.registry.queries.numbers import Direct, by_numbers

# what is looked at of a text that somebody pasted by mistake
LONGEST: Final = 200
MOST_WORDS: Final = 8
# documents ranked at most; more answers than these and the text says too little to rank them
RANKED: Final = 500
# with so many answers as written, nobody is looking for another spelling
ENOUGH: Final = 10

Weights = dict[str, int]
# in a query every word is preceded by the sign that stands for its shelf
_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """One line of a search: enough to recognize the account, and why it is here if its words do not say it.

    `found_by` is `former_holder`, `phone`, `curp` or `rfc`, and `found_text` what was found; empty when the
    line itself shows it.
    """

    account_id: int
    number: str
    holder: str
    address: str
    locality: str
    tariff_class: str
    is_active: bool
    found_by: str = ""
    found_text: str = ""


def search_accounts(*, text: str, limit: int = 20) -> list[FoundAccount]:
    """Accounts whose number, phone, CURP, RFC, holders or address answer what was typed, best first.

    Words count in any order, without regard to accents and case, begun or with one slip each. Numbers count
    with or without leading zeros, spaces and hyphens. Former holders find their account too.
    """
    words = _words(text)
    if not words:
        return []
    direct = by_numbers(text=text, words=words, limit=limit)
    asked, ranked = _by_words(words, limit=limit)
    ids = list(dict.fromkeys([*(each.account_id for each in direct), *ranked]))[:limit]
    reasons = {each.account_id: each for each in reversed(direct)}
    found = found_accounts(account_ids=ids)
    former = _former_holders([each.account_id for each in found if each.account_id not in reasons])
    return [_with_reason(each, reasons, former, asked) for each in found]


def found_accounts(*, account_ids: list[int]) -> list[FoundAccount]:
    """The lines of accounts already known, in the order given."""
    return _found(account_ids) if account_ids else []


def _words(text: str) -> list[str]:
    """The words of a text, as documents keep them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_words(kernel_plain(%s))", [text[:LONGEST]])
        return list(dict.fromkeys(cursor.fetchone()[0]))[:MOST_WORDS]


def _by_words(words: list[str], *, limit: int) -> tuple[list[Weights], list[int]]:
    """What answers each word, and the accounts in order of their worth."""
    # one word says too little to rank by: as many as fit will do
    documents = _matching(_all_of(words), limit if len(words) == 1 else RANKED)
    if len(documents) < limit:
        documents |= _begun(words, limit=limit + len(documents))
    slips: dict[str, list[str]] = {}
    # a text of figures alone is a number half said, and every other number resembles it
    if len(documents) < min(limit, ENOUGH) and not all(map(str.isdigit, words)):
        telling = [word for word in words if len(word) > spelling.SHORT or word.isdigit()] or words
        slips = _slips(telling)
        documents |= _nearly(telling, slips)
    written = frozenset[str]().union(*documents.values())
    asked = [spelling.weights(typed=word, words=written, slips=slips.get(word, ())) for word in words]
    worth = {
        account_id: (-spelling.score(asked=asked, words=has), len(has), account_id)
        for account_id, has in documents.items()
    }
    return asked, sorted(worth, key=worth.__getitem__)


def _begun(words: list[str], *, limit: int) -> dict[int, frozenset[str]]:
    """Documents with every word, the last one perhaps half typed."""
    *whole, last = words
    if whole:
        # few have the whole words: cheaper to look among them than to gather all that begins like the last
        documents = _matching(_all_of(whole), RANKED)
        if len(documents) < RANKED:
            return {
                account_id: has
                for account_id, has in documents.items()
                if any(word.startswith(last) for word in has)
            }
    return _matching(_all_of([*whole, f"{last}:*"]), limit)


def _nearly(words: list[str], slips: dict[str, list[str]]) -> dict[int, frozenset[str]]:
    """Documents with every word, as written or with a slip; if there is none, begun; if none yet, all but one."""
    groups = {word: f"({' | '.join([word, *slips[word]])})" for word in words}
    documents = _figures_apart(groups, slips) or _matching(_all_of(groups.values()), RANKED)
    begun = [f"{group[:-1]} | {word}:*)" for word, group in groups.items()]
    if not documents:
        documents = _matching(_all_of(begun), RANKED)
    if not documents and len(begun) > 2:
        but_one = (f"({_all_of(some)})" for some in combinations(begun, len(begun) - 1))
        documents = _matching(" | ".join(but_one), RANKED)
    return documents


def _figures_apart(groups: dict[str, str], slips: dict[str, list[str]]) -> dict[int, frozenset[str]]:
    """Documents with the words, among them those with the figures: a door number is a slip away from a hundred."""
    figures = [{word, *slips[word]} for word in groups if word.isdigit()]
    documents = (
        _matching(_all_of(groups[word] for word in groups if not word.isdigit()), RANKED) if figures else {}
    )
    if len(documents) == RANKED:
        return {}
    return {
        account_id: has for account_id, has in documents.items() if all(has & figure for figure in figures)
    }


def _all_of(parts: Iterable[str]) -> str:
    return " & ".join(parts)


def _matching(query: str, most: int) -> dict[int, frozenset[str]]:
    """Documents that answer a query of words, some of them if there are too many."""
    with connection.cursor() as cursor:
        shelved = _WORD.sub(r"@\g<0>", query)
        cursor.execute("SELECT account_id, words FROM registry_matching(%s, %s)", [shelved, most])
        return {account_id: frozenset(word[1:] for word in words) for account_id, words in cursor.fetchall()}


def _slips(words: list[str]) -> dict[str, list[str]]:
    """The words of the registry that are one slip away from each of these."""
    found: dict[str, set[str]] = {word: set() for word in words}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT typed, known.word FROM unnest(%s::text[]) AS typed
            JOIN registry_searchword known ON registry_spellings(known.word) && registry_spellings(typed)""",
            [words],
        )
        for typed, word in cursor.fetchall():
            if spelling.is_one_slip(typed=typed, written=word):
                found[typed].add(word)
    return {word: sorted(slips) for word, slips in found.items()}


def _found(ids: list[int]) -> list[FoundAccount]:
    """The lines of a search, in the order given; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, a.number, COALESCE(person.full_name, ''), COALESCE(m.address, ''), COALESCE(l.name, ''),
                COALESCE(c.code, ''), g.id IS NOT NULL AND g.effective_to IS NULL
            FROM unnest(%s::int[]) WITH ORDINALITY AS asked (id, place)
            JOIN registry_account a ON a.id = asked.id
            LEFT JOIN LATERAL (SELECT * FROM registry_accountholder WHERE account_id = a.id
                ORDER BY effective_from DESC LIMIT 1) h ON TRUE
            LEFT JOIN registry_person person ON person.id = h.person_id
            LEFT JOIN LATERAL (SELECT * FROM registry_serviceagreement WHERE account_id = a.id
                ORDER BY effective_from DESC LIMIT 1) g ON TRUE
            LEFT JOIN registry_tariffclass c ON c.id = g.tariff_class_id
            LEFT JOIN registry_servicepoint p ON p.id = g.service_point_id
            LEFT JOIN registry_premise m ON m.id = p.premise_id
            LEFT JOIN registry_locality l ON l.id = m.locality_id
            ORDER BY asked.place""",
            [ids],
        )
        return [FoundAccount(*row) for row in cursor.fetchall()]


def _former_holders(ids: list[int]) -> dict[int, list[tuple[str, frozenset[str]]]]:
    """Who held these accounts before, latest first, with the words of each name."""
    former: dict[int, list[tuple[str, frozenset[str]]]] = {}
    if not ids:
        return former
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT h.account_id, p.full_name, registry_words(p.plain_name)
            FROM registry_accountholder h JOIN registry_person p ON p.id = h.person_id
            WHERE h.account_id = ANY(%s::int[]) ORDER BY h.account_id, h.effective_from DESC""",
            [ids],
        )
        for account_id, name, words in cursor.fetchall():
            former.setdefault(account_id, []).append((name, frozenset(words)))
    return former


def _with_reason(
    found: FoundAccount, reasons: dict[int, Direct], former: Any, asked: list[Weights]
) -> FoundAccount:
    """Say why an account is here, when what its line shows does not."""
    if direct := reasons.get(found.account_id):
        return replace(found, found_by=direct.found_by, found_text=direct.found_text)
    names = former.get(found.account_id, [])
    if len(names) < 2:
        return found
    best = max(names, key=lambda each: spelling.score(asked=asked, words=each[1]))
    current = spelling.score(asked=asked, words=names[0][1])
    if spelling.score(asked=asked, words=best[1]) <= current:
        return found
    return replace(found, found_by="former_holder", found_text=best[0])
