"""A receipt as its page tells it to staff: who, when, where, why, with whose yes, what it paid and where it went."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from caudal.access.models import Approval
from caudal.cashier.models import DepositSlip, PrintJob, Receipt, TillClosing
from caudal.cashier.printing import queue, sheets
from caudal.documents import payment_codes
from caudal.documents.receipt_sheet import ReceiptSheet
from caudal.kernel.models import AuditEntry
from caudal.ledger.models import JournalLine

LATEST: Final = 50
_SIZE: Final = re.compile(r'width="(\d+)" height="(\d+)"')
CHANNELS: Final = {"window": "ventanilla", "before_tills": "antes de las cajas"}
_ACTS: Final = {
    "cashier.take_payment": "Se cobró",
    "cashier.cancel_receipt": "Se canceló",
    queue.REPRINT: "Se reimprimió",
    "approve": "Se aprobó",
    "deny_request": "No se aprobó",
    "ask_for_approval": "Se pidió aprobar",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One act on a receipt."""

    entry: AuditEntry
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """Everything about a receipt."""

    receipt: Receipt
    sheet: ReceiptSheet
    cancellation: Receipt | None
    canceled_by: str
    approval: Approval | None
    approver: str
    closing: TillClosing | None
    slip: DepositSlip | None
    journal: Sequence[JournalLine]
    happened: Sequence[Happening]
    jobs: Sequence[PrintJob]
    qr_svg: str

    @property
    def channel(self) -> str:
        return CHANNELS.get(self.receipt.channel, self.sheet.place)

    @property
    def seal(self) -> str:
        return bytes(self.receipt.hash).hex()

    @property
    def journal_rows(self) -> list[tuple[JournalLine, int, int]]:
        """Each line with its debit or its credit (centavos)."""
        return [(line, max(line.amount_cents, 0), max(-line.amount_cents, 0)) for line in self.journal]

    @property
    def debit_cents(self) -> int:
        return sum(line.amount_cents for line in self.journal if line.amount_cents > 0)


def qr_svg(*, address: str) -> str:
    """The QR of an address for a page: as large as the place it is given."""
    drawn = payment_codes.qr_svg(address)
    svg = drawn[drawn.index("<svg") :]
    return _SIZE.sub(r'viewBox="0 0 \1 \2"', svg, count=1)


def receipt_page(*, receipt: Receipt, base: str) -> ReceiptPage:
    """Everything about a receipt, from what is stored."""
    found = Receipt.objects.select_related(
        "session__till", "session__closing__deposited__slip", "settlement", "reverses", "cancellation"
    ).get(pk=receipt.pk)
    sheet = sheets.sheet(receipt=found, base=base)
    cancellation = getattr(found, "cancellation", None)
    closing = getattr(found.session, "closing", None)
    # a cancellation and what it takes back share their approval: it was given for the receipt
    of = found.reverses or found
    approval = (
        Approval.objects.filter(object_kind="receipt", object_id=of.folio, use__isnull=False)
        .order_by("-id")
        .first()
        if of.reverses_id is None and (cancellation or found.reverses)
        else None
    )
    return ReceiptPage(
        receipt=found,
        sheet=sheet,
        cancellation=cancellation,
        canceled_by=sheets.clerk_name(username=cancellation.received_by) if cancellation else "",
        approval=approval,
        approver=sheets.clerk_name(username=approval.approver) if approval else "",
        closing=closing,
        slip=closing.deposited.slip if closing and hasattr(closing, "deposited") else None,
        journal=_journal(found),
        happened=_happened(found),
        jobs=list(found.print_jobs.select_related("till").order_by("id")),
        qr_svg=qr_svg(address=sheet.verification_address),
    )


def _journal(receipt: Receipt) -> list[JournalLine]:
    """The entry of a receipt; one that came in a file shares the entry of its file and shows none of its own."""
    kind = "reversal.payment" if receipt.reverses_id else "credit.payment"
    return list(
        JournalLine.objects.filter(entry__kind=kind, entry__document=receipt.folio)
        .select_related("entry", "ledger_account", "concept")
        .order_by("id")
    )


def _happened(receipt: Receipt) -> list[Happening]:
    entries = AuditEntry.objects.filter(object_kind="receipt", object_id=receipt.folio).order_by("at", "id")
    names: dict[str, str] = {}
    shown = []
    for entry in entries:
        if entry.by not in names:
            names[entry.by] = sheets.clerk_name(username=entry.by)
        if words := _ACTS.get(entry.act):
            copy = (entry.after or {}).get("copy")
            shown.append(Happening(entry, f"{words} ({copy})" if copy else words, names[entry.by]))
    return shown


def latest(*, text: str = "") -> QuerySet[Receipt]:
    """The last receipts, or those of a series, a clerk or an account."""
    found = Receipt.objects.select_related("session__till", "settlement__channel", "reverses", "cancellation")
    if text:
        asked = text.strip()
        found = found.filter(
            Q(series__iexact=asked) | Q(received_by__iexact=asked) | Q(payments__account__number=asked)
        ).distinct()
    return found.order_by("-paid_at", "-id")[:LATEST]


def print_queue() -> dict[str, Any]:
    """The queue of every printer: what waits or is in doubt, and the last papers that were settled."""
    from caudal.cashier.printing import pending

    settled = (
        PrintJob.objects.filter(state__in=[PrintJob.State.SENT, PrintJob.State.DISCARDED])
        .select_related("till", "receipt")
        .order_by("-id")[:20]
    )
    return {"pending": list(pending()), "settled": list(settled)}
