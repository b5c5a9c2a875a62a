"""What was told to citizens, how each message went, and sending again the one that failed."""

from typing import Any, Final

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.messaging import commands, pages, queries
from caudal.registry import queries as registry

MOST_SHOWN: Final = 200


@gates.requires(policy.READ_MESSAGES)
def messages(request: HttpRequest) -> HttpResponse:
    """Every message, the newest first, by how far it is."""
    return _page(request)


@gates.requires(policy.READ_MESSAGES)
def account_messages(request: HttpRequest, number: str) -> HttpResponse:
    """What was told to an account."""
    try:
        account = registry.account_by_number(number=number)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    return _page(request, account=account.number)


@gates.requires(policy.SEND_MESSAGES)
@require_POST
def message_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a message that failed wait once more."""
    try:
        found = queries.message_by_id(message_id=pk)
        commands.send_again(message=found, at=clock.now(), by=request.user.get_username())
    except Refusal as refusal:
        return _page(request, refusal=refusal)
    notes.success(request, "Se vuelve a enviar en un minuto.")
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "messages")


def _page(request: HttpRequest, *, account: str = "", refusal: Refusal | None = None) -> HttpResponse:
    state, text = pages.state_asked(request.GET.get("estado", "")), request.GET.get("q", "").strip()[:40]
    counts = queries.counts(account_number=account, text=text)
    rows = queries.recent(state=state, account_number=account, text=text, most=MOST_SHOWN)
    page: dict[str, Any] = {
        "account": account,
        "tabs": pages.tabs(counts=counts, state=state),
        "lines": pages.lines(rows=rows),
        "text": text,
        "state": pages.word_of(state),
        "n": len(rows),
        "is_cut": len(rows) == MOST_SHOWN,
        "may_send": policy.may(clerk=request.user, act=policy.SEND_MESSAGES),  # type: ignore[arg-type]
        "back": request.get_full_path() if request.method == "GET" else "",
        "refusal": refusal,
    }
    return render(request, "messaging/messages.html", page, status=422 if refusal else 200)
