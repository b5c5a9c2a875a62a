"""News of the counter, for the rooms above it. Wired in `config/wiring.py`."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PaymentsPosted:
    """Receipts were written for these accounts, one at a window or many of a file; announced in their transaction.

    `till` is empty for a channel.
    """

    receipt_ids: tuple[int, ...]
    account_ids: tuple[int, ...]
    on: date
    at: datetime
    by: str
    till: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptCanceled:
    """A receipt was taken back: the debts of these accounts are open again."""

    receipt_id: int
    cancellation_id: int
    account_ids: tuple[int, ...]
    on: date
    at: datetime
    by: str
