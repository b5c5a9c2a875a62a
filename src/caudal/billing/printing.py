"""Print files of a run: its sheets set in type, in route order, with the utility's head."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from caudal.billing import sheets
from caudal.billing.models import Bill, BillingRun
from caudal.documents import print_files
from caudal.documents.layouts import Issuer
from caudal.documents.print_files import PrintFile
from caudal.kernel.models import Utility
from caudal.kernel.refusals import Refusal

_PNG = b"\x89PNG"


class CannotPrintRun(Refusal):
    """The run is not issued: there is nothing to hand out yet."""


def issuer() -> Issuer:
    """The utility as it stands at the head of a page; its logo is laid where the typesetter can read it."""
    utility = Utility.objects.filter(pk=1).first()
    if utility is None:
        return Issuer(
            name="Caudal", long_name="Organismo operador", rfc="XAXX010101000", address="", phone=""
        )
    return Issuer(
        name=utility.name,
        long_name=utility.long_name,
        rfc=utility.rfc,
        address=utility.address,
        phone=utility.phone,
        whatsapp=utility.whatsapp,
        primary_color=utility.primary_color,
        logo_path=_logo_path(utility),
    )


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


def _logo_path(utility: Utility) -> str | None:
    if not utility.logo:
        return None
    body = bytes(utility.logo)
    suffix = "png" if body.startswith(_PNG) else "svg"
    path = Path(settings.MEDIA_ROOT) / f"logo-{hashlib.sha256(body).hexdigest()[:16]}.{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return str(path)
