"""The utility as one would keep it in a notebook: plain Python, one account at a time, no database.

It knows the law of the demonstration book of 2019 for a house (HAB-GEN) and a shop (COM-SEC), and the calendar. It
shares the slow arithmetic of debts with the oracle, and nothing with the product.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.oracle import debts
from tests.scenarios.world.almanac import first_day, last_day, month_later, previous_month, share, whole

TIERS = {  # fixed, then (up to m³, price per m³) above the 10 m³ that it covers; flat; rate of VAT
    "HAB-GEN": (70_00, ((20, 7_10), (30, 7_60), (50, 8_20), (70, 9_00), (100, 10_10), (150, 11_40), (None, 13_00))),
    "COM-SEC": (110_00, ((20, 11_20), (30, 12_00), (50, 13_00), (70, 14_20), (100, 15_70), (150, 17_50), (None, 19_50))),
}  # fmt: skip
FLAT = {"HAB-GEN": 110_00, "COM-SEC": 130_00}
VAT = {"HAB-GEN": 0, "COM-SEC": 16}
DUE_DAYS = 15
MONTHLY = {year: Fraction(1, 100) for year in range(2018, 2040)}
REAL, ESTIMATED = 1, 2


def water(tariff: str, m3: int) -> int:
    cents, start = TIERS[tariff][0], 10
    for limit, price in TIERS[tariff][1]:
        end = m3 if limit is None else min(m3, limit)
        cents += max(end - start, 0) * price
        start = max(start, end)
    return cents


@dataclass
class Consumption:
    """One month of a meter."""

    basis: int
    m3: int
    days: int
    on: date
    dial: int


@dataclass
class Debt:
    """What is owed of one period (centavos)."""

    due_on: date
    principal: int = 0
    accessory: int = 0
    months: int = 0  # of surcharge that are charges already
    surcharged: int = 0  # what those charges came to

    def late(self, on: date) -> int:
        return debts.surcharge(self.principal, self.due_on, on, self.months, MONTHLY, Fraction(1))


@dataclass
class Paper:
    """A bill of an account and period; which estimated months it settles, and against how many m³ each."""

    m3: int
    total: int
    settles: dict[int, int]
    is_canceled: bool = False


@dataclass
class Money:
    """A payment or another credit: where it went, and what is left of it in favor."""

    cents: int
    left: int = 0
    went: dict[tuple[int, str], int] = field(default_factory=dict)
    is_canceled: bool = False
    is_mixed: bool = False  # met a debt together with other money: whose part went where is not told here

    def give(self, period: int, part: str, cents: int) -> None:
        self.went[period, part] = self.went.get((period, part), 0) + cents


@dataclass
class Account:
    """A service and everything that happened to it."""

    tariff: str
    is_metered: bool
    opened_on: date
    closed_on: date | None = None
    benefits: list[list[date | None]] = field(default_factory=list)  # from, until
    cuts: list[list[date | None]] = field(default_factory=list)
    readings: dict[int, tuple[int | None, date]] = field(default_factory=dict)
    months: dict[int, Consumption] = field(default_factory=dict)
    settles: dict[int, dict[int, int]] = field(
        default_factory=dict
    )  # by month read: estimated month → real m³
    papers: dict[int, list[Paper]] = field(default_factory=dict)
    debts: dict[int, Debt] = field(default_factory=dict)
    money: list[Money] = field(default_factory=list)
    charged: int = 0  # all that ever became a charge, less bills taken back

    # -- facts of a day

    def is_served(self, on: date) -> bool:
        return self.opened_on <= on and (self.closed_on is None or on < self.closed_on)

    def has(self, spans: list[list[date | None]], on: date) -> bool:
        return any(since <= on and (until is None or on < until) for since, until in spans)  # type: ignore[operator]

    @property
    def dial(self) -> int:
        """Where the dial stood when it was last seen."""
        seen = [value for _, (value, _) in sorted(self.readings.items()) if value is not None]
        return seen[-1] if seen else 0

    @property
    def favor(self) -> int:
        return sum(each.left for each in self.money)

    @property
    def owed(self) -> int:
        """What is charged and open, without surcharges to the day."""
        return sum(debt.principal + debt.accessory for debt in self.debts.values())

    def live(self, period: int) -> Paper | None:
        """The bill that stands."""
        return next((paper for paper in self.papers.get(period, []) if not paper.is_canceled), None)

    # -- the meter

    def assess(self, period: int, class_mean: int | None) -> None:
        """What the month is taken to be; a real reading tells what the estimated months before it were."""
        self.settles[period] = {}
        before = [month for month in sorted(self.months) if month < period]
        waiting: list[int] = []
        while before and self.months[before[-1]].basis == ESTIMATED:
            waiting.insert(0, before.pop())
        anchor = self.months[before[-1]] if before else None
        last = self.months[waiting[-1]] if waiting else anchor
        since = last.on if last else self.opened_on
        value, on = self.readings.get(period, (None, None))
        if on is None:
            on = min(max(month_later(since), first_day(period)), last_day(period))
        on = max(on, since)
        days = (on - since).days
        if value is None:
            m3 = self._estimate(period, class_mean)
            dial = last.dial if last else 0
            self.months[period] = Consumption(ESTIMATED, m3, days, on, dial + m3)
            return
        counted = value - (anchor.dial if anchor else 0)
        lengths = [max(self.months[month].days, 1) for month in waiting] + [max(days, 1)]
        shares = debts.spread(counted, lengths)
        self.settles[period] = dict(zip(waiting, shares, strict=False))
        self.months[period] = Consumption(REAL, shares[-1], days, on, value)

    def _estimate(self, period: int, class_mean: int | None) -> int:
        seen: list[int] = []
        for _ in range(12):
            period = previous_month(period)
            if period in self.months and self.months[period].basis == REAL:
                seen.append(self.months[period].m3)
        latest = seen[:6]
        return whole(sum(latest), len(latest)) if len(latest) >= 3 else class_mean or 0

    # -- the bill

    def price(self, period: int, m3: int) -> int:
        """A bill's total: water, 20 %, 3 %, half of the first 10 m³ for who has the benefit, VAT line by line."""
        base = water(self.tariff, m3) if self.is_metered else FLAT[self.tariff]
        lines = [base, share(base, 20), share(base, 3)]
        if self.tariff == "HAB-GEN" and self.has(self.benefits, last_day(period)):
            reached = min(base, water(self.tariff, min(m3, 10))) if self.is_metered else base
            lines += [-share(reached, 50), -share(share(reached, 20), 50), -share(share(reached, 3), 50)]
        return sum(line + share(line, VAT[self.tariff]) for line in lines)

    def amount(self, period: int) -> int | None:
        """What the month comes to, settled months included; less than nothing if they leave money in favor."""
        if not self.is_metered:
            return None if self.has(self.cuts, last_day(period)) else self.price(period, 0)
        total = self.price(period, self.m3(period))
        for month, real in self.settles[period].items():
            paper = self.live(month)
            if paper is not None:
                total += self.price(month, real) - self.price(month, paper.m3)
        return total

    def m3(self, period: int) -> int:
        """What the month is billed: an estimate, until the dial told; then that, unless a later bill settles it."""
        for later in sorted(self.settles, reverse=True):
            if period in self.settles[later]:
                paper = self.live(later)
                real = self.settles[later][period]
                return real if paper is None else paper.settles.get(period, real)
        return self.months[period].m3

    def bill(self, period: int, *, on: date, due_on: date) -> int:
        """Owe a month; money in favor meets it → what its paper says."""
        amount = self.amount(period)
        assert amount is not None
        settles = {
            month: paper.m3
            for month in self.settles.get(period, {})
            if (paper := self.live(month)) is not None
        }
        m3 = self.m3(period) if self.is_metered else 0
        total = max(amount, 0)
        self.papers.setdefault(period, []).append(Paper(m3, total, settles))
        debt = self.debts.setdefault(period, Debt(due_on))
        if debt.principal == 0:
            debt.months = 0
        debt.due_on = max(debt.due_on, due_on)
        debt.principal += total
        self.charged += total
        if amount < 0:
            self.receive(-amount, on=on)
        self.apply_favor(on=on)
        return total

    def cancel(self, period: int) -> None:
        paper = self.live(period)
        assert paper is not None
        paper.is_canceled = True
        debt = self.debts[period]
        debt.principal -= paper.total
        self.charged -= paper.total + debt.accessory
        debt.accessory = debt.surcharged = 0

    def is_paid_in_part(self, period: int) -> bool:
        """Whether somebody paid of the bill or of its surcharges."""
        paper, debt = self.live(period), self.debts[period]
        return paper is not None and (debt.principal, debt.accessory) != (paper.total, debt.surcharged)

    # -- money

    def receive(self, cents: int, *, on: date) -> Money:
        money = Money(cents, left=cents)
        self.money.append(money)
        self._pay([money], on=on)
        return money

    def apply_favor(self, *, on: date) -> None:
        standing = [each for each in self.money if each.left]
        self._pay(standing, on=on)

    def _pay(self, standing: list[Money], *, on: date) -> None:
        """The oldest due first; inside it surcharges, then principal. A period that is reached gets its surcharge."""
        order = []
        for period, debt in self.debts.items():
            order.append((debt.due_on, 0, period, debt.accessory + debt.late(on)))
            order.append((debt.due_on, 1, period, debt.principal))
        for _, rank, period, cents in sorted(order):
            debt = self.debts[period]
            for money in standing:
                given = min(money.left, cents)
                if given:
                    self._crystallize(debt, on)
                    money.left -= given
                    cents -= given
                    money.give(period, "principal" if rank else "accessory", given)
                    money.is_mixed |= len(standing) > 1
                    if rank:
                        debt.principal -= given
                    else:
                        debt.accessory -= given

    def _crystallize(self, debt: Debt, on: date) -> None:
        late = debt.late(on)
        if late:
            debt.months = max(debt.months, len(debts.month_starts(debt.due_on, on)))
            debt.accessory += late
            debt.surcharged += late
            self.charged += late

    def take_back(self, money: Money) -> None:
        """A payment is canceled: what it had paid is owed again."""
        money.is_canceled = True
        money.left = 0
        for (period, part), cents in money.went.items():
            setattr(self.debts[period], part, getattr(self.debts[period], part) + cents)


def class_mean(accounts: list[Account], tariff: str, period: int) -> int | None:
    """Of a class in the month before: the mean of who was read and was served on the day."""
    before = previous_month(period)
    seen = [
        month.m3
        for account in accounts
        if account.tariff == tariff and (month := account.months.get(before)) is not None
        and month.basis == REAL and account.is_served(month.on)
    ]  # fmt: skip
    return whole(sum(seen), len(seen)) if seen else None
