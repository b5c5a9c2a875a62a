"""One registry under two books: revenue by class, who pays less and who pays more."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from caudal.registry.models import TariffClass
from caudal.rules import statement
from caudal.rules.bounds import Int64, Mask
from caudal.rules.columns import BillColumns, bill_columns
from caudal.rules.statement import Statement
from caudal.tariffs import loading
from caudal.tariffs.models import TariffBook
from caudal.tariffs.queries import prices
from caudal.tariffs.selection import NO_PRICE

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class ClassRevenue:
    """One class under both books (accounts, m³, centavos with VAT)."""

    code: str
    accounts: int
    volume_m3: int
    first_cents: int
    second_cents: int


@dataclass(frozen=True, slots=True)
class Change:
    """One account under both books (centavos)."""

    account: str
    tariff_class: str
    consumption_m3: int
    first_cents: int
    second_cents: int

    @property
    def change_cents(self) -> int:
        """What it would pay more (negative: less)."""
        return self.second_cents - self.first_cents


@dataclass(frozen=True, slots=True)
class Comparison:
    """A month of the whole registry under two books. Accounts one of them does not price are set apart."""

    first: str
    second: str
    on: date
    by_class: tuple[ClassRevenue, ...]
    pay_less: int
    pay_more: int
    pay_same: int
    largest_decreases: tuple[Change, ...]
    largest_increases: tuple[Change, ...]
    without_reading: int
    without_price: tuple[int, int]

    @property
    def first_cents(self) -> int:
        """Revenue of the compared accounts under the first book."""
        return sum(each.first_cents for each in self.by_class)

    @property
    def second_cents(self) -> int:
        """Revenue of the same accounts under the second book."""
        return sum(each.second_cents for each in self.by_class)

    def as_dict(self) -> dict[str, Any]:
        """The comparison for `--json`."""

        def rows(items: tuple[Any, ...]) -> list[dict[str, Any]]:
            return [{name: getattr(each, name) for name in each.__slots__} for each in items]

        return {
            "first": self.first, "second": self.second, "on": self.on.isoformat(),
            "first_cents": self.first_cents, "second_cents": self.second_cents,
            "by_class": rows(self.by_class),
            "pay_less": self.pay_less, "pay_more": self.pay_more, "pay_same": self.pay_same,
            "largest_decreases": rows(self.largest_decreases), "largest_increases": rows(self.largest_increases),
            "without_reading": self.without_reading, "without_price": list(self.without_price),
        }  # fmt: skip


def totals(*, book: TariffBook, facts: loading.Facts, month: int) -> tuple[Int64, Mask]:
    """What each service would pay under a book (centavos with VAT), and which it prices."""
    columns, is_priced = bill_facts(book=book, facts=facts, month=month)
    total = np.zeros(len(facts), dtype=np.int64)
    stated: Statement = statement.compute(columns=columns, book=prices.rate_book(book=book))
    total[is_priced] = stated.total_cents
    return total, is_priced


def bill_facts(*, book: TariffBook, facts: loading.Facts, month: int) -> tuple[BillColumns, Mask]:
    """The bill columns of the services that a book prices, and which they are."""
    schedule = prices.select_schedules(
        book=book,
        classes=facts.class_id,
        is_metered=facts.is_metered,
        localities=facts.locality_id,
        diameters=facts.diameter_mm,
        months=np.full(len(facts), month, dtype=np.int64),
    )
    is_read = (facts.consumption_m3 != loading.NOT_READ) | (facts.is_metered == 0)
    is_priced = (schedule != NO_PRICE) & is_read
    rows = np.flatnonzero(is_priced)
    benefits = prices.benefits_of_mask(book=book)[facts.benefits[rows]]
    is_metered = facts.is_metered[rows]
    columns = bill_columns(
        schedule=schedule[rows],
        use=prices.use_of_class()[facts.class_id[rows]],
        consumption_m3=np.where(is_metered == 1, np.maximum(facts.consumption_m3[rows], 0), 0),
        tier_days=prices.terms(book=book).period_days * facts.months[rows],
        is_metered=is_metered,
        has_sewerage=facts.has_sewerage[rows],
        is_interrupted=facts.is_interrupted[rows],
        benefit=benefits[:, 0],
        rival_benefit=benefits[:, 1],
        lot_area_m2=facts.lot_area_m2[rows],
    )
    return columns, is_priced


def compare(*, first: TariffBook, second: TariffBook, on: date) -> Comparison:
    """Price the registry of a day under two books, with the last known consumption of each service."""
    facts = loading.facts(on=on)
    old, in_first = totals(book=first, facts=facts, month=on.month)
    new, in_second = totals(book=second, facts=facts, month=on.month)
    both = in_first & in_second
    change = np.where(both, new - old, 0)
    is_read = (facts.consumption_m3 != loading.NOT_READ) | (facts.is_metered == 0)
    return Comparison(
        first=first.code,
        second=second.code,
        on=on,
        by_class=_by_class(facts, old, new, both),
        pay_less=int((change < 0).sum()),
        pay_more=int((change > 0).sum()),
        pay_same=int((both & (change == 0)).sum()),
        largest_decreases=_extremes(facts, old, new, change),
        largest_increases=_extremes(facts, old, new, -change),
        without_reading=int((~is_read).sum()),
        without_price=(int((is_read & ~in_first).sum()), int((is_read & ~in_second).sum())),
    )


def _by_class(facts: loading.Facts, old: Int64, new: Int64, both: Mask) -> tuple[ClassRevenue, ...]:
    rows = np.flatnonzero(both)
    classes, place = np.unique(facts.class_id[rows], return_inverse=True)
    m3 = np.where(facts.is_metered[rows] == 1, facts.consumption_m3[rows], 0)
    sums = [_sum(column, place, classes.size) for column in (np.ones_like(m3), m3, old[rows], new[rows])]
    codes = _class_codes()
    found = [
        ClassRevenue(codes[int(pk)], *(int(column[number]) for column in sums))
        for number, pk in enumerate(classes)
    ]
    return tuple(sorted(found, key=lambda each: each.code))


def _sum(column: Int64, place: Int64, size: int) -> Int64:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, place, column)
    return total


def _extremes(facts: loading.Facts, old: Int64, new: Int64, change: Int64) -> tuple[Change, ...]:
    """The accounts with the lowest change below zero; on a tie the first account."""
    count = min(SHOWN, int((change < 0).sum()))
    if not count:
        return ()
    reach = np.partition(change, count - 1)[count - 1]
    rows = np.flatnonzero(change <= reach)
    rows = rows[np.lexsort((facts.account_id[rows], change[rows]))][:count]
    numbers, codes = loading.account_numbers(ids=facts.account_id[rows]), _class_codes()
    return tuple(
        Change(
            account=numbers[int(facts.account_id[row])],
            tariff_class=codes[int(facts.class_id[row])],
            consumption_m3=max(int(facts.consumption_m3[row]), 0),
            first_cents=int(old[row]),
            second_cents=int(new[row]),
        )
        for row in rows
    )


def _class_codes() -> dict[int, str]:
    return dict(TariffClass.objects.values_list("id", "code"))
