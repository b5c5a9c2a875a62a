"""Pages of orders to cut: all of them, and one with everything that happened, its proofs and what may still be done."""

from typing import Any, Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access import queries as people
from caudal.access.models import Clerk
from caudal.disconnections import commands, pages, queries
from caudal.disconnections.forms import ResultForm
from caudal.disconnections.models import DisconnectionOrder
from caudal.disconnections.policy import LIVE, STATE_NAMES, State
from caudal.fieldwork import commands as fieldwork
from caudal.fieldwork import queries as street
from caudal.fieldwork.models import FieldOrder
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

MOST_SHOWN: Final = 200
UNDER_WAY: Final = "en-marcha"


@gates.requires(policy.READ_CUTS)
def orders(request: HttpRequest) -> HttpResponse:
    """Orders by state, the newest first."""
    state = request.GET.get("estado", UNDER_WAY)
    wanted = [state] if state in list(State) else list(LIVE) if state == UNDER_WAY else list(State)
    found = list(queries.orders().filter(state__in=wanted)[: MOST_SHOWN + 1])
    shown, now = found[:MOST_SHOWN], clock.now()
    places = queries.where_of(account_ids=[each.account_id for each in shown], on=clock.today())
    page = {
        "rows": pages.order_rows(orders=shown, judged={}, places=places, at=now),
        "is_cut_short": len(found) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "states": [(UNDER_WAY, "En marcha"), *((str(each), name.capitalize()) for each, name in STATE_NAMES.items()),
                   ("todas", "Todas")],
        "state": state,
    }  # fmt: skip
    return render(request, "disconnections/orders.html", page)


@gates.requires(policy.READ_CUTS)
def order(request: HttpRequest, folio: str) -> HttpResponse:
    """One order: what happened, each look with its reasons, the proofs of the crew."""
    found = _found(request, folio)
    return found if isinstance(found, HttpResponse) else _order_page(request, found)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def order_check(request: HttpRequest, folio: str) -> HttpResponse:
    """Look now whether it may be done, for a crew that asks from the door without a phone."""
    found = _found(request, folio)
    if isinstance(found, HttpResponse):
        return found
    work = found.field_order
    if found.state != State.DISPATCHED or work is None:
        missing = commands.CannotRecordCut(
            "La orden no está con la cuadrilla.", "Solo entonces se verifica en la puerta."
        )
        return _order_page(request, found, refusal=missing)
    told = commands.revalidate(orders=[work], at=clock.now())[work.folio]
    if told.go:
        messages.success(request, f"{found.folio}: procede. Dígalo a la cuadrilla.")
    else:
        messages.warning(
            request, f"{found.folio}: ya no procede y quedó cancelada. Que la cuadrilla no la haga."
        )
    return redirect("cut_order", folio=found.folio)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def order_result(request: HttpRequest, folio: str) -> HttpResponse:
    """Write at the desk what a crew without a phone did."""
    found = _found(request, folio)
    if isinstance(found, HttpResponse):
        return found
    form = ResultForm(request.POST, has_seal=True)
    if found.field_order is None:
        form.add_error(None, "La orden no se ha entregado a la cuadrilla. Entréguela primero.")
    elif form.is_valid():
        try:
            record(work=found.field_order, form=form, by=request.user.get_username())
        except Refusal as refusal:
            say(form=form, refusal=refusal)
        else:
            messages.success(request, f"{found.folio}: quedó anotado lo que se hizo.")
            return redirect("cut_order", folio=found.folio)
    return _order_page(request, found, form=form)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def order_cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Call off an order, and what the crew carries of it."""
    found = _found(request, folio)
    if isinstance(found, HttpResponse):
        return found
    try:
        commands.cancel_cut(
            order=found, reason=request.POST.get("reason", ""), at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _order_page(request, found, refusal=refusal)
    messages.success(request, f"Se canceló la orden {found.folio}.")
    return redirect("cut_order", folio=found.folio)


def record(*, work: FieldOrder, form: ResultForm, by: str) -> None:
    """Tell what was done of a field order as a phone would, from what is typed.

    :raises CannotRecordResult: as `fieldwork.record_order_result`
    """
    said = form.cleaned_data
    answers: dict[str, Any] = {}
    if said.get("seal"):
        answers["seal"] = said["seal"]
    if said["reading"] is not None:
        answers["reading"] = said["reading"]
    if work.kind == FieldOrder.Kind.RECONNECTION and form.is_told_done:
        answers["flows"] = True
    told = fieldwork.Told(
        is_done=form.is_told_done, reason=said["reason"], answers=answers, reading=said["reading"],
        seal_number=said.get("seal", ""),
    )  # fmt: skip
    fieldwork.record_order_result(order=work, told=told, done_at=form.done_at(), at=clock.now(), by=by)


def say(*, form: ResultForm, refusal: Refusal) -> None:
    """A refusal of a result beside the field it is about."""
    field = {"done_at": "done_time"}.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))


def result_form(*, has_seal: bool) -> ResultForm:
    """An empty result, of this moment."""
    return ResultForm(has_seal=has_seal, initial={"done_on": clock.today(), "done_time": clock.now()})


def photographs(*, work: FieldOrder | None) -> Any:
    """The photographs the crew took of a field order."""
    return street.photos_of_subject(kind="order", folio=work.folio) if work else []


def _found(request: HttpRequest, folio: str) -> DisconnectionOrder | HttpResponse:
    try:
        return queries.order_by_folio(folio=folio)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)


def _order_page(
    request: HttpRequest,
    order: DisconnectionOrder,
    *,
    form: ResultForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    now, acts = clock.now(), policy.acts_of(clerk=cast(Clerk, request.user))
    found = queries.orders().select_related("batch__policy").get(pk=order.pk)
    looks = list(found.checks.all())
    is_out = found.state == State.DISPATCHED
    may_plan = policy.PLAN_FIELDWORK in acts
    work, result = found.field_order, getattr(found, "result", None)
    page = {
        "order": found,
        "where": queries.where_of(account_ids=[found.account_id], on=clock.today()).get(found.account_id),
        "measure": pages.measure_words(measure=found.measure),
        "pill": pages.state_pill(state=found.state),
        "lines": pages.lines(order=found),
        "look": looks[-1] if looks else None,
        "look_age": pages.age(since=looks[-1].at, at=now) if looks else "",
        "result": result,
        "teller": people.names_of(usernames={result.told_by}).get(result.told_by, result.told_by)
        if result
        else "",
        "water": list(result.reconnections.order_by("number")) if result else [],
        "round": street.last_round_of(order=work) if work else "",
        "photos": photographs(work=work),
        "may_tell": may_plan and is_out,
        "may_cancel": may_plan and found.state in LIVE,
        "form": form or (result_form(has_seal=True) if may_plan and is_out else None),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
    }
    wrong = refusal or (form and form.errors)
    return render(request, "disconnections/order.html", page, status=422 if wrong else 200)
