"""One account's statement: each period, concept by concept, with the surcharge to the day asked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from caudal.kernel import snapshot
from caudal.kernel.fields import NO_PERIOD
from caudal.kernel.wording import month_name
from caudal.ledger import chart, loading
from caudal.ledger.chart import Chart
from caudal.ledger.models import CreditBalance, DocumentKind
from caudal.ledger.policy import Debts, DebtTerms
from caudal.ledger.queries import positions


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One concept of one document with something left to pay (centavos, VAT included)."""

    period: int
    document_kind: int
    sequence: int
    concept_id: int
    concept: str
    charged_cents: int
    paid_cents: int
    open_cents: int
    due_on: date
    # a surcharge, an update, a fine or a cost, and not what it is of
    is_accessory: bool = False


@dataclass(frozen=True, slots=True)
class PeriodDebt:
    """What is owed of one period; `surcharge_cents` is to the day and not charged yet.

    What belongs to no period (0) is one of these, and each installment of an arrangement another, with its own day.
    """

    period: int
    due_on: date
    items: tuple[OpenItem, ...]
    open_principal_cents: int
    open_accessory_cents: int
    surcharge_cents: int
    surcharge_months: int

    @property
    def total_cents(self) -> int:
        return self.open_principal_cents + self.open_accessory_cents + self.surcharge_cents

    @property
    def is_installment(self) -> bool:
        return bool(self.items) and self.items[0].document_kind == DocumentKind.INSTALLMENT

    @property
    def name(self) -> str:
        """`enero 2019`, `parcialidad de convenio`, `otros cargos`."""
        if self.is_installment:
            return "parcialidad de convenio"
        return month_name(self.period) if self.period else "otros cargos"


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """What an account owes on a day, oldest period first, and what it has in favor (centavos)."""

    account_id: int
    on: date
    periods: tuple[PeriodDebt, ...]
    credit_balance_cents: int

    @property
    def principal_cents(self) -> int:
        return sum(period.open_principal_cents for period in self.periods)

    @property
    def accessory_cents(self) -> int:
        return sum(period.open_accessory_cents for period in self.periods)

    @property
    def surcharge_cents(self) -> int:
        """Surcharges to the day that are not charged yet."""
        return sum(period.surcharge_cents for period in self.periods)

    @property
    def total_cents(self) -> int:
        """What would have to be paid on the day to owe nothing."""
        return sum(period.total_cents for period in self.periods)

    @property
    def due_periods(self) -> tuple[PeriodDebt, ...]:
        """What has to be paid by now: without the installments that come after the next one."""
        coming = [each.due_on for each in self.periods if each.is_installment and each.due_on >= self.on]
        last = min(coming, default=self.on)
        return tuple(each for each in self.periods if not each.is_installment or each.due_on <= last)

    @property
    def later_cents(self) -> int:
        """Of the total, the installments that come after the next one: nobody has to pay them yet."""
        return self.total_cents - sum(each.total_cents for each in self.due_periods)

    @property
    def overdue_cents(self) -> int:
        """Of the total, what was due before the day."""
        return sum(period.total_cents for period in self.periods if period.due_on < self.on)

    @property
    def next_due_on(self) -> date | None:
        """The first due date from the day on."""
        return min((period.due_on for period in self.periods if period.due_on >= self.on), default=None)


def open_items(*, account_id: int) -> list[OpenItem]:
    """What is left to pay of each document and concept, oldest period first."""
    with snapshot.of_one_moment():
        debts = loading.debts(account_ids=[account_id])
        return [item for _, item in _open_items([account_id], debts, chart.read())]


def statement(*, account_id: int, on: date, terms: DebtTerms) -> AccountStatement:
    """The statement of an account on a day.

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    return statements(account_ids=[account_id], on=on, terms=terms)[account_id]


def statements(*, account_ids: Sequence[int], on: date, terms: DebtTerms) -> dict[int, AccountStatement]:
    """The statements of some accounts on a day, by account, in as many questions as one takes.

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    with snapshot.of_one_moment():
        debts = loading.debts(account_ids=account_ids)
        open_items = _open_items(account_ids, debts, chart.read())
        favor = dict(
            CreditBalance.objects.filter(account_id__in=account_ids).values_list(
                "account_id", "unallocated_cents"
            )
        )
    items = defaultdict(list)
    for account_id, item in open_items:
        items[account_id, item.period].append(item)
    late = positions.late_surcharges(debts=debts, on=on, terms=terms)
    periods: dict[int, list[PeriodDebt]] = {account_id: [] for account_id in account_ids}
    for row in range(debts.period.size):
        account_id, period = int(debts.account_id[row]), int(debts.period[row])
        if not period:
            periods[account_id] += _of_no_period(items[account_id, period])
            continue
        periods[account_id].append(
            PeriodDebt(
                period=period,
                due_on=date.fromordinal(int(debts.due_ordinal[row])),
                items=tuple(items[account_id, period]),
                open_principal_cents=int(debts.open_principal_cents[row]),
                open_accessory_cents=int(debts.open_accessory_cents[row]),
                surcharge_cents=int(late.amount_cents[row]),
                surcharge_months=int(late.months[row]),
            )
        )
    return {
        account_id: AccountStatement(
            account_id=account_id,
            on=on,
            periods=tuple(periods[account_id]),
            credit_balance_cents=favor.get(account_id, 0),
        )
        for account_id in account_ids
    }


def _of_no_period(items: Sequence[OpenItem]) -> list[PeriodDebt]:
    """One-off charges together, due when the last of them is, and each installment by itself."""
    groups: dict[int, list[OpenItem]] = defaultdict(list)
    for item in items:
        groups[item.sequence if item.document_kind == DocumentKind.INSTALLMENT else 0].append(item)
    debts = [
        PeriodDebt(
            period=NO_PERIOD,
            due_on=max(item.due_on for item in group),
            items=tuple(group),
            open_principal_cents=sum(item.open_cents for item in group if not item.is_accessory),
            open_accessory_cents=sum(item.open_cents for item in group if item.is_accessory),
            surcharge_cents=0,
            surcharge_months=0,
        )
        for group in groups.values()
    ]
    return sorted(debts, key=lambda each: (each.is_installment, each.due_on))


def _open_items(account_ids: Sequence[int], debts: Debts, concepts: Chart) -> list[tuple[int, OpenItem]]:
    items = loading.documents(
        account_ids=account_ids, periods=np.unique(debts.period).tolist(), debts=debts, chart=concepts
    )
    return [
        (
            int(items.account_id[row]),
            OpenItem(
                period=int(items.period[row]),
                document_kind=int(items.document_kind[row]),
                sequence=int(items.sequence[row]),
                concept_id=int(items.concept_id[row]),
                concept=concepts.concepts[int(items.concept_id[row])].name,
                is_accessory=concepts.is_accessory(int(items.concept_id[row])),
                charged_cents=int(items.charged_cents[row]),
                paid_cents=int(items.charged_cents[row] - items.open_cents[row]),
                open_cents=int(items.open_cents[row]),
                due_on=date.fromordinal(int(items.due_ordinal[row])),
            ),
        )
        for row in np.flatnonzero(items.open_cents).tolist()
    ]
