"""Months paid ahead whose book changed before their bill: the price that was paid for holds, where the policy says so.

The bill of the new book is brought back, concept by concept, to what the same month costs by the book it was paid
at: same consumption, same benefits, same reduction. A bill that came out cheaper is left as it is.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np

from caudal.billing.loading import Inputs, Table, days_of
from caudal.billing.models import BillingRun
from caudal.billing.pricing import Pricing
from caudal.ledger import commands as ledger
from caudal.ledger.models import Concept, DocumentKind
from caudal.rules import statement
from caudal.rules.bounds import Int64
from caudal.rules.statement import Statement
from caudal.tariffs.models import TariffBook

_EMPTY: Final = np.zeros(0, dtype=np.int64)
_NAMES: Final = ("account_id", "concept_id", "reduces_id", "amount_cents", "vat_cents", "working_id")
HELD_PRICE: Final = "held_price"


@dataclass(frozen=True, slots=True)
class Brought:
    """What brings some bills back to their price: by bill, and as lines."""

    total_cents: Int64
    rows: Mapping[str, Int64] = field(default_factory=lambda: dict.fromkeys(_NAMES, _EMPTY))
    workings: dict[int, Any] = field(default_factory=dict)

    def charges(self, *, run: BillingRun, revision: int) -> dict[str, Any]:
        """The lines as rows of charges."""
        size = self.rows["account_id"].size
        return {
            "period": int(run.period),
            **self.rows,
            "document_kind": np.full(size, DocumentKind.BILL.value),
            "sequence": revision,
            "due_on": days_of(run.due_on),
            "base_cents": np.zeros(size, dtype=np.int64),
        }


@dataclass(frozen=True, slots=True)
class _Held:
    """The months paid ahead at one book: its pricing, and the price list of each account in it."""

    pricing: Pricing
    schedules: Table


@dataclass(frozen=True, slots=True)
class HeldPrices:
    """The months of a run that were paid ahead at another book and keep its price."""

    books: tuple[_Held, ...] = ()
    concept: int = 0

    @classmethod
    def read(cls, *, run: BillingRun, inputs: Inputs) -> Self:
        """Read the books at which months of the run's period were paid, where their price holds."""
        paid = inputs.prepaid.columns
        holds = np.flatnonzero((paid["honors"] == 1) & (paid["book_id"] != run.book_id))
        books = TariffBook.objects.in_bulk(np.unique(paid["book_id"][holds]).tolist())
        held = []
        for book in books.values():
            pricing = Pricing.of(run=_at(run, book))
            agreements = inputs.agreements.columns | {"schedule": pricing.schedules(inputs=inputs)}
            accounts = paid["account_id"][holds][paid["book_id"][holds] == book.pk]
            mine = np.isin(agreements["account_id"], accounts)
            held.append(
                _Held(
                    pricing,
                    Table({n: agreements[n][mine] for n in ("account_id", "schedule")}, key="account_id"),
                )
            )
        if not held:
            return cls()
        return cls(tuple(held), Concept.objects.only("id").get(code=HELD_PRICE).pk)

    def bring(
        self, *, cells: dict[str, Int64], rows: Int64, stated: Statement, keep: Int64, pricing: Pricing
    ) -> Brought:
        """Bring the bills of `rows` (facts) and `keep` (statement) back to the price that was paid for."""
        total = np.zeros(rows.size, dtype=np.int64)
        parts: list[dict[str, Int64]] = []
        workings: dict[int, Any] = {}
        for held in self.books:
            bodies, lines = _differences(held, cells, rows, stated, keep, pricing)
            workings |= bodies
            for line in lines:
                np.add.at(total, line.pop("bill"), line["amount_cents"] + line["vat_cents"])
                line["concept_id"] = np.full(line["account_id"].size, self.concept)
                parts.append(line)
        if not parts:
            return Brought(total)
        return Brought(
            total, {name: np.concatenate([part[name] for part in parts]) for name in _NAMES}, workings
        )


NO_HELD_PRICES: Final = HeldPrices()


def _at(run: BillingRun, book: TariffBook) -> BillingRun:
    """The run as if another book had priced it. Not to be saved."""
    other = copy(run)
    other.book = book
    return other


def _differences(
    held: _Held, cells: dict[str, Int64], rows: Int64, stated: Statement, keep: Int64, pricing: Pricing, /
) -> tuple[dict[int, Any], list[dict[str, Int64]]]:
    """What each concept costs more than at the book of a payment, of the bills that cost more by it."""
    place = held.schedules.places(cells["account_id"][rows])
    schedule = held.schedules.at(place, name="schedule", default=-1)
    mine = np.flatnonzero(schedule >= 0)
    if not mine.size:
        return {}, []
    asked = cells["schedule"].copy()
    asked[rows[mine]] = schedule[mine]
    columns = held.pricing.bill_columns(facts=cells | {"schedule": asked}, rows=rows[mine])
    before = statement.compute(columns=columns, book=held.pricing.rates)
    costs_more = before.total_cents < stated.total_cents[keep[mine]]
    then, now = np.flatnonzero(costs_more), keep[mine[costs_more]]
    bill = mine[costs_more]
    amounts = _by_concept(before, held.pricing, then, sign=1)
    for concept, (amount, vat) in _by_concept(stated, pricing, now, sign=-1).items():
        kept = amounts.setdefault(concept, (np.zeros_like(amount), np.zeros_like(vat)))
        amounts[concept] = (kept[0] + amount, kept[1] + vat)
    workings: dict[int, Any] = {}
    lines = []
    for concept, (amount, vat) in sorted(amounts.items()):
        some = np.flatnonzero((amount != 0) | (vat != 0))
        if not some.size:
            continue
        body = {"kind": "held_price", "held": held.pricing.book.code, "book": pricing.book.code}
        address = ledger.working_address(body=body)
        workings[address] = body
        # where an amount and its VAT go apart, the two travel as one amount
        is_crossed = amount[some] * vat[some] < 0
        lines.append(
            {
                "bill": bill[some],
                "account_id": cells["account_id"][rows[bill[some]]],
                "reduces_id": np.full(some.size, concept),
                "amount_cents": np.where(is_crossed, amount[some] + vat[some], amount[some]),
                "vat_cents": np.where(is_crossed, 0, vat[some]),
                "working_id": np.full(some.size, address),
            }
        )
    return workings, lines


def _by_concept(
    stated: Statement, pricing: Pricing, rows: Int64, *, sign: int
) -> dict[int, tuple[Int64, Int64]]:
    """Net amount and VAT of each concept of some bills, with what reduces it."""
    sums: dict[int, tuple[Int64, Int64]] = {}
    for number, line in enumerate(stated.lines):
        concept = int(pricing.line_reduces[number] or pricing.line_concept[number])
        amount, vat = sums.get(concept, (np.zeros(rows.size, dtype=np.int64),) * 2)
        sums[concept] = (amount + sign * line.amount_cents[rows], vat + sign * line.vat_cents[rows])
    return sums
