"""A neighbor who saw everything, and says with plain ifs who may be cut: what the house at the database is held against.

Nothing here asks the room of cuts. What is owed is read from the account's statement, as a clerk would read it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from caudal.ledger import queries as ledger
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

# the day on which, in these stories, the law stops allowing the cut of homes
LAW_DAY = date(2019, 8, 10)
LEAST_DAYS, LEAST_CENTS, LEAST_BILLS, GRACE_DAYS = 60, 100_00, 2, 3
MOST_HOURS = 24
HALF = 2


@dataclass(repr=False)
class Home:
    """What a neighbor knows of an account."""

    account: Account
    use: str
    is_senior: bool = False
    protected: bool = False
    payments: list[list[object]] = field(default_factory=list)  # [moment, cents, folio], while they stand
    agreement: str = ""
    claims: dict[str, int] = field(default_factory=dict)
    waited_until: list[date] = field(default_factory=list)
    # what the office was told, and what the street knows
    is_known_dry: bool = False
    is_dry: bool = False
    cut_at: datetime | None = None
    owed_at_cut: int = 0

    def __repr__(self) -> str:
        return f"<{self.account.number} {self.use}>"

    def most(self, on: date) -> str:
        """The most that may ever be done: "never", "restriction" or "cut"."""
        if self.use == "public":
            return "never"
        if self.is_senior:
            return "restriction"
        if self.use == "residential" and on >= LAW_DAY:
            return "restriction"
        return "cut"

    def past_due(self, on: date) -> tuple[int, int, date | None]:
        """Centavos past due less what is in favor, of how many papers, the oldest since when."""
        told = ledger.statement(account_id=self.account.pk, on=on, terms=tariffs.terms_on(on=on))
        cents, papers, oldest = 0, set(), None
        for each in told.periods:
            if each.due_on >= on or each.total_cents <= 0:
                continue
            cents += each.total_cents
            if each.period:
                papers.add(f"{each.period}")
            else:
                papers |= {f"{item.document_kind} {item.sequence}" for item in each.items if item.due_on < on}
            if oldest is None or each.due_on < oldest:
                oldest = each.due_on
        return cents - told.credit_balance_cents, len(papers), oldest

    def owes(self, on: date) -> int:
        """All of it, due or not."""
        told = ledger.statement(account_id=self.account.pk, on=on, terms=tariffs.terms_on(on=on))
        return told.total_cents

    def may_be(self, measure: str, at: datetime) -> bool:
        """Whether this may be done to this home at a moment, by what is known in the office."""
        on = at.date()
        most = self.most(on)
        if most == "never" or self.protected or self.is_known_dry:
            return False
        if measure == "cut" and most == "restriction":
            return False
        if self.agreement or self.claims:
            return False
        for until in self.waited_until:
            if on <= until:
                return False
        for moment, *_ in self.payments:
            assert isinstance(moment, datetime)
            if on < moment.date() + timedelta(days=GRACE_DAYS):
                return False
        cents, papers, oldest = self.past_due(on)
        if cents < LEAST_CENTS or papers < LEAST_BILLS or oldest is None:
            return False
        return (on - oldest).days >= LEAST_DAYS

    def paid_since_cut(self) -> int:
        """What came, and stays, after the water went."""
        paid = 0
        for moment, cents, _ in self.payments:
            assert isinstance(moment, datetime) and isinstance(cents, int)
            if self.cut_at and moment > self.cut_at:
                paid += cents
        return paid

    def earns_water(self, on: date) -> bool:
        """All that is past due was paid, or half of what was owed when it was cut."""
        if self.past_due(on)[0] <= 0:
            return True
        return self.owed_at_cut > 0 and self.paid_since_cut() * HALF >= self.owed_at_cut
