"""Pages of batches: all of them, a new one with its preview, one with its printing and its rounds."""

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.dunning import commands, pages, papers, queries, work
from caudal.dunning.forms import SegmentForm, ServersForm
from caudal.dunning.models import NoticeBatch
from caudal.dunning.queries import SegmentFilter
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

MOST_SHOWN = 200


@gates.requires(policy.READ_DUNNING)
def notice_batches(request: HttpRequest) -> HttpResponse:
    """Every batch with how far its notices are, and what waits: next stages and appointments."""
    today = clock.today()
    days = queries.calendar()
    page = {
        "rows": pages.batch_rows(batches=list(queries.batches()[:MOST_SHOWN]), on=today),
        "n_next": len(queries.due_for_next_stage(on=today)),
        "n_appointments": len(queries.appointments(on=today)),
        "is_business_day": days.is_business_day(today),
        "next_business_day": days.next_after(today),
        "stages": queries.stages(on=today),
        "may_prepare": _may(request),
    }
    return render(request, "dunning/batches.html", page)


@gates.requires(policy.PREPARE_NOTICES)
def notice_batch_new(request: HttpRequest) -> HttpResponse:
    """Choose a stage and a segment, see who it is, prepare the batch."""
    today = clock.today()
    stages = queries.stages(on=today)
    initial = {"stage": request.GET.get("etapa", "debt_slip"), "routes": request.GET.getlist("ruta")}
    form = SegmentForm(_posted(request), stages=stages, initial=initial)
    told = None
    if request.method == "POST" and form.is_valid():
        try:
            if "prepare" in request.POST:
                batch = commands.prepare_batch(
                    name=form.cleaned_data["name"], stage=form.cleaned_data["stage"], within=form.said(), on=today,
                    at=clock.now(), by=request.user.get_username(),
                )  # fmt: skip
                messages.success(request, f"Se preparó el lote {batch.folio}. Revíselo y emítalo.")
                return redirect("notice_batch", folio=batch.folio)
            stage = queries.stage(code=form.cleaned_data["stage"], on=today)
            told = queries.segment(stage=stage, within=form.said(), on=today)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    page = {
        "form": form.with_focus(),
        "told": told,
        "shown": told.candidates[:20] if told else (),
        "stages": stages,
    }
    return render(request, "dunning/batch_new.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_DUNNING)
def notice_batch(request: HttpRequest, folio: str) -> HttpResponse:
    """One batch: who is in it before it is issued; then its notices, its papers, its rounds and what it brought."""
    return _with_batch(request, folio, lambda batch: _batch_page(request, batch))


@gates.requires(policy.READ_DUNNING)
def printing_progress(request: HttpRequest, folio: str) -> HttpResponse:
    """How far the printing of a batch is."""

    def answer(batch: NoticeBatch) -> HttpResponse:
        page = {"row": batch, "printing": pages.printing(job=batch.job), "files": _files(batch)}
        return render(request, "dunning/_printing.html", page)

    return _with_batch(request, folio, answer)


@gates.requires(policy.PREPARE_NOTICES)
@require_POST
def issuance(request: HttpRequest, folio: str) -> HttpResponse:
    """Issue a batch with its folios, and print it."""

    def answer(batch: NoticeBatch) -> HttpResponse:
        by = request.user.get_username()
        try:
            commands.issue_batch(batch=batch, on=clock.today(), at=clock.now(), by=by)
            work.start_printing(batch=batch, by=by)
        except Refusal as refusal:
            return _batch_page(request, queries.batch_by_folio(folio=folio), refusal=refusal)
        messages.success(request, f"Se emitió el lote {batch.folio}; se está imprimiendo.")
        return redirect("notice_batch", folio=batch.folio)

    return _with_batch(request, folio, answer)


@gates.requires(policy.PREPARE_NOTICES)
@require_POST
def discarding(request: HttpRequest, folio: str) -> HttpResponse:
    """Discard a batch that was not issued."""

    def answer(batch: NoticeBatch) -> HttpResponse:
        try:
            commands.discard_batch(
                batch=batch,
                reason=request.POST.get("reason", ""),
                at=clock.now(),
                by=request.user.get_username(),
            )
        except Refusal as refusal:
            return _batch_page(request, batch, refusal=refusal, act="descarte")
        return redirect("notice_batches")

    return _with_batch(request, folio, answer)


@gates.requires(policy.PREPARE_NOTICES)
@require_POST
def printing(request: HttpRequest, folio: str) -> HttpResponse:
    """Print a batch again: what was canceled since is left out."""

    def answer(batch: NoticeBatch) -> HttpResponse:
        try:
            work.start_printing(batch=batch, by=request.user.get_username())
        except Refusal as refusal:
            return _batch_page(request, batch, refusal=refusal)
        return redirect("notice_batch", folio=batch.folio)

    return _with_batch(request, folio, answer)


@gates.requires(policy.READ_DUNNING)
def print_file(request: HttpRequest, folio: str, name: str) -> FileResponse:
    """One print file of a batch. Only names that are in its folder are served."""
    try:
        batch = queries.batch_by_folio(folio=folio)
    except Refusal:
        raise Http404 from None
    files = {file.name: file for file in papers.print_files(batch=batch)}
    if name not in files:
        raise Http404
    return FileResponse(files[name].open("rb"), content_type="application/pdf", filename=name)


@gates.requires(policy.PREPARE_NOTICES)
@require_POST
def rounds(request: HttpRequest, folio: str) -> HttpResponse:
    """Share what is left of a batch among the people who serve it."""

    def answer(batch: NoticeBatch) -> HttpResponse:
        form = ServersForm(request.POST)
        if form.is_valid():
            try:
                planned = commands.plan_service(
                    notices=list(queries.notices().filter(batch=batch)), name=f"{batch.folio} {batch.name}",
                    on=form.cleaned_data["on"], servers=list(form.cleaned_data["servers"]), at=clock.now(),
                    by=request.user.get_username(),
                )  # fmt: skip
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                told = ", ".join(each.folio for each in planned)
                messages.success(request, f"Se planearon los recorridos {told}.")
                return redirect("notice_batch", folio=batch.folio)
        return _batch_page(request, batch, servers=form)

    return _with_batch(request, folio, answer)


def _batch_page(
    request: HttpRequest,
    batch: NoticeBatch,
    refusal: Refusal | None = None,
    servers: ServersForm | None = None,
    act: str = "",
) -> HttpResponse:
    today, within = clock.today(), SegmentFilter.read(batch.segment)
    is_waiting = not batch.issued_on and not batch.discarded_at
    notices = list(queries.notices().filter(batch=batch).order_by("route", "walk_sequence", "number"))
    told = queries.segment(stage=batch.stage, within=within, on=today) if is_waiting else None
    recovered = queries.recovered_by_batch(on=today).get(batch.pk)
    page: dict[str, Any] = {
        "row": pages.batch_rows(batches=[batch], on=today)[0],
        "batch": batch,
        "segment": pages.segment_words(within=within),
        "told": told,
        "shown": told.candidates[:MOST_SHOWN] if told else (),
        "rows": pages.notice_rows(notices=notices[:MOST_SHOWN]),
        "note": f"mostrando {MOST_SHOWN} de {len(notices):,}" if len(notices) > MOST_SHOWN else "",
        "spared": told.spared_by_reason if told else batch.spared,
        "recovered": recovered,
        "printing": pages.printing(job=batch.job),
        "files": _files(batch),
        "n_waiting": len(commands.waiting_to_go(notices=notices)) if batch.issued_on else 0,
        "servers": servers or ServersForm(initial={"on": queries.calendar().next_after(today)}),
        "may_prepare": _may(request),
        "refusal": refusal,
        "act": act,
    }
    wrong = refusal or (servers and servers.errors)
    return render(request, "dunning/batch.html", page, status=422 if wrong else 200)


def _files(batch: NoticeBatch) -> list[str]:
    return [file.name for file in papers.print_files(batch=batch)]


def _with_batch(request: HttpRequest, folio: str, answer: Any) -> HttpResponse:
    try:
        batch = queries.batch_by_folio(folio=folio)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    told: HttpResponse = answer(batch)
    return told


def _may(request: HttpRequest) -> bool:
    return policy.may(clerk=cast(Clerk, request.user), act=policy.PREPARE_NOTICES)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
