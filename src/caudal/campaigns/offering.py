"""What the rules in force would forgive to somebody who pays now: told before it is taken. Nothing is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone

from caudal.campaigns import loading, planning
from caudal.campaigns.models import Campaign
from caudal.campaigns.planning import Forgiven
from caudal.campaigns.prepaid_queries import prepaid_reserved
from caudal.ledger import queries as ledger
from caudal.ledger.models import CreditBalance
from caudal.ledger.queries import DebtTerms, Position
from caudal.rules.bounds import Int64


class Grant(StrEnum):
    """What a rule is granted on."""

    SINGLE_PAYMENT = "single_payment"
    ARRANGEMENT = "arrangement"
    PREPAYMENT = "prepayment"


CONDITIONS = {
    Grant.SINGLE_PAYMENT: "Si paga todo hoy, en una sola exhibición.",
    Grant.ARRANGEMENT: "Si firma convenio y lo cumple; si no lo cumple, se le vuelve a cobrar.",
    Grant.PREPAYMENT: "Si paga meses por adelantado.",
}


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What would be forgiven of one concept of a period (centavos)."""

    period: int
    concept_id: int
    concept: str
    open_cents: int
    cents: int


@dataclass(frozen=True, slots=True)
class OfferedRule:
    """A rule of an offer and what it forgives (centavos)."""

    code: str
    name: str
    council_agreement: str
    cents: int
    ends_on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """What an account would be forgiven, and what it would pay (centavos): debt less what is forgiven and what it
    has in favor."""

    account_id: int
    rules: tuple[OfferedRule, ...]
    lines: tuple[OfferLine, ...]
    open_cents: int
    favor_cents: int
    condition: str

    @property
    def rule(self) -> str:
        """The code of the rule; of all of them, when rules stack."""
        return " + ".join(rule.code for rule in self.rules)

    @property
    def name(self) -> str:
        return " y ".join(rule.name for rule in self.rules)

    @property
    def council_agreement(self) -> str:
        return " y ".join(dict.fromkeys(rule.council_agreement for rule in self.rules))

    @property
    def ends_on(self) -> date:
        """The last day on which all of it is offered."""
        return min(rule.ends_on for rule in self.rules)

    @property
    def cents(self) -> int:
        """What is forgiven."""
        return sum(rule.cents for rule in self.rules)

    @property
    def payable_cents(self) -> int:
        """What is left to pay."""
        return max(self.open_cents - self.cents - self.favor_cents, 0)


def campaigns_in_force(*, at: datetime, grant: str | None = None) -> QuerySet[Campaign]:
    """Rules published, not withdrawn, whose half-open window holds a moment; by precedence."""
    found = Campaign.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at),
        published_at__lte=at, starts_at__lte=at, ends_at__gt=at,
    )  # fmt: skip
    if grant is not None:
        found = found.filter(**{f"on_{Grant(grant).value}": True})
    return found.order_by("precedence", "code")


def offers(
    *,
    account_ids: Sequence[int],
    at: datetime,
    terms: DebtTerms,
    grant: str = Grant.SINGLE_PAYMENT,
) -> dict[int, Offer]:
    """What the rules in force at a moment offer to each of these accounts that they forgive something to.

    :raises CannotComputeSurcharges: if a month late falls in a year the terms have no rate for
    """
    campaigns = list(campaigns_in_force(at=at, grant=grant))
    if not campaigns or not account_ids:
        return {}
    on = timezone.localdate(at)
    position = ledger.position(account_ids=sorted(account_ids), on=on, terms=terms)
    forgiven = planned(position=position, campaigns=campaigns, on=on)
    if not forgiven:
        return {}
    return offered(position=position, forgiven=forgiven, condition=CONDITIONS[Grant(grant)])


def waived_by_payment(
    *, money_cents: Mapping[int, int], at: datetime, on: date
) -> Callable[[Position], Int64] | None:
    """What this money would make the rules forgive, for `ledger.preview_payments`; None with no rule in force.

    It is the very plan that `commands.waive_single_payment` writes.
    """
    campaigns = list(campaigns_in_force(at=at, grant=Grant.SINGLE_PAYMENT))
    if not campaigns:
        return None

    def waive(position: Position) -> Int64:
        forgiven = earned(position=position, campaigns=campaigns, money_cents=money_cents, on=on)
        return planning.total(forgiven=forgiven, position=position)

    return waive


def last_day(campaign: Campaign) -> date:
    """The last day of its half-open window."""
    return timezone.localdate(campaign.ends_at - timedelta(microseconds=1))


def planned(*, position: Position, campaigns: Sequence[Campaign], on: date) -> tuple[Forgiven, ...]:
    """What some rules forgive of a position."""
    accounts = np.unique(position.items.account_id).tolist()
    return planning.forgive(
        position=position, places=loading.places(account_ids=accounts, on=on), campaigns=campaigns, on=on
    )


def earned(
    *, position: Position, campaigns: Sequence[Campaign], money_cents: Mapping[int, int], on: date
) -> tuple[Forgiven, ...]:
    """What some rules forgive of a position when this money is paid at once."""
    forgiven = planned(position=position, campaigns=campaigns, on=on)
    if not forgiven:
        return ()
    return planning.reached(
        forgiven=forgiven,
        position=position,
        money_cents=money_cents,
        favor_cents=favor(account_ids=list(money_cents)),
    )


def favor(*, account_ids: Sequence[int]) -> dict[int, int]:
    """Money in favor of each account that is not waiting for months paid ahead (centavos)."""
    held = dict(
        CreditBalance.objects.filter(account_id__in=list(account_ids), unallocated_cents__gt=0).values_list(
            "account_id", "unallocated_cents"
        )
    )
    waiting = prepaid_reserved(account_ids=list(held)) if held else {}
    return {account: max(cents - waiting.get(account, 0), 0) for account, cents in held.items()}


def offered(*, position: Position, forgiven: Sequence[Forgiven], condition: str) -> dict[int, Offer]:
    """What is forgiven of a position, told for each account."""
    items, names = position.items, position.concepts.concepts
    total = planning.total(forgiven=forgiven, position=position)
    held = favor(account_ids=np.unique(items.account_id[total > 0]).tolist())
    found = {}
    for account in np.unique(items.account_id[total > 0]).tolist():
        mine = items.account_id == account
        rows = np.flatnonzero(mine & (total > 0)).tolist()
        found[account] = Offer(
            account_id=account,
            rules=tuple(
                OfferedRule(
                    each.campaign.code, each.campaign.name, each.campaign.council_agreement, int(cents),
                    last_day(each.campaign),
                )
                for each in forgiven
                if (cents := each.given[mine].sum())
            ),
            lines=tuple(
                OfferLine(
                    int(items.period[row]), int(items.concept_id[row]), names[int(items.concept_id[row])].name,
                    int(items.open_cents[row]), int(total[row]),
                )
                for row in rows
            ),
            open_cents=int(items.open_cents[mine].sum()),
            favor_cents=held.get(account, 0),
            condition=condition,
        )  # fmt: skip
    return found
