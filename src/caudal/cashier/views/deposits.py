"""Deposits: what waits to be taken to the bank, the slips, and one whole with its paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from caudal.access import gates
from caudal.access import policy as acts
from caudal.cashier import closing_pages, commands, drawer, till_sheets
from caudal.cashier.models import DepositSlip, TillClosing
from caudal.cashier.till_forms import DepositForm
from caudal.cashier.views.tills import posted, say, who
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal


@gates.requires(acts.READ_TILLS)
def every(request: HttpRequest) -> HttpResponse:
    """What waits, and the newest slips."""
    page = {
        "waiting": closing_pages.waiting_for_deposit(), "slips": closing_pages.slips(),
        "may_supervise": acts.may(clerk=request.user, act=acts.SUPERVISE_TILLS),  # type: ignore[arg-type]
    }  # fmt: skip
    return render(request, "cashier/deposits.html", page)


@gates.requires(acts.SUPERVISE_TILLS)
def new(request: HttpRequest) -> HttpResponse:
    """Fill a slip: which closings, to which account, with which reference."""
    waiting = drawer.closings_to_deposit()
    form = DepositForm(
        posted(request),
        closings=[(part.closing_id, part.folio) for part in waiting],
        initial={
            "on": clock.today(), "bank_account": closing_pages.last_bank_account(),
            "closings": [part.closing_id for part in waiting],
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            slip = _deposited(request, form.cleaned_data)
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"Ficha {slip.folio} registrada.", extra_tags="good")
            return redirect("deposit", number=slip.number)
    chosen = {str(each) for each in (form["closings"].value() or [])}
    page = {
        "form": form.with_focus(), "waiting": [(part, str(part.closing_id) in chosen) for part in waiting],
        "totals": closing_pages.part_totals(parts=waiting),
    }  # fmt: skip
    return render(request, "cashier/deposit_new.html", page, status=422 if form.errors else 200)


def _deposited(request: HttpRequest, typed: dict[str, Any]) -> DepositSlip:
    return commands.deposit_closings(
        closings=list(TillClosing.objects.filter(pk__in=typed["closings"])),
        bank_account=typed["bank_account"],
        reference=typed["reference"],
        on=typed["on"],
        at=clock.now(),
        by=who(request),
    )


@gates.requires(acts.READ_TILLS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One slip whole."""
    slip = get_object_or_404(DepositSlip, number=number)
    sheet = till_sheets.deposit_sheet(slip=slip)
    return render(request, "cashier/deposit.html", {"slip": slip, "sheet": sheet})


@gates.requires(acts.READ_TILLS)
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    """One slip on paper."""
    slip = get_object_or_404(DepositSlip, number=number)
    answer = HttpResponse(till_sheets.deposit_pdf(slip=slip), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slip.folio}.pdf"'
    return answer
