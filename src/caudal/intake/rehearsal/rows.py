"""The rows of an export once they are understood: plain values, each with its place in its file."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any


@dataclass(slots=True)
class AccountRow:
    file: str
    line: int
    number: str
    route: str
    sector: str
    walk_sequence: int
    name: str
    address: str
    neighborhood: str
    locality: str
    tariff_class: str
    is_metered: bool
    has_sewerage: bool
    meter: str
    diameter_mm: int
    opened_on: date
    discount: str
    phone: str
    rfc: str
    curp: str
    status: str
    balance_cents: int | None
    months_owed: int | None

    @property
    def credit_cents(self) -> int:
        """What the old system owes the customer."""
        return max(0, -(self.balance_cents or 0))


@dataclass(slots=True)
class ReadingRow:
    file: str
    line: int
    account: str
    meter: str
    period: int
    value: int | None
    consumption_m3: int | None
    observation: str
    read_on: date
    reader: str


@dataclass(slots=True)
class DebtRow:
    file: str
    line: int
    account: str
    period: int
    concept: str
    cents: int


@dataclass(slots=True)
class PaymentRow:
    file: str
    line: int
    folio: str
    account: str
    paid_on: date
    paid_at: time | None
    cents: int
    tender: str
    till: str
    is_canceled: bool


Row = AccountRow | ReadingRow | DebtRow | PaymentRow


@dataclass(frozen=True, slots=True)
class Apart:
    """A row that stays out: where it is, whose it is, its amount if it has one that can be read."""

    file: str
    line: int
    account: str
    cents: int | None
    code: str
    raw: str


@dataclass(slots=True)
class Tally:
    """Rows and centavos of a table: all there are in the files = accepted + set apart."""

    rows: int = 0
    cents: int = 0
    accepted_rows: int = 0
    accepted_cents: int = 0
    apart: list[Apart] = field(default_factory=list)

    @property
    def apart_cents(self) -> int:
        return sum(each.cents or 0 for each in self.apart)

    @property
    def is_whole(self) -> bool:
        """Nothing appeared and nothing vanished between the files and what is told about them."""
        return (
            self.rows == self.accepted_rows + len(self.apart)
            and self.cents == self.accepted_cents + self.apart_cents
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows, "accepted": self.accepted_rows, "apart": len(self.apart),
            "cents": self.cents, "accepted_cents": self.accepted_cents, "apart_cents": self.apart_cents,
        }  # fmt: skip
