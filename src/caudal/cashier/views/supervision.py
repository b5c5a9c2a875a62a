"""«Cajas y cortes»: every till and who has it; a session seen whole; tills put to use and retired."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates
from caudal.access import policy as acts
from caudal.cashier import closing_pages, commands, till_pages
from caudal.cashier.models import Till, TillSession
from caudal.cashier.till_forms import CountForm, NoteForm, ReasonForm, TillForm
from caudal.cashier.views.tills import posted, say, who
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal


@gates.requires(acts.READ_TILLS)
def board(request: HttpRequest) -> HttpResponse:
    """Who has each till, with how much, and what waits for whoever supervises."""
    today = clock.today()
    page = {
        "rows": till_pages.board(on=today),
        "closings": closing_pages.closings(since=today),
        "to_deposit": closing_pages.waiting_for_deposit(),
        "may_manage": _may(request, acts.MANAGE_TILLS),
        "may_supervise": _may(request, acts.SUPERVISE_TILLS),
    }
    return render(request, "cashier/tills.html", page)


@gates.requires(acts.READ_TILLS)
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session with what must be in its drawer; once counted, the comparison and its closing."""
    found = get_object_or_404(TillSession.objects.select_related("till"), pk=pk)
    if found.state == TillSession.State.BALANCED:
        return redirect("closing", number=found.closing.number)
    return _session_page(request, found, NoteForm())


def _session_page(request: HttpRequest, found: TillSession, form: NoteForm) -> HttpResponse:
    page = till_pages.session_page(session=found, shows_cash=True)
    is_mine = who(request) in (found.cashier, page.counted_by)
    shown = {
        "page": page, "form": form, "is_mine": is_mine,
        "rows": closing_pages.comparison(session=found) if page.is_counted else [],
        "may_supervise": _may(request, acts.SUPERVISE_TILLS),
    }  # fmt: skip
    return render(request, "cashier/till_session.html", shown, status=422 if form.errors else 200)


@gates.requires(acts.SUPERVISE_TILLS)
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a counted session from one's own page."""
    found = get_object_or_404(TillSession.objects.select_related("till"), pk=pk)
    form = NoteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            closed = commands.close_session(
                session=found, at=clock.now(), by=who(request), note=form.cleaned_data["note"]
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            return redirect("closing", number=closed.number)
    return _session_page(request, found, form)


@gates.requires(acts.SUPERVISE_TILLS)
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the session of somebody who cannot: it says why, and then another person closes."""
    found = get_object_or_404(TillSession.objects.select_related("till"), pk=pk)
    page = till_pages.session_page(session=found, shows_cash=False)
    form = ReasonForm(posted(request)) if page.is_open else CountForm(posted(request), is_own=False)
    if request.method == "POST" and form.is_valid():
        try:
            if isinstance(form, CountForm):
                commands.declare_count(
                    session=found, pieces=form.pieces(), others=form.others_cents(), at=clock.now(),
                    by=who(request), reason=form.cleaned_data["reason"],
                )  # fmt: skip
                return redirect("till_session", pk=pk)
            commands.begin_balancing(
                session=found, at=clock.now(), by=who(request), reason=form.cleaned_data["reason"]
            )
            return redirect("till_session_count", pk=pk)
        except Refusal as refusal:
            say(form, refusal)
    status = 422 if form.errors else 200
    return render(
        request,
        "cashier/till_count.html",
        {"page": page, "form": form.with_focus(), "for_another": True},
        status=status,
    )


@gates.requires(acts.MANAGE_TILLS)
def till_new(request: HttpRequest) -> HttpResponse:
    """Put a till to use."""
    form = TillForm(posted(request), is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.open_till(**form.said(), at=clock.now(), by=who(request))
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"{made.name} está en uso.", extra_tags="good")
            return redirect("tills")
    return render(
        request, "cashier/till.html", {"form": form.with_focus()}, status=422 if form.errors else 200
    )


@gates.requires(acts.MANAGE_TILLS)
def till(request: HttpRequest, code: str) -> HttpResponse:
    """Change a till: its name, its printer, its limit."""
    found = get_object_or_404(Till, pk=code)
    kept = {
        "name": found.name, "printer": found.printer, "shows_expected": found.shows_expected,
        "cash_limit": till_pages.typed_pesos(found.cash_limit_cents),
    }  # fmt: skip
    form = TillForm(posted(request), is_new=False, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            changed = commands.change_till(till=found, **form.said(), at=clock.now(), by=who(request))
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"{changed.name} quedó como la escribió.", extra_tags="good")
            return redirect("tills")
    page = {"form": form.with_focus(), "till": found}
    return render(request, "cashier/till.html", page, status=422 if form.errors else 200)


@gates.requires(acts.MANAGE_TILLS)
@require_POST
def retirement(request: HttpRequest, code: str) -> HttpResponse:
    """Take a till out of use, with its series, for ever."""
    found = get_object_or_404(Till, pk=code)
    try:
        commands.close_till(till=found, at=clock.now(), by=who(request))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("till", code=code)
    messages.success(request, f"{found.name} está fuera de uso.", extra_tags="good")
    return redirect("tills")


def _may(request: HttpRequest, act: str) -> bool:
    return acts.may(clerk=request.user, act=act)  # type: ignore[arg-type]
