"""Pages for anybody, without an account: report something, follow it with its folio and key, say it was not resolved."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caudal.access import gates
from caudal.cases import commands, keys, policy, queries, visiting
from caudal.cases.forms import PublicCaseForm, TextForm
from caudal.cases.models import Case, CaseEntry, CaseType
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

_TOLD = (CaseEntry.Kind.ANSWERED, CaseEntry.Kind.RESOLVED)


@gates.open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """Report a leak, or whatever else is seen in the street: four things at most."""
    is_sent = request.method == "POST"
    form = PublicCaseForm(request.POST if is_sent else None, request.FILES or None, initial={"key": uuid4()})
    if is_sent and (wait := _wait(request, "report")):
        return _waiting(request, wait)
    if is_sent and form.is_valid():
        try:
            opened = _opened(form)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect("report_status", folio=opened.folio, key=keys.key_of(opened.folio))
    problems = [
        {"field": form[name].id_for_label if name in form.fields else "", "words": " ".join(map(str, words))}
        for name, words in form.errors.items()
    ]
    return _public(request, "report_new", {"form": form, "problems": problems}, 422 if form.errors else 200)


@gates.open_to_all
@require_safe
def report_tracking(request: HttpRequest) -> HttpResponse:
    """A place to type the folio and the key of a report."""
    folio, key = request.GET.get("folio", ""), request.GET.get("clave", "")
    if not (folio or key):
        return _public(request, "report_tracking", {})
    if wait := _wait(request, "status"):
        return _waiting(request, wait)
    read = policy.read_folio(folio)
    if read and keys.is_key_of(read, key) and Case.objects.filter(folio=read).exists():
        return redirect("report_status", folio=read, key=keys.key_of(read))
    return _unknown(request, folio)


@gates.open_to_all
@require_safe
def report_status(request: HttpRequest, folio: str, key: str) -> HttpResponse:
    """How far a report is: received, assigned, on site, resolved."""
    if wait := _wait(request, "status"):
        return _waiting(request, wait)
    found = _found(folio, key)
    return _status(request, found) if found else _unknown(request, folio)


@gates.open_to_all
@require_POST
def report_dispute(request: HttpRequest, folio: str, key: str) -> HttpResponse:
    """Say that it was not resolved: once."""
    if wait := _wait(request, "report"):
        return _waiting(request, wait)
    found = _found(folio, key)
    if found is None:
        return _unknown(request, folio)
    form = TextForm(request.POST)
    form.is_valid()
    try:
        commands.dispute_case(case=found, text=form.cleaned_data.get("text", ""), at=clock.now())
    except Refusal as refusal:
        return _status(request, found, problem=str(refusal))
    return redirect("report_status", folio=found.folio, key=keys.key_of(found.folio))


def _opened(form: PublicCaseForm) -> Case:
    typed = form.cleaned_data
    return commands.open_case(
        type=typed["type"], channel=Case.Channel.WEB, address=typed["address"], place=form.place(),
        description=CaseType.objects.get(code=typed["type"]).name, reporter_phone=typed["phone"], photos=form.photos(),
        key=typed["key"], at=clock.now(), by=policy.CITIZEN,
    )  # fmt: skip


def _status(request: HttpRequest, found: Case, *, problem: str = "") -> HttpResponse:
    at = clock.now()
    going_on = queries.survivor(case=found)
    standing = queries.standing(case=going_on, at=at)
    page = {
        "case": found, "going_on": going_on if going_on.pk != found.pk else None, "standing": standing,
        "steps": standing.steps, "key": keys.key_of(found.folio),
        "answers": going_on.entries.filter(kind__in=_TOLD).order_by("-id"),
        "may_dispute": standing.state == policy.State.RESOLVED, "problem": problem,
        "due_at": going_on.due_at, "is_new": len(standing.moves) == 1, "days": queries.rules().dispute_days,
    }  # fmt: skip
    return _public(request, "report_status", page, 422 if problem else 200)


def _found(folio: str, key: str) -> Case | None:
    """The case, if the key is its own: a wrong key and a folio there is not are answered alike."""
    read = policy.read_folio(folio)
    if not read or not keys.is_key_of(read, key):
        return None
    return Case.objects.select_related("type").filter(folio=read).first()


def _wait(request: HttpRequest, what: str) -> int:
    return visiting.wait_for(what=what, address=visiting.address_of(request), at=clock.now())


def _unknown(request: HttpRequest, folio: str) -> HttpResponse:
    return _public(request, "report_tracking", {"is_unknown": True, "folio": folio[:20]}, 404)


def _waiting(request: HttpRequest, minutes: int) -> HttpResponse:
    answer = _public(request, "report_tracking", {"wait": minutes}, 429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def _public(request: HttpRequest, name: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = render(request, f"cases/{name}.html", shown, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    # the address of a report holds its key; "same-origin" lets our own forms say where they come from
    answer["Referrer-Policy"] = "same-origin"
    return answer
