"""Accounts by the serial of a meter that hangs, or once hung, at their point."""

from dataclasses import dataclass
from typing import Final

from django.db import connection

# fewer signs begin too many serials to say anything
SHORTEST: Final = 4

FOUND: Final = """
    SELECT g.account_id, a.number, m.serial, bool_or(i.removed_on IS NULL AND g.effective_to IS NULL),
        registry_squeezed(m.serial) = %(squeezed)s
    FROM (SELECT id, serial FROM metering_meter WHERE registry_squeezed(serial) LIKE %(squeezed)s || '%%'
          ORDER BY registry_squeezed(serial) USING ~<~ LIMIT %(limit)s) m
    JOIN metering_meterinstallation i ON i.meter_id = m.id
    JOIN registry_serviceagreement g ON g.service_point_id = i.service_point_id
        AND (g.effective_to IS NULL OR g.effective_to > i.installed_on)
        AND (i.removed_on IS NULL OR g.effective_from < i.removed_on)
    JOIN registry_account a ON a.id = g.account_id
    GROUP BY g.account_id, a.number, m.serial
    ORDER BY 5 DESC, m.serial, 4 DESC, a.number LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class FoundMeter:
    """An account and one of its meters: whether it hangs there now, and whether its whole serial was typed."""

    account_id: int
    account_number: str
    serial: str
    hangs_now: bool
    is_whole: bool


def meters_found(*, serial: str, limit: int = 20) -> list[FoundMeter]:
    """Meters whose serial begins like this, whole ones first; case, spaces and hyphens say nothing."""
    squeezed = "".join(sign for sign in serial if sign.isalnum()).upper()
    if len(squeezed) < SHORTEST or not squeezed.isascii() or not any(map(str.isdigit, squeezed)):
        return []
    with connection.cursor() as cursor:
        cursor.execute(FOUND, {"squeezed": squeezed, "limit": limit})
        return [FoundMeter(*row) for row in cursor.fetchall()]
