"""Random timelines of one account and its order: nobody is cut who should not be, said by a model of dicts and ifs.

`CAUDAL_TIMELINES=200000 pytest src/caudal/disconnections/tests/test_timelines.py` runs as many as one wants.
"""

import os
import random
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from caudal.disconnections import policy
from caudal.disconnections.models import DisconnectionPolicy
from caudal.disconnections.policy import Claim, Facts, Measure, Order, State, Transit
from caudal.disconnections.queries import policies
from caudal.disconnections.tests import model

TIMELINES = int(os.environ.get("CAUDAL_TIMELINES", "5000"))
STEPS = 30
ZONE = ZoneInfo("America/Mexico_City")
START = datetime(2025, 11, 20, 9, tzinfo=ZONE)


class Street:
    """The house under test: facts, policy and an order, with what the crew and its phone do."""

    def __init__(self, dice: random.Random, rules: list[DisconnectionPolicy]) -> None:
        self.dice, self.rules, self.at = dice, rules, START
        use = dice.choice(["residential", "residential", "commercial", "public"])
        self.home: dict[str, Any] = {
            "use": use, "protected": "", "benefits": dice.choice([[], [], [], ["senior"], ["disabled"]]),
            "interrupted": False, "arrangement": "", "claims": {}, "transits": [], "paid": [],
            "debts": [(date(2025, month, 15), 100_00) for month in (7, 8, 9)],
        }  # fmt: skip
        self.order: Order | None = None
        self.phone: tuple[datetime, bool] | None = None
        self.went, self.cuts = 0, 0

    def policy_on(self, at: datetime) -> DisconnectionPolicy:
        return max(
            (each for each in self.rules if each.effective_from <= at.date()),
            key=lambda each: each.effective_from,
        )

    def facts(self) -> Facts:
        home = self.home
        late = [(due, cents) for due, cents in home["debts"] if due < self.at.date()]
        paid = max(home["paid"], default=None)
        return Facts(
            use=home["use"], protected_reason=home["protected"], benefits=home["benefits"],
            interruption="cut" if home["interrupted"] else "", due_cents=sum(cents for _, cents in late),
            due_periods=len(late), oldest_due_on=min((due for due, _ in late), default=None),
            claims=tuple(Claim(folio, cents) for folio, cents in home["claims"].items()),
            arrangement=home["arrangement"], transits=tuple(Transit("x", 1, until) for until in home["transits"]),
            last_payment_at=paid, last_payment_on=paid.date() if paid else None,
        )  # fmt: skip

    def verdict(self, asked: Measure | None = None) -> policy.Verdict:
        rules = self.policy_on(self.at)
        return policy.judge(facts=self.facts(), rules=rules, on=self.at.date(), asked=asked)

    def reasons(self) -> tuple[policy.Reason, ...]:
        assert self.order is not None
        verdict = self.verdict(self.order.measure)
        return policy.judge_order(
            order=self.order, verdict=verdict, rules=self.policy_on(self.at), at=self.at
        )

    def something_happens(self) -> None:
        """One act of the town, and the order is looked at again, as the listeners do."""
        home, dice = self.home, self.dice
        act = dice.choice(
            ["pay", "pay_back", "sign", "break", "claim", "resolve", "transit", "protect", "free", "bill"]
        )
        if act == "pay" and home["debts"]:
            home["debts"].pop(0)
            home["paid"].append(self.at)
        elif act == "pay_back" and home["paid"]:
            home["paid"].pop()
            home["debts"].insert(0, (date(2025, 7, 15), 100_00))
        elif act == "sign":
            home["arrangement"] = "CON-000001"
        elif act == "break":
            home["arrangement"] = ""
        elif act == "claim":
            home["claims"][f"REP-{dice.randrange(9)}"] = dice.choice([0, 50_00, 300_00])
        elif act == "resolve":
            home["claims"].clear()
        elif act == "transit":
            home["transits"].append(self.at.date() + timedelta(days=2))
        elif act == "protect":
            home["protected"] = "hospital"
        elif act == "free":
            home["protected"] = ""
        else:
            home["debts"].append((self.at.date() - timedelta(days=1), 100_00))
        if self.order and self.order.state in policy.LIVE and self.reasons():
            self.move(state=State.CANCELED, canceled_at=self.at)

    def move(self, **changes: Any) -> None:
        assert self.order is not None
        told = {name: getattr(self.order, name) for name in Order.__slots__}
        self.order = Order(**(told | changes))

    def office_works(self) -> None:
        """Propose and approve, or hand to the crew, or answer the phone: whatever comes next."""
        if self.order is None or self.order.state not in policy.LIVE:
            verdict = self.verdict()
            measure = model.MEASURES.index(verdict.measure.value)
            assert verdict.is_go == model.may_cut(self.home, measure, self.at), (verdict, self.home, self.at)
            self.phone = None
            self.order = (
                Order(state=State.APPROVED, measure=verdict.measure, approved_at=self.at)
                if verdict.is_go
                else None
            )
            return
        is_go = not self.reasons()
        lapsed = self.order.approved_at is not None and self.at >= self.order.approved_at + timedelta(days=15)
        measure = model.MEASURES.index(self.order.measure.value)
        assert is_go == (model.may_cut(self.home, measure, self.at) and not lapsed), (self.home, self.at)
        if not is_go:
            self.move(state=State.CANCELED, canceled_at=self.at)
        else:
            self.move(state=State.DISPATCHED, dispatched_at=self.order.dispatched_at or self.at,
                      checked_at=self.at, check_is_go=True)  # fmt: skip
            self.phone = (self.at, True)
            self.went += 1

    def crew_works(self) -> None:
        """With or without network: a crew may even cut against what it was told. Then it is an incident."""
        if self.order is None or self.phone is None or self.order.state in (State.DONE, State.NOT_DONE):
            return
        measure = model.MEASURES.index(self.order.measure.value)
        right = (
            model.may_cut(self.home, measure, self.at)
            and self.order.canceled_at is None
            and self.at - self.phone[0] <= timedelta(hours=24)
        )
        verdict, rules = self.verdict(self.order.measure), self.policy_on(self.at)
        incidents = policy.judge_execution(order=self.order, verdict=verdict, rules=rules, done_at=self.at)
        assert bool(incidents) == (not right), (incidents, self.home, self.at)
        self.cuts += not incidents
        self.home["interrupted"] = not incidents
        if self.order.state in policy.LIVE:
            self.move(state=State.DONE)
        else:
            self.phone = None

    def walk(self) -> None:
        for _ in range(STEPS):
            self.at += timedelta(
                hours=self.dice.choice([0, 1, 1, 3, 23, 25, 72]), minutes=self.dice.randrange(60)
            )
            self.dice.choice(
                [self.something_happens, self.office_works, self.office_works, self.crew_works]
            )()
            if self.home["interrupted"] and self.dice.random() < 0.5:
                self.home["interrupted"] = False


@pytest.mark.django_db
def test_nobody_is_cut_who_should_not_be() -> None:
    seed = int(os.environ.get("CAUDAL_SEED", random.randrange(2**32)))
    print(f"seed {seed}")  # noqa: T201 a red seed has to be known
    rules = list(policies())
    went = cuts = 0
    for number in range(TIMELINES):
        street = Street(random.Random(f"{seed}/{number}"), rules)
        try:
            street.walk()
        except AssertionError as problem:
            raise AssertionError(f"seed {seed}, timeline {number}: {problem}") from problem
        went, cuts = went + street.went, cuts + street.cuts
    print(f"{TIMELINES} timelines, {went} orders that proceeded, {cuts} right cuts, 0 wrong ones")  # noqa: T201
    assert went > TIMELINES // 10 and cuts > 0
