"""What the pages of the tills show: a session in words and figures, a closing with its differences."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from caudal.access import queries as access
from caudal.cashier import drawer, queries, till_sheets
from caudal.cashier.models import (
    CashCount,
    CashWithdrawal,
    Till,
    TillSession,
)

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


def typed_pesos(cents: int, /) -> str:
    """`150000` → `1500.00`, as somebody types it; nothing for zero."""
    return f"{cents // 100}.{cents % 100:02d}" if cents else ""
