"""The counter of the town: a till, its sessions day by day, and payments for stories that are about something else."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID as UUID
from uuid import uuid4

from django.contrib.auth.hashers import make_password

from caudal.access import approvals
from caudal.access import policy as access
from caudal.access.models import Approval, Clerk, Pin
from caudal.cashier import commands as cashier
from caudal.cashier import policy, queries
from caudal.cashier.models import Receipt, Till, TillSession
from caudal.registry.models import Account
from tests.town.cast import CLERKS, moment
from tests.town.cast import PIN as PIN

FLOAT = {"5000": 6, "2000": 8, "500": 8}  # $500.00 of change


def till(code: str = "1", series: str = "A") -> Till:
    """The till of the town, put to use the first time somebody asks."""
    return Till.objects.filter(code=code).first() or cashier.open_till(
        code=code, name=f"Caja {code}", series=series, at=moment(date(2018, 1, 2), 8), by="salas"
    )


def session(on: date, by: str = "veronica", code: str = "1", series: str = "A") -> TillSession:
    """The open session of a cashier on a day; the one of another day is closed to the centavo first."""
    live = queries.live_session(cashier=by)
    if live and live.business_on == on and live.state == TillSession.State.OPEN:
        return live
    if live:
        close(live)
    return cashier.open_session(till=till(code, series), cashier=by, pieces=FLOAT, at=moment(on, 8))


def close(live: TillSession, by: str = "salas") -> None:
    """What is counted is what there is; lonely centavos are left as a shortage of less than ten."""
    at, there = moment(live.business_on, 15, 30), queries.expected(session=live)
    cashier.begin_balancing(session=live, at=at, by=live.cashier)
    cashier.declare_count(
        session=live, pieces=policy.pieces_of(cents=there.pop("cash") // 10 * 10), others=there, at=at,
        by=live.cashier,
    )  # fmt: skip
    cashier.close_session(session=live, at=at, by=by)


def pay(
    account: Account,
    cents: int,
    *,
    on: date,
    key: UUID | None = None,
    tender: str = "cash",
    by: str = "veronica",
    hour: int = 11,
) -> dict[str, Any]:
    """One account pays, in one kind of tender; the receipt as `take_payment` gives it, and what that account paid."""
    receipt = cashier.take_payment(
        session=session(on, by),
        parts=[cashier.AccountPart(account, cents)],
        tenders=[cashier.TenderPart(tender, cents, reference="" if tender == "cash" else "123456")],
        at=moment(on, hour),
        by=by,
        key=key or uuid4(),
    )
    return {**receipt, **receipt["payments"][0]}


def pay_ahead(account: Account, ahead: Any, cents: int, *, on: date, hour: int = 11) -> dict[str, Any]:
    """One account pays the months of a quote, in cash, with so much in all; the receipt as `take_payment` gives it."""
    prepaid = cashier.PrepaidMonths(ahead.months, ahead.book, ahead.campaign, ahead.reductions)
    return cashier.take_payment(
        session=session(on),
        parts=[cashier.AccountPart(account, cents, prepaid)],
        tenders=[cashier.TenderPart("cash", cents)],
        at=moment(on, hour),
        by="veronica",
        key=uuid4(),
    )


def cancel(
    receipt_folio: str, *, on: date, reason: str = "Se cobró a otra cuenta", by: str = "veronica"
) -> dict[str, Any]:
    """Take a receipt back in the session of a day, with the yes of whoever must give it."""
    receipt: Receipt = queries.receipt_by_folio(folio=receipt_folio)
    live = session(on, by)
    receipt.refresh_from_db()
    approval = approve(
        cashier.act_of_cancellation(receipt=receipt, session=live), "receipt", receipt.folio, on=on, by=by
    )
    return cashier.cancel_receipt(
        receipt=receipt, session=live, reason="5", detail=reason, approval=approval, at=moment(on, 13), by=by
    )


def approve(
    act: str, kind: str, of: object, *, on: date, by: str = "veronica", after: Any = None, hour: int = 13
) -> Approval:
    """Rosa says yes from her own desk, or the manager if she may not."""
    hire()
    may = access.may(clerk=Clerk.objects.get(username="rosa"), act=act)
    request = approvals.ask(
        act=act, asked_by=by, object_kind=kind, object_id=of, reason="Lo pide la ventanilla",
        at=moment(on, hour), after=after,
    )  # fmt: skip
    approval = approvals.decide(
        request=request, is_granted=True, by="rosa" if may else "salas", at=moment(on, hour)
    )
    assert approval is not None
    return approval


def hire() -> None:
    """The people of the window, where a story has no town around them; who approves has a PIN."""
    for username in ("veronica", "rosa", "salas"):
        first, last, role = CLERKS[username]
        clerk, _ = Clerk.objects.get_or_create(
            username=username, defaults={"first_name": first, "last_name": last, "role": role}
        )
        Pin.objects.get_or_create(
            clerk=clerk, defaults={"hash": _hashed_pin(), "set_at": moment(date(2018, 1, 2))}
        )


@cache
def _hashed_pin() -> str:
    """Hashed once: a strong hash costs more than a payment."""
    return make_password(PIN)


def receipts(series: str = "A") -> Sequence[int]:
    """The folios taken in a series, in order."""
    return list(Receipt.objects.filter(series=series).order_by("number").values_list("number", flat=True))
