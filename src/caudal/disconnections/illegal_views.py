"""Pages of water taken without leave: one found flowing with its fine, and the fine taken back by two people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from caudal.access import devices, gates, policy
from caudal.disconnections import commands, queries
from caudal.disconnections.forms import FineBackForm, IllegalForm
from caudal.disconnections.models import IllegalReconnection
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, pesos
from caudal.registry import queries as accounts
from caudal.registry.models import Account

MOST_BYTES = 10_000_000


@gates.requires(policy.PREPARE_CUTS)
def illegal_new(request: HttpRequest, number: str) -> HttpResponse:
    """Write that a cut service was found flowing: its fine by the rule of that day, and its case."""
    try:
        account = accounts.account_by_number(number=number)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    is_post, today = request.method == "POST", clock.today()
    form = IllegalForm(
        request.POST if is_post else None, request.FILES if is_post else None, initial={"found_on": today}
    )
    if is_post and form.is_valid():
        try:
            found = _recorded(request, form, account)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request, f"Se anotó. Multa de {pesos(found.fine_cents)}; reporte {found.case_folio}."
            )
            return redirect("account_cuts", number=account.number)
    card = accounts.account_card(account=account, on=today)
    page = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "form": form.with_focus(),
        "rules": queries.policies().filter(effective_from__lte=today).first(),
    }
    return render(request, "disconnections/illegal_new.html", page, status=422 if form.errors else 200)


@gates.requires(policy.PREPARE_CUTS)
def fine_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a fine back with the PIN of another person who stands here."""
    found = IllegalReconnection.objects.select_related("account", "cancellation").filter(pk=pk).first()
    if found is None:
        missing = queries.UnknownCut("No hay una multa así.", "Ábrala desde los «Cortes» de su cuenta.")
        return render(request, "kernel/refusal.html", {"refusal": missing}, status=404)
    by = request.user.get_username()
    form = FineBackForm(
        request.POST if request.method == "POST" else None, act=policy.APPROVE_CUTS, asked_by=by
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            given = commands.approve_fine_back(
                illegal=found, approver=said["approver"], pin=said["pin"], reason=said["reason"], at=clock.now(),
                by=by, device=devices.of(request),
            )  # fmt: skip
            commands.cancel_illegal_reconnection(
                illegal=found, reason=said["reason"], approval=given, at=clock.now(), by=by
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, f"Se quitó la multa de {pesos(found.fine_cents)}.")
            return redirect("account_cuts", number=found.account.number)
    page = {"illegal": found, "form": form.with_focus()}
    return render(request, "disconnections/fine_back.html", page, status=422 if form.errors else 200)


def _recorded(request: HttpRequest, form: IllegalForm, account: Account) -> IllegalReconnection:
    sent, by = form.cleaned_data["photo"], request.user.get_username()
    photos = [sent.read(MOST_BYTES + 1)] if sent else []
    return commands.record_illegal_reconnection(
        account=account, found_on=form.cleaned_data["found_on"], found_by=by,
        evidence=form.cleaned_data["evidence"], photos=photos, at=clock.now(), by=by,
    )  # fmt: skip
