"""Random timelines at the real database: payments, phones that tell late, twice and in any order, agreements, claims.

Nobody is cut who should not be, said by a neighbor who saw everything; what was cut wrongly comes back at once and free;
whoever paid or signed has one order for the water. `CAUDAL_CUT_TIMELINES=1000` runs more, `CAUDAL_SEED` one again.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.town.cast import Town

from caudal.cases.models import Case
from caudal.disconnections import commands
from caudal.disconnections.checks import CHECKS
from caudal.disconnections.models import (
    Disconnection,
    DisconnectionOrder,
    ReconnectionOrder,
)
from caudal.disconnections.tests.corner import Carried, Corner, built, corner
from caudal.disconnections.tests.people import ACTS, People, one_of, seen
from caudal.disconnections.tests.witness import Home
from caudal.fees.models import CounterService
from caudal.fieldwork import commands as fieldwork
from caudal.registry.models import ServiceInterruption

TIMELINES = int(os.environ.get("CAUDAL_CUT_TIMELINES", "50"))
STEPS = int(os.environ.get("CAUDAL_CUT_STEPS", "40"))
# the first that fails is told as it came; asked to, it is told as short as it still fails, which takes minutes
PHASES = [Phase.generate, Phase.shrink] if os.environ.get("CAUDAL_SHORTEN") else [Phase.generate]
MINUTES = st.sampled_from([1, 1, 7, 60, 240, 1439, 1440, 1441, 4320])
A_DAY = 24 * 3600
stage: list[Any] = []


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Cuts(People, RuleBasedStateMachine):
    """One story of the corner; each act comes some minutes after the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = undone()
        self.inside.__enter__()
        self.corner: Corner = corner(*stage)
        self.claims: list[tuple[Home, Case]] = []
        self.months = dict.fromkeys(self.corner.homes, 5)
        seen["timelines"] += 1

    def teardown(self) -> None:
        try:
            self.tell_everything()
        finally:
            self.inside.__exit__(None, None, None)

    def orders(self, state: str) -> list[DisconnectionOrder]:
        found = DisconnectionOrder.objects.filter(state=state).select_related("account", "batch")
        return list(found.order_by("number"))

    @initialize(out=st.sets(st.sampled_from(["010117", "010293", "010405", "010733"]), min_size=1))
    def morning(self, out: set[str]) -> None:
        """Some orders are in the street already."""
        for number in sorted(out):
            self.go_out(self.corner.homes[number])

    def go_out(self, home: Home) -> None:
        """All the way from the list to the phone, in ten minutes."""
        if batch := self.corner.propose(home):
            self.corner.wait(5)
            self.corner.approve(batch)
            self.corner.wait(5)
            if batch.orders.get().state == "approved":
                self.corner.dispatch(batch.orders.get())
                seen["sent out"] += 1

    # -- the people

    @rule(
        data=st.data(), minutes=MINUTES, acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=3)
    )  # fmt: skip
    def something_happens(self, data: st.DataObject, minutes: int, acts: list[str]) -> None:
        for act in acts:
            self.corner.wait(minutes)
            getattr(self, act)(data)

    # -- the office

    @rule(data=st.data(), minutes=MINUTES)
    def propose(self, data: st.DataObject, minutes: int) -> None:
        self.corner.wait(minutes)
        home = one_of(data, self.homes())
        assert home is not None
        self.corner.propose(home)

    @precondition(lambda self: self.orders("proposed"))
    @rule(data=st.data(), minutes=MINUTES)
    def approve(self, data: st.DataObject, minutes: int) -> None:
        self.corner.wait(minutes)
        if order := one_of(data, self.orders("proposed")):
            self.corner.approve(order.batch)

    @precondition(lambda self: self.orders("approved"))
    @rule(data=st.data(), minutes=MINUTES)
    def dispatch(self, data: st.DataObject, minutes: int) -> None:
        self.corner.wait(minutes)
        if order := one_of(data, self.orders("approved")):
            self.corner.dispatch(order)

    @rule(data=st.data(), minutes=MINUTES)
    def send_out(self, data: st.DataObject, minutes: int) -> None:
        self.corner.wait(minutes)
        home = one_of(data, self.homes(lambda home: home.may_be(home.most(self.corner.on), self.corner.at)))
        if home:
            self.go_out(home)

    @rule(minutes=MINUTES)
    def night(self, minutes: int) -> None:
        self.corner.wait(minutes)
        commands.sweep(on=self.corner.on, at=self.corner.at, by="laura")

    # -- the crew and its phone

    def waiting(self) -> list[Carried]:
        told = {id(each.carried) for each in self.corner.blows}
        return [each for each in self.corner.carried if id(each) not in told]

    @precondition(lambda self: self.waiting())
    @rule(data=st.data(), minutes=MINUTES)
    def ask(self, data: st.DataObject, minutes: int) -> None:
        self.corner.wait(minutes)
        if carried := one_of(data, self.waiting()):
            self.corner.ask(carried)

    @precondition(lambda self: any(not each.home.is_dry for each in self.waiting()))
    @rule(data=st.data(), minutes=MINUTES)
    def cut(self, data: st.DataObject, minutes: int) -> None:
        """As the phone lets it: it read that it proceeds, not a day ago."""
        self.corner.wait(minutes)
        fit = [each for each in self.waiting() if not each.home.is_dry and each.is_go and self.is_fresh(each)]
        if carried := one_of(data, fit):
            seen["cut"] += 1
            self.corner.cut(carried)

    @precondition(lambda self: any(not each.home.is_dry for each in self.waiting()))
    @rule(data=st.data(), minutes=MINUTES)
    def cut_after_asking(self, data: st.DataObject, minutes: int) -> None:
        """With network at the door."""
        self.corner.wait(minutes)
        if carried := one_of(data, [each for each in self.waiting() if not each.home.is_dry]):
            self.corner.ask(carried)
            self.corner.wait(1)
            if carried.is_go:
                seen["cut"] += 1
                self.corner.cut(carried)
                assert self.corner.blows[-1].was_right

    @precondition(lambda self: any(not each.home.is_dry for each in self.waiting()))
    @rule(data=st.data(), minutes=MINUTES)
    def cut_against(self, data: st.DataObject, minutes: int) -> None:
        """Whatever the phone says."""
        self.corner.wait(minutes)
        if carried := one_of(data, [each for each in self.waiting() if not each.home.is_dry]):
            self.corner.cut(carried)

    def is_fresh(self, carried: Carried) -> bool:
        assert carried.checked_at is not None
        return (self.corner.at - carried.checked_at).total_seconds() <= A_DAY

    @precondition(lambda self: self.corner.blows)
    @rule(data=st.data(), minutes=MINUTES, times=st.integers(1, 2))
    def send(self, data: st.DataObject, minutes: int, times: int) -> None:
        """Some of what was kept, and some that was sent before, in any order."""
        self.corner.wait(minutes)
        if self.corner.blows:
            some = data.draw(st.lists(st.sampled_from(self.corner.blows), min_size=1, max_size=4))
            self.tell(some * times)

    def tell(self, blows: Sequence[Any]) -> None:
        for blow in blows:
            was_told = blow.is_told
            [told] = self.corner.send([blow])
            assert told.state == ("repeated" if was_told else "applied"), (told, blow)
            blow.is_told = True
            home = blow.carried.home
            home.is_known_dry = self.interrupted(home)
            if was_told:
                continue
            seen["told"] += 1
            result = Disconnection.objects.get(order=blow.carried.order)
            assert bool(result.incidents) == (not blow.was_right), (result.incidents, blow, self.corner.at)
            if not blow.was_right:
                seen["wrong"] += 1
                water = self.has_one_order_for_water(home)
                assert (water.cause, water.fee_cents) == ("wrongful", 0) or water.created_at < self.corner.at
            elif home.earns_water(self.corner.on):
                self.has_one_order_for_water(home)

    def interrupted(self, home: Home) -> bool:
        cut = ServiceInterruption.objects.in_effect(on=self.corner.on)
        return bool(cut.filter(agreement__account=home.account).exists())

    @precondition(lambda self: ReconnectionOrder.objects.filter(state="open").exists())
    @rule(data=st.data(), minutes=MINUTES, is_done=st.sampled_from([True, True, False]))
    def reconnect(self, data: st.DataObject, minutes: int, is_done: bool) -> None:
        self.corner.wait(minutes)
        open_ones = ReconnectionOrder.objects.filter(state="open").select_related("account", "field_order")
        water = one_of(data, list(open_ones.order_by("number")))
        if water is None:
            return
        told = fieldwork.Told(is_done=is_done, reason="" if is_done else "Llueve", answers={"flows": "yes"})
        fieldwork.record_order_result(
            order=water.field_order, told=told, done_at=self.corner.at, at=self.corner.at, by="beto"
        )
        home = self.corner.homes[water.account.number]
        if is_done:
            seen["water back"] += 1
            home.is_dry = False
            home.is_known_dry = self.interrupted(home)
            assert not home.is_known_dry

    # -- what is always so

    @invariant()
    def every_cut_has_its_order(self) -> None:
        told = {each.order.folio for each in Disconnection.objects.select_related("order")}
        assert set(ServiceInterruption.objects.values_list("reason", flat=True)) <= told

    @invariant()
    def no_fee_is_charged_twice(self) -> None:
        """One that waits at most, and never more than cuts that were right. One live order is the database's to keep."""
        right = Counter(
            Disconnection.objects.filter(incidents=[]).values_list("order__account__number", flat=True)
        )
        told = list(CounterService.objects.values_list("account__number", "end__kind"))
        assert Counter(number for number, kind in told if kind != "canceled") <= right
        assert max(Counter(number for number, kind in told if kind is None).values(), default=0) <= 1

    def tell_everything(self) -> None:
        """The phones send what is left, the night comes, and the checks have nothing to say."""
        self.corner.wait(60)
        self.tell([each for each in self.corner.blows if not each.is_told])
        commands.sweep(on=self.corner.on, at=self.corner.at, by="laura")
        for home in self.homes(lambda home: home.is_known_dry and home.past_due(self.corner.on)[0] <= 0):
            self.has_one_order_for_water(home)
        self.every_cut_has_its_order()
        self.no_fee_is_charged_twice()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert [finding for each in CHECKS for finding in each.find()] == []


@pytest.mark.slow
def test_random_timelines_at_the_database(books: Town) -> None:
    number = int(os.environ.get("CAUDAL_SEED", random.randrange(2**32)))
    print(f"seed {number}")  # noqa: T201 a red seed has to be known
    stage[:] = built(books)
    seen.clear()
    run_state_machine_as_test(
        seed(number)(Cuts),
        settings=settings(
            max_examples=TIMELINES, stateful_step_count=STEPS, deadline=None, print_blob=True, database=None,
            suppress_health_check=list(HealthCheck), phases=PHASES,
        ),
    )  # fmt: skip
    print(dict(seen))  # noqa: T201
    assert seen["told"] and seen["wrong"] and seen["water back"], "the stories have to reach the street"
