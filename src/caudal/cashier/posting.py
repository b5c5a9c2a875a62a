"""Receipts written as a set: one at the window, thousands of a file; folios, seals, payments, tenders.

The ledger's part is `ledger.commands.post_payments`; this is the counter's, in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from caudal.cashier import chain
from caudal.cashier.models.receipts import folio_text
from caudal.kernel import folios, prepared
from caudal.ledger import commands as ledger

_TYPES: Final = (
    "text", "bigint", "int", "int", "text", "text",  # series, first folio, session, settlement, channel, clerk
    "timestamptz", "date[]", "bigint[]", "text[]",  # moment; receipts: day, total, code
    "int[]", "int[]", "bigint[]", "bigint[]", "bigint[]", "bigint[]",  # payments: as `Paid`
    "int[]", "text[]", "bigint[]", "bigint[]", "text[]",  # tenders: place, kind, centavos, given, reference
    "bigint", "text", "text",  # the receipt it cancels: id, folio; why
)  # fmt: skip
WRITE: Final = f"SELECT cashier_write_receipts({', '.join(f'%s::{kind}' for kind in _TYPES)})"


@dataclass(frozen=True, slots=True)
class Control:
    """What a receipt belongs to: a till session, or a settlement file; who takes the money, and when."""

    series: str
    channel: str
    by: str
    at: datetime
    session_id: int | None = None
    settlement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment of a receipt to write: `place` is the receipt's, from 0.

    How the account stood right after it is kept too, because its paper says so for ever (centavos): what this
    payment left in favor, and what was still owed less everything in favor.
    """

    place: int
    account_id: int
    credit_id: int
    cents: int
    in_favor_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Tendered:
    """One tender of a receipt to write: `place` is the receipt's, from 0."""

    place: int
    kind: str
    cents: int
    given_cents: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Reversed:
    """The receipt that another one cancels, and why."""

    receipt_id: int
    folio: str
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenReceipt:
    receipt_id: int
    number: int
    folio: str
    verification: str


class FolioRun:
    """Consecutive folios of a series, taken when the first of them is asked for: the series is locked last."""

    def __init__(self, *, series: str, n: int = 1) -> None:
        self.series, self.n = series, n
        self._first: int | None = None

    @property
    def first(self) -> int:
        if self._first is None:
            self._first = folios.take_run(series=self.series, n=self.n)
        return self._first

    @property
    def names(self) -> list[str]:
        return [folio_text(series=self.series, number=self.first + place) for place in range(self.n)]


def paid_by(*, posted: ledger.PostedPayments, places: Mapping[int, int]) -> list[Paid]:
    """What the ledger posted, as payments of receipts; `places` says which receipt is each account's."""
    written = posted.written
    columns = zip(
        posted.account_ids, written.credit_ids, posted.cents, written.unallocated_cents, written.balance_cents,
        strict=True,
    )  # fmt: skip
    return [Paid(places[account], account, *rest) for account, *rest in columns]


def write_receipts(
    *,
    control: Control,
    run: FolioRun,
    business_on: Sequence[date],
    totals: Sequence[int],
    paid: Sequence[Paid],
    tendered: Sequence[Tendered],
    reversed_by: Reversed | None = None,
) -> list[WrittenReceipt]:
    """Seal and write receipts in the order of their folios (centavos); each has payments and tenders.

    :param reversed_by: given only for one receipt, which cancels another
    """
    codes = [chain.new_verification() for _ in totals]
    columns: list[Any] = [
        control.series, run.first, control.session_id, control.settlement_id, control.channel, control.by,
        control.at, list(business_on), _column(totals), codes,
        _column([each.place + 1 for each in paid]), _column([each.account_id for each in paid]),
        _column([each.credit_id for each in paid]), _column([each.cents for each in paid]),
        _column([each.in_favor_cents for each in paid]), _column([each.balance_cents for each in paid]),
        _column([each.place + 1 for each in tendered]), [each.kind for each in tendered],
        _column([each.cents for each in tendered]), _column([each.given_cents for each in tendered]),
        [each.reference for each in tendered],
        reversed_by.receipt_id if reversed_by else None, reversed_by.folio if reversed_by else "",
        reversed_by.reason if reversed_by else "",
    ]  # fmt: skip
    [(ids,)] = prepared.rows(sql=WRITE, params=prepared.columns(types=_TYPES, params=columns))
    return [
        WrittenReceipt(receipt_id, run.first + place, name, code)
        for place, (receipt_id, name, code) in enumerate(zip(ids, run.names, codes, strict=True))
    ]


def _column(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
