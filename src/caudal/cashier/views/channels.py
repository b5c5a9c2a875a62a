"""«Canales de pago»: each channel, the rehearsal of a file, its loading, the file line by line."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates
from caudal.access import policy as acts
from caudal.cashier import channel_pages, channel_work, commands
from caudal.cashier.channel_forms import EXAMPLES, ChannelForm, ReasonForm, SettlementForm, example
from caudal.cashier.channels import decoding, layout, planning, uploads
from caudal.cashier.models import PaymentChannel, SettlementFile, SettlementLine
from caudal.cashier.views.tills import posted, say, who
from caudal.kernel import clock
from caudal.kernel.models import Job
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos, thousands


@gates.requires(acts.READ_TILLS)
def every(request: HttpRequest) -> HttpResponse:
    """Every channel, its last file, and what of it waits."""
    page = {
        "rows": channel_pages.channel_rows(),
        "may_open": acts.may(clerk=request.user, act=acts.MANAGE_TILLS),  # type: ignore[arg-type]
    }
    return render(request, "cashier/channels.html", page)


@gates.requires(acts.MANAGE_TILLS)
def new(request: HttpRequest) -> HttpResponse:
    """Put a channel to use, starting from the example that resembles its contract."""
    chosen = request.GET.get("ejemplo", "")
    form = ChannelForm(posted(request), initial={"layout": example(name=chosen)})
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.open_channel(**form.cleaned_data, at=clock.now(), by=who(request))
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"{made.name} está en uso.", extra_tags="good")
            return redirect("channel", code=made.code)
    page = {"form": form.with_focus(), "examples": EXAMPLES, "chosen": chosen}
    return render(request, "cashier/channel_new.html", page, status=422 if form.errors else 200)


@gates.requires(acts.READ_TILLS)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """A channel: its files, and the form that loads one more."""
    return _channel_page(request, get_object_or_404(PaymentChannel, code=code), SettlementForm())


@gates.requires(acts.LOAD_SETTLEMENTS)
@require_POST
def rehearsals(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a file and show what loading it would do."""
    channel = get_object_or_404(PaymentChannel, code=code)
    form = SettlementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _channel_page(request, channel, form)
    sent = form.cleaned_data["file"]
    if sent.size > decoding.MOST_BYTES:
        form.add_error(
            "file", f"El archivo pasa de {decoding.MOST_BYTES // 1_000_000} MB. Pida al banco uno por día."
        )
        return _channel_page(request, channel, form)
    digest = uploads.keep(channel=code, content=sent.read())
    answer = redirect("settlement_rehearsal", code=code, digest=digest)
    answer["Location"] += f"?{_named(sent.name)}"
    return answer


@gates.requires(acts.LOAD_SETTLEMENTS)
def rehearsal(request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """What loading a kept file would do. Nothing is written."""
    channel = get_object_or_404(PaymentChannel, code=code)
    return _rehearsal_page(request, channel, digest, request.GET.get("archivo", "archivo"))


@gates.requires(acts.LOAD_SETTLEMENTS)
@require_POST
def loading(request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """Load a rehearsed file: at once, or by the worker if it is long."""
    channel = get_object_or_404(PaymentChannel, code=code)
    name = request.POST.get("name", "")[:200] or "archivo"
    try:
        content = uploads.read(channel=code, digest=digest)
        if content.count(b"\n") > channel_work.MOST_AT_ONCE:
            job = channel_work.start(
                channel=channel, name=name, digest=digest, n=content.count(b"\n"), by=who(request)
            )
            return redirect("settlement_job", pk=job.pk)
        loaded = commands.load_settlement(
            channel=channel, name=name, content=content, at=clock.now(), by=who(request)
        )
    except commands.CannotLoadSettlement as refusal:
        if not refusal.findings:
            return _rehearsal_page(request, channel, digest, name, refusal)
        return _rehearsal_page(request, channel, digest, name)
    except Refusal as refusal:
        return _rehearsal_page(request, channel, digest, name, refusal)
    if loaded.file is None:
        messages.info(
            request, f"Todo lo de {name} ya estaba registrado: {thousands(loaded.n_known)} movimientos."
        )
        return redirect("channel", code=code)
    messages.success(
        request,
        f"{thousands(loaded.n_applied)} pagos aplicados por {pesos(loaded.applied_cents)}; "
        f"{thousands(loaded.n_waiting)} por identificar.",
        extra_tags="good",
    )
    return redirect("settlement", pk=loaded.file.pk)


@gates.requires(acts.LOAD_SETTLEMENTS)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the worker is with a long file; when it ends, the file is shown."""
    row = channel_pages.job_row(job=get_object_or_404(Job, pk=pk, kind=channel_work.KIND))
    if row["settlement"]:
        if request.headers.get("HX-Request"):
            answer = HttpResponse()
            answer["HX-Redirect"] = redirect("settlement", pk=row["settlement"]).url
            return answer
        return redirect("settlement", pk=row["settlement"])
    template = "settlement_progress" if request.headers.get("HX-Request") else "settlement_job"
    return render(request, f"cashier/{template}.html", row)


@gates.requires(acts.READ_TILLS)
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, as it adds up, and its lines."""
    file = get_object_or_404(SettlementFile.objects.select_related("channel"), pk=pk)
    text = request.GET.get("texto", "").strip()
    page = {
        "row": channel_pages.file_row(file=file), "text": text, "most": channel_pages.MOST_LINES,
        "lines": channel_pages.line_rows(file=file, text=text),
    }  # fmt: skip
    return render(request, "cashier/settlement.html", page)


@gates.requires(acts.LOAD_SETTLEMENTS)
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an applied movement back from its account; it waits again."""
    line = get_object_or_404(SettlementLine.objects.select_related("channel", "settlement"), pk=pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            commands.withdraw(line=line, reason=form.cleaned_data["reason"], at=clock.now(), by=who(request))
        except Refusal as refusal:
            say(form, refusal)
        else:
            return redirect("unidentified_line", pk=pk)
    rows = [
        row for row in channel_pages.line_rows(file=line.settlement, text=line.reference) if row.line.pk == pk
    ]
    page = {"line": line, "row": rows[0] if rows else None, "form": form}
    return render(request, "cashier/settlement_withdrawal.html", page, status=422 if form.errors else 200)


def _channel_page(request: HttpRequest, channel: PaymentChannel, form: SettlementForm) -> HttpResponse:
    page = {
        "channel": channel, "files": channel_pages.file_rows(channel=channel), "form": form,
        "may_load": acts.may(clerk=request.user, act=acts.LOAD_SETTLEMENTS) and channel.closed_on is None,  # type: ignore[arg-type]
    }  # fmt: skip
    return render(request, "cashier/channel.html", page, status=422 if form.errors else 200)


def _rehearsal_page(
    request: HttpRequest, channel: PaymentChannel, digest: str, name: str, refusal: Refusal | None = None
) -> HttpResponse:
    try:
        content = uploads.read(channel=channel.code, digest=digest)
    except uploads.UploadIsGone as gone:
        form = SettlementForm({})
        form.errors["file"] = form.error_class([str(gone)])
        return _channel_page(request, channel, form)
    plan = planning.plan(
        channel=channel.code, layout=layout.from_document(document=channel.layout), content=content, name=name[:200],
        today=clock.today(),
    )  # fmt: skip
    page = channel_pages.rehearsal_page(channel=channel, plan=plan, name=name[:200])
    is_refused = bool(refusal) or (request.method == "POST" and bool(plan.findings))
    return render(
        request, "cashier/settlement_rehearsal.html", {**page, "digest": digest, "refusal": refusal},
        status=422 if is_refused else 200,
    )  # fmt: skip


def _named(name: str) -> str:
    return urlencode({"archivo": name[:200]})
