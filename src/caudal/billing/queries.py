"""Questions about runs and bills; nothing is written."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from caudal.billing import issuing, printing, sheets
from caudal.billing.delivered import RouteDelivery as RouteDelivery
from caudal.billing.delivered import delivery_by_route as delivery_by_route
from caudal.billing.issuing import Completeness as Completeness
from caudal.billing.models import Bill, BillCancellation, BillingRun, HeldBill
from caudal.billing.papers import UnknownBill as UnknownBill
from caudal.billing.papers import bill_by_folio as bill_by_folio
from caudal.billing.papers import bill_pdf as bill_pdf
from caudal.billing.printing import issuer as issuer
from caudal.billing.printing import print_directory as print_directory
from caudal.billing.sheets import bill_folio as bill_folio
from caudal.documents.layouts import BillSheet
from caudal.kernel.refusals import Refusal


class UnknownRun(Refusal):
    """No run has that number."""


def runs() -> QuerySet[BillingRun]:
    """All runs, the newest first."""
    return BillingRun.objects.select_related("cycle", "book").order_by("-period", "-id")


def run_by_id(*, run_id: int) -> BillingRun:
    """Find a run by its number.

    :raises UnknownRun: if there is none
    """
    run = runs().filter(pk=run_id).first()
    if run is None:
        raise UnknownRun(
            "No hay una facturación con ese número.", "Véalas con «caudal billing list».", value=str(run_id)
        )
    return run


def completeness(*, run: BillingRun) -> Completeness:
    """Each active service of a computed run against its bill, its hold or its cause."""
    return issuing.completeness(run=run)


def run_summary(*, run: BillingRun) -> dict[str, Any]:
    """What a run adds up to, with who moved it and when: ready for a page or `--json`."""
    steps = run.steps.order_by("at", "id").values("state", "at", "by", "reason")
    return {
        "run": run.pk,
        "cycle": run.cycle.code,
        "period": int(run.period),
        "state": run.state,
        "state_text": run.get_state_display(),
        "book": run.book.code,
        "issued_on": run.issued_on,
        "due_on": run.due_on,
        "accounts": run.n_accounts,
        "seal": run.seal,
        "steps": list(steps),
        **{name: value for name, value in run.summary.items() if name != "released"},
    }


def held_bills(*, run: BillingRun) -> QuerySet[HeldBill]:
    """The held bills of a run, those undecided first, then the largest."""
    return run.held.select_related("account").order_by("decision", "reason", "-total_cents", "id")


def bills_of(*, account_id: int, periods: Sequence[int] | None = None) -> QuerySet[Bill]:
    """The bills of an account, the newest first; naming the periods keeps to their partitions."""
    found = Bill.objects.filter(account_id=account_id)
    if periods is not None:
        found = found.filter(period__in=[int(period) for period in periods])
    return found.order_by("-period", "-revision")


def cancellations(*, account_id: int) -> set[tuple[int, int]]:
    """(period, revision) of the canceled bills of an account."""
    rows = BillCancellation.objects.filter(account_id=account_id).values_list("period", "revision")
    return {(int(period), revision) for period, revision in rows}


def bill_sheets(*, run: BillingRun | None = None, bills: Sequence[Bill] | None = None) -> Iterator[BillSheet]:
    """Bills as sheets to print, in route order: those of a run (the canceled left out), or those given."""
    head = printing.issuer()
    if run is not None:
        return sheets.of_run(run=run, issuer=head)
    return sheets.of_bills(bills=list(bills or ()), issuer=head)
