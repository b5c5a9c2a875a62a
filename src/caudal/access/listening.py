"""What people hears: a request about a clerk that was granted is carried out."""

from typing import Any

from caudal.access import commands, policy
from caudal.access.events import RequestGranted


def carry_out(event: RequestGranted, /) -> None:
    """What was asked about a clerk and granted is done, in the name of who asked for it."""
    given = event.approval
    if (given.act, given.object_kind) != (policy.APPROVE_CLERKS, "clerk"):
        return
    told: dict[str, Any] = {
        "username": given.object_id, "reason": given.reason, "by": given.asked_by, "at": given.at,
        "approval": given,
    }  # fmt: skip
    if given.after == commands.ENABLED:
        commands.enable_clerk(**told)
    elif given.after == commands.NEW_PHONE:
        commands.reset_second_factor(**told)
    elif given.after and "role" in given.after:
        commands.change_role(**told, role=given.after["role"])
