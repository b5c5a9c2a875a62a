"""The bills on paper: those of the cast one by one, and the print files of the whole month."""

import re
from pathlib import Path
from typing import Any

from caudal.billing import commands as billing
from caudal.billing import queries as bills
from caudal.billing.models import BillingRun
from caudal.intake.loading.ground import plain
from caudal.intake.town.cast import cast

SAMPLES = "recibos-de-muestra"


def print_samples(*, run: BillingRun, directory: Path) -> list[Path]:
    """One PDF for each of the cast who has a bill, named after account and person."""
    folder = directory / SAMPLES
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for person in cast():
        folio = bills.bill_folio(period=int(run.period), account_number=person.number, revision=1)
        try:
            body = bills.bill_pdf(folio=folio)
        except bills.UnknownBill:
            continue  # held or without charge: the summary says so
        path = folder / f"{person.number}-{_slug(person.name)}.pdf"
        path.write_bytes(body)
        written.append(path)
    return written


def print_run(*, run: BillingRun, directory: Path) -> list[Any]:
    """The print files of a run, in route order."""
    return list(billing.print_run(run=run, directory=directory / "recibos"))


def _slug(name: str) -> str:
    """`HOTEL RIBERA S.A. DE C.V.` → `hotel-ribera-s-a-de-c-v`: a file name for any system."""
    return re.sub(r"[^a-z0-9]+", "-", plain(name.split("(")[0]).lower()).strip("-")
