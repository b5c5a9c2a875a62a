"""Pages of water that comes back: what is due first, and one with its clock and what was told of it."""

from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access import queries as people
from caudal.access.models import Clerk
from caudal.disconnections import commands, pages, queries
from caudal.disconnections.forms import ResultForm
from caudal.disconnections.models import ReconnectionOrder
from caudal.disconnections.order_views import photographs, record, result_form, say
from caudal.fieldwork import queries as street
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

MOST_SHOWN: Final = 200
TABS: Final = (("por-hacer", "Por hacer"), ("hechas", "Hechas"), ("retiradas", "Retiradas"))
STATES: Final = {"por-hacer": "open", "hechas": "done", "retiradas": "withdrawn"}


@gates.requires(policy.READ_CUTS)
def reconnections(request: HttpRequest) -> HttpResponse:
    """Water that has to come back, what is due first above; or what was done lately."""
    now = clock.now()
    tab = request.GET.get("estado", "")
    tab = tab if tab in STATES else "por-hacer"
    found = queries.reconnections().filter(state=STATES[tab])
    if tab != "por-hacer":
        found = found.order_by("-ended_at")
    shown = list(found[: MOST_SHOWN + 1])
    places = queries.where_of(account_ids=[each.account_id for each in shown], on=clock.today())
    page = {
        "rows": pages.water_rows(orders=shown[:MOST_SHOWN], places=places, at=now),
        "is_cut_short": len(shown) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "n_late": sum(each.due_at < now for each in shown) if tab == "por-hacer" else 0,
        "tabs": TABS,
        "tab": tab,
    }
    return render(request, "disconnections/reconnections.html", page)


@gates.requires(policy.READ_CUTS)
def reconnection(request: HttpRequest, folio: str) -> HttpResponse:
    """One reconnection: why, by when, with its fee and its crew."""
    found = _found(request, folio)
    return found if isinstance(found, HttpResponse) else _page(request, found)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def reconnection_result(request: HttpRequest, folio: str) -> HttpResponse:
    """Write at the desk that the water is back, or why it could not be."""
    found = _found(request, folio)
    if isinstance(found, HttpResponse):
        return found
    form = ResultForm(request.POST, has_seal=False)
    if form.is_valid():
        try:
            record(work=found.field_order, form=form, by=request.user.get_username())
        except Refusal as refusal:
            say(form=form, refusal=refusal)
        else:
            messages.success(request, f"{found.folio}: quedó anotado lo que se hizo.")
            return redirect("reconnection", folio=found.folio)
    return _page(request, found, form=form)


@gates.requires(policy.APPROVE_CUTS)
@require_POST
def reconnection_withdrawal(request: HttpRequest, folio: str) -> HttpResponse:
    """Call off a reconnection that nothing sustains any more."""
    found = _found(request, folio)
    if isinstance(found, HttpResponse):
        return found
    try:
        commands.withdraw_reconnection(
            order=found, reason=request.POST.get("reason", ""), at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _page(request, found, refusal=refusal)
    messages.success(request, f"Se retiró la reconexión {found.folio}.")
    return redirect("reconnection", folio=found.folio)


def _found(request: HttpRequest, folio: str) -> ReconnectionOrder | HttpResponse:
    try:
        return queries.reconnection_by_folio(folio=folio)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)


def _page(
    request: HttpRequest,
    found: ReconnectionOrder,
    *,
    form: ResultForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    now, acts = clock.now(), policy.acts_of(clerk=cast(Clerk, request.user))
    is_open = found.state == ReconnectionOrder.State.OPEN
    places = queries.where_of(account_ids=[found.account_id], on=clock.today())
    may_tell = is_open and policy.PLAN_FIELDWORK in acts
    names = people.names_of(usernames={found.created_by, found.ended_by})
    page = {
        "order": found,
        "row": pages.water_rows(orders=[found], places=places, at=now)[0],
        "created_by": names.get(found.created_by, found.created_by),
        "ended_by": names.get(found.ended_by, found.ended_by),
        "cut": found.disconnection,
        "tries": street.orders_of(origin_kind="reconnection", origin_folio=found.folio),
        "round": street.last_round_of(order=found.field_order),
        "photos": photographs(work=found.field_order),
        "form": (form or result_form(has_seal=False)) if may_tell else None,
        "may_withdraw": is_open and policy.APPROVE_CUTS in acts,
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
    }
    wrong = refusal or (form and form.errors)
    return render(request, "disconnections/reconnection.html", page, status=422 if wrong else 200)
