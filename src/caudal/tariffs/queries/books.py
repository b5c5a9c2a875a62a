"""Which books there are, which one is in force, what they say and how two of them differ."""

from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from caudal.kernel.refusals import Refusal
from caudal.ledger.models import Concept
from caudal.registry.models import Locality
from caudal.tariffs import diffing, format, policy, validation
from caudal.tariffs.format.findings import Finding
from caudal.tariffs.models import TariffBook
from caudal.tariffs.queries import prices

IN_FORCE: Final = """
    SELECT document_hash FROM tariffs_tariffbook
    WHERE published_at IS NOT NULL AND effective_from <= %s AND (effective_to IS NULL OR effective_to > %s)
"""


class NoBookInForce(Refusal):
    """No published book covers the day asked."""


class UnknownBook(Refusal):
    """No book has that code."""


def books() -> QuerySet[TariffBook]:
    """All books, the newest first; drafts have no `published_at`."""
    return TariffBook.objects.order_by("-effective_from", "-id")


def shipped_codes() -> list[str]:
    """Codes of the demonstration books that come with the product."""
    folder = resources.files("caudal.tariffs") / "books"
    return sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml"))


def shipped_text(*, code: str) -> bytes:
    """The TOML of a demonstration book, for `commands.load_book`.

    :raises UnknownBook: if none comes with that code
    """
    if code not in shipped_codes():
        remedy = f"Hay: {', '.join(shipped_codes())}."
        raise UnknownBook("El producto no trae un libro con esa clave.", remedy, value=code)
    return (resources.files("caudal.tariffs") / "books" / f"{code}.toml").read_bytes()


def shipped_book(*, code: str) -> TariffBook:
    """A demonstration book that was not loaded: enough to compute with, not to bill.

    :raises UnknownBook: if none comes with that code
    """
    document = format.read(format.decode(shipped_text(code=code))[0])[0]
    return TariffBook(
        code=code,
        name=document["name"],
        effective_from=date.fromisoformat(document["effective_from"]),
        effective_to=date.fromisoformat(document["effective_to"]) if "effective_to" in document else None,
        legal_reference=document["legal_reference"],
        document=document,
        document_hash=format.document_hash(document),
    )


def book_by_code(*, code: str) -> TariffBook:
    """Find a book by its code.

    :raises UnknownBook: if there is none
    """
    book = TariffBook.objects.filter(code=code).first()
    if book is None:
        raise UnknownBook(
            "No hay un libro de tarifas con esa clave.", "Véalos con «caudal tariff list».", value=code
        )
    return book


def book_in_force(*, on: date) -> TariffBook:
    """The published book of a day.

    :raises NoBookInForce: if no published book covers it
    """
    covers = Q(effective_to__isnull=True) | Q(effective_to__gt=on)
    book = TariffBook.objects.filter(covers, published_at__isnull=False, effective_from__lte=on).first()
    if book is None:
        raise NoBookInForce(
            f"No hay un libro de tarifas publicado que rija el {on:%d/%m/%Y}.",
            "Cárguelo y publíquelo: «caudal tariff load» y «caudal tariff publish».",
            field="effective_from",
        )
    return book


def terms_on(*, on: date) -> policy.Terms:
    """What the book of a day says besides prices; its document is read once in a process, not for each payment.

    :raises NoBookInForce: if no published book covers it
    """
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, [on, on])
        known = cursor.fetchone()
    return _terms_of(known[0]) if known else prices.terms(book=book_in_force(on=on))


@lru_cache(maxsize=64)
def _terms_of(document_hash: str) -> policy.Terms:
    # a published book never changes, so its hash says which terms these are
    return prices.terms(book=TariffBook.objects.filter(document_hash=document_hash)[0])


def findings(*, text: str) -> list[Finding]:
    """Everything wrong with the text of a book, each with its line; empty if it can be loaded."""
    document, found, lines = format.read(text)
    if found:
        return found
    concepts = dict(Concept.objects.values_list("code", "kind"))
    return [format.place(each, lines) for each in validation.findings(document, concepts=concepts)]


def findings_of(*, body: bytes) -> list[Finding]:
    """Everything wrong with a file, its encoding included; empty if it can be loaded."""
    text, found = format.decode(body)
    return found or findings(text=text)


def unknown_localities(*, book: TariffBook) -> list[str]:
    """Localities that the book prices and the registry lacks: those prices reach nobody."""
    known = {prices.plain(text=each) for row in Locality.objects.values_list("code", "name") for each in row}
    named = prices.price_map(book=book).localities
    return [each for each in named if prices.plain(text=each) not in known]


def differences(*, first: TariffBook, second: TariffBook) -> list[diffing.Difference]:
    """Parameter by parameter, what changes from one book to the other."""
    return diffing.differences(first.document, second.document)


def as_text(*, book: TariffBook) -> str:
    """The book as TOML, ready to edit; loading it gives the same document and hash."""
    return format.as_text(book.document)
