"""Receipts: the list, the page of one, its papers, a reprint; and the queue of the printers."""

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from caudal.access import gates
from caudal.access import policy as acts
from caudal.cashier import printing, queries, receipt_pages
from caudal.cashier.models import PrintJob, Receipt, Till
from caudal.cashier.printing import sheets
from caudal.documents import receipt_page
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

# so long the first paper can be printed from its page by who took the payment; then it is a reprint
FIRST_PAPER: Final = timedelta(minutes=10)
GONE: Final = "Para volver a imprimirlo use «Reimprimir»: queda registrado y el papel lo dice."


@gates.requires(acts.READ_ACCOUNTS)
def every(request: HttpRequest) -> HttpResponse:
    """The last receipts, and a box that goes to one by its folio."""
    text = request.GET.get("folio", "").strip()
    if text:
        try:
            return redirect("receipt", folio=queries.receipt_by_folio(folio=text).folio)
        except queries.UnknownReceipt as unknown:
            rows = receipt_pages.latest(text=text)
            page = {"rows": rows, "asked": text, "refusal": None if rows else unknown}
            return render(request, "cashier/receipts.html", page, status=200 if rows else 404)
    return render(request, "cashier/receipts.html", {"rows": receipt_pages.latest(), "asked": ""})


@gates.requires(acts.READ_ACCOUNTS)
def one(request: HttpRequest, folio: str) -> HttpResponse:
    """Everything about a receipt."""
    try:
        page = receipt_pages.receipt_page(receipt=queries.receipt_by_folio(folio=folio), base=_base(request))
    except Refusal as refusal:
        return _missing(request, refusal)
    return render(request, "cashier/receipt.html", {"of": page, "sheet": page.sheet})


@gates.requires(acts.READ_ACCOUNTS)
def ticket(request: HttpRequest, folio: str) -> HttpResponse:
    """The paper of 80 mm as a page that prints itself: the first one, or a reprint that was counted."""
    try:
        receipt = queries.receipt_by_folio(folio=folio)
    except Refusal as refusal:
        return _missing(request, refusal)
    copy = _copy_asked(request, receipt)
    if copy is None:
        messages.info(request, GONE)
        return redirect("receipt", folio=receipt.folio)
    sheet = sheets.sheet(receipt=receipt, copy=copy, base=_base(request))
    page = {"sheet": sheet, "qr_svg": receipt_pages.qr_svg(address=sheet.verification_address)}
    return render(request, "cashier/receipt_ticket.html", page)


@gates.requires(acts.READ_ACCOUNTS)
def pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """The receipt as a PDF to send or keep."""
    try:
        sheet = sheets.sheet(receipt=queries.receipt_by_folio(folio=folio), base=_base(request))
    except Refusal as refusal:
        return _missing(request, refusal)
    answer = HttpResponse(receipt_page.receipt_pdf(sheet=sheet), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="comprobante-{sheet.folio}.pdf"'
    return answer


@gates.requires(acts.TAKE_PAYMENTS)
@require_POST
def reprint(request: HttpRequest, folio: str) -> HttpResponse:
    """Print a receipt once more, where this clerk is or where it was paid."""
    by = request.user.get_username()
    session = queries.live_session(cashier=by)
    try:
        receipt = queries.receipt_by_folio(folio=folio)
        again = printing.reprint(
            receipt=receipt, at=clock.now(), by=by, till=session.till if session else None
        )
    except queries.UnknownReceipt as refusal:
        return _missing(request, refusal)
    except printing.CannotReprint as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("receipt", folio=folio)
    if again.job is None:
        return redirect(f"{reverse('receipt_ticket', args=[receipt.folio])}?reimpresion={again.copy}")
    messages.success(request, f"Reimpresión {again.copy} enviada a {again.job.till.name}.", extra_tags="good")
    return redirect("receipt", folio=receipt.folio)


@gates.requires(acts.SUPERVISE_TILLS)
def print_queue(request: HttpRequest) -> HttpResponse:
    """What waits for a printer or is in doubt, and what to do about it."""
    tills = Till.objects.filter(closed_on=None).exclude(printer="").order_by("code")
    page = {
        **receipt_pages.print_queue(),
        "printers": [(till, printing.state(till)) for till in tills],
    }
    return render(request, "cashier/print_queue.html", page)


@gates.requires(acts.SUPERVISE_TILLS)
@require_POST
def print_again(request: HttpRequest, pk: int) -> HttpResponse:
    """It did not come out: print it again, as a reprint."""
    return _settled(request, pk, "again")


@gates.requires(acts.SUPERVISE_TILLS)
@require_POST
def print_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    """It did come out."""
    return _settled(request, pk, "confirm")


@gates.requires(acts.SUPERVISE_TILLS)
@require_POST
def print_discarding(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not wanted any more."""
    return _settled(request, pk, "discard")


@gates.requires(acts.SUPERVISE_TILLS)
@require_POST
def print_retry(request: HttpRequest, code: str) -> HttpResponse:
    """Try the printer of a till now."""
    printing.retry(till=get_object_or_404(Till, pk=code))
    messages.info(request, "Se está intentando otra vez.")
    return redirect("print_queue")


def _settled(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    job = get_object_or_404(PrintJob, pk=pk)
    by, at = request.user.get_username(), clock.now()
    try:
        if what == "again":
            again = printing.print_again(job=job, at=at, by=by)
            said = f"Reimpresión {again.copy} enviada a {job.till.name}."
        elif what == "confirm":
            printing.confirm(job=job, at=at, by=by)
            said = "Quedó como impreso."
        else:
            printing.discard(job=job, at=at, by=by)
            said = "Se descartó."
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        messages.success(request, said, extra_tags="good")
    return redirect("print_queue")


def _copy_asked(request: HttpRequest, receipt: Receipt) -> int | None:
    """Which paper is asked for: 0 the first, a counted reprint, or None if neither may be printed."""
    counted = printing.reprints(receipt=receipt)
    text = request.GET.get("reimpresion", "")
    if text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= counted:
        return int(text)
    is_fresh = clock.now() - receipt.paid_at < FIRST_PAPER
    is_own = receipt.received_by == request.user.get_username()
    return 0 if is_own and is_fresh and not counted else None


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _missing(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
