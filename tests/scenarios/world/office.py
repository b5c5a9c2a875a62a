"""The office of a town: everything a clerk does goes through here, and after each act everything must agree."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import resources
from typing import Any

from django.db import connection

from caudal.billing import commands as billing
from caudal.billing import queries as bills
from caudal.billing.models import Bill, BillingRun, HeldBill
from caudal.ledger import queries as ledger
from caudal.ledger.models import Charge
from caudal.metering import commands as metering
from caudal.metering.models import Consumption
from caudal.registry.models import Account, BillingCycle
from caudal.reports import checking
from caudal.reports.cli import ROOMS_WITH_CHECKS
from caudal.rules.periods import Period
from caudal.tariffs import commands as tariff_commands
from caudal.tariffs import queries as tariffs
from tests.town import counter
from tests.town.cast import Town, moment

Receipt = dict[str, Any]


def disagreements() -> list[str]:
    """What `caudal check` would tell, of every room."""
    return [
        f"{each.room}.{each.name}: {finding}"
        for each in checking.run(rooms=ROOMS_WITH_CHECKS)
        for finding in each.findings
    ]


def publish(*codes: str) -> None:
    """Books that ship with the product, in force."""
    for code in codes:
        publish_text(shipped(code).encode())


def shipped(code: str) -> str:
    """The text of a book that ships with the product."""
    return (resources.files("caudal.tariffs") / "books" / f"{code}.toml").read_text(encoding="utf-8")


def publish_text(body: bytes) -> None:
    at = moment(date(2017, 12, 1))
    book = tariff_commands.load_book(body=body, by="laura", at=at)
    tariff_commands.publish_book(book=book, by="salas", at=at)


def issue_day(period: int) -> date:
    """The first of the month that follows."""
    return Period(period).next().first_day


def last_day(period: int) -> date:
    return Period(period).last_day


@dataclass
class Office:
    """Laura computes, Ing. Salas decides, Verónica takes money, Julián walks the route."""

    town: Town
    checks_each_step: bool = True
    n_checked: int = field(default=0)

    def agree(self) -> None:
        """After every act: nothing disagrees, and the journal adds up to nothing."""
        if self.checks_each_step:
            assert disagreements() == []
            self.n_checked += 1

    # -- the month

    def read(self, period: int, **values: int | tuple[int | None, str]) -> None:
        """Julián reads: a value, or what he marked with the value he could (not) see, by name of the cast."""
        for name, seen in values.items():
            value, code = seen if isinstance(seen, tuple) else (seen, "00")
            self.town.read(getattr(self.town, name), period=period, value=value, code=code)

    def assess(self, period: int, cycle: BillingCycle | None = None) -> None:
        metering.assess_period(
            cycle=cycle or self.town.cycle, period=period, by="laura", at=moment(issue_day(period))
        )

    def computed(
        self,
        period: int,
        *,
        cycle: BillingCycle | None = None,
        on: date | None = None,
        due_on: date | None = None,
    ) -> BillingRun:
        """A run opened and computed."""
        on = on or issue_day(period)
        run = billing.open_run(
            cycle=cycle or self.town.cycle,
            period=period,
            issued_on=on,
            due_on=due_on,
            by="laura",
            at=moment(on),
        )
        run = billing.compute(run=run, by="laura", at=moment(on))
        self.agree()
        return run

    def issue(self, run: BillingRun, *, releases: bool = True) -> BillingRun:
        """Review and issue a run; held bills are seen and let go, or wait."""
        at = moment(run.issued_on, 12)
        if releases:
            for held in run.held.filter(decision=""):
                self.release(held)
        run = billing.review(run=run, by="laura", at=at)
        run = billing.issue(run=run, by="salas", at=at)
        self.agree()
        return run

    def bill_month(self, period: int, *, releases: bool = True, **values: Any) -> BillingRun:
        """A whole month: readings, assessment, and a run from open to issued."""
        self.read(period, **values)
        self.assess(period)
        return self.issue(self.computed(period), releases=releases)

    def release(self, held: HeldBill, *, on: date | None = None) -> HeldBill:
        on = on or held.run.issued_on
        held = billing.release_held(
            held=held, reason="Se vio con el usuario", by="salas", on=on, at=moment(on)
        )
        self.agree()
        return held

    def cancel_bill(self, account: Account, period: int, *, on: date, reason: str = "Estaba mal") -> None:
        billing.cancel_bill(
            account=account, period=period, reason=reason, authorized_by="salas", on=on, at=moment(on)
        )
        self.agree()

    def rebill(self, account: Account, period: int, *, on: date) -> billing.Rebilled:
        done = billing.rebill(account=account, period=period, by="laura", on=on, at=moment(on))
        self.agree()
        return done

    # -- the window

    def pay(
        self, account: Account, cents: int, *, on: date, key: uuid.UUID | None = None, tender: str = "cash"
    ) -> Receipt:
        receipt = counter.pay(account, cents, on=on, key=key, tender=tender)
        self.agree()
        return receipt

    def cancel_payment(
        self, receipt: Receipt, *, on: date, reason: str = "Se cobró a otra cuenta"
    ) -> Receipt:
        canceled = counter.cancel(receipt["receipt_folio"], on=on, reason=reason)
        self.agree()
        return canceled

    # -- what can be asked

    def statement(self, account: Account, on: date) -> ledger.AccountStatement:
        terms = tariffs.terms(book=tariffs.book_in_force(on=on))
        return ledger.statement(account_id=account.pk, on=on, terms=terms)

    def owes(self, account: Account, on: date) -> int:
        """All that would have to be paid on a day, surcharges to the day included."""
        return self.statement(account, on).total_cents

    def bill(self, account: Account, period: int, revision: int = 1) -> Bill:
        return Bill.objects.get(period=period, account_id=account.pk, revision=revision)

    def m3(self, account: Account, period: int) -> int:
        point = self.town.point(account)
        return Consumption.objects.get(period=period, service_point_id=point.pk).consumption_m3

    def held(self, run: BillingRun, account: Account) -> HeldBill:
        return bills.held_bills(run=run).get(account=account)


def charges(account: Account, period: int, *, kind: int = 1, sequence: int = 1) -> dict[tuple[int, int], int]:
    """(concept, concept reduced) → centavos with VAT, of one document."""
    rows = Charge.objects.filter(period=period, account_id=account.pk, document_kind=kind, sequence=sequence)
    return {(row.concept_id, row.reduces_id): row.amount_cents + row.vat_cents for row in rows}


def paid(receipt: Receipt) -> list[tuple[int, str, int]]:
    """What a receipt paid, in the order in which the money went: period, concept, centavos."""
    return [(each["period"], each["concept"], each["amount_cents"]) for each in receipt["allocations"]]


def journal_sum(account: str) -> int:
    """What one account of the ledger adds up to (centavos; debit positive)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(sum(amount_cents), 0)::bigint FROM ledger_journalline WHERE ledger_account_id = %s",
            [account],
        )
        cents: int = cursor.fetchone()[0]
    return cents


def now(on: date) -> datetime:
    return moment(on)
