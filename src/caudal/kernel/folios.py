"""Folios: consecutive numbers of a series, without gaps, because they roll back with their document."""

from django.db import connection

from caudal.kernel import waiting


def take(*, series: str) -> int:
    """The next number of the series. Locks the series until the transaction ends: take it last.

    :raises StillBusy: if another act holds the series for too long
    """
    with waiting.for_lock(what=f"La serie {series} está ocupada."), connection.cursor() as cursor:
        cursor.execute("SELECT kernel_take_folio(%s)", [series])
        number: int = cursor.fetchone()[0]
    return number


def take_run(*, series: str, n: int) -> int:
    """The first of `n` consecutive numbers of the series. Locks it until the transaction ends: take it last.

    :raises StillBusy: if another act holds the series for too long
    """
    with waiting.for_lock(what=f"La serie {series} está ocupada."), connection.cursor() as cursor:
        cursor.execute("SELECT kernel_take_folios(%s, %s)", [series, n])
        number: int = cursor.fetchone()[0]
    return number
