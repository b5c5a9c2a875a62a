"""Pages of notices: one of them, those of an account, whose term passed, and those with an appointment."""

from pathlib import Path
from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.dunning import commands, pages, papers, queries
from caudal.dunning.forms import ServersForm, VisitForm
from caudal.dunning.models import Notice, ServiceOfNotice
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, pesos
from caudal.registry import queries as accounts


@gates.requires(policy.READ_DUNNING)
def notice(request: HttpRequest, folio: str) -> HttpResponse:
    """One notice: what it says, what happened at its door, what it cost."""
    try:
        found = queries.notice_by_folio(folio=folio)
    except Refusal as refusal:
        return _missing(request, refusal)
    return _notice_page(request, found)


@gates.requires(policy.READ_DUNNING)
def notice_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """One notice on paper."""
    try:
        found = queries.notice_by_folio(folio=folio)
    except Refusal as refusal:
        return _missing(request, refusal)
    answer = HttpResponse(papers.notice_pdf(notice=found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.folio}.pdf"'
    return answer


@gates.requires(policy.PREPARE_NOTICES)
@require_POST
def visit(request: HttpRequest, folio: str) -> HttpResponse:
    """Write down a visit from the paper that came back."""
    try:
        found = queries.notice_by_folio(folio=folio)
    except Refusal as refusal:
        return _missing(request, refusal)
    form = VisitForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["evidence"]
        told = commands.Visit(
            outcome=form.cleaned_data["outcome"], served_at=form.served_at(), receiver=form.cleaned_data["receiver"],
            notes=form.cleaned_data["notes"], evidence=sent.read() if sent else b"",
        )  # fmt: skip
        try:
            commands.record_service(notice=found, visit=told, at=clock.now(), by=request.user.get_username())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, f"Se anotó la visita de {found.folio}.")
            return redirect("notice", folio=found.folio)
    return _notice_page(request, found, form=form)


@gates.requires(policy.PREPARE_NOTICES)
@require_POST
def cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Leave a notice without effect."""
    try:
        found = queries.notice_by_folio(folio=folio)
    except Refusal as refusal:
        return _missing(request, refusal)
    try:
        told = commands.cancel_notice(
            notice=found, reason=request.POST.get("reason", ""), on=clock.today(), at=clock.now(),
            by=request.user.get_username(),
        )  # fmt: skip
    except Refusal as refusal:
        return _notice_page(request, found, refusal=refusal)
    back = f" y se quitaron {pesos(told.taken_back_cents)} de gastos" if told.taken_back_cents else ""
    messages.success(request, f"Se canceló {found.folio}{back}.")
    return redirect("notice", folio=found.folio)


@gates.requires(policy.READ_DUNNING)
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The signed paper of a visit."""
    found = ServiceOfNotice.objects.filter(pk=pk).exclude(evidence="").first()
    if found is None:
        raise Http404
    return FileResponse(
        found.evidence.open("rb"), as_attachment=True, filename=Path(str(found.evidence.name)).name
    )


@gates.requires(policy.READ_DUNNING)
def account_notices(request: HttpRequest, number: str) -> HttpResponse:
    """The notices of an account, and why it would get none today."""
    try:
        account = accounts.account_by_number(number=number)
    except Refusal as refusal:
        return _missing(request, refusal)
    today = clock.today()
    card = accounts.account_card(account=account, on=today)
    page = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "rows": pages.notice_rows(notices=list(queries.notices_of(account_id=account.pk))),
        "stage": _next_stage(account_id=account.pk),
    }
    return render(request, "dunning/account_notices.html", page)


@gates.requires(policy.READ_DUNNING)
def next_stages(request: HttpRequest) -> HttpResponse:
    """Who let a term pass, stage by stage."""
    found = queries.due_for_next_stage(on=clock.today())
    page = {
        "rows": found[:500],
        "count": len(found),
        "cents": sum(each.candidate.overdue_cents for each in found),
        "may_prepare": policy.may(clerk=cast(Clerk, request.user), act=policy.PREPARE_NOTICES),
    }
    return render(request, "dunning/next_stages.html", page)


@gates.requires(policy.PREPARE_NOTICES)
def appointments(request: HttpRequest) -> HttpResponse:
    """Notices whose appointment is for the next business day or today: who takes them there."""
    today = clock.today()
    days = queries.calendar()
    first = today if days.is_business_day(today) else days.next_after(today)
    shown = [first, days.next_after(first)]
    groups = [(day, queries.appointments(on=day)) for day in shown]
    form = ServersForm(request.POST if request.method == "POST" else None, initial={"on": first})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["on"]
        try:
            planned = commands.plan_service(
                notices=queries.appointments(on=day), name=f"Citatorios del {day:%d/%m/%Y}", on=day,
                servers=list(form.cleaned_data["servers"]), at=clock.now(), by=request.user.get_username(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request, f"Se planearon los recorridos {', '.join(each.folio for each in planned)}."
            )
            return redirect("notice_appointments")
    page = {
        "groups": [{"on": day, "rows": pages.notice_rows(notices=each)} for day, each in groups],
        "form": form,
        "count": sum(len(each) for _, each in groups),
    }
    return render(request, "dunning/appointments.html", page, status=422 if form.errors else 200)


def _next_stage(*, account_id: int) -> dict[str, str] | None:
    """The stage that comes after the notice that binds an account, and what would happen in it today, in words."""
    today = clock.today()
    bound = queries.stage_of(account_ids=[account_id]).get(account_id)
    after = bound.stage.position if bound else -1
    stage = next((each for each in queries.stages(on=today) if each.position > after), None)
    if stage is None:
        return None
    told = queries.segment(stage=stage, within=queries.SegmentFilter(), on=today, account_ids=[account_id])
    words = told.spared[0].reason.value if told.spared else "no debe nada vencido"
    return {"name": str(stage.get_code_display()), "told": "procede hoy" if told.candidates else words}


def _notice_page(
    request: HttpRequest, found: Notice, form: VisitForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    now = clock.now()
    told = queries.standing(notice=found)
    visits = list(found.services.order_by("served_at", "id"))
    debts = list(found.debts.order_by("due_on", "period"))
    page = {
        "notice": found,
        "address": in_reading_case(found.address),
        "row": pages.notice_rows(notices=[found])[0],
        "told": told,
        "debts": debts,
        "visits": pages.visit_rows(visits=visits),
        "cost": getattr(found, "cost", None),
        "cost_rule": papers.cost_text(stage=found.stage),
        "cancellation": getattr(found, "cancellation", None),
        "form": form or VisitForm(initial={"served_on": clock.today(), "served_time": now}),
        "refusal": refusal,
        "typed": request.POST.get("reason", ""),
        "may_prepare": policy.may(clerk=cast(Clerk, request.user), act=policy.PREPARE_NOTICES),
    }
    wrong = refusal or (form and form.errors)
    return render(request, "dunning/notice.html", page, status=422 if wrong else 200)


def _missing(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
