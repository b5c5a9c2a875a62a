"""One key, one effect: the key and what it did are written in the same transaction."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from caudal.kernel import waiting
from caudal.kernel.refusals import Refusal

KEEP: Final = (
    "INSERT INTO kernel_idempotencykey (key, act, body_hash, reply, at) VALUES (%s, %s, %s, %s::jsonb, %s)"
)


class KeyWasUsedForAnotherRequest(Refusal): ...


def once(
    *, key: UUID, act: str, body: Any, at: datetime, run: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Run once per key and remember the reply; the same key again gives the same reply.

    :param body: JSON value that identifies the request
    :raises KeyWasUsedForAnotherRequest: if the key was used with another act or body
    :raises StillBusy: if the first request with this key has not ended in time
    """
    body_hash = hashlib.sha256(
        json.dumps([act, body], sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        with waiting.for_lock(what="Esta misma operación todavía se está registrando."):
            cursor.execute("SELECT body_hash, reply::text FROM kernel_hold_request(%s)", [key])
        if earlier := cursor.fetchone():
            if earlier[0] != body_hash:
                raise KeyWasUsedForAnotherRequest(
                    "Esta operación ya se hizo con otros datos.",
                    "Vuelva a empezar el cobro para que tenga una clave nueva.",
                )
            return _in_order(json.loads(earlier[1]))
        reply = _in_order(run())
        cursor.execute(KEEP, [key, act, body_hash, json.dumps(reply), at])
        return reply


def _in_order(reply: dict[str, Any]) -> dict[str, Any]:
    """The reply as the database gives it back, keys sorted: the first answer and the next ones are the
    same byte for byte."""
    ordered: dict[str, Any] = json.loads(json.dumps(reply, sort_keys=True))
    return ordered
