"""What was collected on the days of a campaign, beside what was done. No day explains another."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from caudal.campaigns.models import Campaign, PrepaidMonth, Waiver
from caudal.cashier.models import Payment
from caudal.outreach import policy
from caudal.outreach.models import Channel, OutreachAction
from caudal.outreach.queries import days_of, live_entries, plan_of


@dataclass(frozen=True, slots=True)
class DayResult:
    """A day of a campaign: what was done, what was spent, and what came in (centavos).

    `benefited_cents` is what the accounts paid that had already been granted the campaign by that day.
    """

    on: date
    collected_cents: int
    benefited_cents: int
    spent_cents: int
    done: tuple[tuple[str, int], ...]

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(channel for channel, _ in self.done)


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """A channel: planned, done, spent, and what was collected on the days it was at work (centavos)."""

    channel: str
    name: str
    actions: int
    planned_cents: int
    entries: int
    quantity: int
    spent_cents: int
    days: int
    collected_cents: int

    @property
    def cost_cents(self) -> int | None:
        """Spent for every $100 collected on those days."""
        return policy.cents_per_hundred(spent_cents=self.spent_cents, collected_cents=self.collected_cents)


@dataclass(frozen=True, slots=True)
class Result:
    """A campaign day by day and channel by channel."""

    days: tuple[DayResult, ...]
    channels: tuple[ChannelResult, ...]
    planned_cents: int
    spent_cents: int
    collected_cents: int
    benefited_cents: int

    @property
    def cost_cents(self) -> int | None:
        """Spent for every $100 collected in the days of the campaign."""
        return policy.cents_per_hundred(spent_cents=self.spent_cents, collected_cents=self.collected_cents)


def result(*, campaign: Campaign, today: date) -> Result:
    """A campaign day by day: what was done beside what was collected, until today or its last day."""
    entries = list(
        live_entries(campaign=campaign)
        .values_list("on", "action__channel", "quantity", "cost_cents")
        .order_by("on")
    )
    first, last = days_of(campaign=campaign)
    first, last = min([first, *(on for on, *_ in entries)]), min(last, today)
    collected = _collected(first, last)
    benefited = _collected_from_benefited(campaign, first, last)
    done: dict[date, dict[str, int]] = defaultdict(dict)
    spent: dict[date, int] = defaultdict(int)
    for on, channel, quantity, cents in entries:
        done[on][channel] = done[on].get(channel, 0) + quantity
        spent[on] += cents
    days = tuple(
        DayResult(
            on, collected.get(on, 0), benefited.get(on, 0), spent[on],
            tuple((channel, done[on][channel]) for channel in Channel.values if channel in done[on]),
        )
        for on in (first + timedelta(days=step) for step in range((last - first).days + 1))
    )  # fmt: skip
    channels = totals_by_channel(campaign=campaign, collected=collected)
    return Result(
        days=days,
        channels=channels,
        planned_cents=sum(each.planned_cents for each in channels),
        spent_cents=sum(each.spent_cents for each in channels),
        collected_cents=sum(collected.values()),
        benefited_cents=sum(benefited.values()),
    )


def totals_by_channel(
    *, campaign: Campaign, collected: dict[date, int] | None = None
) -> tuple[ChannelResult, ...]:
    """Each channel that is planned: how much of it was done, for how much, and what came in on those days.

    :param collected: centavos of each day, if they are already known
    """
    days: dict[str, set[date]] = defaultdict(set)
    for channel, on in live_entries(campaign=campaign).values_list("action__channel", "on"):
        days[channel].add(on)
    if collected is None:
        every = sorted(set().union(*days.values()))
        collected = _collected(every[0], every[-1]) if every else {}
    plan: dict[str, list[OutreachAction]] = defaultdict(list)
    for action in plan_of(campaign=campaign):
        plan[action.channel].append(action)
    return tuple(
        _channel(channel, plan[channel], days[channel], collected)
        for channel in Channel.values
        if plan[channel]
    )


def _channel(
    channel: str, actions: Sequence[OutreachAction], days: set[date], collected: dict[date, int]
) -> ChannelResult:
    # each was annotated by `plan_of`
    return ChannelResult(
        channel=channel,
        name=Channel(channel).label,
        actions=len(actions),
        planned_cents=sum(each.cost_cents for each in actions),
        entries=sum(getattr(each, "done") for each in actions),  # noqa: B009
        quantity=sum(getattr(each, "quantity") for each in actions),  # noqa: B009
        spent_cents=sum(getattr(each, "spent_cents") for each in actions),  # noqa: B009
        days=len(days),
        collected_cents=sum(collected.get(on, 0) for on in days),
    )


def _collected(first: date, last: date) -> dict[date, int]:
    """What came in on each day, cancellations taken out."""
    found = (
        Payment.objects.filter(receipt__business_on__range=(first, last))
        .values_list("receipt__business_on")
        .annotate(cents=Sum("amount_cents"))
    )
    return dict(found)


def _collected_from_benefited(campaign: Campaign, first: date, last: date) -> dict[date, int]:
    """What came in on each day from accounts to which the campaign had been granted by then."""
    since: dict[int, date] = {}
    granted = Waiver.objects.filter(campaign=campaign, credit__credit__isnull=True).values_list(
        "account", "on"
    )
    prepaid = PrepaidMonth.objects.filter(campaign=campaign, end__isnull=True).values_list(
        "account", "credit__on"
    )
    for account, on in (*granted, *prepaid.distinct()):
        since[account] = min(on, since.get(account, on))
    found: dict[date, int] = defaultdict(int)
    for account, on, cents in Payment.objects.filter(
        receipt__business_on__range=(first, last), account__in=since
    ).values_list("account", "receipt__business_on", "amount_cents"):
        if on >= since[account]:
            found[on] += cents
    return dict(found)
