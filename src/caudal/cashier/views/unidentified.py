"""«Por identificar»: money in the bank that nobody recognized, until somebody says whose it was."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates
from caudal.access import policy as acts
from caudal.cashier import channel_pages, commands
from caudal.cashier.channel_forms import IdentificationForm, ReasonForm
from caudal.cashier.models import PaymentChannel, SettlementLine
from caudal.cashier.views.tills import say, who
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos


@gates.requires(acts.READ_TILLS)
def every(request: HttpRequest) -> HttpResponse:
    """What waits, by channel and by words."""
    channel, text = request.GET.get("canal", ""), request.GET.get("texto", "").strip()
    found = channel_pages.waiting_lines(channel=channel, text=text)
    pages = Paginator(found, 50)
    page = {
        "rows": pages.get_page(request.GET.get("pagina")), "n": pages.count, "channel": channel, "text": text,
        "total_cents": found.aggregate(cents=Sum("amount_cents"))["cents"] or 0,
        "channels": PaymentChannel.objects.order_by("name"),
    }  # fmt: skip
    return render(request, "cashier/unidentified.html", page)


@gates.requires(acts.READ_TILLS)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A movement: what it says, whose it may be, and what was decided."""
    number = request.GET.get("cuenta", "")
    return _page(request, _line(pk), identification=IdentificationForm(initial={"account": number}))


@gates.requires(acts.LOAD_SETTLEMENTS)
@require_POST
def identification(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply it to an account."""
    line, form = _line(pk), IdentificationForm(request.POST)
    if form.is_valid():
        account = form.cleaned_data["account"]
        try:
            written = commands.identify(
                line=line,
                account=account,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
                by=who(request),
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            _said(
                request,
                f"{pesos(line.amount_cents)} aplicados a la cuenta {account.number}: {written.folio}.",
            )
            return redirect("unidentified")
    return _page(request, line, identification=form)


@gates.requires(acts.LOAD_SETTLEMENTS)
@require_POST
def giving_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Write that it was given back to who paid it."""
    line, form = _line(pk), ReasonForm(request.POST, prefix="back")
    if form.is_valid():
        try:
            commands.give_back(line=line, reason=form.cleaned_data["reason"], at=clock.now(), by=who(request))
        except Refusal as refusal:
            say(form, refusal)
        else:
            _said(request, f"{pesos(abs(line.amount_cents))} anotados como devueltos.")
            return redirect("unidentified")
    return _page(request, line, back=form)


@gates.requires(acts.LOAD_SETTLEMENTS)
@require_POST
def origin(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which payment a reversal takes back."""
    line, form = _line(pk), ReasonForm(request.POST)
    if form.is_valid():
        original = SettlementLine.objects.filter(pk=_number(request.POST.get("original"))).first()
        try:
            if original is None:
                raise commands.CannotIdentify("Falta el pago que devuelve.", "Elija uno de la lista.")
            commands.identify_reversal(
                line=line,
                original=original,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
                by=who(request),
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            _said(request, f"{pesos(-line.amount_cents)} cancelados: el banco se los llevó.")
            return redirect("unidentified")
    return _page(request, line, reversal=form)


def _line(pk: int) -> SettlementLine:
    return get_object_or_404(SettlementLine.objects.select_related("channel", "settlement"), pk=pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _said(request: HttpRequest, words: str) -> None:
    messages.success(request, words, extra_tags="good")


def _page(request: HttpRequest, line: SettlementLine, **forms: Form) -> HttpResponse:
    page = {
        "identification": IdentificationForm(), "back": ReasonForm(prefix="back"), "reversal": ReasonForm(),
        **forms, **channel_pages.line_page(line=line, on=clock.today()),
        "may_decide": acts.may(clerk=request.user, act=acts.LOAD_SETTLEMENTS),  # type: ignore[arg-type]
    }  # fmt: skip
    is_refused = any(form.errors for form in forms.values())
    return render(request, "cashier/unidentified_line.html", page, status=422 if is_refused else 200)
