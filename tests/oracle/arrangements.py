"""An account in arrears, with and without an agreement, worked out one debt and one payment at a time."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.oracle import debts
from tests.oracle.bill import to_centavos

ONE_PERCENT = {year: Fraction(1, 100) for year in range(2015, 2031)}
WHOLE = Fraction(1)


@dataclass
class Month:
    """What is owed of a month: principal, surcharges charged, and how many months of them (centavos)."""

    period: int
    due_on: date
    principal: int
    surcharge: int = 0
    charged: int = 0
    # all the surcharge that was ever written down, paid or not
    written: int = 0

    def running(self, on: date) -> int:
        """Surcharge to a day that is not charged yet."""
        return debts.surcharge(self.principal, self.due_on, on, self.charged, ONE_PERCENT, WHOLE)

    def owed(self, on: date) -> int:
        return self.principal + self.surcharge + self.running(on)

    def charge(self, on: date) -> None:
        """Money reached it: its surcharge to the day is written down."""
        self.written += self.running(on)
        self.surcharge += self.running(on)
        self.charged = max(self.charged, len(debts.month_starts(self.due_on, on)))

    def take(self, money: int, on: date) -> int:
        """Pay the surcharge first and then the principal; give what is left of the money."""
        if money == 0 or self.owed(on) == 0:
            return money
        self.charge(on)
        for part in ("surcharge", "principal"):
            paid = min(money, getattr(self, part))
            setattr(self, part, getattr(self, part) - paid)
            money -= paid
        return money


@dataclass
class Fine(Month):
    """What bears no surcharge: the penalty of an agreement that was broken."""

    def running(self, on: date) -> int:
        return 0


@dataclass
class Arrears:
    """Several months owed, the oldest paid first."""

    months: list[Month]

    def owed(self, on: date) -> int:
        return sum(month.owed(on) for month in self.months)

    def pay(self, money: int, on: date) -> int:
        """Give what is left of the money."""
        for month in sorted(self.months, key=lambda each: each.due_on):
            money = month.take(money, on)
        return money


@dataclass
class Agreement:
    """A debt in installments beside the bills that came after; it remembers which money went to it, and when."""

    parts: list[tuple[date, int]]
    bills: list[Month]
    paid: list[tuple[date, int]] = field(default_factory=list)

    @property
    def left(self) -> int:
        return sum(cents for _, cents in self.parts) - sum(cents for _, cents in self.paid)

    def owed(self, on: date) -> int:
        return self.left + sum(bill.owed(on) for bill in self.bills)

    def pay(self, money: int, on: date) -> int:
        """Whatever is due first, be it an installment or a bill; give what is left of the money."""
        turn = [(due_on, 0, place) for place, (due_on, _) in enumerate(self.parts)]
        turn += [(bill.due_on, 1, place) for place, bill in enumerate(self.bills)]
        for _, is_bill, place in sorted(turn):
            if is_bill:
                money = self.bills[place].take(money, on)
            else:
                before = sum(cents for _, cents in self.parts[: place + 1])
                gone = sum(cents for _, cents in self.paid)
                part = max(min(money, before - gone), 0)
                if part:
                    self.paid.append((on, part))
                money -= part
        return money


def table(owed: int, down: int, count: int, monthly: Fraction) -> list[int]:
    """Down payment, and then installments with what waiting for each costs."""
    left = owed - down
    each = left // count
    amounts = [left - each * (count - 1)] + [each] * (count - 1)
    parts = [down] if down else []
    for amount in amounts:
        parts.append(amount + to_centavos(Fraction(left, 100) * monthly))
        left -= amount
    return parts
