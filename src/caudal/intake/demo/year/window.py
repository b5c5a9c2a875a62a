"""The window: a session a day, the people in line one after the other, the count, the closing and the bank."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from caudal.cashier import commands as cashier
from caudal.cashier import queries as drawers
from caudal.cashier.models import Till, TillSession
from caudal.intake.demo.stage import moment
from caudal.registry.models import Account

CASHIER: Final = "veronica"
FLOAT: Final = {"5000": 6, "2000": 8, "500": 8}
TENDERS: Final = ("cash", "cash", "cash", "cash", "cash", "card", "transfer", "check")
OPEN_MINUTES: Final = 400
BANK_ACCOUNT: Final = "BBVA 0112345678"
SMALLEST_COIN_CENTS: Final = 10


@dataclass(slots=True)
class Window:
    """The till of a day while it is open."""

    till: Till
    rng: Random
    session: TillSession
    now: datetime
    step: timedelta
    n_receipts: int = 0
    taken_cents: int = 0

    def tick(self) -> datetime:
        """The next in line comes to the window."""
        self.now += self.step
        return self.now

    def take(
        self, account: Account, cents: int, *, prepaid: cashier.PrepaidMonths | None = None
    ) -> dict[str, Any]:
        """An account pays; in cash, up to the next ten centavos: what is over stays in favor."""
        kind = "cash" if prepaid else self.rng.choice(TENDERS)
        if kind == "cash":
            cents += -cents % SMALLEST_COIN_CENTS
        reference = "" if kind == "cash" else f"{self.rng.randrange(10**6):06d}"
        receipt = cashier.take_payment(
            session=self.session, parts=[cashier.AccountPart(account, cents, prepaid)],
            tenders=[cashier.TenderPart(kind, cents, reference=reference)], at=self.tick(), by=CASHIER,
            key=UUID(int=self.rng.getrandbits(128), version=4),
        )  # fmt: skip
        self.n_receipts += 1
        self.taken_cents += cents
        return receipt

    def undo(self, cents: int) -> None:
        """A receipt of this morning was canceled and its money given back."""
        self.n_receipts -= 1
        self.taken_cents -= cents


def opened(*, till: Till, on: date, rng: Random, in_line: int) -> Window:
    """Verónica opens at five to eight, and shares the morning among those who are in line."""
    session = cashier.open_session(till=till, cashier=CASHIER, pieces=FLOAT, at=moment(on, 7, 55))
    step = timedelta(seconds=OPEN_MINUTES * 60 // max(in_line + 10, 60))
    return Window(till, rng, session, moment(on, 8, 0), step)


def closed(*, window: Window) -> None:
    """What she counts is what there is; engineer Salas closes, and the money goes to the bank the same day."""
    session = window.session
    at, there = moment(session.business_on, 15, 30), drawers.expected(session=session)
    cashier.begin_balancing(session=session, at=at, by=CASHIER)
    cashier.declare_count(
        session=session, pieces=drawers.pieces_of(cents=there.pop("cash")), others=there, at=at, by=CASHIER
    )
    closing = cashier.close_session(session=session, at=at + timedelta(minutes=10), by="rosa")
    if window.taken_cents and _has_cash_or_checks(session):
        cashier.deposit_closings(
            closings=[closing], bank_account=BANK_ACCOUNT, reference=f"{session.business_on:%y%m%d}{closing.number:04d}",
            on=session.business_on, at=at + timedelta(minutes=45), by="rosa",
        )  # fmt: skip


def _has_cash_or_checks(session: TillSession) -> bool:
    there = drawers.expected(session=session)
    return there["cash"] > session.float_cents or there.get("check", 0) > 0
