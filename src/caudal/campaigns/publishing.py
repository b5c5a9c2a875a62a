"""Publishing and withdrawing a campaign: two people, once each, with the council's agreement."""

import hashlib
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction

from caudal.access import approvals
from caudal.access import policy as acts
from caudal.access.models import Approval, ApprovalRequest
from caudal.campaigns import policy
from caudal.campaigns.models import Campaign
from caudal.campaigns.wording import told
from caudal.kernel import audit
from caudal.kernel.models import AuditEntry
from caudal.kernel.refusals import Refusal

OBJECT: Final = "campaign"
MOST_BYTES: Final = 10 * 1024 * 1024
_PREPARING: Final = ("campaigns.draft", "campaigns.change_draft")


class CannotPublishCampaign(Refusal): ...


class CannotWithdrawCampaign(Refusal): ...


class CannotKeepCouncilAgreement(Refusal): ...


def approve_publication(
    *, campaign: Campaign, approver: str, pin: str, reason: str, at: datetime, by: str, device: str = ""
) -> Approval:
    """Somebody who stands here approves, with their PIN, that this campaign be published as it is now.

    :raises CannotPublishCampaign: as `publish_campaign`
    :raises CannotApprove: as `approvals.approve_present`
    """
    _require_publishable(campaign, at)
    _require_another(campaign, approver)
    return approvals.approve_present(
        act=acts.PUBLISH_CAMPAIGNS, approver=approver, pin=pin, asked_by=by, object_kind=OBJECT,
        object_id=campaign.code, reason=reason, at=at, device=device, after=told(campaign=campaign),
    )  # fmt: skip


@transaction.atomic
def ask_to_publish(
    *, campaign: Campaign, reason: str, at: datetime, by: str, device: str = ""
) -> ApprovalRequest:
    """Leave a publication waiting in «Por aprobar»; a yes carries it out.

    :raises CannotPublishCampaign: as `publish_campaign`
    :raises CannotAsk: if the same is waiting already
    """
    _require_publishable(campaign, at)
    return approvals.ask(
        act=acts.PUBLISH_CAMPAIGNS, asked_by=by, object_kind=OBJECT, object_id=campaign.code, reason=reason, at=at,
        device=device, after=told(campaign=campaign),
    )  # fmt: skip


@transaction.atomic
def publish_campaign(*, campaign: Campaign, approval: Approval | None, at: datetime, by: str) -> Campaign:
    """Put a campaign in force from its first moment on, by the yes of whoever did not prepare it.

    From here its rules never change.

    :raises CannotPublishCampaign: if it is no draft, its window passed, it lacks the council's agreement, it meets
        another one of the same precedence, it changed since it was approved, or whoever approves prepared it
    :raises NeedsApproval: without the yes of another person
    """
    _lock_campaigns()
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    _require_publishable(held, at)
    if approval is not None:
        _require_another(held, approval.approver)
        if approval.after != told(campaign=held):
            raise CannotPublishCampaign(
                "La campaña cambió después de que la aprobaron.",
                "Pida otra aprobación, con lo que dice ahora.",
            )
    approvals.use(
        approval=approval,
        act=acts.PUBLISH_CAMPAIGNS,
        object_kind=OBJECT,
        object_id=held.code,
        asked_by=by,
        at=at,
    )
    assert approval is not None
    held.published_at, held.published_by = at, approval.approver
    held.save(update_fields=["published_at", "published_by"])
    audit.record(
        act="campaigns.publish", by=by, at=at, object_kind=OBJECT, object_id=held.code,
        after={**told(campaign=held), "approved_by": approval.approver},
    )  # fmt: skip
    return held


@transaction.atomic
def withdraw_campaign(*, campaign: Campaign, reason: str, at: datetime, by: str) -> Campaign:
    """Take a campaign out of force from now on. What it forgave stays.

    :raises CannotWithdrawCampaign: without a reason, or if it is not published or was withdrawn before
    """
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not reason.strip():
        raise CannotWithdrawCampaign("Falta el motivo.", "Escriba por qué se retira.", field="reason")
    standing = policy.state(campaign=held, at=at)
    if standing not in (policy.State.IN_FORCE, policy.State.ANNOUNCED):
        raise CannotWithdrawCampaign(
            f"La campaña {held.code} no se puede retirar: está {standing.value}.",
            "Se retiran las que están vigentes o por empezar.",
            field="reason",
        )
    held.withdrawn_at, held.withdrawn_by, held.withdrawal_reason = at, by, reason.strip()[:200]
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    audit.record(
        act="campaigns.withdraw", by=by, at=at, object_kind=OBJECT, object_id=held.code, reason=reason.strip()
    )
    return held


@transaction.atomic
def keep_council_agreement(*, campaign: Campaign, body: bytes, at: datetime, by: str) -> Campaign:
    """Keep the PDF of the council's agreement: with the draft, or later and then once.

    :raises CannotKeepCouncilAgreement: if it is no PDF, is too large, or a published campaign has one already
    """
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not body.startswith(b"%PDF-"):
        raise CannotKeepCouncilAgreement(
            "El archivo no es un PDF.", "Digitalice el acuerdo como PDF y súbalo otra vez.", field="file"
        )
    if len(body) > MOST_BYTES:
        raise CannotKeepCouncilAgreement(
            "El archivo pesa más de 10 MB.", "Digitalícelo con menos resolución.", field="file"
        )
    if held.published_at is not None and held.council_agreement_pdf:
        raise CannotKeepCouncilAgreement(
            "El acuerdo de una campaña publicada ya no se cambia.",
            "Descárguelo para compararlo con el papel.",
            field="file",
        )
    digest = hashlib.sha256(body).hexdigest()
    held.council_agreement_pdf.save(f"{held.code.lower()}-{digest[:16]}.pdf", ContentFile(body), save=False)
    held.save(update_fields=["council_agreement_pdf"])
    audit.record(
        act="campaigns.keep_council_agreement", by=by, at=at, object_kind=OBJECT, object_id=held.code,
        after={"sha256": digest},
    )  # fmt: skip
    return held


def rivals(*, campaign: Campaign) -> list[Campaign]:
    """Published campaigns that this one would meet with the same precedence."""
    published = Campaign.objects.filter(
        published_at__isnull=False, withdrawn_at__isnull=True,
        starts_at__lt=campaign.ends_at, ends_at__gt=campaign.starts_at,
    ).exclude(pk=campaign.pk)  # fmt: skip
    return [other for other in published.order_by("code") if policy.meet(campaign, other)]


def _require_publishable(campaign: Campaign, at: datetime) -> None:
    if campaign.published_at is not None:
        raise CannotPublishCampaign(
            f"La campaña {campaign.code} ya está publicada.", "No hay nada que hacer."
        )
    if campaign.ends_at <= at:
        raise CannotPublishCampaign(
            f"La campaña terminó el {policy.last_day(campaign):%d/%m/%Y}.",
            "Cambie sus fechas.",
            field="last_on",
        )
    if not campaign.council_agreement:
        raise CannotPublishCampaign(
            "Falta el número del acuerdo del consejo.", "Escríbalo en el borrador.", field="council_agreement"
        )
    if met := rivals(campaign=campaign):
        raise CannotPublishCampaign(
            f"Coincide con {met[0].code} en fechas, cuentas y conceptos, y las dos tienen la precedencia "
            f"{campaign.precedence}.",
            "Cambie la precedencia, o haga que se sume a otras.",
            field="precedence",
        )


def _require_another(campaign: Campaign, approver: str) -> None:
    """Nobody publishes what they prepared, or changed once."""
    prepared = set(
        AuditEntry.objects.filter(
            act__in=_PREPARING, object_kind=OBJECT, object_id=campaign.code
        ).values_list("by", flat=True)
    ) | {campaign.drafted_by}
    if approver.strip().lower() in prepared:
        raise CannotPublishCampaign(
            "Quien aprueba preparó esta campaña.", "Pida que la apruebe otra persona.", field="approver"
        )


def _lock_campaigns() -> None:
    """Two campaigns that meet are not published at the same moment."""
    list(
        Campaign.objects.select_for_update()
        .filter(published_at__isnull=True)
        .values_list("pk")
        .order_by("pk")
    )
