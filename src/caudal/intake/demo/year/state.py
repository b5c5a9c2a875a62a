"""What the year keeps from one day to the next, and what came of each month."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from caudal.billing.models import BillingRun
from caudal.cashier.models import Till
from caudal.disconnections.models import DisconnectionBatch
from caudal.dunning.models import NoticeBatch
from caudal.intake.demo.stage import Staged
from caudal.intake.demo.year.bank import Bank
from caudal.intake.demo.year.citizens import Reported
from caudal.intake.demo.year.dials import Dials
from caudal.intake.demo.year.phone import Phone
from caudal.intake.demo.year.town import Household, Town
from caudal.ledger import queries as ledger
from caudal.tariffs import queries as tariffs


@dataclass(slots=True)
class Tally:
    """What came of a month."""

    period: int
    n_window: int = 0
    n_bank: int = 0
    paid_cents: int = 0
    n_read: int = 0
    n_reviewed: int = 0
    n_bills: int = 0
    n_delivered: int = 0
    n_ahead: int = 0
    n_benefits: int = 0
    n_signed: int = 0
    n_served: int = 0
    n_cut: int = 0
    n_reconnected: int = 0
    n_answered: int = 0

    def as_dict(self) -> dict[str, int]:
        """For `--json`."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Year:
    """The town and everything with which it lives."""

    staged: Staged
    rng: Random
    till: Till
    bank: Bank
    town: Town
    dials: Dials
    reader: Phone
    crew: Phone
    n_by_phone: int = 0
    tallies: list[Tally] = field(default_factory=list)
    runs: list[BillingRun] = field(default_factory=list)
    # papers that are out, cuts under way and reports that wait for the crew
    batch: NoticeBatch | None = None
    cut_batch: DisconnectionBatch | None = None
    cut_off: list[Household] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)
    # whose the money is that came to the bank with a number that is no account
    depositor: Household | None = None

    @property
    def directory(self) -> Path:
        return self.staged.directory

    def share(self, per_thousand: int, *, least: int) -> int:
        """So many of each thousand accounts, and never fewer than `least`."""
        return max(least, len(self.town.households) * per_thousand // 1000)

    def owed(self, household: Household, on: date) -> int:
        """All that an account owes on a day, less what it has in favor (centavos)."""
        told = ledger.statement(account_id=household.account.pk, on=on, terms=tariffs.terms_on(on=on))
        return told.total_cents - told.credit_balance_cents
