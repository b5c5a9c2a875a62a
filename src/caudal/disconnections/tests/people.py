"""What the people of the corner do in a random story: pay, sign, claim, declare, be protected, be billed."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import hypothesis.strategies as st
from django.db import transaction

from caudal.cases import commands as cases
from caudal.cases.models import Case
from caudal.disconnections import commands
from caudal.disconnections.models import ReconnectionOrder
from caudal.disconnections.tests.corner import Corner
from caudal.disconnections.tests.witness import Home
from caudal.kernel.refusals import Refusal

ACTS = [
    "pay",
    "pay",
    "pay",
    "take_back",
    "sign",
    "break_it",
    "claim",
    "resolve",
    "declare",
    "protect",
    "bill",
]
# how often each thing happened, to see that the stories reach it
seen: Counter[str] = Counter()
Thing = TypeVar("Thing")


def one_of(data: st.DataObject, things: Sequence[Thing]) -> Thing | None:
    return data.draw(st.sampled_from(things)) if things else None


class People:
    """Their acts; each is one of `ACTS`."""

    corner: Corner
    claims: list[tuple[Home, Case]]
    months: dict[str, int]

    def homes(self, keep: Callable[[Home], object] = lambda home: True) -> list[Home]:
        return [each for each in self.corner.homes.values() if keep(each)]

    def pay(self, data: st.DataObject) -> None:
        home = one_of(data, self.homes(lambda home: home.owes(self.corner.on)))
        if home is None:
            return
        owed, part = home.owes(self.corner.on), data.draw(st.sampled_from(["all", "half", "little"]))
        self.corner.pay(home, {"all": owed, "half": owed // 2 + 1, "little": 30_00}[part])
        seen["paid"] += 1
        if home.is_known_dry and home.earns_water(self.corner.on):
            self.has_one_order_for_water(home)

    def take_back(self, data: st.DataObject) -> None:
        if told := one_of(data, self.corner.receipts):
            self.tried("take back", lambda: self.corner.take_back(*told))

    def sign(self, data: st.DataObject) -> None:
        home = one_of(data, self.homes(lambda home: not home.agreement and home.owes(self.corner.on)))
        if home and self.tried("signed", lambda: self.corner.sign(home)) and home.is_known_dry:
            self.has_one_order_for_water(home)

    def break_it(self, data: st.DataObject) -> None:
        if home := one_of(data, self.homes(lambda home: home.agreement)):
            self.tried("broke", lambda: self.corner.breaks(home))

    def claim(self, data: st.DataObject) -> None:
        home = one_of(data, self.homes())
        assert home is not None
        case = cases.open_case(
            type="high_consumption", channel="window", account=home.account, description="No gasté eso",
            at=self.corner.at, by="marta",
        )  # fmt: skip
        home.claims[case.folio] = 1
        self.claims.append((home, case))
        seen["claimed"] += 1

    def resolve(self, data: st.DataObject) -> None:
        if told := one_of(data, self.claims):
            home, case = told
            cases.resolve_case(
                case=case, text="Bien medido", decision="rejected", at=self.corner.at, by="laura"
            )
            del home.claims[case.folio]
            self.claims.remove(told)

    def declare(self, data: st.DataObject) -> None:
        home = one_of(data, self.homes())
        assert home is not None
        declared = commands.declare_transit(
            account=home.account, reference=f"SPEI {self.corner.at:%d%H%M}", place="BBVA", amount_cents=300_00,
            paid_on=self.corner.on, on=self.corner.on, at=self.corner.at, by="veronica",
        )  # fmt: skip
        home.waited_until.append(declared.until)
        seen["in transit"] += 1

    def protect(self, data: st.DataObject) -> None:
        home = one_of(data, self.homes())
        assert home is not None
        commands.protect_account(
            account=home.account, protected_reason="" if home.protected else "diálisis en casa", reason="Visita",
            at=self.corner.at, by="laura",
        )  # fmt: skip
        home.protected = not home.protected

    def bill(self, data: st.DataObject) -> None:
        home = one_of(data, self.homes())
        assert home is not None
        month = self.months[home.account.number] + 1
        if date(2019, month, 28) <= self.corner.on:
            self.corner.bill(home, 201900 + month)
            self.months[home.account.number] = month

    def has_one_order_for_water(self, home: Home) -> ReconnectionOrder:
        return ReconnectionOrder.objects.get(account=home.account, state="open")

    def tried(self, what: str, act: Callable[[], None]) -> bool:
        """Something that the house may refuse."""
        try:
            with transaction.atomic():
                act()
        except Refusal:
            return False
        seen[what] += 1
        return True
