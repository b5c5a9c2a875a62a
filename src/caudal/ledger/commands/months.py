"""Closing a month of the books: nobody writes in it any more, and what it says is sealed."""

from datetime import datetime

from django.db import connection, transaction

from caudal.kernel import waiting
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import month_name
from caudal.ledger.models import MonthClose
from caudal.ledger.queries import months
from caudal.rules.periods import Period


class CannotCloseMonth(Refusal): ...


@transaction.atomic
def hold_month(*, month: Period) -> None:
    """Wait until whoever writes in a month has ended, and let nobody begin until this transaction does.

    :raises StillBusy: if somebody takes too long
    """
    with (
        waiting.for_lock(what="Alguien está cobrando o emitiendo en ese mes."),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT ledger_hold_month(%s)", [int(month)])


@transaction.atomic
def close_month(*, month: Period, digest: str, reviewed_by: str, closed_by: str, at: datetime) -> MonthClose:
    """Close a month for ever, with the figures that another person reviewed.

    What comes for it later is entered on the first day of the next one.

    :param digest: of the figures that were reviewed
    :raises CannotCloseMonth: if it is closed, an earlier month is not, it holds other figures than those reviewed,
        or who reviewed it is who closes it
    :raises StillBusy: if somebody writes in it and takes too long
    """
    hold_month(month=month)
    wanted = months.first_open_month()
    if wanted is None or month != wanted:
        raise CannotCloseMonth(*_why_not(month, wanted))
    if reviewed_by == closed_by:
        raise CannotCloseMonth(
            "Quien revisa el mes no es quien lo cierra.",
            "Pida a otra persona que lo revise.",
            field="reviewed_by",
        )
    figures = months.month_figures(month=month)
    if figures.digest != digest:
        raise CannotCloseMonth(
            f"Las cifras de {month_name(month)} ya no son las que se revisaron.",
            "Pida que las revisen otra vez: hay pólizas nuevas.",
        )
    last = MonthClose.objects.order_by("-month").first()
    previous = last.seal if last else ""
    return MonthClose.objects.create(
        month=month, n_entries=figures.n_entries, debit_cents=figures.debit_cents, figures=figures.by_account,
        seal=months.seal_of(previous=previous, digest=digest), previous_seal=previous,
        reviewed_by=reviewed_by, closed_by=closed_by, closed_at=at,
    )  # fmt: skip


def _why_not(month: Period, wanted: Period | None) -> tuple[str, str]:
    if wanted is None:
        return "Todavía no hay pólizas.", "No hay nada que cerrar."
    if month < wanted:
        return f"{month_name(month).capitalize()} ya está cerrado.", f"Sigue {month_name(wanted)}."
    return f"Antes falta cerrar {month_name(wanted)}.", "Los meses se cierran en orden."
