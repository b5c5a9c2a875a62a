"""The whole utility against a notebook: random years of a small town, act by act, to the centavo.

`CAUDAL_WORLD_EXAMPLES` asks for more towns. A failure prints the story and the blob that plays it again.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from caudal.billing import commands as billing
from caudal.billing.models import Bill, BillingRun, HeldBill
from caudal.kernel.idempotency import KeyWasUsedForAnotherRequest
from caudal.metering import commands as metering
from caudal.metering.models import Consumption, Reading
from caudal.registry import commands as registry
from caudal.registry.models import Account, Benefit
from tests.scenarios.world import almanac, model
from tests.scenarios.world import office as of
from tests.scenarios.world.office import Office, Receipt
from tests.town import cast, counter
from tests.town.cast import moment

EXAMPLES = int(os.environ.get("CAUDAL_WORLD_EXAMPLES", "20"))
STEPS = int(os.environ.get("CAUDAL_WORLD_STEPS", "25"))
# a long story is told shorter while it still fails; asked not to, the first that fails is told as it came
PHASES = [Phase.generate] if os.environ.get("CAUDAL_WORLD_AS_IT_CAME") else [Phase.generate, Phase.shrink]
SMALL_TOWN = 6
FIRST = 201901
VOLUMES = st.integers(0, 80)
WALKS = st.lists(st.none() | VOLUMES, min_size=SMALL_TOWN, max_size=SMALL_TOWN)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World(RuleBasedStateMachine):
    """A town of few accounts; `self.book` is the notebook, by account id."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = undone()
        self.inside.__enter__()
        self.today, self.period = date(2019, 1, 10), FIRST
        self.office = Office(cast._ground(), checks_each_step=False)
        body = of.shipped("la-barca-demo-2019").replace(
            'volume_unit = "m3"', 'volume_unit = "m3"\nwhile_interrupted = "nothing"'
        )
        of.publish_text(body.encode())
        self.accounts: list[Account] = []
        self.book: dict[int, model.Account] = {}
        self.receipts: list[tuple[int, Receipt, model.Money]] = []
        self.runs: list[BillingRun] = []
        for tariff, is_metered in (("HAB-GEN", True), ("HAB-GEN", False), ("COM-SEC", True)):
            self.open_account(tariff=tariff, is_metered=is_metered)

    def teardown(self) -> None:
        self.inside.__exit__(None, None, None)

    # -- helpers

    def at(self) -> Any:
        return moment(self.today, 12)

    def some(self, data: st.DataObject, keep: Callable[[model.Account], bool]) -> Account | None:
        fit = [account for account in self.accounts if keep(self.book[account.pk])]
        return data.draw(st.sampled_from(fit)) if fit else None

    def served(self, account: model.Account) -> bool:
        return account.is_served(self.today)

    # -- the registry

    @precondition(lambda self: len(self.accounts) < SMALL_TOWN)
    @rule(tariff=st.sampled_from(["HAB-GEN", "COM-SEC"]), is_metered=st.booleans())
    def open_account(self, tariff: str, is_metered: bool) -> None:
        town, number = self.office.town, f"{len(self.accounts) + 1:06d}"
        account = registry.open_account(
            number=number, holder=registry.Holder(full_name=f"Vecino {number}"),
            place=registry.Place(
                address=f"Calle {number}", locality=town.la_barca, route=town.routes["01-001"],
                walk_sequence=len(self.accounts) + 1,
            ),
            tariff_class=town.classes[tariff], is_metered=is_metered, opened_on=self.today, by="laura", at=self.at(),
        )  # fmt: skip
        if is_metered:
            metering.install_meter(
                service_point=town.point(account),
                serial=f"AZ{number}",
                on=self.today,
                by="laura",
                at=self.at(),
            )
        self.accounts.append(account)
        self.book[account.pk] = model.Account(tariff, is_metered, self.today)

    @rule(data=st.data())
    def grant_benefit(self, data: st.DataObject) -> None:
        account = self.some(
            data, lambda a: self.served(a) and all(until and since < until for since, until in a.benefits)
        )
        if account is None:
            return
        registry.grant_benefit(
            account=account, category=Benefit.Category.SENIOR, on=self.today, evidence="INAPAM", by="laura", at=self.at()
        )  # fmt: skip
        self.book[account.pk].benefits.append([self.today, None])

    @rule(data=st.data())
    def end_benefit(self, data: st.DataObject) -> None:
        account = self.some(
            data, lambda a: self.served(a) and any(u is None and s < self.today for s, u in a.benefits)
        )
        if account is None:
            return
        registry.end_benefit(
            account=account, category=Benefit.Category.SENIOR, on=self.today, reason="Vendió", by="laura", at=self.at()
        )  # fmt: skip
        self.book[account.pk].benefits[-1][1] = self.today

    @rule(data=st.data())
    def interrupt(self, data: st.DataObject) -> None:
        account = self.some(
            data,
            lambda a: self.served(a) and not a.is_metered and all(until is not None for _, until in a.cuts),
        )
        if account is not None:
            registry.interrupt_service(
                account=account, on=self.today, reason="Orden", by="laura", at=self.at()
            )
            self.book[account.pk].cuts.append([self.today, None])

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        account = self.some(
            data, lambda a: self.served(a) and any(u is None and s < self.today for s, u in a.cuts)
        )
        if account is not None:
            registry.restore_service(account=account, on=self.today, by="laura", at=self.at())
            self.book[account.pk].cuts[-1][1] = self.today

    @precondition(lambda self: len(self.accounts) > 3)
    @rule(data=st.data())
    def close_account(self, data: st.DataObject) -> None:
        account = self.some(data, lambda a: self.served(a) and a.opened_on < self.today)
        if account is not None:
            registry.close_account(account=account, on=self.today, reason="Baja", by="laura", at=self.at())
            self.book[account.pk].closed_on = self.today

    # -- the meters

    @rule(data=st.data(), m3=VOLUMES)
    def read(self, data: st.DataObject, m3: int) -> None:
        account = self.some(data, self.is_to_be_read)
        if account is not None:
            self._read(account, m3)

    @rule(volumes=WALKS)
    def walk_the_route(self, volumes: list[int | None]) -> None:
        self._walk(volumes)

    def _walk(self, volumes: list[int | None]) -> None:
        """Every meter that waits; where the house is closed (None), the code says so."""
        for account, m3 in zip(self.accounts, volumes, strict=False):
            if self.is_to_be_read(self.book[account.pk]):
                self._read(account, m3)

    def is_to_be_read(self, account: model.Account) -> bool:
        return self.served(account) and account.is_metered and self.period not in account.readings

    def _read(self, account: Account, m3: int | None) -> None:
        self.today = max(self.today, self.today.replace(day=25))
        kept = self.book[account.pk]
        value = None if m3 is None else kept.dial + m3
        metering.record_reading(
            service_point=self.office.town.point(account), period=self.period, value=value,
            exception_code="01" if value is None else "00", read_on=self.today, observer="julian", by="julian",
            at=self.at(),
        )  # fmt: skip
        kept.readings[self.period] = (value, self.today)

    @rule(data=st.data(), m3=VOLUMES)
    def correct(self, data: st.DataObject, m3: int) -> None:
        account = self.some(data, lambda a: self.served(a) and self.period in a.readings)
        if account is None:
            return
        kept, point = self.book[account.pk], self.office.town.point(account)
        _, on = kept.readings.pop(self.period)
        reading = Reading.objects.filter(
            installation__service_point=point, period=self.period, kind="regular"
        ).latest("revision")
        value = kept.dial + m3
        metering.correct_reading(reading=reading, value=value, reason="Se vio mal", by="laura", at=self.at())
        kept.readings[self.period] = (value, on)

    # -- the month

    @rule(data=st.data(), is_rehearsed=st.booleans(), volumes=WALKS | st.just([]))
    def run_month(self, data: st.DataObject, is_rehearsed: bool, volumes: list[int | None]) -> None:
        """Read what is not read yet (or nothing), assess, compute, perhaps throw away, decide on what is held, issue."""
        self._walk(volumes)
        self.today = almanac.first_day(almanac.next_month(self.period))
        self._assess()
        run = self.office.computed(self.period)
        if is_rehearsed:
            billing.discard(run=run, by="salas", at=self.at(), reason="Ensayo")
            run = self.office.computed(self.period)
        held = {each.account_id: each for each in run.held.all()}
        unbilled = set(run.unbilled.values_list("account_id", flat=True))
        amounts = {
            account.pk: self.book[account.pk].amount(self.period)
            for account in self.accounts
            if self.book[account.pk].is_served(almanac.last_day(self.period))
        }
        assert {pk: each.total_cents for pk, each in held.items()} == {pk: amounts[pk] for pk in held}
        left = {
            account.pk
            for account in self.accounts
            if (closed := self.book[account.pk].closed_on)
            and almanac.first_day(self.period) < closed <= almanac.last_day(self.period)
        }
        assert unbilled == left | {pk for pk, cents in amounts.items() if cents is None}
        for each in held.values():
            if data.draw(st.booleans(), label=f"release {each.account_id}"):
                self.office.release(each)
        self._issue(run)

    def _assess(self) -> None:
        self.office.assess(self.period)
        every = list(self.book.values())
        first, after = almanac.first_day(self.period), almanac.first_day(almanac.next_month(self.period))
        means = {tariff: model.class_mean(every, tariff, self.period) for tariff in model.TIERS}
        for account in self.accounts:
            kept = self.book[account.pk]
            if (
                kept.is_metered
                and kept.opened_on < after
                and (kept.closed_on is None or kept.closed_on > first)
            ):
                kept.assess(self.period, means[kept.tariff])
        told = {
            (row.basis, row.consumption_m3, row.days)
            for row in Consumption.objects.filter(period=self.period)
        }
        kept_rows = [kept.months[self.period] for kept in every if self.period in kept.months]
        assert told == {(row.basis, row.m3, row.days) for row in kept_rows}

    def _issue(self, run: BillingRun) -> None:
        run = self.office.issue(run, releases=False)
        bills = {bill.account_id: bill.total_cents for bill in Bill.objects.filter(run_id=run.pk)}
        waiting = set(run.held.filter(issued_at=None).values_list("account_id", flat=True))
        for account in self.accounts:
            kept = self.book[account.pk]
            is_due = kept.is_served(almanac.last_day(self.period)) and kept.amount(self.period) is not None
            assert is_due == (account.pk in bills) or account.pk in waiting
            if is_due and account.pk not in waiting:
                assert bills[account.pk] == kept.bill(self.period, on=self.today, due_on=run.due_on)
        self.runs.append(run)
        self.period = almanac.next_month(self.period)

    @rule(data=st.data())
    def release_late(self, data: st.DataObject) -> None:
        waiting = list(HeldBill.objects.filter(issued_at=None, run__state="issued").order_by("pk"))
        if not waiting:
            return
        held = data.draw(st.sampled_from(waiting))
        self.office.release(held, on=self.today)
        self._billed_alone(held.account_id, int(held.run.period), run=held.run)

    def _billed_alone(self, account_id: int, period: int, *, run: BillingRun) -> None:
        due_on = run.due_on
        if self.today > run.issued_on:
            due_on = self.today + timedelta(days=model.DUE_DAYS)
        total = self.book[account_id].bill(period, on=self.today, due_on=due_on)
        newest = Bill.objects.filter(period=period, account_id=account_id).latest("revision")
        assert newest.total_cents == total

    @rule(data=st.data())
    def cancel_bill(self, data: st.DataObject) -> None:
        fit = [
            (account, period)
            for account in self.accounts
            for period in self.book[account.pk].papers
            if (paper := self.book[account.pk].live(period)) is not None and paper.total
        ]
        if not fit:
            return
        account, period = data.draw(st.sampled_from(fit))
        if self.book[account.pk].is_paid_in_part(period):
            with pytest.raises(billing.CannotCancelBill, match="ya tiene pagos"):
                self.office.cancel_bill(account, period, on=self.today)
            return
        self.office.cancel_bill(account, period, on=self.today)
        self.book[account.pk].cancel(period)

    @rule(data=st.data())
    def rebill(self, data: st.DataObject) -> None:
        fit = [
            (account, period)
            for account in self.accounts
            for period in self.book[account.pk].papers
            if self.book[account.pk].live(period) is None
        ]
        if not fit:
            return
        account, period = data.draw(st.sampled_from(fit))
        self.office.rebill(account, period, on=self.today)
        run = next(run for run in self.runs if run.period == period)
        self._billed_alone(account.pk, period, run=run)

    # -- the window

    @rule(data=st.data(), part=st.integers(1, 120), cents=st.integers(0, 99), times=st.integers(1, 3))
    def pay(self, data: st.DataObject, part: int, cents: int, times: int) -> None:
        """A part of what is owed, or all, or more; the browser may send it again."""
        account = data.draw(st.sampled_from(self.accounts))
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"pago {len(self.receipts)}")
        amount = self.office.owes(account, self.today) * part // 100 + cents + 1
        receipts = [self.office.pay(account, amount, on=self.today, key=key) for _ in range(times)]
        assert receipts == receipts[:1] * times
        with pytest.raises(KeyWasUsedForAnotherRequest):
            self.office.pay(account, amount + 1, on=self.today, key=key)
        money = self.book[account.pk].receive(amount, on=self.today)
        assert receipts[0]["unallocated_cents"] == money.left
        self.receipts.append((account.pk, receipts[0], money))

    @precondition(lambda self: any(not money.is_canceled for *_, money in self.receipts))
    @rule(data=st.data())
    def cancel_payment(self, data: st.DataObject) -> None:
        standing = [each for each in self.receipts if not each[2].is_canceled]
        pk, receipt, money = data.draw(st.sampled_from(standing))
        kept = self.book[pk]
        self.office.cancel_payment(receipt, on=self.today)
        expected = kept.owed + money.cents - money.left
        is_mixed = money.is_mixed
        kept.take_back(money)
        if is_mixed:  # it met a debt together with other money: ask which part was its own
            self._ask_again(pk)
        assert kept.owed == expected

    def _ask_again(self, pk: int) -> None:
        kept = self.book[pk]
        account = next(each for each in self.accounts if each.pk == pk)
        told = {debt.period: debt for debt in self.office.statement(account, self.today).periods}
        for period, debt in kept.debts.items():
            debt.principal = told[period].open_principal_cents if period in told else 0
            debt.accessory = told[period].open_accessory_cents if period in told else 0

    # -- the clock

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), almanac.last_day(self.period))

    # -- what is always so

    @invariant()
    def the_notebook_agrees(self) -> None:
        for account in self.accounts:
            kept, told = self.book[account.pk], self.office.statement(account, self.today)
            owed = {
                debt.period: (debt.open_principal_cents, debt.open_accessory_cents, debt.surcharge_cents)
                for debt in told.periods
            }
            expected = {
                period: (debt.principal, debt.accessory, debt.late(self.today))
                for period, debt in kept.debts.items()
                if debt.principal or debt.accessory
            }
            assert owed == expected
            assert told.credit_balance_cents == kept.favor
            received = sum(money.cents for money in kept.money if not money.is_canceled)
            assert kept.charged - received == kept.owed - kept.favor

    @invariant()
    def everything_agrees(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SELECT COALESCE(sum(amount_cents), 0) FROM ledger_journalline")
            assert cursor.fetchone() == (0,)
        assert of.disagreements() == []
        numbers = counter.receipts()
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.slow
def test_random_years_of_a_small_town(db: None) -> None:
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True, database=None,
            suppress_health_check=list(HealthCheck), phases=PHASES,
        ),
    )  # fmt: skip
