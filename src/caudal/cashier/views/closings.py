"""Closings: the list with its totals, one whole, its paper, and what is said of its differences."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates
from caudal.access import policy as acts
from caudal.cashier import closing_pages, commands, till_sheets
from caudal.cashier.models import DifferenceDispute, TillClosing
from caudal.cashier.till_forms import RangeForm, TextForm
from caudal.cashier.views.tills import posted, say, who
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal


@gates.requires(acts.READ_TILLS)
def every(request: HttpRequest) -> HttpResponse:
    """Closings of some days with their totals; the month, if nobody says which."""
    today = clock.today()
    asked = request.GET if request.GET else {"since": f"{today.replace(day=1):%d/%m/%Y}", "until": ""}
    form = RangeForm(asked)
    days = form.cleaned_data if form.is_valid() else {}
    rows = closing_pages.closings(since=days.get("since"), until=days.get("until"))
    page = {"form": form, "rows": rows, "totals": closing_pages.totals(rows=rows)}
    return render(request, "cashier/closings.html", page)


@gates.requires(acts.READ_TILLS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One closing whole."""
    return _page(request, _closing(number), TextForm())


@gates.requires(acts.TAKE_PAYMENTS)
def own(request: HttpRequest, number: int) -> HttpResponse:
    """One's own closing: the comparison, now that it is closed, and a place to dispute it."""
    closing = _own(request, number)
    return _page(request, closing, TextForm(), is_own=closing.session.cashier == who(request))


def _page(
    request: HttpRequest, closing: TillClosing, form: TextForm, *, is_own: bool = False, asked: str = ""
) -> HttpResponse:
    shown = {
        "of": closing_pages.closing_page(closing=closing), "form": form, "is_own": is_own, "asked": asked,
        "may_answer": acts.may(clerk=request.user, act=acts.SUPERVISE_TILLS),  # type: ignore[arg-type]
    }  # fmt: skip
    return render(request, "cashier/closing.html", shown, status=422 if form.errors else 200)


@gates.requires(acts.TAKE_PAYMENTS)
def dispute(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Say what one knows of a difference of one's own closing."""
    closing, form = _own(request, number), TextForm(posted(request))
    balance = closing.balances.filter(kind=kind).first()
    if balance is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            commands.dispute_difference(
                balance=balance, text=form.cleaned_data["text"], at=clock.now(), by=who(request)
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, "Su aclaración quedó junto a la diferencia.", extra_tags="good")
            return redirect("own_closing", number=number)
    return _page(request, closing, form, is_own=True, asked=kind)


@gates.requires(acts.SUPERVISE_TILLS)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was found out about a dispute."""
    found = get_object_or_404(DifferenceDispute.objects.select_related("balance__closing"), pk=pk)
    closing = _closing(found.balance.closing.number)
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            commands.answer_dispute(
                dispute=found, text=form.cleaned_data["text"], at=clock.now(), by=who(request)
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, "La respuesta quedó junto a la aclaración.", extra_tags="good")
            return redirect("closing", number=closing.number)
    return _page(request, closing, form, asked=str(pk))


@gates.requires(acts.READ_TILLS)
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    """The closing report on paper."""
    return _paper(_closing(number))


@gates.requires(acts.TAKE_PAYMENTS)
def own_pdf(request: HttpRequest, number: int) -> HttpResponse:
    """One's own closing report on paper."""
    return _paper(_own(request, number))


def _paper(closing: TillClosing) -> HttpResponse:
    answer = HttpResponse(till_sheets.closing_pdf(closing=closing), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{closing.folio}.pdf"'
    return answer


def _closing(number: int) -> TillClosing:
    found: TillClosing = get_object_or_404(
        TillClosing.objects.select_related("session__till", "deposited__slip"), number=number
    )
    return found


def _own(request: HttpRequest, number: int) -> TillClosing:
    closing = _closing(number)
    is_mine = closing.session.cashier == who(request)
    if not is_mine and not acts.may(clerk=request.user, act=acts.READ_TILLS):  # type: ignore[arg-type]
        raise Http404
    return closing
