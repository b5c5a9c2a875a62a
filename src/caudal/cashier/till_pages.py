"""What the pages of the tills show: a session in words and figures, a closing with its differences."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, QuerySet, Sum

from caudal.access import queries as access
from caudal.cashier import drawer, queries, till_sheets
from caudal.cashier.models import (
    CashCount,
    CashWithdrawal,
    DepositSlip,
    TenderBalance,
    TenderKind,
    Till,
    TillClosing,
    TillSession,
)
from caudal.documents.till_papers import seal_in_groups

STATES: Final = {
    TillSession.State.OPEN: ("good", "circle-check", "abierto"),
    TillSession.State.BALANCING: ("watch", "clock", "en arqueo"),
    TillSession.State.BALANCED: ("", "check", "cerrado"),
}
# more cancellations than these in a session are looked at by somebody
MANY_CANCELED: Final = 3


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session as it is shown. `shows_cash` is whether its reader may know what must be in the drawer."""

    report: drawer.SessionReport
    cashier_name: str
    kind: str
    icon: str
    state_words: str
    is_counted: bool
    counted_by: str
    shows_cash: bool
    names: dict[str, str]

    @property
    def session(self) -> TillSession:
        return self.report.session

    @property
    def is_open(self) -> bool:
        return self.session.state == TillSession.State.OPEN

    @property
    def is_balancing(self) -> bool:
        return self.session.state == TillSession.State.BALANCING

    @property
    def has_many_canceled(self) -> bool:
        return len(self.report.canceled) > MANY_CANCELED


def session_page(*, session: TillSession, shows_cash: bool) -> SessionPage:
    """A session in words; the cash it must have only for who may see it."""
    report = drawer.session_report(session=session)
    count = session.counts.filter(purpose=CashCount.Purpose.CLOSING).first()
    kind, icon, words = STATES[TillSession.State(session.state)]
    people = {session.cashier, *(each.received_by for each in report.withdrawals)}
    people |= {each.by for each in report.canceled} | ({count.counted_by} if count else set())
    names = access.names_of(usernames=people)
    return SessionPage(
        report=report, cashier_name=names.get(session.cashier, session.cashier), kind=kind, icon=icon,
        state_words="contado" if count and session.state == TillSession.State.BALANCING else words,
        is_counted=count is not None, counted_by=count.counted_by if count else "", shows_cash=shows_cash, names=names,
    )  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A till on the board, with the session it has."""

    till: Till
    page: SessionPage | None


def board(*, on: date) -> list[BoardRow]:
    """Every till in use and who has it, for who supervises: with the cash of each drawer."""
    return [
        BoardRow(row.till, session_page(session=row.report.session, shows_cash=True) if row.report else None)
        for row in queries.tills_now(on=on)
    ]


def free_tills(*, on: date) -> list[Till]:
    """Tills in use where nobody has a session."""
    return list(queries.tills(on=on).exclude(sessions__state__in=["open", "balancing"]))


def own_withdrawal(*, number: int, cashier: str) -> CashWithdrawal | None:
    """A withdrawal of one's own sessions."""
    found = CashWithdrawal.objects.select_related("session__till", "count")
    return found.filter(number=number, session__cashier=cashier).first()


def slip_page(*, withdrawal: CashWithdrawal) -> dict[str, Any]:
    """The paper of a withdrawal: folio, pieces if they were counted, and who signs."""
    names = access.names_of(usernames={withdrawal.handed_by, withdrawal.received_by})
    pieces = till_sheets.pieces_of(count=withdrawal.count) if withdrawal.count else ()
    return {
        "withdrawal": withdrawal,
        "till": withdrawal.session.till,
        "handed_by": names.get(withdrawal.handed_by, withdrawal.handed_by),
        "received_by": names.get(withdrawal.received_by, withdrawal.received_by),
        "pieces": [(each.denomination_cents, each.n, each.denomination_cents * each.n) for each in pieces],
    }


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


def typed_pesos(cents: int, /) -> str:
    """`150000` → `1500.00`, as somebody types it; nothing for zero."""
    return f"{cents // 100}.{cents % 100:02d}" if cents else ""
