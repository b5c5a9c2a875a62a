"""Pure decisions about rules: where each stands, whether two of them meet, and the moments of a local window."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils.timezone import get_default_timezone

from caudal.campaigns.models import Campaign


class State(StrEnum):
    """Where a campaign stands at a moment."""

    DRAFT = "borrador"
    ANNOUNCED = "por empezar"
    IN_FORCE = "vigente"
    ENDED = "terminada"
    WITHDRAWN = "retirada"


def state(*, campaign: Campaign, at: datetime) -> State:
    """Where a campaign stands at a moment: it starts and ends by itself."""
    if campaign.published_at is None:
        return State.DRAFT
    if campaign.withdrawn_at is not None and campaign.withdrawn_at <= at:
        return State.WITHDRAWN
    if at < campaign.starts_at:
        return State.ANNOUNCED
    return State.IN_FORCE if at < campaign.ends_at else State.ENDED


def midnight(on: date, /) -> datetime:
    """The moment a local day starts."""
    return datetime.combine(on, time(), get_default_timezone())


def last_day(campaign: Campaign, /) -> date:
    """The last local day of a window, as people say it: the eve of the moment it ends."""
    eve = campaign.ends_at.astimezone(get_default_timezone()) - timedelta(microseconds=1)
    return eve.date()


def meet(one: Campaign, other: Campaign, /) -> bool:
    """Whether an account could be in two rules at once, for the same thing, with nothing that says which goes first.

    Rules that stack never meet: both apply.
    """
    if one.stacks or other.stacks or one.precedence != other.precedence:
        return False
    return (
        one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        and _grant_the_same(one, other)
        and _share_any(one.uses, other.uses)
        and _share_any(one.localities, other.localities)
        and (one.regime == other.regime or Campaign.Regime.ALL in (one.regime, other.regime))
        and _ranges_meet(one, other, "balance_cents")
        and _ranges_meet(one, other, "age_days")
    )


def _grant_the_same(one: Campaign, other: Campaign) -> bool:
    """Whether both forgive the same concepts for the same act, or both reduce months paid ahead."""
    same_act = (one.on_single_payment and other.on_single_payment) or (
        one.on_arrangement and other.on_arrangement
    )
    return (one.on_prepayment and other.on_prepayment) or (
        same_act and bool(set(one.reduces) & set(other.reduces))
    )


def _share_any(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two scopes share something; an empty one is everything."""
    return not one or not other or bool(set(one) & set(other))


def _ranges_meet(one: Campaign, other: Campaign, name: str) -> bool:
    (least, most), (least_other, most_other) = _range(one, name), _range(other, name)
    return (most is None or least_other is None or least_other <= most) and (
        most_other is None or least is None or least <= most_other
    )


def _range(campaign: Campaign, name: str) -> tuple[int | None, int | None]:
    """The least and the most; an amount of zero is no limit."""
    least, most = getattr(campaign, f"least_{name}"), getattr(campaign, f"most_{name}")
    return (least or None, most or None) if name.endswith("_cents") else (least, most)
