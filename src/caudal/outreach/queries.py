"""What was planned to announce a campaign, and what was really done."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import localtime

from caudal.campaigns.models import Campaign
from caudal.kernel import waiting
from caudal.kernel.refusals import Refusal
from caudal.outreach.evidence import SUFFIX_TYPES
from caudal.outreach.models import OutreachAction, OutreachEntry


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


def days_of(*, campaign: Campaign) -> tuple[date, date]:
    """First and last day of a campaign, both inside, in the utility's zone."""
    return localtime(campaign.starts_at).date(), localtime(
        campaign.ends_at - timedelta(microseconds=1)
    ).date()


def campaign_by_code(*, code: str) -> Campaign:
    """The campaign of a code.

    :raises UnknownCampaign: if there is none
    """
    found: Campaign | None = Campaign.objects.filter(code=code.strip().upper()).first()
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
