"""What the pages of closings and deposits show: expected against declared, and what goes to the bank."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from caudal.access import queries as access
from caudal.cashier import drawer, queries, till_sheets
from caudal.cashier.models import (
    CashCount,
    DepositSlip,
    TenderBalance,
    TenderKind,
    TillClosing,
    TillSession,
)
from caudal.cashier.till_pages import SessionPage, session_page
from caudal.documents.till_papers import seal_in_groups


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One tender of a count or a closing: expected against declared (centavos)."""

    kind: str
    name: str
    expected_cents: int
    declared_cents: int
    balance: TenderBalance | None = None

    @property
    def difference_cents(self) -> int:
        return self.declared_cents - self.expected_cents


def comparison(*, session: TillSession) -> list[BalanceRow]:
    """A counted session against its receipts, before it is closed: for who supervises."""
    count = session.counts.get(purpose=CashCount.Purpose.CLOSING)
    expected = queries.expected(session=session)
    return [
        BalanceRow(
            kind.value,
            kind.label,
            expected.get(kind.value, 0),
            count.total_cents if kind == TenderKind.CASH else count.others.get(kind.value, 0),
        )
        for kind in TenderKind
    ]


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """A closing as it is shown."""

    closing: TillClosing
    page: SessionPage
    rows: list[BalanceRow]
    concepts: list[tuple[str, int]]
    pieces: tuple[tuple[int, int, int], ...]
    seal: str
    cancellation_seal: str
    closed_by: str
    slip: DepositSlip | None
    approved: dict[str, str]

    @property
    def difference_cents(self) -> int:
        return sum(row.difference_cents for row in self.rows)

    @property
    def collected_cents(self) -> int:
        return sum(cents for _, cents in self.concepts)

    @property
    def expected_cents(self) -> int:
        return sum(row.expected_cents for row in self.rows)

    @property
    def declared_cents(self) -> int:
        return sum(row.declared_cents for row in self.rows)


def closing_page(*, closing: TillClosing) -> ClosingPage:
    """Everything a closing says, with its disputes."""
    session = closing.session
    count = session.counts.get(purpose=CashCount.Purpose.CLOSING)
    deposited = getattr(closing, "deposited", None)
    page = session_page(session=session, shows_cash=True)
    balances = closing.balances.prefetch_related("disputes__answer").order_by("id")
    approved = till_sheets.approvers_of(folios=[each.folio for each in page.report.canceled])
    names = access.names_of(usernames={closing.closed_by, *approved.values()})
    return ClosingPage(
        closing=closing,
        page=page,
        rows=[
            BalanceRow(each.kind, each.get_kind_display(), each.expected_cents, each.declared_cents, each)
            for each in balances
        ],
        concepts=drawer.collected_by_concept(session=session),
        pieces=tuple(
            (each.denomination_cents, each.n, each.denomination_cents * each.n)
            for each in till_sheets.pieces_of(count=count)
        ),
        seal=seal_in_groups(closing.chain_head),
        cancellation_seal=seal_in_groups(closing.cancellation_head),
        closed_by=names.get(closing.closed_by, closing.closed_by),
        slip=deposited.slip if deposited else None,
        approved={folio: names.get(who, who) for folio, who in approved.items()},
    )


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """A closing in a list: what came in, and what differs of cash and of the rest (centavos)."""

    closing: TillClosing
    cashier_name: str
    collected_cents: int
    cash_difference_cents: int
    other_difference_cents: int
    n_disputes: int
    slip: str

    @property
    def difference_cents(self) -> int:
        return self.cash_difference_cents + self.other_difference_cents


def closings(
    *, since: date | None = None, until: date | None = None, cashier: str = "", most: int = 200
) -> list[ClosingRow]:
    """Closings of some days, newest first."""
    found = TillClosing.objects.select_related("session__till", "deposited__slip").order_by("-number")
    if since:
        found = found.filter(session__business_on__gte=since)
    if until:
        found = found.filter(session__business_on__lte=until)
    if cashier:
        found = found.filter(session__cashier=cashier)
    return _closing_rows(found[:most])


def _closing_rows(found: QuerySet[TillClosing]) -> list[ClosingRow]:
    shown = list(found.prefetch_related("balances__disputes"))
    sessions = [each.session_id for each in shown]
    collected = dict(
        TillSession.objects.filter(pk__in=sessions)
        .values_list("pk")
        .annotate(cents=Sum("receipts__total_cents"))
    )
    names = access.names_of(usernames={each.session.cashier for each in shown})
    rows = []
    for each in shown:
        differences = {balance.kind: balance.difference_cents for balance in each.balances.all()}
        cash = differences.pop(TenderKind.CASH, 0)
        deposited = getattr(each, "deposited", None)
        rows.append(
            ClosingRow(
                closing=each,
                cashier_name=names.get(each.session.cashier, each.session.cashier),
                collected_cents=collected.get(each.session_id) or 0,
                cash_difference_cents=cash,
                other_difference_cents=sum(differences.values()),
                n_disputes=sum(len(balance.disputes.all()) for balance in each.balances.all()),
                slip=deposited.slip.folio if deposited else "",
            )
        )
    return rows


def totals(*, rows: list[ClosingRow]) -> dict[str, int]:
    """The totals row of a list of closings."""
    return {
        "n_receipts": sum(row.closing.n_receipts for row in rows),
        "n_canceled": sum(row.closing.n_canceled for row in rows),
        "collected_cents": sum(row.collected_cents for row in rows),
        "cash_difference_cents": sum(row.cash_difference_cents for row in rows),
        "other_difference_cents": sum(row.other_difference_cents for row in rows),
    }


def part_totals(*, parts: list[drawer.DepositPart]) -> dict[str, int]:
    """What some closings bring to the bank together."""
    return {
        "cash_cents": sum(part.cash_cents for part in parts),
        "checks_cents": sum(part.checks_cents for part in parts),
        "total_cents": sum(part.total_cents for part in parts),
    }


def waiting_for_deposit() -> dict[str, int]:
    """How much waits to be taken to the bank, and in how many closings."""
    parts = drawer.closings_to_deposit()
    return {"n": len(parts), **part_totals(parts=parts)}


def slips(*, most: int = 100) -> QuerySet[DepositSlip]:
    """The newest slips."""
    return DepositSlip.objects.annotate(n_closings=Count("closings")).order_by("-number")[:most]


def last_bank_account() -> str:
    """Where the last deposit went: most likely the next one goes there too."""
    newest = DepositSlip.objects.order_by("-number").first()
    return newest.bank_account if newest else ""
