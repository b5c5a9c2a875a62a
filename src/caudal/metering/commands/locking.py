"""The one place that locks a period of a cycle: who reads it waits for who assesses or closes it."""

from django.db import connection

_HOLD = "SELECT pg_advisory_xact_lock{}(hashtextextended('metering period ' || %s || ' ' || %s, 0))"


def hold_period(*, cycle_id: int, period: int) -> None:
    """Alone with a period until the transaction ends: to assess it, or to close it."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(""), [str(cycle_id), str(int(period))])


def share_period(*, cycle_id: int, period: int) -> None:
    """Together with others that write readings; it is not closed or assessed meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format("_shared"), [str(cycle_id), str(int(period))])
