"""The pages of the window. Each verb works as a plain form; with script, only the screen travels back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from caudal.access import gates, policy
from caudal.cashier import printing
from caudal.frontdesk import queries as frontdesk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.registry import queries as registry
from caudal.window import commands, finding, forms, queries, screens

# the script asks for the screen without the page around it
SCREEN_ONLY = "X-Window"
# htmx takes this status as the answer and the end of asking
STOP_ASKING = 286


@gates.requires(policy.TAKE_PAYMENTS)
@never_cache
@require_GET
def window(request: HttpRequest) -> HttpResponse:
    """The window, with the charge in hand as it was left."""
    return _screen(request)


@gates.requires(policy.TAKE_PAYMENTS)
@require_POST
def account(request: HttpRequest) -> HttpResponse:
    """Take in hand the account that was scanned, typed or chosen."""
    try:
        found = finding.find(text=request.POST.get("q", ""))
        if found.account is None:
            return _screen(request, found=found.rows, asked=request.POST.get("q", ""))
        commands.hold_account(
            clerk=request.user,  # type: ignore[arg-type]
            account=found.account,
            at=clock.now(),
            on_top=request.POST.get("add") == "1",
        )
    except Refusal as refusal:
        return _screen(request, refusal=refusal, asked=request.POST.get("q", ""))
    return _answer(request)


@gates.requires(policy.TAKE_PAYMENTS)
@require_GET
def charge_of(request: HttpRequest, number: str) -> HttpResponse:
    """From the page of an account to the window, with that account in hand."""
    try:
        found = registry.account_by_number(number=number)
        commands.hold_account(clerk=request.user, account=found, at=clock.now())  # type: ignore[arg-type]
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    return redirect("window")


@gates.requires(policy.TAKE_PAYMENTS)
@require_POST
def another(request: HttpRequest) -> HttpResponse:
    """The next account joins those in hand."""
    commands.ask_for_another(clerk=request.user, at=clock.now())  # type: ignore[arg-type]
    return _answer(request)


@gates.requires(policy.TAKE_PAYMENTS)
@require_POST
def removal(request: HttpRequest, number: str) -> HttpResponse:
    """Take one account out of the charge in hand."""
    commands.drop_account(clerk=request.user, number=number, at=clock.now())  # type: ignore[arg-type]
    return _answer(request)


@gates.requires(policy.TAKE_PAYMENTS)
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """One step back, and at the last one let the charge go."""
    commands.let_go(clerk=request.user, at=clock.now())  # type: ignore[arg-type]
    return _answer(request)


@gates.requires(policy.TAKE_PAYMENTS)
@require_POST
def reprint(request: HttpRequest) -> HttpResponse:
    """One more paper of the last receipt of this window."""
    receipt = queries.last_receipt(clerk=request.user)  # type: ignore[arg-type]
    if receipt is None:
        messages.warning(request, "Todavía no hay ningún comprobante que reimprimir.", extra_tags="watch")
        return _answer(request)
    done = printing.reprint(receipt=receipt, at=clock.now(), by=request.user.get_username())
    if done.job is None:
        return redirect(f"{reverse('receipt_ticket', args=[receipt.folio])}?reimpresion={done.copy}")
    messages.success(request, f"Reimprimiendo {receipt.folio}, copia {done.copy}.", extra_tags="good")
    return _answer(request)


@gates.requires(policy.TAKE_PAYMENTS)
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """What became of the paper of the last charge; once that is known, nobody asks again."""
    words, is_known = queries.paper_words(clerk=request.user)  # type: ignore[arg-type]
    return HttpResponse(
        words, content_type="text/plain; charset=utf-8", status=STOP_ASKING if is_known else 200
    )


@gates.requires(policy.TAKE_PAYMENTS)
@require_POST
def charge(request: HttpRequest) -> HttpResponse:
    """Review, then charge: the same boxes, two steps. `save` only keeps what is being typed."""
    sent = {name: str(value) for name, value in request.POST.items()}
    step = sent.get("step", "review")
    try:
        words = _words(request, sent)
        if step == "save":
            commands.keep_typed(**words)
            return HttpResponse(status=204)
        if step == "exact":
            commands.review(**{**words, "typed": forms.exact(typed=words["typed"])})
        elif step == "charge":
            commands.charge(**words)
        else:
            commands.review(**words)
    except Refusal as refusal:
        return _screen(request, refusal=refusal)
    return _answer(request)


def _words(request: HttpRequest, sent: dict[str, str]) -> dict[str, Any]:
    key: UUID = forms.key_of(sent=sent)
    return {"clerk": request.user, "key": key, "typed": forms.typed(sent=sent), "at": clock.now()}


def _answer(request: HttpRequest) -> HttpResponse:
    """The new screen to the script, the way back to the page to everybody else."""
    return _screen(request) if SCREEN_ONLY in request.headers else redirect("window")


def _screen(
    request: HttpRequest,
    *,
    refusal: Refusal | None = None,
    found: tuple[frontdesk.FoundRow, ...] = (),
    asked: str = "",
) -> HttpResponse:
    draft = queries.draft_of(clerk=request.user)  # type: ignore[arg-type]
    page = screens.context(clerk=request.user, draft=draft, at=clock.now(), refusal=refusal)  # type: ignore[arg-type]
    page |= {"found": found, "asked": asked}
    if found:
        page["focus"] = "found-1"
    name = "window/_screen.html" if SCREEN_ONLY in request.headers else "window/window.html"
    return render(request, name, page, status=422 if refusal else 200)
