"""The sheets that pages are filled from: plain frozen facts, with amounts in centavos and dates as dates.

Whoever fills a sheet (billing, the front desk) decides what it says; the room decides only how it looks. A sheet
checks the one thing paper must never get wrong: that what is printed adds up.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from caudal.kernel.refusals import Refusal

LEGEND = (
    "El pago de este recibo no te libera de adeudos anteriores. Consérvalo para cualquier aclaración. "
    "Este recibo no es una factura (CFDI)."
)
HISTORY_BARS = 13


class SheetDoesNotAddUp(Refusal):
    """The lines, the subtotal and the total of a sheet contradict each other."""


class CannotUseColor(Refusal):
    """The utility's color is not written as #rrggbb or is too light to be read on paper."""


class ConsumptionKind(Enum):
    """How the m³ of the bill came to be known; the value is the word printed."""

    REAL = "lectura real"
    ESTIMATED = "estimado"
    AVERAGE = "promedio"
    FLAT = "cuota fija"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The utility at the head of the page. `logo_path` is a square SVG, PNG or JPEG; without it, its initial."""

    name: str
    long_name: str
    rfc: str
    address: str
    phone: str
    whatsapp: str = ""
    primary_color: str = "#0b4f66"
    logo_path: str | None = None

    def __post_init__(self) -> None:
        if not _is_readable_on_white(self.primary_color):
            raise CannotUseColor(
                "El color de la institución no se lee sobre papel blanco.",
                "Escríbelo como #0b4f66 y elige uno más oscuro (contraste de 4.5 a 1 o más).",
                field="primary_color",
                value=self.primary_color,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLineText:
    """One concept: what it is, how much, its arithmetic, its article.

    A reduction is a line of its own with negative centavos: it prints in green, never hidden inside a price.
    """

    concept: str
    amount_cents: int
    working: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryBar:
    """The consumption of one period (YYYYMM) in whole m³; None where there was no reading."""

    period: int
    consumption_m3: int | None
    is_estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterText:
    """The meter on the wall: its number and the diameter of the connection (`½″`, `15 mm`)."""

    number: str
    diameter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsText:
    """The two dial values of the period and their dates; `current` is None if the dial was not read."""

    previous: int
    previous_on: date
    current: int | None
    current_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPayment:
    """A payment since the last bill: when, how much (centavos) and where."""

    on: date
    amount_cents: int
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierText:
    """One row of the tariff: m³ bounds (no upper one on the last tier) and what it costs.

    `unit_price_ten_thousandths` is per m³; `fixed_cents` is the whole row's price (the base charge).
    """

    from_m3: int
    to_m3: int | None
    unit_price_ten_thousandths: int | None = None
    fixed_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillSheet:
    """Everything that one printed bill says.

    Money, in centavos: Σ `lines` = `charges_cents`, and `charges_cents + previous_balance_cents +
    surcharges_cents + Σ other_debt − credit_balance_cents = total_cents`. `previous_balance_cents` is what is
    still owed of earlier periods at issue: the `payments` of the last weeks are already out of it and are listed
    only so that nobody doubts they arrived. `other_debt` takes what is neither (an installment, enforcement
    costs, rounding).

    `route` (its whole code, `01-004`) and `walk_sequence` give the order of the print files. `period` is the last month billed
    (YYYYMM) and `months` how many. `history` holds up to 13 periods, oldest first. `tiers` are those of the
    tariff applied; `verification` is the text or address inside the QR.

    :raises SheetDoesNotAddUp: if the amounts contradict each other
    """

    issuer: Issuer
    account_number: str
    holder_name: str
    service_address: str
    route: str
    walk_sequence: int
    usage: str
    folio: str
    period: int
    issued_on: date
    due_on: date
    days: int
    lines: tuple[BillLineText, ...]
    charges_cents: int
    total_cents: int
    verification: str
    months: int = 1
    business_activity: str = ""
    meter: MeterText | None = None
    readings: ReadingsText | None = None
    consumption_m3: int | None = None
    consumption_kind: ConsumptionKind = ConsumptionKind.REAL
    consumption_reason: str = ""
    daily_liters: int | None = None
    history: tuple[HistoryBar, ...] = ()
    comparison: str = ""
    previous_balance_cents: int = 0
    previous_balance_periods: str = ""
    surcharges_cents: int = 0
    surcharges_working: str = ""
    other_debt: tuple[BillLineText, ...] = ()
    credit_balance_cents: int = 0
    payments: tuple[ReceivedPayment, ...] = ()
    pay_less: str = ""
    pay_in_parts: str = ""
    tariff_name: str = ""
    tariff_article: str = ""
    tiers: tuple[TierText, ...] = ()
    supply_hours: str = ""
    message: str = ""
    claim_text: str = ""
    legend: str = LEGEND

    def __post_init__(self) -> None:
        lines_cents = sum(line.amount_cents for line in self.lines)
        if lines_cents != self.charges_cents:
            raise self._contradiction("los renglones", lines_cents, "el subtotal", self.charges_cents)
        due_cents = (
            self.charges_cents
            + self.previous_balance_cents
            + self.surcharges_cents
            + sum(line.amount_cents for line in self.other_debt)
            - self.credit_balance_cents
        )
        if due_cents != self.total_cents:
            raise self._contradiction("los cargos y el saldo", due_cents, "el total", self.total_cents)

    def _contradiction(self, parts: str, parts_cents: int, whole: str, whole_cents: int) -> SheetDoesNotAddUp:
        return SheetDoesNotAddUp(
            f"El recibo de la cuenta {self.account_number} no cuadra: {parts} suman {parts_cents} centavos "
            f"y {whole} dice {whole_cents}.",
            "No se imprime hasta corregirlo: revisa la facturación de esta cuenta.",
            field="total_cents",
            value=self.account_number,
        )

    @property
    def route_order(self) -> tuple[str, int]:
        """Where this bill stands in the walk of whoever delivers it."""
        return (self.route, self.walk_sequence)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMovement:
    """One row of an account statement: `charge_cents` or `credit_cents`, and the balance after it (centavos)."""

    on: date
    concept: str
    detail: str = ""
    charge_cents: int = 0
    credit_cents: int = 0
    balance_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPeriod:
    """What is still owed of one period: principal and surcharges to the day of the statement (centavos)."""

    name: str
    due_on: date | None
    principal_cents: int
    surcharges_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSheet:
    """An account statement: the holder, every movement between two dates, and what is owed today (centavos).

    `opening_balance_cents` + Σ charges − Σ credits = `closing_balance_cents`, and each row carries its running
    balance. `surcharges_cents` is what the open periods would pay on top if paid on `issued_on`.

    :raises SheetDoesNotAddUp: if a running balance, the closing balance or the open periods contradict the rows
    """

    issuer: Issuer
    account_number: str
    holder_name: str
    service_address: str
    usage: str
    issued_on: date
    from_on: date
    to_on: date
    opening_balance_cents: int
    movements: tuple[AccountMovement, ...]
    closing_balance_cents: int
    open_periods: tuple[OpenPeriod, ...] = ()
    route_text: str = ""
    verification: str = ""
    note: str = ""
    surcharges_cents: int = 0

    def __post_init__(self) -> None:
        balance_cents = self.opening_balance_cents
        for movement in self.movements:
            balance_cents += movement.charge_cents - movement.credit_cents
            if balance_cents != movement.balance_cents:
                raise self._contradiction(balance_cents, movement.balance_cents)
        if balance_cents != self.closing_balance_cents:
            raise self._contradiction(balance_cents, self.closing_balance_cents)
        if self.open_periods:
            surcharges_cents = sum(open_period.surcharges_cents for open_period in self.open_periods)
            if surcharges_cents != self.surcharges_cents:
                raise self._contradiction(surcharges_cents, self.surcharges_cents)

    def _contradiction(self, sum_cents: int, written_cents: int) -> SheetDoesNotAddUp:
        return SheetDoesNotAddUp(
            f"El estado de cuenta {self.account_number} no cuadra: los movimientos suman {sum_cents} centavos "
            f"y está escrito {written_cents}.",
            "No se imprime hasta corregirlo: revisa los movimientos de esta cuenta.",
            field="closing_balance_cents",
            value=self.account_number,
        )


def _is_readable_on_white(color: str) -> bool:
    """Written #rrggbb and with a contrast of at least 4.5 to 1, as WCAG defines it (1.4.3)."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        return False
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05) >= 4.5
