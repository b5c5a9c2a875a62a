"""Sending what waits for a printer, after its commit: one sender at a time for each till, in a thread of its own.

A job is marked `unknown` before its first byte leaves and `sent` after the last. Whatever dies in between, a
cable or this process, leaves it `unknown`, and a person says whether the paper came out.
"""

import atexit
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Final

from django.db import DatabaseError, connection, connections
from django.db.models import F

from caudal.cashier.models import PrintJob, Till
from caudal.cashier.printing import printers
from caudal.cashier.printing.printers import Printer, PrinterIsOff, PrinterWasLost
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

PrinterAt = Callable[[str], Printer]
# seconds before trying again a printer that does not answer; a new payment tries at once
PAUSES: Final = (1, 2, 5, 15, 30)
# the drawer opens with a paper that is fresh: nobody stands before it later
FRESH: Final = timedelta(minutes=2)
LOCK: Final = 7_243_002
_log = logging.getLogger(__name__)


class Outcome(Enum):
    EMPTY = "nothing waits"
    OFF = "the printer does not answer"
    BUSY = "somebody else is sending"


def wake(*, till_code: str) -> None:
    """Let the sender of a till look at its queue; it leaves by itself when nothing waits."""
    with _gate:
        sender = _senders.get(till_code)
        if sender is None:
            sender = _senders[till_code] = _Sender(till_code)
            sender.start()
        sender.nudge.set()


def rest(*, seconds: int = 5) -> None:
    """Let every sender finish the paper in its hands and leave. Called when the process ends."""
    with _gate:
        waiting = list(_senders.values())
        for sender in waiting:
            sender.is_leaving = True
            sender.nudge.set()
    for sender in waiting:
        sender.join(timeout=seconds)


def drain(*, till_code: str, printer_at: PrinterAt | None = None) -> Outcome:
    """Send what waits for a till, oldest first, until nothing waits or the printer does not answer."""
    till = Till.objects.get(pk=till_code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, till_code])
        if not cursor.fetchone()[0]:
            return Outcome.BUSY
    try:
        while job := _first_waiting(till):
            if not _send(job, till, printer_at or _network_printer):
                return Outcome.OFF
        return Outcome.EMPTY
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK, till_code])


def _first_waiting(till: Till) -> PrintJob | None:
    return (
        PrintJob.objects.filter(till=till, state=PrintJob.State.WAITING)
        .select_related("receipt", "withdrawal__session__till", "withdrawal__count")
        .order_by("id")
        .first()
    )


def _send(job: PrintJob, till: Till, printer_at: PrinterAt) -> bool:
    """Send one job; False if the printer does not answer and the rest may wait."""
    mine = PrintJob.objects.filter(pk=job.pk)
    try:
        printer = printer_at(till.printer)
        printer.connect()
    except (PrinterIsOff, printers.BadPrinterAddress) as off:
        mine.update(attempts=F("attempts") + 1, problem=off.what[:200])
        return False
    try:
        paper = _composed(job, till)
        taken = paper and mine.filter(state=PrintJob.State.WAITING).update(
            state=PrintJob.State.UNKNOWN, attempts=F("attempts") + 1, body=paper, problem=""
        )
        if paper and taken:
            printer.send(paper)
            mine.update(state=PrintJob.State.SENT, finished_at=clock.now())
    except PrinterWasLost as lost:
        mine.update(problem=lost.what[:200])
    finally:
        printer.close()
    return True


def _composed(job: PrintJob, till: Till) -> bytes | None:
    """The bytes of a job; one that cannot be made is set aside, so that it does not hold the rest back."""
    if job.body:
        return bytes(job.body)
    from caudal.cashier.printing import sheets, slips, thermal

    is_fresh = clock.now() - job.asked_at < FRESH
    try:
        if job.receipt is None:
            if job.withdrawal is None:
                raise LookupError("a paper of nothing")
            sheet = sheets.withdrawal_sheet(withdrawal=job.withdrawal, copy=job.copy)
            return slips.withdrawal_slip(sheet=sheet, columns=till.printer_columns)
        return thermal.ticket(
            sheet=sheets.sheet(receipt=job.receipt, copy=job.copy),
            columns=till.printer_columns,
            opens_drawer=job.kind == PrintJob.Kind.RECEIPT and is_fresh,
        )
    except (Refusal, LookupError, TypeError, ValueError) as problem:
        _log.exception("print job %s could not be composed", job.pk)
        words = problem.what if isinstance(problem, Refusal) else "No se pudo componer el papel."
        PrintJob.objects.filter(pk=job.pk, state=PrintJob.State.WAITING).update(
            state=PrintJob.State.DISCARDED, problem=words[:200], finished_at=clock.now()
        )
        return None


def _network_printer(address: str) -> Printer:
    return printers.at(address=address)


class _Sender(threading.Thread):
    """The sender of one till in this process. Its connection to the database is closed while it waits."""

    def __init__(self, till_code: str) -> None:
        super().__init__(name=f"printer-{till_code}", daemon=True)
        self.till_code = till_code
        self.nudge = threading.Event()
        self.is_leaving = False

    def run(self) -> None:
        turn = 0
        while True:
            self.nudge.clear()
            outcome = self._drain()
            with _gate:
                is_done = outcome is Outcome.EMPTY and not self.nudge.is_set()
                if is_done or self.is_leaving:
                    _senders.pop(self.till_code, None)
                    return
            turn = 0 if outcome is Outcome.EMPTY else turn + 1
            if turn:
                self.nudge.wait(PAUSES[min(turn, len(PAUSES)) - 1])

    def _drain(self) -> Outcome:
        try:
            return drain(till_code=self.till_code)
        except DatabaseError:
            # the database comes back by itself; what waits is written there
            _log.warning("the queue of till %s could not be read", self.till_code, exc_info=True)
            return Outcome.OFF
        finally:
            connections.close_all()


_gate = threading.Lock()
_senders: dict[str, _Sender] = {}
atexit.register(rest)
