"""How often one address may be wrong about a code that lets a phone in: a person a few times, a program never enough."""

from datetime import datetime
from typing import Final

from django.db import connection

from caudal.kernel.visitors import digest_of

MOST_WRONG_AN_HOUR: Final = 10
_HOUR_S: Final = 3600
_KEPT_HOURS: Final = 24
# counted before it is looked at: a hundred at once are a hundred
_COUNT: Final = """
    INSERT INTO fieldwork_enrollmenttry AS tried (address, hour, n) VALUES (%s, %s, 1)
    ON CONFLICT (address, hour) DO UPDATE SET n = tried.n + 1 RETURNING n
"""


def begin_enrollment_try(*, address: str, at: datetime) -> int:
    """Count a try of an address as wrong until it is told right → minutes it must wait, 0 if it may go on."""
    second = int(at.timestamp())
    hour = second // _HOUR_S
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [digest_of(address), hour])
        n: int = cursor.fetchone()[0]
        if n == 1:
            cursor.execute("DELETE FROM fieldwork_enrollmenttry WHERE hour < %s", [hour - _KEPT_HOURS])
    return 0 if n <= MOST_WRONG_AN_HOUR else 60 - second % _HOUR_S // 60


def forgive_enrollment_try(*, address: str, at: datetime) -> None:
    """The try was not wrong: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fieldwork_enrollmenttry SET n = n - 1 WHERE address = %s AND hour = %s AND n > 0",
            [digest_of(address), int(at.timestamp()) // _HOUR_S],
        )
