"""Pages of campaigns: the list, one of them with its preview, preparing and publishing it, what was forgiven."""

import csv
from datetime import date
from io import StringIO
from typing import Any, Final, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import devices, gates, policy
from caudal.access.models import Clerk
from caudal.campaigns import commands, pages, queries
from caudal.campaigns.forms import CampaignForm, PublicationForm, ReportForm, of_campaign
from caudal.campaigns.models import Campaign
from caudal.campaigns.publishing import MOST_BYTES
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

MOST_SHOWN: Final = 200
CSV_HEAD: Final = (
    "fecha", "regla", "nombre", "cuenta", "atendió", "documento", "condonado", "recuperado", "queda condonado",
    "fecha en que se recuperó", "quién lo recuperó", "motivo", "condicionada", "mes adelantado",
)  # fmt: skip


@gates.requires(policy.READ_CAMPAIGNS)
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign, the newest window first."""
    rows = pages.campaign_rows(campaigns=queries.campaigns(), at=clock.now())
    page = {"rows": rows, "may_prepare": _may(request, policy.PREPARE_CAMPAIGNS)}
    return render(request, "campaigns/campaigns.html", page)


@gates.requires(policy.PREPARE_CAMPAIGNS)
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Prepare a campaign."""
    form = CampaignForm(
        request.POST if request.method == "POST" else None, initial={"reduces": ["surcharge"]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = commands.draft_campaign(
                terms=form.terms(), at=clock.now(), by=request.user.get_username()
            )
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, f"Se guardó el borrador de {draft.name}.", extra_tags="good")
            return redirect("campaign", code=draft.code)
    return _form_page(request, form)


@gates.requires(policy.PREPARE_CAMPAIGNS)
def campaign_draft(request: HttpRequest, code: str) -> HttpResponse:
    """Change what a draft says."""
    try:
        draft = queries.campaign_by_code(code=code)
    except Refusal as refusal:
        return _missing(request, refusal)
    if draft.published_at is not None:
        return redirect("campaign", code=draft.code)
    form = CampaignForm(
        request.POST if request.method == "POST" else None, initial=of_campaign(campaign=draft), is_new=False
    )
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_draft(
                campaign=draft, terms=form.terms(), at=clock.now(), by=request.user.get_username()
            )
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "Se guardaron los cambios.", extra_tags="good")
            return redirect("campaign", code=draft.code)
    return _form_page(request, form, draft)


@gates.requires(policy.READ_CAMPAIGNS)
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """One campaign: what it says, what it would do, what it did, and what may be done with it."""
    try:
        found = queries.campaign_by_code(code=code)
    except Refusal as refusal:
        return _missing(request, refusal)
    return _campaign_page(request, found)


@gates.requires(policy.PREPARE_CAMPAIGNS)
@require_POST
def campaign_publication(request: HttpRequest, code: str) -> HttpResponse:
    """Publish a campaign with the yes of another person who stands here."""
    try:
        found = queries.campaign_by_code(code=code)
    except Refusal as refusal:
        return _missing(request, refusal)
    by = request.user.get_username()
    form = PublicationForm(request.POST, act=policy.PUBLISH_CAMPAIGNS, asked_by=by)
    if not form.is_valid():
        return _campaign_page(request, found, form=form)
    try:
        approval = commands.approve_publication(
            campaign=found, approver=form.cleaned_data["approver"], pin=form.cleaned_data["pin"],
            reason=form.cleaned_data["reason"], at=clock.now(), by=by, device=devices.of(request),
        )  # fmt: skip
        commands.publish_campaign(campaign=found, approval=approval, at=clock.now(), by=by)
    except Refusal as refusal:
        _say(form, refusal)
        return _campaign_page(request, found, form=form)
    messages.success(request, f"{found.name} está publicada.", extra_tags="good")
    return redirect("campaign", code=found.code)


@gates.requires(policy.PREPARE_CAMPAIGNS)
@require_POST
def campaign_request(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a publication; whoever may decides it from their own desk."""
    reason = request.POST.get("reason", "")
    try:
        found = queries.campaign_by_code(code=code)
    except Refusal as refusal:
        return _missing(request, refusal)
    by = request.user.get_username()
    try:
        commands.ask_to_publish(
            campaign=found, reason=reason, at=clock.now(), by=by, device=devices.of(request)
        )
    except Refusal as refusal:
        form = PublicationForm(None, act=policy.PUBLISH_CAMPAIGNS, asked_by=by, initial={"reason": reason})
        return _campaign_page(request, found, form=form, refusal=refusal, act="solicitud")
    messages.success(request, "Se pidió. Quien aprueba lo verá en «Por aprobar».", extra_tags="good")
    return redirect("campaign", code=found.code)


@gates.requires(policy.PUBLISH_CAMPAIGNS)
@require_POST
def campaign_withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    """Take a campaign out of force from this moment on."""
    reason = request.POST.get("reason", "")
    try:
        found = queries.campaign_by_code(code=code)
    except Refusal as refusal:
        return _missing(request, refusal)
    try:
        commands.withdraw_campaign(
            campaign=found, reason=reason, at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _campaign_page(request, found, refusal=refusal, act="retiro", typed=reason)
    messages.success(request, f"{found.name} quedó retirada. Lo condonado se conserva.", extra_tags="good")
    return redirect("campaign", code=found.code)


@gates.requires(policy.PREPARE_CAMPAIGNS)
@require_POST
def campaign_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the PDF of the council's agreement."""
    try:
        found = queries.campaign_by_code(code=code)
    except Refusal as refusal:
        return _missing(request, refusal)
    file = request.FILES.get("file")
    try:
        commands.keep_council_agreement(
            campaign=found, body=file.read(MOST_BYTES + 1) if file else b"", at=clock.now(),
            by=request.user.get_username(),
        )  # fmt: skip
    except Refusal as refusal:
        return _campaign_page(request, found, refusal=refusal, act="acuerdo")
    messages.success(request, "Se guardó el acuerdo.", extra_tags="good")
    return redirect("campaign", code=found.code)


@gates.requires(policy.READ_CAMPAIGNS)
def campaign_agreement_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The council's agreement as it was kept."""
    try:
        found = queries.campaign_by_code(code=code)
        paper = queries.council_agreement(campaign=found)
    except Refusal as refusal:
        return _missing(request, refusal)
    return FileResponse(paper, content_type="application/pdf", filename=f"acuerdo-{found.code}.pdf")


@gates.requires(policy.READ_CAMPAIGNS)
def forgiven(request: HttpRequest) -> HttpResponse:
    """Every centavo forgiven between two days."""
    form, report = _report(request)
    page = {
        "form": form,
        "page": pages.report_page(report=report, most=MOST_SHOWN),
        "most": MOST_SHOWN,
        "query": request.GET.urlencode(),
    }
    return render(request, "campaigns/forgiven.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_CAMPAIGNS)
def forgiven_csv(request: HttpRequest) -> HttpResponse:
    """The same as a sheet, whole."""
    _, report = _report(request)
    body = StringIO()
    sheet = csv.writer(body)
    sheet.writerow(CSV_HEAD)
    for row in report.rows:
        sheet.writerow([
            row.on.isoformat(), row.rule, row.name, row.account, row.by, row.document, _plain(row.cents),
            _plain(row.taken_back_cents), _plain(row.net_cents),
            row.taken_back_on.isoformat() if row.taken_back_on else "", row.taken_back_by, row.reason,
            "sí" if row.is_conditional else "no", row.period or "",
        ])  # fmt: skip
    # the mark lets a spreadsheet read the accents
    answer = HttpResponse(f"\ufeff{body.getvalue()}", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="condonado-{report.since}-{report.until}.csv"'
    return answer


def _report(request: HttpRequest) -> tuple[ReportForm, queries.Report]:
    today = clock.today()
    form = ReportForm(request.GET or None)
    typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    since = typed.get("since") or date(today.year, today.month, 1)
    until = max(typed.get("until") or today, since)
    if not form.is_bound:
        form = ReportForm(initial={"since": since, "until": until})
    return form, queries.forgiven(since=since, until=until, rule=typed.get("rule", "").strip().upper())


def _campaign_page(
    request: HttpRequest,
    found: Campaign,
    *,
    form: PublicationForm | None = None,
    refusal: Refusal | None = None,
    act: str = "",
    typed: str = "",
) -> HttpResponse:
    now = clock.now()
    row = pages.campaign_rows(campaigns=[found], at=now)[0]
    may_prepare = _may(request, policy.PREPARE_CAMPAIGNS)
    page: dict[str, Any] = {
        "row": row,
        "may_prepare": may_prepare,
        "may_withdraw": row.may_be_withdrawn and _may(request, policy.PUBLISH_CAMPAIGNS),
        "form": form,
        "refusal": refusal,
        "act": act,
        "typed": typed,
        "waivers": queries.latest_waivers(campaign=found, most=20),
    }
    if row.is_draft and may_prepare and form is None:
        page["form"] = PublicationForm(
            None, act=policy.PUBLISH_CAMPAIGNS, asked_by=request.user.get_username()
        )
    if row.is_draft or row.may_be_withdrawn:
        try:
            page["preview"] = queries.preview(campaign=found, at=now)
        except Refusal as cannot:
            page["no_preview"] = cannot
    is_refused = refusal is not None or (form is not None and bool(form.errors))
    return render(request, "campaigns/campaign.html", page, status=422 if is_refused else 200)


def _form_page(request: HttpRequest, form: CampaignForm, draft: Campaign | None = None) -> HttpResponse:
    page = {"form": form.with_focus(), "draft": draft}
    return render(request, "campaigns/campaign_form.html", page, status=422 if form.errors else 200)


def _say(form: CampaignForm | PublicationForm, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _missing(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)


def _may(request: HttpRequest, act: str) -> bool:
    return policy.may(clerk=cast(Clerk, request.user), act=act)


def _plain(cents: int) -> str:
    """`1234.50`: an amount for a spreadsheet."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
