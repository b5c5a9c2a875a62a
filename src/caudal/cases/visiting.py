"""How often one address may come to the public pages: a neighborhood reports a few, a program thousands."""

from datetime import datetime
from typing import Final

from django.db import connection

from caudal.kernel.visitors import address_of as address_of
from caudal.kernel.visitors import digest_of

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
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [digest_of(address), what, hour])
        n: int = cursor.fetchone()[0]
        if n == 1:
            cursor.execute("DELETE FROM cases_publicaskcount WHERE hour < %s", [hour - _KEPT_HOURS])
    return 0 if n <= MOST_AN_HOUR[what] else 60 - second % 3600 // 60
