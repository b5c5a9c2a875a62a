"""The papers of a till: its closing report and the deposit slip. Plain frozen facts, amounts in centavos.

Like every sheet, they check the one thing paper must never get wrong: that what is printed adds up.
"""

from dataclasses import dataclass
from datetime import date, datetime

from caudal.documents.layouts import Issuer, SheetDoesNotAddUp
from caudal.documents.receipt_sheet import PRACTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderText:
    """One kind of tender: what had to be there and what was declared (centavos)."""

    name: str
    expected_cents: int
    declared_cents: int

    @property
    def difference_cents(self) -> int:
        return self.declared_cents - self.expected_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptText:
    """One receipt of the session: folio, hour, how it was paid, centavos (below zero, a cancellation)."""

    folio: str
    at: datetime
    tenders: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CanceledText:
    """A cancellation: the receipt, the folio that canceled it, centavos, why, and who said yes."""

    folio: str
    cancellation_folio: str
    cents: int
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalText:
    """Cash that left the drawer: folio, hour, who received it, centavos."""

    folio: str
    at: datetime
    received_by: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceText:
    """So many pieces of one denomination (centavos)."""

    denomination_cents: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalSheet:
    """The paper that two people sign when cash leaves a drawer; its pieces, if they were counted, add up to it."""

    issuer: Issuer
    folio: str
    till: str
    session: int
    at: datetime
    amount_cents: int
    pieces: tuple[PieceText, ...]
    handed_by: str
    received_by: str
    copy: int = 0
    is_practice: bool = False

    def __post_init__(self) -> None:
        counted = sum(each.denomination_cents * each.n for each in self.pieces)
        if self.pieces and counted != self.amount_cents:
            raise SheetDoesNotAddUp(
                f"Las piezas del retiro {self.folio} suman {counted} centavos y no {self.amount_cents}.",
                "Avise a quien supervisa: el papel no debe salir así.",
            )

    @property
    def marks(self) -> tuple[str, ...]:
        """What the paper warns of."""
        again = ("REIMPRESIÓN" if self.copy == 1 else f"REIMPRESIÓN {self.copy}") if self.copy else ""
        return tuple(mark for mark in (PRACTICE if self.is_practice else "", again) if mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingSheet:
    """A closing report (corte Z): what a session took, gave back, handed over and had at the end.

    Money, in centavos: Σ `concepts` = Σ `receipts` = what came in, and expected cash is the float plus the cash
    of that, less the withdrawals: Σ expected = float + Σ receipts − Σ withdrawals. Σ pieces = declared cash.

    :raises SheetDoesNotAddUp: if the amounts contradict each other
    """

    issuer: Issuer
    folio: str
    till: str
    series: str
    cashier: str
    closed_by: str
    business_on: date
    opened_at: datetime
    closed_at: datetime
    float_cents: int
    tenders: tuple[TenderText, ...]
    concepts: tuple[tuple[str, int], ...]
    receipts: tuple[ReceiptText, ...]
    canceled: tuple[CanceledText, ...]
    withdrawals: tuple[WithdrawalText, ...]
    pieces: tuple[PieceText, ...]
    n_receipts: int
    first_folio: str
    last_folio: str
    chain_head: str
    cancellation_head: str
    note: str = ""

    def __post_init__(self) -> None:
        collected = sum(cents for _, cents in self.concepts)
        received = sum(each.cents for each in self.receipts)
        expected = sum(each.expected_cents for each in self.tenders)
        counted = sum(each.denomination_cents * each.n for each in self.pieces)
        for what, left, right in (
            ("los conceptos y los comprobantes", collected, received),
            ("lo esperado y los movimientos", expected, self.float_cents + received - self.withdrawn_cents),
            ("las piezas y el efectivo declarado", counted, self.tenders[0].declared_cents),
        ):
            if left != right:
                raise SheetDoesNotAddUp(
                    f"El {self.folio} no cuadra: {what} difieren ({left} y {right} centavos).",
                    "No se imprime hasta corregirlo: revise con «caudal check».",
                    field="folio",
                    value=self.folio,
                )

    @property
    def withdrawn_cents(self) -> int:
        return sum(each.cents for each in self.withdrawals)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositedText:
    """What one closing brings: declared cash + withdrawals − float, and its checks (centavos)."""

    folio: str
    till: str
    cashier: str
    business_on: date
    declared_cents: int
    withdrawn_cents: int
    float_cents: int
    cash_cents: int
    checks_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckText:
    """A check that goes with the deposit."""

    number: str
    receipt_folio: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositSheet:
    """A deposit slip: which closings, how much cash and which checks, to which account.

    :raises SheetDoesNotAddUp: if the closings do not add up to the slip
    """

    issuer: Issuer
    folio: str
    business_on: date
    bank_account: str
    reference: str
    deposited_by: str
    cash_cents: int
    checks_cents: int
    closings: tuple[DepositedText, ...]
    checks: tuple[CheckText, ...] = ()

    def __post_init__(self) -> None:
        cash = sum(each.cash_cents for each in self.closings)
        checks = sum(each.checks_cents for each in self.closings)
        parts = [each.declared_cents + each.withdrawn_cents - each.float_cents for each in self.closings]
        if (cash, checks) != (self.cash_cents, self.checks_cents) or sum(parts) != cash:
            raise SheetDoesNotAddUp(
                f"El {self.folio} no cuadra: sus cortes suman {cash} y {checks} centavos, y están escritos "
                f"{self.cash_cents} y {self.checks_cents}.",
                "No se imprime hasta corregirlo: revise con «caudal check».",
                field="folio",
                value=self.folio,
            )
