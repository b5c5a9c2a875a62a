"""News about people and what they agree on."""

from dataclasses import dataclass

from caudal.access.models import Approval


@dataclass(frozen=True, slots=True)
class RequestGranted:
    """A request was granted from the approver's own screen. Whoever knows the act may carry it out now."""

    approval: Approval
