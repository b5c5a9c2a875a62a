"""What campaigns hear: a publication that was asked for and granted is carried out."""

from caudal.access import policy as acts
from caudal.access.events import RequestGranted
from caudal.campaigns import commands
from caudal.campaigns.models import Campaign
from caudal.campaigns.publishing import OBJECT


def carry_out(event: RequestGranted, /) -> None:
    """The campaign asked for and granted is published, in the name of who asked for it."""
    given = event.approval
    if (given.act, given.object_kind) != (acts.PUBLISH_CAMPAIGNS, OBJECT):
        return
    commands.publish_campaign(
        campaign=Campaign.objects.get(code=given.object_id), approval=given, at=given.at, by=given.asked_by
    )
