"""Pages of outreach: every campaign, one of them, its plan, its log, its papers."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.documents import announcements
from caudal.documents.announcements import PosterSize
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.outreach import commands, pages, queries, wording
from caudal.outreach.forms import EntryForm, PlanForm, VoidForm
from caudal.outreach.policy import MOST_EVIDENCE_BYTES, amount_words

View = Callable[..., HttpResponse]
SIZES = {"carta": PosterSize.LETTER, "tabloide": PosterSize.TABLOID}
UNKNOWN = (queries.UnknownCampaign, queries.UnknownAction, queries.UnknownEntry)


def _explained(view: View) -> View:
    """What is not there is said on a page of its own."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **words: Any) -> HttpResponse:
        try:
            return view(request, *args, **words)
        except UNKNOWN as refusal:
            return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)

    return answer


@gates.requires(policy.READ_CAMPAIGNS)
def outreach(request: HttpRequest) -> HttpResponse:
    """Every campaign, with what is planned and what was spent."""
    return render(request, "outreach/campaigns.html", {"rows": pages.campaign_rows(now=clock.now())})


@gates.requires(policy.READ_CAMPAIGNS)
@_explained
def campaign_outreach(request: HttpRequest, code: str) -> HttpResponse:
    """The plan and the log of a campaign, and what was collected on its days."""
    campaign = queries.campaign_by_code(code=code)
    page = pages.campaign_page(campaign=campaign, now=clock.now())
    return render(request, "outreach/campaign.html", page | {"may_write": _may_write(request)})


@gates.requires(policy.PREPARE_CAMPAIGNS)
@_explained
def outreach_plan_new(request: HttpRequest, code: str) -> HttpResponse:
    """Plan something for a campaign, its days already filled in."""
    campaign = queries.campaign_by_code(code=code)
    first, last = queries.days_of(campaign=campaign)
    form = PlanForm(request.POST or None, initial={"planned_from": first, "planned_to": last})
    if request.method == "POST" and form.is_valid():
        try:
            action = commands.plan_action(
                campaign=campaign, plan=form.plan(), at=clock.now(), by=request.user.get_username()
            )
        except commands.CannotPlanAction as refusal:
            _say(form, refusal)
        else:
            messages.success(request, f"Planeado: {action.title}.")
            return redirect("campaign_outreach", code=code)
    page = {"campaign": campaign, "form": form, "first": first, "last": last}
    return render(request, "outreach/plan.html", page, status=422 if form.errors else 200)


@gates.requires(policy.PREPARE_CAMPAIGNS)
@_explained
def outreach_action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Change what is planned."""
    action = queries.action_by_id(action_id=action_id)
    first, last = queries.days_of(campaign=action.campaign)
    form = PlanForm(request.POST or None, initial=pages.typed_plan(action=action))
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_plan(
                action=action, plan=form.plan(), at=clock.now(), by=request.user.get_username()
            )
        except commands.CannotPlanAction as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "Se cambió el plan.")
            return redirect("campaign_outreach", code=action.campaign.code)
    page = {
        "campaign": action.campaign, "action": action, "form": form, "first": first, "last": last,
        "may_drop": not action.entries.exists(),
    }  # fmt: skip
    return render(request, "outreach/plan.html", page, status=422 if form.errors else 200)


@gates.requires(policy.PREPARE_CAMPAIGNS)
@require_POST
@_explained
def outreach_action_drop(request: HttpRequest, action_id: int) -> HttpResponse:
    """Take something out of the plan."""
    action = queries.action_by_id(action_id=action_id)
    try:
        commands.drop_action(action=action, at=clock.now(), by=request.user.get_username())
    except commands.CannotDropAction as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=422)
    messages.success(request, f"Se quitó del plan: {action.title}.")
    return redirect("campaign_outreach", code=action.campaign.code)


@gates.requires(policy.PREPARE_CAMPAIGNS)
@_explained
def outreach_entry_new(request: HttpRequest, action_id: int) -> HttpResponse:
    """Write down what was done: one figure and Enter."""
    action = queries.action_by_id(action_id=action_id)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EntryForm(*posted, action=action, initial={"key": uuid4(), "on": clock.today()})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        file = typed.pop("evidence")
        try:
            entry = commands.log_entry(
                action=action, cost_cents=typed.pop("cost"), today=clock.today(), at=clock.now(),
                evidence=commands.read_evidence(body=file.read(MOST_EVIDENCE_BYTES + 1)) if file else None,
                by=request.user.get_username(), **typed,
            )  # fmt: skip
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, f"Anotado: {amount_words(action.channel, entry.quantity)}.")
            return redirect("campaign_outreach", code=action.campaign.code)
    page = {"campaign": action.campaign, "action": action, "form": form}
    return render(request, "outreach/entry.html", page, status=422 if form.errors else 200)


@gates.requires(policy.PREPARE_CAMPAIGNS)
@_explained
def outreach_entry_void(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Void a row of the log, saying what was wrong."""
    entry = queries.entry_by_id(entry_id=entry_id)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.void_entry(
                entry=entry,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
                by=request.user.get_username(),
            )
        except commands.CannotVoidEntry as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "Anotación anulada; queda a la vista con su motivo.")
            return redirect("campaign_outreach", code=entry.action.campaign.code)
    page = {
        "campaign": entry.action.campaign, "entry": entry, "form": form,
        "amount": amount_words(entry.action.channel, entry.quantity),
    }  # fmt: skip
    return render(request, "outreach/void.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_CAMPAIGNS)
@_explained
def outreach_evidence(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The photo, the PDF or the sound that proves a row."""
    entry = queries.entry_by_id(entry_id=entry_id)
    body, kind = queries.evidence_of(entry=entry)
    return _file(
        body, kind, f"evidencia-{entry.on:%Y-%m-%d}-{entry.pk}.{str(entry.evidence).rpartition('.')[2]}"
    )


@gates.requires(policy.READ_CAMPAIGNS)
@_explained
def campaign_poster(request: HttpRequest, code: str, size: str) -> HttpResponse:
    """The poster to print, on a letter or a tabloid sheet."""
    return _announced(request, code, lambda sheet, poster: _file(
        announcements.poster_pdf(sheet=sheet, size=poster), "application/pdf", f"cartel-{size}-{code}.pdf"
    ), size)  # fmt: skip


@gates.requires(policy.READ_CAMPAIGNS)
@_explained
def campaign_poster_png(request: HttpRequest, code: str, size: str) -> HttpResponse:
    """The poster as a picture."""
    return _announced(request, code, lambda sheet, poster: _file(
        announcements.poster_png(sheet=sheet, size=poster), "image/png", f"cartel-{size}-{code}.png"
    ), size)  # fmt: skip


@gates.requires(policy.READ_CAMPAIGNS)
@_explained
def campaign_picture(request: HttpRequest, code: str) -> HttpResponse:
    """The square picture for social networks and messages."""
    return _announced(request, code, lambda sheet, _: _file(
        announcements.social_picture_png(sheet=sheet), "image/png", f"imagen-{code}.png"
    ))  # fmt: skip


def _announced(
    request: HttpRequest,
    code: str,
    typeset: Callable[[announcements.AnnouncementSheet, PosterSize], HttpResponse],
    size: str = "carta",
) -> HttpResponse:
    campaign = queries.campaign_by_code(code=code)
    if size not in SIZES:
        raise queries.UnknownCampaign("No hay cartel de ese tamaño.", "Elija carta o tabloide.")
    try:
        return typeset(wording.sheet_of(campaign=campaign), SIZES[size])
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=422)


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _say(form: django_forms.Form, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _may_write(request: HttpRequest) -> bool:
    return policy.may(clerk=request.user, act=policy.PREPARE_CAMPAIGNS)  # type: ignore[arg-type]
