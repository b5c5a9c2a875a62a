"""What an agreement would be, before anybody signs: the same table that signing writes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from caudal.arrangements import forgiving, policy
from caudal.arrangements.models import ArrangementEnd, ArrangementPolicy, LiveArrangement
from caudal.arrangements.policy import Ability, CannotArrange, Terms, arrangement_folio
from caudal.arrangements.queries.policies import policy_on
from caudal.campaigns import queries as campaigns
from caudal.ledger import queries as ledger
from caudal.ledger.models import CreditBalance
from caudal.ledger.queries import Position
from caudal.registry.models import Account
from caudal.rules.amortization import Installment
from caudal.rules.periods import monthly_dates
from caudal.tariffs import queries as tariffs


@dataclass(frozen=True, slots=True)
class DebtLine:
    """What is owed of one concept of one period with its surcharge to the day, and what is forgiven (centavos)."""

    period: int
    concept: str
    name: str
    owed_cents: int
    waived_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """An agreement that nobody has signed (centavos). `beyond` says what of it needs another person's approval."""

    account_number: str
    on: date
    policy: ArrangementPolicy
    terms: Terms
    total_cents: int
    favor_cents: int
    waived_cents: int
    waiver_name: str
    waiver_condition: str
    debts: tuple[DebtLine, ...]
    table: tuple[Installment, ...]
    beyond: tuple[str, ...]
    least_down_cents: int
    affordable_cents: int | None = None

    @property
    def agreed_cents(self) -> int:
        """Of the debt, what the installments pay."""
        return self.total_cents - self.waived_cents

    @property
    def deferral_cents(self) -> int:
        """What waiting costs."""
        return sum(each.deferral_cents for each in self.table)

    @property
    def to_pay_cents(self) -> int:
        """All that would be paid, from today to the last installment."""
        return self.agreed_cents + self.deferral_cents


@dataclass(frozen=True, slots=True)
class _Owed:
    """What an account would put in an agreement today."""

    debts: tuple[DebtLine, ...]
    favor_cents: int
    forgiven: forgiving.Forgiven

    @property
    def total_cents(self) -> int:
        return sum(line.owed_cents for line in self.debts) - self.favor_cents

    @property
    def agreed_cents(self) -> int:
        return self.total_cents - self.forgiven.cents


def simulate(
    *, account: Account, on: date, at: datetime, terms: Terms | None = None, ability: Ability | None = None
) -> Simulation:
    """What an account would sign today on these terms; on the usual ones, if none are said.

    :raises CannotArrange: if nothing is owed, an agreement is in force, or the terms make no table
    :raises AbilityFallsShort: if what was said of the household makes no sense, or no terms are said and none fit
    """
    limits, owed = policy_on(on=on), _owed(account, on, at)
    affordable = policy.affordable(ability=ability, limits=limits) if ability else None
    least = policy.least_down(agreed_cents=owed.agreed_cents, limits=limits)
    if terms is None:
        terms = _usual(owed, limits, on)
        if affordable is not None:
            terms = policy.suggest(
                agreed_cents=owed.agreed_cents, affordable_cents=affordable, down_cents=least,
                first_due_on=terms.first_due_on, limits=limits,
            )  # fmt: skip
    table = policy.table(agreed_cents=owed.agreed_cents, terms=terms, signed_on=on, limits=limits)
    return Simulation(
        account_number=account.number,
        on=on,
        policy=limits,
        terms=terms,
        total_cents=owed.total_cents,
        favor_cents=owed.favor_cents,
        waived_cents=owed.forgiven.cents,
        waiver_name=owed.forgiven.name,
        waiver_condition=owed.forgiven.condition,
        debts=owed.debts,
        table=table,
        beyond=policy.beyond_limits(
            installments=table, total_cents=owed.total_cents, signed_on=on, limits=limits,
            has_defaulted=has_defaulted(account=account), affordable_cents=affordable,
        ),
        least_down_cents=least,
        affordable_cents=affordable,
    )  # fmt: skip


def suggest_terms(
    *,
    account: Account,
    ability: Ability,
    on: date,
    at: datetime,
    down_cents: int | None = None,
    first_due_on: date | None = None,
) -> Terms:
    """The fewest payments that fit in what a household can pay; with the least down payment, if none is said.

    :raises AbilityFallsShort: if none that the policy admits does; it says what would
    :raises CannotArrange: if nothing is owed, or an agreement is in force
    """
    limits, owed = policy_on(on=on), _owed(account, on, at)
    least = policy.least_down(agreed_cents=owed.agreed_cents, limits=limits)
    down = least if down_cents is None else down_cents
    if not 0 <= down < owed.agreed_cents:
        raise CannotArrange(
            "El pago inicial debe ser menor que lo que se debe.", "Si paga todo hoy, cóbrelo sin convenio.",
            field="down",
        )  # fmt: skip
    return policy.suggest(
        agreed_cents=owed.agreed_cents,
        affordable_cents=policy.affordable(ability=ability, limits=limits),
        down_cents=down,
        first_due_on=first_due_on or _a_month_later(on),
        limits=limits,
    )


def usual_terms(*, account: Account, on: date, at: datetime) -> Terms:
    """The least down payment and as many payments as the policy admits, the first a month from today.

    :raises CannotArrange: if nothing is owed, or an agreement is in force
    """
    return _usual(_owed(account, on, at), policy_on(on=on), on)


def has_defaulted(*, account: Account) -> bool:
    """Whether an account ever broke an agreement."""
    return ArrangementEnd.objects.filter(
        arrangement__account=account, kind=ArrangementEnd.Kind.DEFAULTED
    ).exists()


def debt_lines(*, position: Position, forgiven: dict[tuple[int, int], int]) -> tuple[DebtLine, ...]:
    """What a position owes by period and concept; `forgiven` is by period and concept too."""
    items = position.items
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for row in np.flatnonzero(items.open_cents).tolist():
        sums[int(items.period[row]), int(items.concept_id[row])] += int(items.open_cents[row])
    concepts = position.concepts.concepts
    return tuple(
        DebtLine(
            period, concepts[concept].code, concepts[concept].name, cents, forgiven.get((period, concept), 0)
        )
        for (period, concept), cents in sorted(sums.items())
    )


def favor_of(*, account: Account) -> int:
    """Money in favor of an account that does not wait for months paid ahead (centavos)."""
    held = CreditBalance.objects.filter(account_id=account.pk).first()
    if held is None:
        return 0
    waiting: int = campaigns.prepaid_reserved(account_ids=[account.pk]).get(account.pk, 0)
    free: int = max(held.unallocated_cents - waiting, 0)
    return free


def _usual(owed: _Owed, limits: ArrangementPolicy, on: date) -> Terms:
    down = policy.least_down(agreed_cents=owed.agreed_cents, limits=limits)
    count = min(limits.most_installments, (owed.agreed_cents - down) // limits.least_installment_cents)
    return Terms(down_cents=down, count=max(count, 1), first_due_on=_a_month_later(on))


def _a_month_later(on: date) -> date:
    return monthly_dates(first_on=on, count=2)[1]


def _owed(account: Account, on: date, at: datetime) -> _Owed:
    live = LiveArrangement.objects.select_related("arrangement").filter(account=account).first()
    if live:
        raise CannotArrange(
            f"La cuenta ya tiene un convenio vigente, {arrangement_folio(live.arrangement.number)}.",
            "Siga ese; solo puede haber uno a la vez.",
        )
    terms = tariffs.terms_on(on=on)
    position = ledger.position(account_ids=[account.pk], on=on, terms=terms)
    in_favor = favor_of(account=account)
    if int(position.items.open_cents.sum()) <= in_favor:
        raise CannotArrange(
            "La cuenta no debe nada que se pueda poner en convenio.", "Revise su estado de cuenta."
        )
    forgiven = forgiving.offered(account_id=account.pk, at=at, terms=terms)
    by_line: dict[tuple[int, int], int] = defaultdict(int)
    for period, concept, cents in forgiven.by_line:
        by_line[period, concept] += cents
    return _Owed(debt_lines(position=position, forgiven=by_line), in_favor, forgiven)
