"""How often one address may come to the public pages: a neighborhood reports a few, a program thousands."""

import hashlib
import hmac
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

MOST_AN_HOUR: Final = {"report": 20, "status": 60}
_KEPT_HOURS: Final = 24
_COUNT: Final = """
    INSERT INTO cases_publicaskcount AS asked (address, what, hour, n) VALUES (%s, %s, %s, 1)
    ON CONFLICT (address, what, hour) DO UPDATE SET n = asked.n + 1 RETURNING n
"""


def wait_for(*, what: str, address: str, at: datetime) -> int:
    """Count one visit of an address → minutes it must wait, 0 if it may go on.

    Addresses are kept as digests that only this installation can make, and for a day.

    :param what: "report" or "status"
    """
    second = int(at.timestamp())
    hour = second // 3600
    digest = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [digest, what, hour])
        n: int = cursor.fetchone()[0]
        if n == 1:
            cursor.execute("DELETE FROM cases_publicaskcount WHERE hour < %s", [hour - _KEPT_HOURS])
    return 0 if n <= MOST_AN_HOUR[what] else 60 - second % 3600 // 60


def address_of(request: HttpRequest, /) -> str:
    """Who asks: behind our own proxy, the last address that it wrote down; a visitor may invent the others."""
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
