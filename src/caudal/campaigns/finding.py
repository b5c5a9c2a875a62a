"""A campaign by its code, its paper, and what it forgave last."""

from django.core.files.base import File

from caudal.campaigns.models import Campaign, Waiver
from caudal.kernel.refusals import Refusal


class UnknownCampaign(Refusal):
    """No campaign has that code, or it has no paper."""


def campaign_by_code(*, code: str) -> Campaign:
    """The campaign of a code such as `ABRIL-2019`.

    :raises UnknownCampaign: if there is none
    """
    found = Campaign.objects.filter(code=code.strip().upper()).first()
    if found is None:
        raise UnknownCampaign(
            f"No existe la campaña {code[:20]}.", "Revise su clave en «Campañas».", field="code"
        )
    return found


def campaigns() -> list[Campaign]:
    """Every campaign, the newest window first."""
    return list(Campaign.objects.order_by("-starts_at", "code"))


def council_agreement(*, campaign: Campaign) -> "File[bytes]":
    """The paper of the council's agreement.

    :raises UnknownCampaign: if it was not kept
    """
    if not campaign.council_agreement_pdf:
        raise UnknownCampaign(
            f"Todavía no se ha guardado el acuerdo de {campaign.code}.", "Súbalo en la página de la campaña."
        )
    paper: File[bytes] = campaign.council_agreement_pdf.open("rb")
    return paper


def latest_waivers(*, campaign: Campaign, most: int) -> list[Waiver]:
    """What a campaign forgave last; each knows whether its credit was reversed."""
    return list(
        campaign.waivers.select_related("account", "credit", "credit__credit").order_by("-at", "-id")[:most]
    )
