"""Rows of the pages of outreach."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.timezone import localtime

from caudal.access import queries as people
from caudal.campaigns.models import Campaign
from caudal.kernel.wording import pesos
from caudal.outreach import charts, policy, queries, results, wording
from caudal.outreach.models import Channel, OutreachAction, OutreachEntry

NEWEST_SHOWN: Final = 10
_EVIDENCE_ICONS: Final = {"picture": "eye", "paper": "file-type-pdf", "sound": "player-play"}
_CHANNEL_ICONS: Final = {
    Channel.RADIO_SPOT: "bell", Channel.SOCIAL_NETWORK: "users", Channel.LOUDSPEAKER_ROUTE: "speakerphone",
    Channel.POSTER_SITE: "map-pin", Channel.MESSAGE: "send",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """How far a campaign is, in a word."""

    word: str
    pill: str
    icon: str


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign of the list."""

    code: str
    name: str
    offer: str
    first: date
    last: date
    state: State
    actions: int
    planned_cents: int
    entries: int
    spent_cents: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """Something planned, and how much of it was done."""

    action: OutreachAction
    channel: str
    icon: str
    done: str
    spent_cents: int
    is_waiting: bool
    is_over_cost: bool


@dataclass(frozen=True, slots=True)
class LogRow:
    """Something done, with who wrote it down; a voided one says why."""

    entry: OutreachEntry
    channel: str
    icon: str
    amount: str
    by: str
    evidence_word: str
    evidence_icon: str
    void_words: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the table that goes with the chart."""

    on: date
    collected_cents: int
    benefited_cents: int
    spent_cents: int
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel with what was collected on the days it was at work."""

    name: str
    icon: str
    done: str
    days: int
    planned_cents: int
    spent_cents: int
    collected_cents: int
    cost_cents: int | None


def state_of(*, campaign: Campaign, now: datetime) -> State:
    """A draft, waiting to start, in force, over, or withdrawn."""
    if campaign.withdrawn_at is not None:
        return State("retirada", "bad", "ban")
    if campaign.published_at is None:
        return State("borrador", "", "file-invoice")
    if now < campaign.starts_at:
        return State("por empezar", "watch", "clock")
    return (
        State("vigente", "good", "circle-check")
        if now < campaign.ends_at
        else State("terminada", "", "check")
    )


def campaign_rows(*, now: datetime) -> list[CampaignRow]:
    """Every campaign, newest first."""
    return [
        CampaignRow(
            code=each.campaign.code,
            name=each.campaign.name,
            offer=f"{wording.figure(campaign=each.campaign)} {wording.lowers(campaign=each.campaign)}",
            first=each.first,
            last=each.last,
            state=state_of(campaign=each.campaign, now=now),
            actions=each.actions,
            planned_cents=each.planned_cents,
            entries=each.entries,
            spent_cents=each.spent_cents,
        )
        for each in queries.campaigns()
    ]


def campaign_page(*, campaign: Campaign, now: datetime) -> dict[str, Any]:
    """Everything the page of a campaign shows."""
    today = localtime(now).date()
    first, last = queries.days_of(campaign=campaign)
    result = results.result(campaign=campaign, today=today)
    log = _log_rows(campaign)
    at_work = [each.channel for each in result.channels if each.entries]
    return {
        "campaign": campaign,
        "first": first,
        "last": last,
        "state": state_of(campaign=campaign, now=now),
        "offer": f"{wording.figure(campaign=campaign)} {wording.lowers(campaign=campaign)}",
        "is_announced": campaign.withdrawn_at is None,
        "result": result,
        "cost_words": cost_words(result=result),
        "chart": charts.days(values=result.days, channels=at_work),
        "days": _day_rows(result),
        "channels": _channel_rows(result),
        "plan": _plan_rows(campaign, today),
        "log": log[:NEWEST_SHOWN],
        "older": log[NEWEST_SHOWN:],
    }


def cost_words(*, result: results.Result) -> str:
    """What was spent beside what came in; it never says that one brought the other."""
    if result.cost_cents is None:
        return "todavía no se cobra en sus días"
    return f"{pesos(result.cost_cents)} por cada $100 cobrados en esos días"


def typed_plan(*, action: OutreachAction) -> dict[str, Any]:
    """What the form of a plan starts with."""
    return {
        "channel": action.channel, "title": action.title, "place": action.place,
        "planned_from": action.planned_from, "planned_to": action.planned_to,
        "cost": f"{action.cost_cents // 100}.{action.cost_cents % 100:02d}" if action.cost_cents else "",
    }  # fmt: skip


def _day_rows(result: results.Result) -> list[DayRow]:
    return [
        DayRow(
            on=each.on,
            collected_cents=each.collected_cents,
            benefited_cents=each.benefited_cents,
            spent_cents=each.spent_cents,
            done=tuple(policy.amount_words(channel, quantity) for channel, quantity in each.done),
        )
        for each in result.days
        if each.collected_cents or each.done or each.spent_cents
    ]


def _channel_rows(result: results.Result) -> list[ChannelRow]:
    return [
        ChannelRow(
            name=str(each.name).capitalize(),
            icon=_CHANNEL_ICONS[Channel(each.channel)],
            done=policy.amount_words(each.channel, each.quantity) if each.entries else "nada anotado",
            days=each.days,
            planned_cents=each.planned_cents,
            spent_cents=each.spent_cents,
            collected_cents=each.collected_cents,
            cost_cents=each.cost_cents if each.entries else None,
        )
        for each in result.channels
    ]


def _plan_rows(campaign: Campaign, today: date) -> list[PlanRow]:
    rows = []
    for action in queries.plan_of(campaign=campaign):
        # annotated by `plan_of`
        done, quantity, spent = (getattr(action, name) for name in ("done", "quantity", "spent_cents"))
        rows.append(
            PlanRow(
                action=action,
                channel=str(action.get_channel_display()).capitalize(),
                icon=_CHANNEL_ICONS[Channel(action.channel)],
                done=policy.amount_words(action.channel, quantity) if done else "",
                spent_cents=spent,
                is_waiting=not done and action.planned_from <= today,
                is_over_cost=spent > action.cost_cents > 0,
            )
        )
    return rows


def _log_rows(campaign: Campaign) -> list[LogRow]:
    entries = queries.log_of(campaign=campaign)
    voids = {each.pk: each.void for each in entries if hasattr(each, "void")}
    names = people.names_of(usernames={*(each.by for each in entries), *(void.by for void in voids.values())})
    return [
        LogRow(
            entry=each,
            channel=str(each.action.get_channel_display()).capitalize(),
            icon=_CHANNEL_ICONS[Channel(each.action.channel)],
            amount=policy.amount_words(each.action.channel, each.quantity),
            by=names.get(each.by, each.by),
            evidence_word=each.get_evidence_kind_display() if each.evidence else "",
            evidence_icon=_EVIDENCE_ICONS.get(each.evidence_kind, ""),
            void_words=(
                f"Anulada por {names.get(voids[each.pk].by, voids[each.pk].by)}: {voids[each.pk].note}"
                if each.pk in voids
                else ""
            ),
        )
        for each in entries
    ]
