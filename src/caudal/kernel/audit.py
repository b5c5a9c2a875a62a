"""The audit: one line for each act, written in the act's own transaction."""

from datetime import datetime
from typing import Any

from caudal.kernel.models import AuditEntry


def record(
    *,
    act: str,
    by: str,
    at: datetime,
    object_kind: str,
    object_id: object,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Write who did what to which object, with the state before and after (JSON values)."""
    AuditEntry.objects.create(
        act=act,
        by=by,
        at=at,
        object_kind=object_kind,
        object_id=str(object_id),
        before=before,
        after=after,
        reason=reason,
    )
