"""The prices of a book: frozen tables, which schedule a case falls under, fees, terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np

from caudal.kernel.refusals import Refusal
from caudal.ledger.models import Concept
from caudal.registry.models import Locality, TariffClass
from caudal.registry.queries import BENEFIT_BITS as BENEFIT_BITS
from caudal.rules import money
from caudal.rules.book import RateBook
from caudal.rules.bounds import Int64
from caudal.tariffs import freezing, policy, selection
from caudal.tariffs.format.schema import USES
from caudal.tariffs.models import TariffBook
from caudal.tariffs.selection import plain as plain

_NO_CLASS: Final = -1
_UNIT: Final = 1000  # thousandths
_MOST_REMEMBERED: Final = 100_000


class UnknownFee(Refusal):
    """The book does not price that fee for that use or regime."""


@dataclass(frozen=True, slots=True)
class Fee:
    """The price of a one-off service (centavos) and where it is written."""

    concept: str
    name: str
    amount_cents: int
    vat_cents: int
    article: str
    code: str = ""

    @property
    def total_cents(self) -> int:
        """What is paid: the price with its VAT."""
        return self.amount_cents + self.vat_cents


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row of a printed tariff, in whole units; a price per unit, or what the whole row costs.

    Prices in ten-thousandths of a peso; `to_units` None leaves the row open.
    """

    from_units: int
    to_units: int | None
    unit_price: int | None = None
    fixed_price: int | None = None


@dataclass(frozen=True)
class _Document:
    """A document known by its hash, so that what is frozen from it is frozen once."""

    hash: str
    body: Any = field(compare=False)


def rate_book(*, book: TariffBook, on: date | None = None) -> RateBook:
    """The frozen tables of a book (`on` is accepted because callers know the day; a book is one law)."""
    return _rate_book(_document(book))


def terms(*, book: TariffBook) -> policy.Terms:
    """What a book says besides prices: surcharges, order of payment, due days, estimates, prepayment."""
    return _terms(_document(book))


def benefit_index(*, book: TariffBook) -> dict[str, int]:
    """Category → number for the benefit columns of the rules (1 + position)."""
    return {code: number for number, code in enumerate(rate_book(book=book).benefits, start=1)}


def benefits_of_mask(*, book: TariffBook) -> Int64:
    """`[mask, 2]`: the two largest benefits of an account that holds the categories of `BENEFIT_BITS`."""
    rates, numbers = rate_book(book=book), benefit_index(book=book)
    table = np.zeros((1 << len(BENEFIT_BITS), 2), dtype=np.int64)
    for mask in range(table.shape[0]):
        held = [numbers[code] for code, bit in BENEFIT_BITS.items() if mask & bit and code in numbers]
        held.sort(key=lambda number: (-int(rates.reductions.ppm[number - 1]), number))
        table[mask, : len(held[:2])] = held[:2]
    return table


def use_of_class() -> Int64:
    """Array from `TariffClass.id` to the number of its use in every rate book."""
    numbers = {pk: USES.index(use) for pk, use in TariffClass.objects.values_list("id", "use")}
    return _array(numbers, missing=_NO_CLASS)


def price_map(*, book: TariffBook) -> selection.PriceMap:
    """The schedule of every case of a book, laid out as a table."""
    return _price_map(_document(book))


def working_memory(*, book: TariffBook) -> dict[object, Any]:
    """Bodies of workings already made of a book in this process; a run explains each case once."""
    memory = _working_memory(_document(book))
    if len(memory) > _MOST_REMEMBERED:
        memory.clear()
    return memory


def select_schedules(
    *,
    book: TariffBook,
    classes: Int64 | Sequence[str],
    is_metered: Int64,
    localities: Int64 | Sequence[str],
    diameters: Int64,
    months: Int64,
) -> Int64:
    """The schedule (row of the rate book) of each case; −1 where the book has no price.

    `classes` and `localities` are ids of the registry (or codes and names, for who is not in it yet),
    `diameters` millimeters, `months` 1 to 12.
    """
    prices = price_map(book=book)
    return prices.schedule(
        classes=_class_places(prices, classes),
        is_metered=np.asarray(is_metered).astype(np.int64),
        localities=_locality_places(prices, localities),
        diameters=prices.diameter_places(diameters),
        months=months,
    )


def schedule_row(*, book: TariffBook, schedule: int) -> Mapping[str, Any]:
    """One schedule as the book says it: prices in ten-thousandths, volumes in thousandths, article."""
    row: Mapping[str, Any] = book.document["schedules"][schedule]
    return row


def price_rows(*, book: TariffBook, schedule: int) -> list[PriceRow]:
    """A metered schedule as a bill prints it: the base with what it includes, then each tier (11–20, 21–30…)."""
    row = schedule_row(book=book, schedule=schedule)
    reached = row.get("allowance", 0) // _UNIT
    rows = [PriceRow(0, reached or None, fixed_price=row["fixed"])] if "fixed" in row else []
    for tier in row.get("tiers", ()) or ([{"price": 0}] if row.get("uniform") else []):
        limit = tier["up_to"] // _UNIT if "up_to" in tier else None
        if limit is None or limit > reached:
            rows.append(PriceRow(reached + 1, limit, unit_price=tier["price"] + row.get("uniform", 0)))
            reached = limit or reached
    return rows


def fee(*, book: TariffBook, code: str, use: str, is_metered: bool = True) -> Fee:
    """The price of a one-off service, by its code in the book or its concept, for a use and regime.

    :raises UnknownFee: if the book does not price it
    """
    rows = [row for row in _fee_rows(book, use, is_metered) if code in (row["code"], row["concept"])]
    if not rows:
        raise UnknownFee(
            f"El libro {book.code} no tiene precio de ese servicio para uso {use}.",
            "Agréguelo en [[fees]] de un libro nuevo, o elija otro servicio.", value=code,
        )  # fmt: skip
    return _fee(book, max(rows, key=_how_particular), use)


def fees(*, book: TariffBook, use: str, is_metered: bool = True) -> list[Fee]:
    """The one-off services that a book prices for a use and regime, in the book's order.

    Where a concept has prices of this very use or regime, the general ones of that concept are left out.
    """
    rows = _fee_rows(book, use, is_metered)
    most: dict[str, int] = {}
    for row in rows:
        most[row["concept"]] = max(most.get(row["concept"], 0), _how_particular(row))
    return [_fee(book, row, use) for row in rows if _how_particular(row) == most[row["concept"]]]


def _fee_rows(book: TariffBook, use: str, is_metered: bool) -> list[Mapping[str, Any]]:
    regime = "metered" if is_metered else "flat"
    return [
        row
        for row in book.document.get("fees", ())
        if use in row.get("uses", (use,)) and row.get("regime", regime) == regime
    ]


def _how_particular(row: Mapping[str, Any]) -> int:
    return ("uses" in row) + ("regime" in row)


def _fee(book: TariffBook, row: Mapping[str, Any], use: str) -> Fee:
    vat = money.share_of(row["amount"], ppm=_vat_ppm(book.document, row["concept"], use))
    return Fee(row["concept"], row["name"], row["amount"], vat, row["article"], row["code"])


@lru_cache(maxsize=64)
def _rate_book(document: _Document) -> RateBook:
    return freezing.rate_book(document.body)


@lru_cache(maxsize=64)
def _terms(document: _Document) -> policy.Terms:
    return policy.terms(document.body, kinds=Concept.Kind.values)


@lru_cache(maxsize=64)
def _price_map(document: _Document) -> selection.PriceMap:
    return selection.price_map(document.body)[0]


@lru_cache(maxsize=8)
def _working_memory(document: _Document) -> dict[object, Any]:
    return {}


def _document(book: TariffBook) -> _Document:
    return _Document(book.document_hash, book.document)


def _vat_ppm(document: Mapping[str, Any], concept: str, use: str) -> int:
    rows = [row for row in document["vat"] if concept in row["concepts"] and use in row.get("uses", (use,))]
    row = max(rows, key=lambda each: "uses" in each, default=None)
    return 0 if row is None else int(row.get("percent", 0))


def _class_places(prices: selection.PriceMap, classes: Int64 | Sequence[str]) -> Int64:
    places = {code: number for number, code in enumerate(prices.classes)}
    if not isinstance(classes, np.ndarray):
        return np.array([places.get(code, _NO_CLASS) for code in classes], dtype=np.int64)
    of_class = {
        pk: places[code] for pk, code in TariffClass.objects.values_list("id", "code") if code in places
    }
    return _looked_up(_array(of_class, missing=_NO_CLASS), classes, missing=_NO_CLASS)


def _locality_places(prices: selection.PriceMap, localities: Int64 | Sequence[str]) -> Int64:
    """Localities of the registry → places of the price map; a book names one by its code or its name."""
    places = {plain(text=name): number for number, name in enumerate(prices.localities, start=1)}
    if not isinstance(localities, np.ndarray):
        return np.array(
            [places.get(plain(text=each), selection.ELSEWHERE) for each in localities], dtype=np.int64
        )
    if not places:
        return np.zeros(localities.size, dtype=np.int64)
    numbers: dict[int, int] = {}
    for pk, code, name in Locality.objects.values_list("id", "code", "name"):
        numbers[pk] = places.get(plain(text=code), places.get(plain(text=name), selection.ELSEWHERE))
    return _looked_up(_array(numbers, missing=selection.ELSEWHERE), localities, missing=selection.ELSEWHERE)


def _array(numbers: Mapping[int, int], *, missing: int) -> Int64:
    table = np.full(max(numbers, default=0) + 1, missing, dtype=np.int64)
    for key, number in numbers.items():
        table[key] = number
    return table


def _looked_up(table: Int64, keys: Int64, *, missing: int) -> Int64:
    is_inside = (keys >= 0) & (keys < table.size)
    return np.where(is_inside, table[np.where(is_inside, keys, 0)], missing)
