"""The board of the day and the page of each round: seen, passed on, split, called off, printed."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.fieldwork import commands, pages, papers, queries
from caudal.fieldwork.forms import SplitForm
from caudal.fieldwork.models import Photo, Round
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.typed import TYPED_DATE

_NOBODY: Final = commands.CannotReassignRound(
    "Falta la persona.", "Elija a quién se le da el recorrido.", field="to"
)


@gates.requires(policy.READ_FIELDWORK)
def rounds(request: HttpRequest) -> HttpResponse:
    """The board: every round of a day, how far each is, and what was left of other days."""
    today = clock.today()
    on = day_asked(request, today)
    return render(request, "fieldwork/board.html", _board(on, today))


@gates.requires(policy.READ_FIELDWORK)
def rounds_board(request: HttpRequest) -> HttpResponse:
    """The part of the board that is asked for again every few seconds."""
    today = clock.today()
    return render(request, "fieldwork/board_rows.html", _board(day_asked(request, today), today))


@gates.requires(policy.READ_FIELDWORK)
def round(request: HttpRequest, folio: str) -> HttpResponse:
    """One round: its stops in order, what was told of each, where from, with its photographs."""
    try:
        found = queries.round_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _round_page(request, found)


@gates.requires(policy.READ_FIELDWORK)
def round_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """The round on paper, for when the phones fail."""
    try:
        found = queries.round_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    answer = HttpResponse(papers.round_pdf(round=found, at=clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.folio}.pdf"'
    return answer


@gates.requires(policy.PLAN_FIELDWORK)
def round_reassignment(request: HttpRequest, folio: str) -> HttpResponse:
    """Give a round to another person: one click on their name."""
    try:
        found = queries.round_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    if request.method != "POST":
        return _reassignment_page(request, found)
    to, reason = _clerk(request.POST.get("to", "")), request.POST.get("reason", "")
    try:
        if to is None:
            raise _NOBODY
        commands.reassign_round(
            round=found, to=to, reason=reason, at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _reassignment_page(request, found, refusal, reason=reason)
    messages.success(request, f"{found.name}: ahora lo tiene {to.full_name}.")
    return redirect(f"/recorridos/?dia={found.on:%d/%m/%Y}")


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def round_split(request: HttpRequest, folio: str) -> HttpResponse:
    """Give what is left, or the last of it, to another person or another day."""
    try:
        found = queries.round_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    form = SplitForm(request.POST, workers=queries.workers(on=found.on))
    to = _clerk(request.POST.get("to", ""))
    if not form.is_valid() or to is None:
        return _reassignment_page(request, found, form=form)
    said = form.cleaned_data
    try:
        rest = commands.split_pending(
            round=found, to=to, on=said["on"], most=said["most"] or 0, at=clock.now(),
            by=request.user.get_username(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _reassignment_page(request, found, form=form)
    messages.success(request, f"{rest.folio}: {rest.stops.count()} paradas para {to.full_name}.")
    return redirect("round", folio=rest.folio)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def round_cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Call off a round nobody has begun."""
    try:
        found = queries.round_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    reason = request.POST.get("reason", "")
    try:
        commands.cancel_round(round=found, reason=reason, at=clock.now(), by=request.user.get_username())
    except Refusal as refusal:
        return _round_page(request, found, refusal, reason=reason)
    messages.success(request, f"Recorrido {found.folio} cancelado.")
    return redirect("round", folio=found.folio)


@gates.requires(policy.READ_FIELDWORK)
def field_photo(request: HttpRequest, photo: UUID) -> HttpResponseBase:
    """A photograph taken in the street."""
    found = Photo.objects.filter(pk=photo).first()
    if found is None:
        raise Http404
    try:
        body = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(body, content_type="image/jpeg")


def _board(on: date, today: date) -> dict[str, Any]:
    at = clock.now()
    lines = pages.board_lines(rows=queries.board(on=on, at=at))
    behind = pages.board_lines(rows=queries.left_behind(on=on, at=at))
    return {
        "on": on,
        "typed_day": f"{on:%d/%m/%Y}",
        "before": f"{on - timedelta(days=1):%d/%m/%Y}",
        "after": f"{on + timedelta(days=1):%d/%m/%Y}",
        "is_today": on == today,
        "lines": lines,
        "behind": behind,
        "figures": pages.figures(rows=[line.row for line in lines]),
        "at": at,
        "waiting": queries.pending_orders(only_waiting=True).count(),
    }


def _round_page(
    request: HttpRequest, found: Round, refusal: Refusal | None = None, *, reason: str = ""
) -> HttpResponse:
    rows = queries.stops_of(round=found)
    page = {
        "round": found,
        "line": pages.board_line(row=queries.row_of(round=found, at=clock.now())),
        "stops": pages.stop_lines(rows=rows),
        "map": pages.round_map(round=found, rows=rows),
        "assignments": pages.assignment_lines(assignments=queries.assignments_of(round=found)),
        "refusal": refusal,
        "reason": reason,
    }
    return render(request, "fieldwork/round.html", page, status=422 if refusal else 200)


def _reassignment_page(
    request: HttpRequest,
    found: Round,
    refusal: Refusal | None = None,
    *,
    form: SplitForm | None = None,
    reason: str = "",
) -> HttpResponse:
    workers = queries.workers(on=found.on)
    is_wrong = refusal or form
    page = {
        "round": found,
        "line": pages.board_line(row=queries.row_of(round=found, at=clock.now())),
        "workers": [each for each in workers if each.username != found.assigned_to.username],
        "form": form or SplitForm(workers=workers, initial={"on": found.on}),
        "refusal": refusal,
        "reason": reason,
    }
    return render(request, "fieldwork/reassignment.html", page, status=422 if is_wrong else 200)


def day_asked(request: HttpRequest, today: date) -> date:
    """The day of the address, as it is typed; today if it is not one."""
    for pattern in TYPED_DATE:
        try:
            return datetime.strptime(request.GET.get("dia", ""), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return today


def _clerk(username: str) -> Clerk | None:
    return Clerk.objects.filter(username=username, is_active=True).first()


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
