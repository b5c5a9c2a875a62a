"""Sixteen hands at six drawers: they pay, resend, cancel, withdraw, close and open again, all at once; all agrees.

R10, R13 and R15 together. `CAUDAL_STORM_ACTS` asks for more, `CAUDAL_STORM_SEED` for the same acts again.
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Sum
from tests.storms.street import MARCH_5, at_once, deadlocks, everything_agrees, open_tills, settle
from tests.town import counter
from tests.town.cast import moment

from caudal.access import policy as acts
from caudal.cashier import commands as cashier
from caudal.cashier import queries
from caudal.cashier.models import CashWithdrawal, Receipt, Tender, TenderBalance, TillClosing, TillSession
from caudal.kernel.refusals import Refusal
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import DocumentKind, JournalLine
from caudal.registry.models import Account

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("CAUDAL_STORM_SEED", str(random.SystemRandom().randrange(10**6))))
ACTS = int(os.environ.get("CAUDAL_STORM_ACTS", "320"))
HANDS, TILLS = 16, 6
AT = moment(MARCH_5, 13)
Asked = tuple[UUID, TillSession, list[tuple[Account, int]], int]


class Office:
    """Everything the hands may do; each act draws from its own seed, and tells what it did."""

    def __init__(self, street: list[Account]) -> None:
        self.street = street
        self.told: list[tuple[Asked, dict[str, Any]]] = []
        self.telling = threading.Lock()

    def act(self, seed: int) -> tuple[str, Any]:
        chance = random.Random(seed)
        verbs = {self.pay: 12, self.resend: 4, self.cancel: 5, self.withdraw: 3, self.close: 2, self.fee: 2}
        [verb] = chance.choices(list(verbs), list(verbs.values()))
        try:
            return verb.__name__, verb(chance)
        except Refusal as refusal:
            return verb.__name__, refusal

    def session(self, chance: random.Random) -> TillSession:
        """Whatever is open at some till; opened again if nothing is."""
        number = chance.randrange(1, TILLS + 1)
        by = f"cashier{number}"
        return queries.live_session(cashier=by) or cashier.open_session(
            till=counter.till(f"{number}"), cashier=by, pieces=counter.FLOAT, at=AT
        )

    def pay(self, chance: random.Random) -> dict[str, Any]:
        holders = chance.sample(self.street, chance.choice((1, 1, 1, 2, 3)))
        parts = [(holder, chance.randrange(1, 9_000)) for holder in holders]
        total = sum(cents for _, cents in parts)
        asked = (uuid4(), self.session(chance), parts, total // 2 if chance.random() < 0.4 else 0)
        reply = self.ask(asked)
        with self.telling:
            self.told.append((asked, reply))
        return reply

    def ask(self, asked: Asked) -> dict[str, Any]:
        key, session, parts, card = asked
        total = sum(cents for _, cents in parts)
        tenders = [cashier.TenderPart("cash", total - card)]
        if card:
            tenders.append(cashier.TenderPart("card", card, reference="774411"))
        return cashier.take_payment(
            session=session, parts=[cashier.AccountPart(*part) for part in parts], tenders=tenders, at=AT,
            by=session.cashier, key=key,
        )  # fmt: skip

    def resend(self, chance: random.Random) -> None:
        """What was told is told again, whatever became of its session since."""
        with self.telling:
            asked, reply = chance.choice(self.told) if self.told else (None, None)
        if asked and reply:
            assert self.ask(asked) == reply

    def cancel(self, chance: random.Random) -> dict[str, Any] | None:
        session = self.session(chance)
        folios = Receipt.objects.filter(reverses=None, session__till=session.till_id).order_by("id")
        receipt = chance.choice(list(folios)) if folios else None
        if receipt is None:
            return None
        act = cashier.act_of_cancellation(receipt=receipt, session=session)
        approval = counter.approve(act, "receipt", receipt.folio, on=MARCH_5, by=session.cashier)
        return cashier.cancel_receipt(
            receipt=receipt, session=session, reason="5", detail="Tormenta", approval=approval, at=AT,
            by=session.cashier,
        )  # fmt: skip

    def withdraw(self, chance: random.Random) -> CashWithdrawal:
        session, cents = self.session(chance), chance.randrange(100, 20_000)
        approval = counter.approve(
            acts.SUPERVISE_TILLS, "till_session", session.pk, on=MARCH_5, by=session.cashier,
            after={"amount_cents": cents},
        )  # fmt: skip
        return cashier.withdraw_cash(
            session=session, amount_cents=cents, approval=approval, at=AT, by=session.cashier, key=uuid4()
        )

    def close(self, chance: random.Random) -> None:
        session = self.session(chance)
        if session.state == TillSession.State.OPEN:
            counter.close(session)
        else:
            finish(session)

    def fee(self, chance: random.Random) -> None:
        ledger.post_charges(
            account=chance.choice(self.street),
            lines=[ChargeLine(catalog.WATER_TANKER_FEE, chance.randrange(100, 5_000))],
            document_kind=DocumentKind.FEE, due_on=MARCH_5, on=MARCH_5, at=AT, by="veronica",
        )  # fmt: skip


def finish(session: TillSession) -> None:
    """Close a session from wherever another hand left it."""
    session.refresh_from_db()
    steps: list[Callable[[], Any]] = []
    if session.state == TillSession.State.OPEN:
        counter.close(session)
        return
    if not session.counts.filter(purpose="closing").exists():
        steps.append(
            lambda: cashier.declare_count(
                session=session, pieces={"50000": 1}, others={}, at=AT, by=session.cashier
            )
        )
    steps.append(lambda: cashier.close_session(session=session, at=AT, by="salas"))
    for step in steps:
        step()


@pytest.fixture
def office(own_database: str) -> Office:
    street = settle(houses=8)
    open_tills(TILLS)
    return Office(street)


def test_sixteen_hands_doing_everything_at_once_leave_every_drawer_in_order(
    office: Office, own_database: str
) -> None:
    print(f"seed {SEED}")
    done = at_once([lambda n=n: office.act(SEED * 100_000 + n) for n in range(ACTS)], hands=HANDS)
    for session in TillSession.objects.exclude(state=TillSession.State.BALANCED):
        finish(session)

    met = Counter((verb, type(result).__name__) for verb, result in done)
    print("\n".join(f"{verb}: {n} × {what}" for (verb, what), n in sorted(met.items())))
    assert {"pay", "cancel", "withdraw", "close"} <= {
        verb for verb, result in done if not isinstance(result, Refusal)
    }
    every_receipt_is_in_one_closing()
    every_closing_says_what_happened_in_its_session()
    money_is_where_the_journal_says()
    folios = [reply["receipt_folio"] for _, reply in office.told]
    assert len(set(folios)) == len(folios) == Receipt.objects.filter(reverses=None).count()
    assert everything_agrees()
    assert deadlocks(own_database) == 0


def every_receipt_is_in_one_closing() -> None:
    """R13: what came in and went out of all drawers is what all closings say, to the centavo."""
    assert not TillSession.objects.exclude(state=TillSession.State.BALANCED).exists()
    assert TillClosing.objects.count() == TillSession.objects.count()
    assert not Receipt.objects.filter(session__closing=None).exists()
    closings = TillClosing.objects.all()
    assert sum(each.n_receipts for each in closings) == Receipt.objects.filter(reverses=None).count()
    assert sum(each.n_canceled for each in closings) == Receipt.objects.exclude(reverses=None).count()


def every_closing_says_what_happened_in_its_session() -> None:
    for closing in TillClosing.objects.select_related("session"):
        session = closing.session
        came: dict[str, int] = dict(
            Tender.objects.filter(receipt__session=session).values_list("kind").annotate(Sum("amount_cents"))
        )
        left = session.withdrawals.aggregate(cents=Sum("amount_cents"))["cents"] or 0
        came["cash"] = came.get("cash", 0) + session.float_cents - left
        said = dict(closing.balances.values_list("kind", "expected_cents"))
        assert {kind: cents for kind, cents in said.items() if cents} == {
            kind: cents for kind, cents in came.items() if cents
        }, f"seed {SEED}: {closing.folio}"
        assert came["cash"] >= 0, f"seed {SEED}: {closing.folio} gave back cash it did not have"


def money_is_where_the_journal_says() -> None:
    """Cash in the books is what the tenders say, with what counts found over or short."""
    for account, kinds in (("1111", ["cash"]), ("1112-01", ["card"])):
        booked = (
            JournalLine.objects.filter(ledger_account_id=account).aggregate(cents=Sum("amount_cents"))[
                "cents"
            ]
            or 0
        )
        came = Tender.objects.filter(kind__in=kinds).aggregate(cents=Sum("amount_cents"))["cents"] or 0
        found = sum(each.difference_cents for each in TenderBalance.objects.filter(kind__in=kinds))
        assert booked == came + found, f"seed {SEED}: {account}"
