"""What was planned, what was done, and what was collected on those days. No day explains another: they stand beside."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import localtime

from caudal.campaigns.models import Campaign, PrepaidMonth, Waiver
from caudal.cashier.models import Payment
from caudal.kernel import waiting
from caudal.kernel.refusals import Refusal
from caudal.outreach import policy
from caudal.outreach.evidence import SUFFIX_TYPES
from caudal.outreach.models import Channel, OutreachAction, OutreachEntry


class UnknownCampaign(Refusal):
    """No campaign has that code."""


class UnknownAction(Refusal):
    """No planned action has that number."""


class UnknownEntry(Refusal):
    """No row of the log has that number, or it brought no evidence."""


@dataclass(frozen=True, slots=True)
class CampaignEffort:
    """A campaign of the list: how much is planned, how much was spent, how many rows its log has."""

    campaign: Campaign
    first: date
    last: date
    actions: int
    planned_cents: int
    entries: int
    spent_cents: int


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


def days_of(*, campaign: Campaign) -> tuple[date, date]:
    """First and last day of a campaign, both inside, in the utility's zone."""
    return localtime(campaign.starts_at).date(), localtime(
        campaign.ends_at - timedelta(microseconds=1)
    ).date()


def campaign_by_code(*, code: str) -> Campaign:
    """The campaign of a code.

    :raises UnknownCampaign: if there is none
    """
    found: Campaign | None = Campaign.objects.filter(code=code).first()
    if found is None:
        raise UnknownCampaign(
            f"No existe la campaña {code[:40]}.", "Elija una de la lista.", field="campaign"
        )
    return found


def campaigns() -> list[CampaignEffort]:
    """Every campaign with its plan and its log, newest first. Three statements."""
    plan = {
        row["campaign"]: row
        for row in OutreachAction.objects.values("campaign").annotate(n=Count("pk"), cents=Sum("cost_cents"))
    }
    done = {
        row["action__campaign"]: row
        for row in live_entries().values("action__campaign").annotate(n=Count("pk"), cents=Sum("cost_cents"))
    }
    nothing = {"n": 0, "cents": 0}
    return [
        CampaignEffort(
            each, *days_of(campaign=each), *(plan.get(each.pk, nothing)[key] for key in ("n", "cents")),
            *(done.get(each.pk, nothing)[key] for key in ("n", "cents")),
        )
        for each in Campaign.objects.order_by("-starts_at", "code")
    ]  # fmt: skip


def action_by_id(*, action_id: int) -> OutreachAction:
    """A planned action with its campaign.

    :raises UnknownAction: if there is none
    """
    found = OutreachAction.objects.select_related("campaign").filter(pk=action_id).first()
    if found is None:
        raise UnknownAction("Esa acción ya no está en el plan.", "Vuelva a la difusión de la campaña.")
    return found


def locked_action(*, action_id: int) -> OutreachAction:
    """The action, held until the transaction ends.

    :raises UnknownAction: if it is no longer planned
    """
    with waiting.for_lock(what="Otra persona está cambiando esta acción."):
        found = (
            OutreachAction.objects.select_related("campaign")
            .select_for_update(of=("self",))
            .filter(pk=action_id)
            .first()
        )
    if found is None:
        raise UnknownAction("Esa acción ya no está en el plan.", "Vuelva a la difusión de la campaña.")
    return found


def plan_of(*, campaign: Campaign) -> list[OutreachAction]:
    """What is planned for a campaign, in order of day, with `done`, `quantity` and `spent_cents` of its live log."""
    live = Q(entries__voids__isnull=True, entries__void__isnull=True)
    return list(
        OutreachAction.objects.filter(campaign=campaign)
        .annotate(
            done=Count("entries", filter=live),
            quantity=Sum("entries__quantity", filter=live, default=0),
            spent_cents=Sum("entries__cost_cents", filter=live, default=0),
            rows=Count("entries"),
        )
        .order_by("planned_from", "planned_to", "pk")
    )


def live_entries(*, campaign: Campaign | None = None) -> QuerySet[OutreachEntry]:
    """Rows of the log that were not voided."""
    found = OutreachEntry.objects.filter(voids__isnull=True, void__isnull=True)
    return found.filter(action__campaign=campaign) if campaign else found


def log_of(*, campaign: Campaign) -> list[OutreachEntry]:
    """The whole log of a campaign, newest day first; voided rows carry their void."""
    return list(
        OutreachEntry.objects.filter(action__campaign=campaign, voids__isnull=True)
        .select_related("action", "void")
        .order_by("-on", "-at", "-pk")
    )


def entry_by_id(*, entry_id: int) -> OutreachEntry:
    """A row of the log with its action and campaign.

    :raises UnknownEntry: if there is none
    """
    found = OutreachEntry.objects.select_related("action__campaign", "void").filter(pk=entry_id).first()
    if found is None:
        raise UnknownEntry("Esa anotación no existe.", "Vuelva a la difusión de la campaña.")
    return found


def evidence_of(*, entry: OutreachEntry) -> tuple[bytes, str]:
    """The file that proves a row, and its kind for a browser.

    :raises UnknownEntry: if the row brought none, or its file is no longer there
    """
    try:
        with entry.evidence.open("rb") as file:
            body = bytes(file.read())
    except (OSError, ValueError) as missing:
        raise UnknownEntry(
            "El archivo de esa anotación no está.", "Búsquelo en el respaldo de los archivos."
        ) from missing
    return body, SUFFIX_TYPES[str(entry.evidence).rpartition(".")[2]]


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
