"""The queue of a printer: papers are asked in the transaction of what they say and sent after it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from caudal.cashier.models import CashWithdrawal, PrintJob, Receipt, Till
from caudal.cashier.printing import sender
from caudal.kernel import audit
from caudal.kernel.models import AuditEntry
from caudal.kernel.refusals import Refusal

REPRINT = "cashier.reprint_receipt"
State = PrintJob.State


class CannotReprint(Refusal): ...


class CannotSettleJob(Refusal): ...


@dataclass(frozen=True, slots=True)
class Reprint:
    """Which reprint it is, and its job; without a printer there is no job and the page prints it."""

    copy: int
    job: PrintJob | None


def enqueue(*, receipt_id: int, till: Till, at: datetime, by: str) -> PrintJob | None:
    """Ask for the paper of a receipt, in its own transaction; nothing if the till has no printer.

    It costs one row: the paper is made and sent after the commit, by another thread.
    """
    if not till.printer:
        return None
    job = PrintJob.objects.create(
        till=till, kind=PrintJob.Kind.RECEIPT, receipt_id=receipt_id, asked_at=at, asked_by=by
    )
    _send_after_commit(till.pk)
    return job


def enqueue_withdrawal(
    *, withdrawal: CashWithdrawal, till: Till, at: datetime, by: str, copy: int = 0
) -> PrintJob | None:
    """Ask for the paper that two people sign, in the transaction of the withdrawal; nothing without a printer."""
    if not till.printer:
        return None
    job = PrintJob.objects.create(
        till=till, kind=PrintJob.Kind.WITHDRAWAL, withdrawal=withdrawal, copy=copy, asked_at=at, asked_by=by
    )
    _send_after_commit(till.pk)
    return job


@transaction.atomic
def reprint(*, receipt: Receipt, at: datetime, by: str, till: Till | None = None) -> Reprint:
    """Ask for one more paper of a receipt: counted, audited, and it says that it is a reprint.

    :param till: where it is printed; if not given, at the till that took the payment
    :raises CannotReprint: if the receipt came in a file of a channel and no till was chosen
    """
    chosen = till or (receipt.session.till if receipt.session else None)
    if chosen is None and receipt.settlement_id is not None:
        raise CannotReprint(
            f"El comprobante {receipt.folio} no se cobró en una caja.",
            "Imprímalo desde su página.",
            field="till",
        )
    with connection.cursor() as cursor:
        # two people who reprint at once are the second and the third, not twice the second
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"reprint/{receipt.folio}"])
    copy = reprints(receipt=receipt) + 1
    audit.record(
        act=REPRINT, by=by, at=at, object_kind="receipt", object_id=receipt.folio,
        after={"copy": copy, "till": chosen.pk if chosen else ""},
    )  # fmt: skip
    if chosen is None or not chosen.printer:
        return Reprint(copy, None)
    job = PrintJob.objects.create(
        till=chosen, kind=PrintJob.Kind.REPRINT, receipt=receipt, copy=copy, asked_at=at, asked_by=by
    )
    _send_after_commit(chosen.pk)
    return Reprint(copy, job)


def reprints(*, receipt: Receipt) -> int:
    """How many times a receipt was reprinted."""
    return AuditEntry.objects.filter(object_kind="receipt", object_id=receipt.folio, act=REPRINT).count()


@transaction.atomic
def print_again(*, job: PrintJob, at: datetime, by: str) -> Reprint:
    """The paper of a job did not come out: the job is discarded and a reprint takes its place.

    :raises CannotSettleJob: if the job still waits: it will be sent by itself
    """
    held = _held(job)
    if held.state == State.WAITING:
        raise CannotSettleJob(
            "Ese papel todavía está en espera.", "Saldrá solo cuando la impresora responda.", field="job"
        )
    if held.state == State.UNKNOWN:
        _settle(held, State.DISCARDED, at, by, "No salió; se imprime otra vez.")
    if held.receipt is not None:
        return reprint(receipt=held.receipt, at=at, by=by, till=held.till)
    assert held.withdrawal is not None  # a paper is of one or of the other
    copy = held.copy + 1
    return Reprint(
        copy, enqueue_withdrawal(withdrawal=held.withdrawal, till=held.till, at=at, by=by, copy=copy)
    )


@transaction.atomic
def confirm(*, job: PrintJob, at: datetime, by: str) -> None:
    """A person looked: the paper of a job in doubt did come out.

    :raises CannotSettleJob: if the job is not in doubt
    """
    held = _held(job)
    if held.state != State.UNKNOWN:
        raise CannotSettleJob(
            f"Ese papel está {held.get_state_display()}.", "Vuelva a cargar la página.", field="job"
        )
    _settle(held, State.SENT, at, by, "Salió.")


@transaction.atomic
def discard(*, job: PrintJob, at: datetime, by: str) -> None:
    """A paper that waits or is in doubt is not wanted any more.

    :raises CannotSettleJob: if it was printed or discarded already
    """
    held = _held(job)
    if held.state not in (State.WAITING, State.UNKNOWN):
        raise CannotSettleJob(
            f"Ese papel ya está {held.get_state_display()}.", "Vuelva a cargar la página.", field="job"
        )
    _settle(held, State.DISCARDED, at, by, "Ya no hace falta.")


def retry(*, till: Till) -> None:
    """Try the printer of a till now instead of at its next turn."""
    _send_after_commit(till.pk)


def _held(job: PrintJob) -> PrintJob:
    jobs = PrintJob.objects.select_for_update(of=("self",)).select_related("till", "receipt", "withdrawal")
    return jobs.get(pk=job.pk)


def _settle(job: PrintJob, state: str, at: datetime, by: str, reason: str) -> None:
    before = job.state
    job.state, job.finished_at = state, at
    job.save(update_fields=["state", "finished_at"])
    audit.record(
        act="cashier.settle_print_job", by=by, at=at, object_kind="print_job", object_id=job.pk,
        before={"state": before}, after={"state": state}, reason=reason,
    )  # fmt: skip


def _send_after_commit(till_code: str) -> None:
    transaction.on_commit(lambda: sender.wake(till_code=till_code))
