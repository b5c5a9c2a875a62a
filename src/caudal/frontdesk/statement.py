"""The account statement: every movement with its running balance, and what is owed of each period today.

A statement of a past day stops at that day: later bills and payments are not in it. What late surcharges would
have been that day is not told, for the ledger keeps only those that were charged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.timezone import localdate

from caudal.billing import queries as billing
from caudal.billing.models import Bill
from caudal.campaigns import queries as campaigns
from caudal.campaigns.queries import Offer
from caudal.cashier import queries as cashier
from caudal.cashier.models import Payment
from caudal.fees import queries as fees
from caudal.fees.models import CounterService
from caudal.frontdesk import links, references
from caudal.kernel.wording import month_name, short_date
from caudal.ledger import queries as ledger
from caudal.ledger.models import DocumentKind
from caudal.registry.models import Account
from caudal.rules.periods import Period
from caudal.tariffs import queries as tariffs

USUAL_MONTHS: Final = 12
_CHARGES: Final = {
    DocumentKind.BILL: "Recibo",
    DocumentKind.SURCHARGE: "Recargos",
    DocumentKind.FEE: "Servicio",
    DocumentKind.OPENING_BALANCE: "Saldo del sistema anterior",
    DocumentKind.REGULARIZATION: "Regularización de estimadas",
    DocumentKind.INSTALLMENT: "Parcialidad de convenio",
}
_CREDITS: Final = {
    "payment": ("Pago", "Pago cancelado"),
    "bill_cancellation": ("Cancelación de recibo", "Cancelación de recibo, deshecha"),
    "adjustment": ("Ajuste a favor", "Ajuste a favor, deshecho"),
    "regularization": ("A favor por estimadas", "A favor por estimadas, deshecho"),
    "waiver": ("Condonación", "Condonación, deshecha"),
    "agreement": ("Adeudo que pasa a convenio", "Convenio, deshecho"),
    "opening_credit": ("Saldo a favor del sistema anterior", "Saldo a favor anterior, deshecho"),
}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One movement (centavos): a charge or a credit, and the balance after it."""

    on: date
    concept: str
    detail: str
    charge_cents: int
    credit_cents: int
    balance_cents: int
    href: str = ""

    @property
    def amount_cents(self) -> int:
        """What it moves the balance by."""
        return self.charge_cents - self.credit_cents


@dataclass(frozen=True, slots=True)
class PeriodOwed:
    """What is owed of one period today (centavos); `surcharge_cents` is what paying today would add."""

    name: str
    due_on: date
    is_overdue: bool
    principal_cents: int
    accessory_cents: int
    surcharge_cents: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of an account between two days (centavos). `owed` is None for a day that is past."""

    from_on: date
    to_on: date
    opening_cents: int
    rows: tuple[StatementRow, ...]
    closing_cents: int
    periods: tuple[PeriodOwed, ...]
    owed: ledger.AccountStatement | None

    @property
    def charged_cents(self) -> int:
        return sum(row.charge_cents for row in self.rows)

    @property
    def credited_cents(self) -> int:
        return sum(row.credit_cents for row in self.rows)


def read(*, account: Account, as_of: date, today: date, months: int | None = USUAL_MONTHS) -> Statement:
    """The statement as of a day.

    :param months: how many months back its movements begin; None for all. What is older is its opening balance
    """
    bills = list(billing.bills_of(account_id=account.pk))
    issued_on = {(int(bill.period), bill.revision): bill.issued_on for bill in bills}
    every = [
        each for each in ledger.movements(account_id=account.pk, issued_on=issued_on) if each.on <= as_of
    ]
    first = every[0].on if every else as_of
    from_on = first if months is None else Period.of(as_of).shift(-months).first_day
    opening = sum(each.amount_cents for each in every if each.on < from_on)
    shown = [each for each in every if each.on >= from_on]
    rows = _rows(account, shown, bills, opening)
    owed = _owed(account, today) if as_of == today else None
    return Statement(
        from_on=from_on,
        to_on=as_of,
        opening_cents=opening,
        rows=rows,
        closing_cents=opening + sum(each.amount_cents for each in shown),
        periods=_periods(owed) if owed else (),
        owed=owed,
    )


def relief(*, account: Account, at: datetime) -> Offer | None:
    """What a campaign forgives if all that is owed is paid at this moment; None if nothing."""
    found = campaigns.offers(account_ids=[account.pk], at=at, terms=tariffs.terms_on(on=localdate(at)))
    offer = found.get(account.pk)
    return offer if offer and offer.cents else None


def _owed(account: Account, on: date) -> ledger.AccountStatement:
    terms = tariffs.terms(book=tariffs.book_in_force(on=on))
    return ledger.statement(account_id=account.pk, on=on, terms=terms)


def _periods(owed: ledger.AccountStatement) -> tuple[PeriodOwed, ...]:
    return tuple(
        PeriodOwed(
            name=each.name,
            due_on=each.due_on,
            is_overdue=each.due_on < owed.on,
            principal_cents=each.open_principal_cents,
            accessory_cents=each.open_accessory_cents,
            surcharge_cents=each.surcharge_cents,
            total_cents=each.total_cents,
        )
        for each in sorted(owed.periods, key=lambda each: each.due_on)
        if each.total_cents
    )


def _rows(
    account: Account, shown: Sequence[ledger.Movement], bills: Sequence[Bill], opening: int
) -> tuple[StatementRow, ...]:
    words = _Words(account, bills)
    rows, balance = [], opening
    for each in shown:
        balance += each.amount_cents
        concept, detail, href = words.of(each)
        rows.append(
            StatementRow(
                on=each.on,
                concept=concept,
                detail=detail,
                charge_cents=max(each.amount_cents, 0),
                credit_cents=max(-each.amount_cents, 0),
                balance_cents=balance,
                href=href,
            )
        )
    return tuple(rows)


class _Words:
    """What each movement is called, what is said below it, and where its paper is."""

    def __init__(self, account: Account, bills: Sequence[Bill]) -> None:
        self.number = account.number
        self.bills = {(int(bill.period), bill.revision): bill for bill in bills}
        self.services: dict[int, CounterService] = {
            each.charge_sequence: each for each in fees.services_of(account_id=account.pk)
        }
        self.tenders: dict[int, str] = {
            payment.credit_id: _received(payment)
            for payment in cashier.payments(account_id=account.pk).prefetch_related("receipt__tenders")
        }

    def of(self, movement: ledger.Movement) -> tuple[str, str, str]:
        """Concept, detail, address."""
        if movement.credit_id is not None:
            return self._credit(movement)
        if movement.document_kind == DocumentKind.FEE:
            return self._service(movement)
        name = _CHARGES[DocumentKind(movement.document_kind)]
        concept = f"{name} de {month_name(movement.period)}" if movement.period else name
        if movement.document_kind == DocumentKind.INSTALLMENT:
            return concept, f"vence el {short_date(movement.due_on)}" if movement.due_on else "", ""
        bill = self.bills.get((int(movement.period), movement.sequence))
        if bill is None or movement.document_kind != DocumentKind.BILL:
            return concept, "", ""
        revision = f", revisión {bill.revision}" if bill.revision > 1 else ""
        href = links.bill(period=bill.period, account_number=self.number, revision=bill.revision)
        return f"{concept}{revision}", f"vence el {short_date(bill.due_on)}", href

    def _service(self, movement: ledger.Movement) -> tuple[str, str, str]:
        service = self.services.get(movement.sequence)
        if service is None:
            return _CHARGES[DocumentKind.FEE], "", ""
        return service.name, f"trámite {service.folio}", links.service(folio=service.folio)

    def _credit(self, movement: ledger.Movement) -> tuple[str, str, str]:
        concept = _CREDITS[movement.kind][bool(movement.reverses_id)]
        if movement.kind == "payment":
            how = self.tenders.get(movement.credit_id or 0, "")
            detail = ", ".join(part for part in (f"comprobante {movement.document}", how) if part)
            return concept, detail, links.receipt(folio=movement.document)
        what = references.of_cancellation(document=movement.document)
        if movement.kind != "bill_cancellation" or what is None:
            return concept, movement.reason or movement.document, ""
        if what.kind == DocumentKind.FEE:
            service = self.services.get(what.sequence)
            href = links.service(folio=service.folio) if service else ""
            return "Cancelación de trámite", movement.reason, href
        if what.kind == DocumentKind.INSTALLMENT:
            return "Parcialidad de convenio cancelada", movement.reason, ""
        return f"{concept} de {month_name(what.period)}", movement.reason, ""


def _received(payment: Payment) -> str:
    """How a payment was made; nothing for the cancellation of one, which says it is."""
    return payment.receipt.tender_words if payment.amount_cents > 0 else ""
