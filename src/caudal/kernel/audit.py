"""The audit: one line for each act, written in the act's own transaction."""

import json
from datetime import datetime
from typing import Any, Final

from django.db import connection

WRITE: Final = """
    INSERT INTO kernel_auditentry (act, by, at, object_kind, object_id, before, after, reason)
    VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)
"""


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
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [act, by, at, object_kind, str(object_id), _json(before), _json(after), reason])


def _json(state: Any) -> str | None:
    return None if state is None else json.dumps(state, ensure_ascii=False)
