"""Pages of batches of cuts: all of them, and one with its yes, its crew and its end."""

from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import approvals, devices, gates, policy
from caudal.access import queries as people
from caudal.access.models import ApprovalRequest, Clerk
from caudal.disconnections import commands, pages, queries
from caudal.disconnections.forms import ApprovalForm, HandingForm
from caudal.disconnections.models import DisconnectionBatch
from caudal.disconnections.policy import LIVE, State
from caudal.fieldwork import queries as fieldwork
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.typed import Typed

MOST_SHOWN: Final = 200


@gates.requires(policy.READ_CUTS)
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch with how far it is."""
    found = list(queries.batches()[: MOST_SHOWN + 1])
    page = {
        "rows": pages.batch_rows(batches=queries.counted(batches=found[:MOST_SHOWN])),
        "is_cut_short": len(found) > MOST_SHOWN,
    }
    return render(request, "disconnections/batches.html", page)


@gates.requires(policy.READ_CUTS)
def batch(request: HttpRequest, folio: str) -> HttpResponse:
    """One batch: its orders with the verdict of now, who has to say yes, and who carries it out."""
    return _with_batch(request, folio, lambda found: _batch_page(request, found))


@gates.requires(policy.PREPARE_CUTS)
@require_POST
def batch_approval(request: HttpRequest, folio: str) -> HttpResponse:
    """Approve a batch with the PIN of another person who stands here."""

    def answer(found: DisconnectionBatch) -> HttpResponse:
        by = request.user.get_username()
        form = ApprovalForm(request.POST, act=policy.APPROVE_CUTS, asked_by=by)
        if not form.is_valid():
            return _batch_page(request, found, approval=form)
        try:
            n_waiting = found.orders.filter(state=State.PROPOSED).count()
            given = commands.approve_present(
                batch=found, approver=form.cleaned_data["approver"], pin=form.cleaned_data["pin"],
                reason=form.cleaned_data["reason"], at=clock.now(), by=by, device=devices.of(request),
            )  # fmt: skip
            gone = commands.approve_batch(batch=found, approval=given, at=clock.now(), by=by)
        except Refusal as refusal:
            return _batch_page(request, found, approval=form, refusal=_said_beside(form, refusal))
        told = pages.moved_words(verb="aprobó", n=len(gone), where=f" del lote {found.folio}")
        messages.success(request, told + pages.lost_words(n=n_waiting - len(gone)))
        return redirect("cut_batch", folio=found.folio)

    return _with_batch(request, folio, answer)


@gates.requires(policy.PREPARE_CUTS)
@require_POST
def batch_request(request: HttpRequest, folio: str) -> HttpResponse:
    """Ask for the yes to a batch; whoever may gives it from their own desk."""

    def answer(found: DisconnectionBatch) -> HttpResponse:
        by, reason = request.user.get_username(), request.POST.get("reason", "")
        try:
            commands.ask_to_approve(
                batch=found, reason=reason, at=clock.now(), by=by, device=devices.of(request)
            )
        except Refusal as refusal:
            form = ApprovalForm(None, act=policy.APPROVE_CUTS, asked_by=by, initial={"reason": reason})
            return _batch_page(request, found, approval=form, refusal=refusal, act="solicitud")
        messages.success(request, "Se pidió. Quien aprueba lo verá aquí y en «Por aprobar».")
        return redirect("cut_batch", folio=found.folio)

    return _with_batch(request, folio, answer)


@gates.requires(policy.APPROVE_CUTS)
@require_POST
def batch_decision(request: HttpRequest, folio: str) -> HttpResponse:
    """Say yes or no to a batch, having read it, from one's own device."""

    def answer(found: DisconnectionBatch) -> HttpResponse:
        asked = queries.last_request(batch=found)
        if asked is None:
            return redirect("cut_batch", folio=found.folio)
        is_granted, reason = request.POST.get("decision") == "granted", request.POST.get("reason", "")
        try:
            _decide(request, asked, is_granted, reason)
        except Refusal as refusal:
            return _batch_page(request, found, refusal=refusal, act="respuesta")
        said = (
            f"Se aprobó el lote {found.folio}." if is_granted else "No se aprobó; quien lo pidió lo ve aquí."
        )
        messages.success(request, said)
        return redirect("cut_batch", folio=found.folio)

    return _with_batch(request, folio, answer)


@gates.requires(policy.PREPARE_CUTS)
@require_POST
def batch_handing(request: HttpRequest, folio: str) -> HttpResponse:
    """Hand what is approved to the crew, judged once more."""

    def answer(found: DisconnectionBatch) -> HttpResponse:
        today = clock.today()
        form = HandingForm(request.POST, workers=fieldwork.workers(on=today))
        if not form.is_valid():
            return _batch_page(request, found, handing=form)
        to = Clerk.objects.filter(username=form.cleaned_data["to"]).first()
        n_waiting = found.orders.filter(state=State.APPROVED).count()
        try:
            gone, round = commands.hand_over(
                batch=found, to=to, on=form.cleaned_data["on"], at=clock.now(), by=request.user.get_username()
            )
        except Refusal as refusal:
            return _batch_page(request, found, handing=form, refusal=_said_beside(form, refusal))
        where = f"en el recorrido {round.folio}" if round else "por programar en «Órdenes de campo»"
        told = pages.moved_words(verb="entregó", n=len(gone), where=f", {where}" if gone else "")
        messages.success(request, told + pages.lost_words(n=n_waiting - len(gone)))
        return redirect("cut_batch", folio=found.folio)

    return _with_batch(request, folio, answer)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def batch_cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Call off everything of a batch that is under way."""

    def answer(found: DisconnectionBatch) -> HttpResponse:
        try:
            gone = commands.cancel_batch(
                batch=found, reason=request.POST.get("reason", ""), at=clock.now(), by=request.user.get_username()
            )  # fmt: skip
        except Refusal as refusal:
            return _batch_page(request, found, refusal=refusal, act="cancelacion")
        messages.success(
            request, pages.moved_words(verb="canceló", n=len(gone), where=f" del lote {found.folio}")
        )
        return redirect("cut_batch", folio=found.folio)

    return _with_batch(request, folio, answer)


def _batch_page(
    request: HttpRequest,
    found: DisconnectionBatch,
    *,
    approval: ApprovalForm | None = None,
    handing: HandingForm | None = None,
    refusal: Refusal | None = None,
    act: str = "",
) -> HttpResponse:
    now, today, clerk = clock.now(), clock.today(), cast(Clerk, request.user)
    [told] = queries.counted(batches=[queries.batches().get(pk=found.pk)])
    orders = list(queries.orders().filter(batch=found).order_by("number")[:MOST_SHOWN])
    rows = _rows(orders)
    asked = queries.last_request(batch=found) if told.n(State.PROPOSED) else None
    acts, yes = policy.acts_of(clerk=clerk), getattr(told.batch, "approved", None)
    may_hand = told.n(State.APPROVED) and policy.PREPARE_CUTS in acts
    page = {
        "batch": told.batch,
        "n_approved": told.n(State.APPROVED),
        "row": pages.batch_rows(batches=[told])[0],
        "rows": rows,
        "n_against": sum(row.is_go is False for row in rows),
        "hidden": told.n_orders - len(orders),
        "approved": yes,
        "approved_by": people.names_of(usernames={yes.by}).get(yes.by, yes.by) if yes else "",
        "asked": _asked(asked, clerk, now),
        "approval": (approval or ApprovalForm(None, act=policy.APPROVE_CUTS, asked_by=clerk.username))
        if told.n(State.PROPOSED) and policy.PREPARE_CUTS in acts
        else None,
        "handing": (handing or HandingForm(workers=fieldwork.workers(on=today), initial={"on": today}))
        if may_hand
        else None,
        "may_cancel": policy.PLAN_FIELDWORK in acts and told.n(*LIVE),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "act": act,
    }  # fmt: skip
    is_wrong = refusal or (approval and approval.errors) or (handing and handing.errors)
    return render(request, "disconnections/batch.html", page, status=422 if is_wrong else 200)


def _rows(orders: Sequence[Any]) -> list[pages.OrderRow]:
    """The orders of a batch as they would be judged now; what ended is not judged."""
    now = clock.now()
    waiting = [each for each in orders if each.state == State.PROPOSED]
    going = [each for each in orders if each.state in LIVE and each.state != State.PROPOSED]
    judged = queries.judge_orders(orders=waiting, at=now, are_proposed=True) if waiting else {}
    judged |= queries.judge_orders(orders=going, at=now) if going else {}
    places = queries.where_of(account_ids=[each.account_id for each in orders], on=clock.today())
    return pages.order_rows(orders=orders, judged=judged, places=places, at=now)


def _asked(asked: ApprovalRequest | None, clerk: Clerk, now: Any) -> dict[str, Any] | None:
    """Whether somebody asked for the yes, what was answered, and whether this person may answer."""
    if asked is None:
        return None
    decision = getattr(asked, "decision", None)
    names = people.names_of(usernames={asked.asked_by, *([decision.by] if decision else [])})
    is_live = decision is None and asked.at + approvals.LIFE > now
    return {
        "by": names.get(asked.asked_by, asked.asked_by), "at": asked.at, "reason": asked.reason, "is_live": is_live,
        "may_decide": is_live and asked.asked_by != clerk.username
        and policy.may(clerk=clerk, act=policy.APPROVE_CUTS),
        "denied_by": names.get(decision.by, decision.by) if decision and not decision.is_granted else "",
        "denied_why": decision.reason if decision else "",
    }  # fmt: skip


def _decide(request: HttpRequest, asked: ApprovalRequest, is_granted: bool, reason: str) -> None:
    if not is_granted and not reason.strip():
        raise commands.CannotApproveCuts(
            "Falta por qué no se aprueba.", "Escríbalo: lo lee quien lo pidió.", field="reason"
        )
    approvals.decide(
        request=asked, is_granted=is_granted, by=request.user.get_username(), at=clock.now(),
        device=devices.of(request), reason=reason,
    )  # fmt: skip


def _said_beside(form: Typed, refusal: Refusal) -> Refusal | None:
    """Say a refusal beside its field; what is of none is left for the head of the page, for the form may be gone."""
    if refusal.field not in form.fields:
        return refusal
    form.add_error(refusal.field, str(refusal))
    return None


def _with_batch(
    request: HttpRequest, folio: str, answer: Callable[[DisconnectionBatch], HttpResponse]
) -> HttpResponse:
    try:
        found = queries.batch_by_folio(folio=folio)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    return answer(found)
