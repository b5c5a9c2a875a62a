"""Find an account by what a person remembers of it."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q

from caudal.registry.models import Account

ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """One line of a search: enough to recognize the account and nothing more."""

    account_id: int
    number: str
    holder: str
    address: str
    locality: str
    tariff_class: str
    is_active: bool


def search_accounts(*, text: str, limit: int = 20) -> list[FoundAccount]:
    """Accounts whose number, holder, address or phone match what was typed, best first.

    Every word must appear, in any order, without regard to accents and case; if nothing has them all, names
    that sound alike are offered. Former holders find their account too.
    """
    words = text.split()
    if not words:
        return []
    ids = _matching(words, limit=limit) or _alike(text, limit=limit)
    return _found(ids)


def _matching(words: list[str], *, limit: int) -> list[int]:
    """Accounts that have every word in their number, phone, holders or address."""
    query = Q()
    for word in words:
        digits = "".join(character for character in word if character.isdigit())
        plain = _plain(word)
        this = Q(holders__person__plain_name__contains=plain)
        this |= Q(agreements__service_point__premise__plain_address__contains=plain)
        if digits == word:
            this |= Q(number__startswith=digits) | Q(number=digits.zfill(6))
        if len(digits) >= 4:
            this |= Q(holders__person__phone_digits__contains=digits)
        query &= Q(pk__in=Account.objects.filter(this).values("pk")) if len(words) > 1 else this
    phone = "".join(words)
    if len(phone) >= 7 and phone.replace("-", "").isdigit():
        query |= Q(holders__person__phone_digits__contains=phone.replace("-", ""))
    found = Account.objects.filter(query).order_by("number").values_list("pk", flat=True).distinct()[:limit]
    return list(found)


def _alike(text: str, *, limit: int) -> list[int]:
    """Accounts whose holder's name resembles what was typed, in spite of slips; most alike first."""
    with transaction.atomic(), connection.cursor() as cursor:
        # the threshold of `<%`, which is what the trigram index answers; low enough for a slip in each word
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {ALIKE}")
        cursor.execute(
            """
            SELECT h.account_id FROM registry_person p JOIN registry_accountholder h ON h.person_id = p.id
            WHERE kernel_plain(%(text)s) <%% p.plain_name
            GROUP BY h.account_id
            ORDER BY max(word_similarity(kernel_plain(%(text)s), p.plain_name)) DESC, h.account_id
            LIMIT %(limit)s""",
            {"text": text, "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]


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


def _plain(text: str) -> str:
    """The same folding that the generated columns have: lower case, no accents."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_plain(%s)", [text])
        return str(cursor.fetchone()[0])
