"""News of the counter, for the rooms above it. Wired in `config/wiring.py`."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PaymentPosted:
    """A receipt was written for these accounts; announced in its own transaction. `till` is empty for a channel."""

    receipt_id: int
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
