"""Which campaign reduces the months somebody pays ahead, and how far: decisions without a database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caudal.campaigns.models import Campaign
from caudal.rules import money

# a reduction is rounded once for each concept of the bill, and once more for its VAT
ROUNDINGS = 20


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays months ahead: what a campaign's scope asks (centavos; age of the oldest debt in days)."""

    use: str
    locality: str
    is_metered: bool
    owed_cents: int = 0
    oldest_days: int = 0


@dataclass(frozen=True, slots=True)
class MonthTerms:
    """One month paid ahead (centavos): its price without prepaying, the rate and amount taken off, what is paid."""

    period: int
    quoted_cents: int
    ppm: int
    reduction_cents: int

    @property
    def paid_cents(self) -> int:
        return self.quoted_cents - self.reduction_cents


def largest(*, campaigns: Sequence[Campaign], payer: Payer, months: int) -> Campaign | None:
    """The campaign that takes off most; between equals, the one that goes first, then by code."""
    mine = [each for each in campaigns if months >= each.least_months and reaches(campaign=each, payer=payer)]
    return min(mine, key=lambda each: (-each.ppm, each.precedence, each.code), default=None)


def reaches(*, campaign: Campaign, payer: Payer) -> bool:
    """Whether somebody is in a campaign's scope."""
    regime = Campaign.Regime.METERED if payer.is_metered else Campaign.Regime.FLAT
    return (
        (not campaign.uses or payer.use in campaign.uses)
        and (not campaign.localities or payer.locality in campaign.localities)
        and campaign.regime in (Campaign.Regime.ALL, regime)
        and _within(
            payer.owed_cents, campaign.least_balance_cents or None, campaign.most_balance_cents or None
        )
        and _within(payer.oldest_days, campaign.least_age_days, campaign.most_age_days)
    )


def is_reduced_by(*, months: Iterable[MonthTerms], ppm: int, cap_cents: int | None) -> bool:
    """Whether what is taken off some months is what a rate takes off, and not an amount of somebody's choice."""
    told = list(months)
    return sum(each.reduction_cents for each in told) <= (
        sum(each.quoted_cents for each in told) if cap_cents is None else cap_cents
    ) and all(
        each.ppm in (0, ppm)
        and 0
        <= each.reduction_cents
        <= (money.divide_half_away(each.quoted_cents * each.ppm, 1_000_000) + ROUNDINGS if each.ppm else 0)
        for each in told
    )


def _within(value: int, least: int | None, most: int | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
