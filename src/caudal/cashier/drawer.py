"""What a drawer has taken: a session's report while it lives (corte X), and what of it goes to the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Q, Sum

from caudal.cashier.models import (
    CashWithdrawal,
    DepositedClosing,
    Receipt,
    Tender,
    TenderBalance,
    TenderKind,
    TillClosing,
    TillSession,
)
from caudal.ledger import commands as ledger
from caudal.ledger.models import Credit, JournalLine

# where the journal keeps what the window took and gave back
ENTRIES: Final = (f"credit.{Credit.Kind.PAYMENT.value}", f"reversal.{Credit.Kind.PAYMENT.value}")
IN_FAVOR: Final = "A favor de la cuenta"


@dataclass(frozen=True, slots=True)
class TenderTaken:
    """What came in of one kind of tender, cancellations taken off (centavos), and in how many receipts."""

    kind: str
    name: str
    cents: int
    n: int


@dataclass(frozen=True, slots=True)
class CanceledReceipt:
    """A cancellation of the session: what it cancels, with which folio, how much (centavos), why, who and when."""

    folio: str
    cancellation_folio: str
    cents: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionReport:
    """A session as it stands: looking changes nothing. `cash_cents` is what must be in the drawer."""

    session: TillSession
    n_receipts: int
    first_folio: str
    last_folio: str
    taken: tuple[TenderTaken, ...]
    canceled: tuple[CanceledReceipt, ...]
    withdrawals: tuple[CashWithdrawal, ...]
    cash_cents: int

    @property
    def others(self) -> tuple[TenderTaken, ...]:
        """The tenders that are not cash."""
        return tuple(each for each in self.taken if each.kind != TenderKind.CASH)

    @property
    def total_cents(self) -> int:
        """Everything that came in, less what was canceled."""
        return sum(each.cents for each in self.taken)

    @property
    def withdrawn_cents(self) -> int:
        return sum(each.amount_cents for each in self.withdrawals)

    @property
    def is_over_limit(self) -> bool:
        """Whether the drawer holds more than its till should."""
        return is_over_limit(limit_cents=self.session.till.cash_limit_cents, cash_cents=self.cash_cents)


def is_over_limit(*, limit_cents: int, cash_cents: int) -> bool:
    """Tell a drawer that asks for a withdrawal; a till without a limit never does."""
    return 0 < limit_cents < cash_cents


def asks_withdrawal(*, session: TillSession) -> bool:
    """Whether an open drawer holds more than its till should; asked at every charge, so it counts only the cash."""
    limit = session.till.cash_limit_cents
    if not limit or session.state != TillSession.State.OPEN:
        return False
    came = Tender.objects.filter(receipt__session=session, kind=TenderKind.CASH)
    left = session.withdrawals.all()
    came_cents, left_cents = (
        each.aggregate(cents=Sum("amount_cents"))["cents"] or 0 for each in (came, left)
    )
    return is_over_limit(limit_cents=limit, cash_cents=session.float_cents + came_cents - left_cents)


def session_report(*, session: TillSession) -> SessionReport:
    """What a session has done until now."""
    window = Receipt.objects.filter(session=session, reverses__isnull=True).order_by("number")
    first, last = window.first(), window.last()
    taken = _taken(session)
    withdrawals = tuple(session.withdrawals.order_by("number"))
    cash = next(each.cents for each in taken if each.kind == TenderKind.CASH)
    return SessionReport(
        session=session,
        n_receipts=window.count(),
        first_folio=first.folio if first else "",
        last_folio=last.folio if last else "",
        taken=taken,
        canceled=canceled_in(session=session),
        withdrawals=withdrawals,
        cash_cents=session.float_cents + cash - sum(each.amount_cents for each in withdrawals),
    )


def _taken(session: TillSession) -> tuple[TenderTaken, ...]:
    sums = {
        kind: (cents, n)
        for kind, cents, n in Tender.objects.filter(receipt__session=session)
        .values_list("kind")
        .annotate(cents=Sum("amount_cents"), n=Count("id", filter=Q(amount_cents__gt=0)))
    }
    return tuple(TenderTaken(kind.value, kind.label, *sums.get(kind.value, (0, 0))) for kind in TenderKind)


def canceled_in(*, session: TillSession) -> tuple[CanceledReceipt, ...]:
    """The cancellations a session made, of its own receipts or of closed ones."""
    found = Receipt.objects.filter(session=session, reverses__isnull=False).select_related("reverses")
    return tuple(
        CanceledReceipt(
            each.reverses.folio, each.folio, -each.total_cents, each.reason, each.received_by, each.paid_at
        )  # fmt: skip
        for each in found.order_by("paid_at", "id")
        if each.reverses
    )


def collected_by_concept(*, session: TillSession) -> list[tuple[str, int]]:
    """What a session collected of each concept (centavos), as its journal says; it adds up to what came in.

    What a concept's debt lost is collected of it, whatever was charged in the same act; the rest is in favor.
    """
    folios = [each.folio for each in session.receipts.only("series", "number")]
    lines = JournalLine.objects.filter(entry__kind__in=ENTRIES, entry__document__in=folios)
    concepts = (
        lines.filter(concept__isnull=False)
        .values_list("concept_id", "concept__name")
        .annotate(cents=Sum("amount_cents"))
        .order_by("concept_id")
    )
    found = [(name, -cents) for _, name, cents in concepts if cents]
    funds = [ledger.Funds.CASH, ledger.Funds.BANKS]
    favor = lines.filter(concept__isnull=True).exclude(ledger_account_id__in=funds)
    kept = -(favor.aggregate(cents=Sum("amount_cents"))["cents"] or 0)
    return [*found, (IN_FAVOR, kept)] if kept else found


@dataclass(frozen=True, slots=True)
class DepositPart:
    """What one closing brings to the bank (centavos): declared cash + withdrawals − float, and its checks."""

    closing_id: int
    folio: str
    till: str
    cashier: str
    business_on: date
    declared_cents: int
    withdrawn_cents: int
    float_cents: int
    checks_cents: int
    # the slip that has it, or nothing
    slip: str

    @property
    def cash_cents(self) -> int:
        """Cash to deposit; below zero when the drawer gave back more than it took."""
        return self.declared_cents + self.withdrawn_cents - self.float_cents

    @property
    def total_cents(self) -> int:
        return self.cash_cents + self.checks_cents


def deposit_parts(*, closing_ids: Sequence[int]) -> list[DepositPart]:
    """What each of some closings brings to the bank, in order of folio."""
    closings = TillClosing.objects.select_related("session__till").filter(pk__in=closing_ids)
    declared = {
        (closing, kind): cents
        for closing, kind, cents in TenderBalance.objects.filter(closing_id__in=closing_ids).values_list(
            "closing_id", "kind", "declared_cents"
        )
    }
    withdrawn = dict(
        CashWithdrawal.objects.filter(session__closing__in=closing_ids)
        .values_list("session_id")
        .annotate(cents=Sum("amount_cents"))
    )
    slips = {
        each.closing_id: each.slip.folio
        for each in DepositedClosing.objects.select_related("slip").filter(closing_id__in=closing_ids)
    }
    return [
        DepositPart(
            closing_id=closing.pk,
            folio=closing.folio,
            till=closing.session.till.name,
            cashier=closing.session.cashier,
            business_on=closing.session.business_on,
            declared_cents=declared[closing.pk, TenderKind.CASH],
            withdrawn_cents=withdrawn.get(closing.session_id, 0),
            float_cents=closing.session.float_cents,
            checks_cents=declared[closing.pk, TenderKind.CHECK],
            slip=slips.get(closing.pk, ""),
        )
        for closing in closings.order_by("number")
    ]


def closings_to_deposit() -> list[DepositPart]:
    """Closings that are in no slip yet and have something to take, or to give, oldest first."""
    waiting = TillClosing.objects.filter(deposited__isnull=True).order_by("number")
    parts = deposit_parts(closing_ids=list(waiting.values_list("pk", flat=True)))
    return [part for part in parts if part.cash_cents or part.checks_cents]


def checks_of(*, closing_ids: Sequence[int]) -> list[tuple[str, str, int]]:
    """The checks inside some closings: number, receipt and centavos; a canceled one is not there."""
    found = (
        Tender.objects.filter(
            kind=TenderKind.CHECK,
            receipt__session__closing__in=closing_ids,
            receipt__reverses__isnull=True,
        )
        .exclude(receipt__cancellation__session__closing__in=closing_ids)
        .select_related("receipt")
        .order_by("receipt__series", "receipt__number")
    )
    return [(each.reference, each.receipt.folio, each.amount_cents) for each in found]
