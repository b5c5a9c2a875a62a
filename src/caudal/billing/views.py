"""Pages of billing: the runs, one run with its live progress, its held bills, a bill on paper."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.billing import commands, pages, queries, work
from caudal.billing.forms import DiscardForm, OpenRunForm
from caudal.billing.models import BillingRun, HeldBill
from caudal.kernel import clock, jobs
from caudal.kernel.refusals import Refusal
from caudal.rules.periods import Period


@gates.requires(policy.READ_BILLING)
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, newest first."""
    every = BillingRun.objects.select_related("cycle", "book").order_by("-period", "-id")
    newest = every.exclude(state="discarded").first()
    page = {
        "runs": [pages.run_row(run=run) for run in every[:60]],
        "may_run": _may(request, policy.RUN_BILLING),
        "next_period": Period(newest.period).next() if newest else Period.of(clock.today()),
    }
    return render(request, "billing/runs.html", page)


@gates.requires(policy.RUN_BILLING)
def run_new(request: HttpRequest) -> HttpResponse:
    """Open a run: cycle, period and dates."""
    today = clock.today()
    newest = BillingRun.objects.exclude(state="discarded").order_by("-period").first()
    following = int(Period(newest.period).next()) if newest else int(Period.of(today))
    form = OpenRunForm(_posted(request), on=today, initial={"period": following, "issued_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            run = commands.open_run(by=request.user.get_username(), at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect("billing_run", pk=run.pk)
    return render(request, "billing/run_new.html", {"form": form}, status=422 if form.errors else 200)


@gates.requires(policy.READ_BILLING)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: where it stands, what it adds up to, what may be done now."""
    return _run_page(request, _run(pk))


@gates.requires(policy.READ_BILLING)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The job panel alone, asked for once a second; when the job ends the whole page is shown again."""
    found = _run(pk)
    job = pages.job_row(job=pages.latest_job(run=found), acts=_acts(request))
    answer = render(request, "billing/progress.html", {"run": pages.run_row(run=found), "job": job})
    if job and not job.is_live:
        answer["HX-Refresh"] = "true"
    return answer


@gates.requires(policy.RUN_BILLING)
@require_POST
def computation(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the computation."""
    return _start(request, pk, kind="billing.compute")


@gates.requires(policy.RUN_BILLING)
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign that the figures were looked at."""
    found = _run(pk)
    try:
        commands.review(run=found, by=request.user.get_username(), at=clock.now())
    except Refusal as refusal:
        return _run_page(request, found, refusal)
    return redirect("billing_run", pk=pk)


@gates.requires(policy.ISSUE_BILLING)
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the issue."""
    return _start(request, pk, kind="billing.issue")


@gates.requires(policy.READ_BILLING)
@require_POST
def printing(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the print files."""
    return _start(request, pk, kind="billing.print")


@gates.requires(policy.READ_BILLING)
def print_file(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """One print file of a run. Only names that are in its folder are served."""
    files = {file.name: file for file in queries.print_directory(run=_run(pk)).glob("*.pdf")}
    if name not in files:
        raise Http404
    return FileResponse(files[name].open("rb"), content_type="application/pdf", filename=name)


@gates.requires(policy.RUN_BILLING)
def discarding(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a run away before issue, with its reason."""
    found = _run(pk)
    form = DiscardForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            commands.discard(
                run=found, by=request.user.get_username(), at=clock.now(), reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("billing_runs")
    page = {"run": pages.run_row(run=found), "form": form}
    return render(request, "billing/discard.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_BILLING)
@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the run's job to stop at its next safe point; only who could have asked for it."""
    job = pages.latest_job(run=_run(pk))
    if job and not pages.may_touch(job=job, acts=_acts(request)):
        return gates.forbidden(request)
    if job:
        jobs.cancel(job=job)
    return redirect("billing_run", pk=pk)


@gates.requires(policy.READ_BILLING)
@require_POST
def resumption(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue stopped work again; it goes on from what is stored. Who may not issue does not resume an issue."""
    found = _run(pk)
    job = pages.latest_job(run=found)
    if job and not pages.may_touch(job=job, acts=_acts(request)):
        return gates.forbidden(request)
    if job and job.state in pages.STOPPED:
        try:
            jobs.resume(job=job, by=request.user.get_username())
        except Refusal as refusal:
            return _run_page(request, found, refusal)
    return redirect("billing_run", pk=pk)


@gates.requires(policy.READ_BILLING)
def unbilled(request: HttpRequest, pk: int) -> HttpResponse:
    """Active services without a bill, each with its cause."""
    found = _run(pk)
    rows = pages.unbilled_rows(run=found)
    page = {"run": pages.run_row(run=found), "rows": rows, "heading": f"{len(rows):,} cuentas"}
    return render(request, "billing/unbilled.html", page)


@gates.requires(policy.READ_BILLING)
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """Held bills, card by card."""
    return _held_page(request, _run(pk), number=request.GET.get("cuenta", ""))


@gates.requires(policy.REVIEW_HELD)
@require_POST
def held_decision(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Release a held bill, or send it to be read again, with the reason."""
    found = _run(pk)
    held_bill = get_object_or_404(HeldBill, run=found, account__number=number)
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "").strip()
    by, on, at = request.user.get_username(), clock.today(), clock.now()
    try:
        if decision == "released":
            commands.release_held(held=held_bill, reason=reason, by=by, on=on, at=at)
        elif decision == "reread":
            commands.send_to_reread(held=held_bill, reason=reason, by=by, at=at)
        elif decision == "recomputed":
            commands.recompute_held(held=held_bill, by=by, on=on, at=at)
        else:
            raise Http404
    except Refusal as refusal:
        return _held_page(request, found, number=number, refusal=refusal, typed_reason=reason)
    return redirect("billing_held", pk=pk)


@gates.requires(policy.READ_ACCOUNTS)
def bill_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """A bill on paper, exactly as it was issued."""
    try:
        paper = queries.bill_pdf(folio=folio)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="recibo-{folio}.pdf"'
    return answer


def _run(pk: int) -> BillingRun:
    return get_object_or_404(BillingRun.objects.select_related("cycle", "book"), pk=pk)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; nothing while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _may(request: HttpRequest, act: str) -> bool:
    return policy.may(clerk=request.user, act=act)  # type: ignore[arg-type]


def _acts(request: HttpRequest) -> frozenset[str]:
    return policy.acts_of(clerk=request.user)  # type: ignore[arg-type]


def _run_page(request: HttpRequest, found: BillingRun, refusal: Refusal | None = None) -> HttpResponse:
    page = {
        **pages.run_page(run=found, acts=_acts(request), directory=queries.print_directory(run=found)),
        "refusal": refusal,
    }
    return render(request, "billing/run.html", page, status=409 if refusal else 200)


def _held_page(
    request: HttpRequest,
    found: BillingRun,
    *,
    number: str,
    refusal: Refusal | None = None,
    typed_reason: str = "",
) -> HttpResponse:
    page = {
        **pages.held_page(run=found, number=number),
        "may_review": _may(request, policy.REVIEW_HELD),
        "refusal": refusal,
        "typed_reason": typed_reason,
    }
    return render(request, "billing/held.html", page, status=409 if refusal else 200)


def _start(request: HttpRequest, pk: int, *, kind: str) -> HttpResponse:
    """Queue a job of a run; two jobs of the same run exclude each other."""
    found = _run(pk)
    try:
        work.start(kind=kind, run=found, by=request.user.get_username())
    except Refusal as refusal:
        return _run_page(request, found, refusal)
    return redirect("billing_run", pk=pk)
