"""Rows for the pages of campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.timezone import localtime

from caudal.access import queries as people
from caudal.campaigns import policy, queries, wording
from caudal.campaigns.models import Campaign
from caudal.campaigns.policy import State
from caudal.campaigns.reporting import ForgivenRow, Report, Sum

_PILLS: Final = {
    State.DRAFT: ("", "circle-dot"),
    State.ANNOUNCED: ("watch", "clock"),
    State.IN_FORCE: ("good", "circle-check"),
    State.ENDED: ("", "check"),
    State.WITHDRAWN: ("bad", "ban"),
}


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as the list and its own page show it (centavos)."""

    code: str
    name: str
    state: str
    pill: str
    icon: str
    first: date
    last: date
    reduction: str
    condition: str
    scope: str
    agreement: str
    has_paper: bool
    forgiven_cents: int
    told: tuple[tuple[str, str], ...]
    drafted_by: str
    drafted_at: datetime
    published_by: str
    published_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawal_reason: str

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def may_be_withdrawn(self) -> bool:
        return self.state in (State.ANNOUNCED, State.IN_FORCE)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What was forgiven, with names instead of users."""

    report: Report
    rows: tuple[tuple[ForgivenRow, str], ...]
    by_rule: tuple[Sum, ...]
    by_clerk: tuple[tuple[str, Sum], ...]


def campaign_rows(*, campaigns: Sequence[Campaign], at: datetime) -> list[CampaignRow]:
    """Campaigns with where each stands and what it has forgiven until now."""
    forgiven = queries.forgiven_by_rule()
    names = people.names_of(
        usernames={
            name
            for each in campaigns
            for name in (each.drafted_by, each.published_by, each.withdrawn_by)
            if name
        }
    )
    return [_row(each, at, forgiven.get(each.code, 0), names) for each in campaigns]


def _row(campaign: Campaign, at: datetime, forgiven_cents: int, names: dict[str, str]) -> CampaignRow:
    state = policy.state(campaign=campaign, at=at)
    pill, icon = _PILLS[state]
    return CampaignRow(
        code=campaign.code,
        name=campaign.name,
        state=state.value,
        pill=pill,
        icon=icon,
        first=localtime(campaign.starts_at).date(),
        last=policy.last_day(campaign),
        reduction=wording.reduction(campaign=campaign),
        condition=wording.condition(campaign=campaign),
        scope=wording.scope(campaign=campaign),
        agreement=campaign.council_agreement,
        has_paper=bool(campaign.council_agreement_pdf),
        forgiven_cents=forgiven_cents,
        told=tuple((name.capitalize(), words) for name, words in wording.told(campaign=campaign).items()),
        drafted_by=names.get(campaign.drafted_by, campaign.drafted_by),
        drafted_at=campaign.drafted_at,
        published_by=names.get(campaign.published_by, campaign.published_by),
        published_at=campaign.published_at,
        withdrawn_by=names.get(campaign.withdrawn_by, campaign.withdrawn_by),
        withdrawn_at=campaign.withdrawn_at,
        withdrawal_reason=campaign.withdrawal_reason,
    )


def report_page(*, report: Report, most: int) -> ReportPage:
    """A report with the first rows, the newest ones first."""
    names = people.names_of(usernames={row.by for row in report.rows})
    shown = tuple(reversed(report.rows))[:most]
    return ReportPage(
        report=report,
        rows=tuple((row, names.get(row.by, row.by)) for row in shown),
        by_rule=tuple(report.by_rule),
        by_clerk=tuple((names.get(each.of, each.of), each) for each in report.by_clerk),
    )
