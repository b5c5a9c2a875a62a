"""What the paper of a payment says, whoever prints it: a thermal printer, a browser or the typesetter.

One content in three languages. It is filled from rows that never change, so a reprint years later says the same.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from caudal.documents.layouts import Issuer, SheetDoesNotAddUp
from caudal.kernel.wording import month_name

# with more periods than this, an account tells one line for each instead of one for each concept
DETAILED_PERIODS: Final = 6
LEGEND: Final = (
    "El pago de este recibo no libera al contribuyente de adeudos anteriores. "
    "Conserve este comprobante para cualquier aclaración. No es una factura (CFDI)."
)
PRACTICE: Final = "PRÁCTICA: este papel no vale"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """What one period owed of one concept and was paid (centavos; negative in a cancellation). Period 0 is none."""

    period: int
    concept: str
    amount_cents: int
    is_surcharge: bool = False

    @property
    def period_name(self) -> str:
        return month_name(self.period) if self.period else "Otros cargos"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """A line as every paper shows it: a period, or what was paid of it. A heading has no amount."""

    words: str
    amount_cents: int | None = None
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAccount:
    """One account of a receipt. `balance_cents` is what it owed afterwards (negative in favor); None if unknown.

    `reductions_cents` were in the bills already, and what was `forgiven` (by which rule, centavos above zero) is not
    owed any more: said, not added.
    """

    number: str
    holder: str
    place: str
    amount_cents: int
    lines: tuple[ReceiptLine, ...]
    in_favor_cents: int = 0
    reductions_cents: int = 0
    balance_cents: int | None = None
    forgiven: tuple[tuple[str, int], ...] = ()
    # months paid ahead, in words, and how much of what is in favor waits for them
    ahead: tuple[str, int] = ("", 0)

    @property
    def surcharge_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines if line.is_surcharge)

    @property
    def printed(self) -> tuple[PrintedLine, ...]:
        """Its lines by period; a long list tells one line for each period."""
        periods: dict[int, list[ReceiptLine]] = {}
        for line in self.lines:
            periods.setdefault(line.period, []).append(line)
        shown: list[PrintedLine] = []
        for mine in periods.values():
            name = mine[0].period_name.capitalize()
            if len(periods) > DETAILED_PERIODS:
                shown.append(PrintedLine(words=name, amount_cents=sum(line.amount_cents for line in mine)))
                continue
            shown.append(PrintedLine(words=name, is_heading=True))
            shown += [PrintedLine(words=line.concept, amount_cents=line.amount_cents) for line in mine]
        return tuple(shown)

    @property
    def notes(self) -> tuple[tuple[str, int], ...]:
        """What is said of the account below its lines: (words, centavos)."""
        is_long = any(not line.is_heading for line in self.printed[:1])
        said = [
            ("De ello, recargos", self.surcharge_cents if is_long else 0),
            ("Reducciones ya aplicadas", self.reductions_cents),
            *((f"Se condonó: {rule}", -cents) for rule, cents in self.forgiven),
            self.ahead,
            ("Queda a favor", self.in_favor_cents - self.ahead[1]),
        ]
        return tuple((words, cents) for words, cents in said if cents)

    @property
    def standing(self) -> str:
        """How the account stands, in words that an amount follows; empty if nobody knows."""
        if self.balance_cents is None:
            return ""
        if self.balance_cents > 0:
            return "Sigue debiendo"
        return "No debe nada; tiene a favor" if self.balance_cents < 0 else "No debe nada"

    @property
    def standing_cents(self) -> int:
        """The amount that `standing` speaks of; 0 when it needs none (centavos)."""
        return abs(self.balance_cents or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTender:
    """One way in which it was paid (centavos)."""

    name: str
    amount_cents: int
    given_cents: int = 0
    reference: str = ""

    @property
    def change_cents(self) -> int:
        return max(self.given_cents - self.amount_cents, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSheet:
    """Everything that the paper of a payment says. Amounts in centavos, all negative in a cancellation.

    `cancels` is the folio that it takes back; `canceled_by`, the one that took it back (with its date);
    `copy`, which reprint it is.

    :raises SheetDoesNotAddUp: if the accounts, their lines or the tenders do not add up
    """

    issuer: Issuer
    folio: str
    business_on: date
    paid_at: datetime
    place: str
    cashier: str
    accounts: tuple[ReceiptAccount, ...]
    total_cents: int
    tenders: tuple[ReceiptTender, ...]
    verification: str
    verification_address: str
    cancels: str = ""
    reason: str = ""
    canceled_by: str = ""
    canceled_on: date | None = None
    copy: int = 0
    is_practice: bool = False
    legend: str = LEGEND

    def __post_init__(self) -> None:
        parts = sum(account.amount_cents for account in self.accounts)
        tendered = sum(tender.amount_cents for tender in self.tenders)
        if parts != self.total_cents or tendered != self.total_cents:
            raise self._contradiction(f"las cuentas suman {parts} y las formas de pago {tendered} centavos")
        for account in self.accounts:
            lines = sum(line.amount_cents for line in account.lines) + account.in_favor_cents
            if lines != account.amount_cents:
                raise self._contradiction(
                    f"los renglones de la cuenta {account.number} suman {lines} centavos"
                )

    def _contradiction(self, what: str) -> SheetDoesNotAddUp:
        return SheetDoesNotAddUp(
            f"El comprobante {self.folio} no cuadra: {what}.",
            "No se imprime hasta corregirlo: avise a soporte.",
            field="total_cents",
            value=self.folio,
        )

    @property
    def title(self) -> str:
        return f"CANCELACIÓN DE {self.cancels}" if self.cancels else "Comprobante de pago"

    @property
    def marks(self) -> tuple[str, ...]:
        """What the paper warns of, in the order in which it is read."""
        said = [
            PRACTICE if self.is_practice else "",
            f"CANCELADO CON {self.canceled_by}" if self.canceled_by else "",
            ("REIMPRESIÓN" if self.copy == 1 else f"REIMPRESIÓN {self.copy}") if self.copy else "",
        ]
        return tuple(mark for mark in said if mark)

    @property
    def given_cents(self) -> int:
        """What was handed over, change included; 0 if nobody counted it."""
        return sum(tender.given_cents for tender in self.tenders)

    @property
    def change_cents(self) -> int:
        return sum(tender.change_cents for tender in self.tenders)

    @property
    def code(self) -> str:
        """The verification code as a person reads it: `7K2M 9QXT …`."""
        return in_groups(self.verification)

    @property
    def moment(self) -> str:
        """`24/11/2026 10:42`."""
        return f"{self.paid_at:%d/%m/%Y %H:%M}"


def in_groups(code: str, /) -> str:
    """A verification code in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
