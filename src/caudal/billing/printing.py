"""Print files of a run: its sheets set in type, in route order, with the utility's head."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from caudal.billing import sheets
from caudal.billing.models import Bill, BillingRun
from caudal.documents import print_files
from caudal.documents.issuers import issuer as issuer
from caudal.documents.print_files import PrintFile
from caudal.kernel.refusals import Refusal


class CannotPrintRun(Refusal):
    """The run is not issued: there is nothing to hand out yet."""


def print_run(
    *, run: BillingRun, directory: Path, workers: int = 2, on_file: Callable[[PrintFile], None] | None = None
) -> list[PrintFile]:
    """Write the bills of an issued run to PDF files; asked again, files that are still true are kept.

    :raises CannotPrintRun: if the run is not issued
    """
    run = BillingRun.objects.select_related("cycle", "book").get(pk=run.pk)
    if run.state != BillingRun.State.ISSUED:
        raise CannotPrintRun(
            f"La facturación {run.pk} está {run.get_state_display()}: aún no hay recibos que imprimir.",
            "Emítala primero.",
            field="state",
        )
    return print_files.write_print_files(
        sheets=sheets.of_run(run=run, issuer=issuer()),
        directory=directory,
        run=f"{int(run.period)}-{run.cycle.code.lower()}",
        workers=workers,
        on_file=on_file,
    )


def n_pages(*, run: BillingRun) -> int:
    """How many bills a run would print, before those canceled."""
    return Bill.objects.filter(period=run.period, run_id=run.pk).count()


def print_directory(*, run: BillingRun) -> Path:
    """Where the print files of a run are kept."""
    return Path(settings.MEDIA_ROOT) / "recibos" / f"{int(run.period)}-{run.cycle.code.lower()}"
