"""«Caja»: one's own session, from its float to its closing. What must be in the drawer stays hidden until counted."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from caudal.access import approvals, devices, gates
from caudal.access import policy as acts
from caudal.access.models import Approval
from caudal.cashier import closing_pages, commands, policy, queries, till_pages
from caudal.cashier.models import Receipt, TillSession
from caudal.cashier.till_forms import (
    CancellationForm,
    ClosingForm,
    CountForm,
    OpeningForm,
    WithdrawalForm,
)
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos

NO_SESSION = "No tiene un turno abierto. Ábralo aquí y siga."


@gates.requires(acts.TAKE_PAYMENTS)
def own(request: HttpRequest) -> HttpResponse:
    """Where one's own session stands, and what can be done with it now."""
    session = queries.live_session(cashier=who(request))
    if session is None:
        return _opening_page(request, _opening_form(request))
    page = till_pages.session_page(session=session, shows_cash=session.till.shows_expected)
    form = (
        ClosingForm(act=acts.SUPERVISE_TILLS, asked_by=who(request)).with_focus() if page.is_counted else None
    )
    return render(request, "cashier/till_own.html", {"page": page, "form": form})


@gates.requires(acts.TAKE_PAYMENTS)
def opening(request: HttpRequest) -> HttpResponse:
    """Begin a session: which till, and its float counted piece by piece."""
    form = _opening_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            session = commands.open_session(
                till=form.cleaned_data["till"], cashier=who(request), pieces=form.pieces(), at=clock.now()
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(
                request,
                f"Turno abierto en {session.till.name} con {pesos(session.float_cents)} de fondo.",
                extra_tags="good",
            )
            return redirect(_next(request) or "till_own")
    return _opening_page(request, form)


def _opening_form(request: HttpRequest) -> OpeningForm:
    return OpeningForm(posted(request), tills=till_pages.free_tills(on=clock.today()))


def _opening_page(request: HttpRequest, form: OpeningForm, *, notice: str = "") -> HttpResponse:
    page = {
        "form": form.with_focus(), "next": _next(request),
        "closings": closing_pages.closings(cashier=who(request), most=5), "notice": notice,
    }  # fmt: skip
    is_refused = form.errors or (notice and request.method == "POST")
    return render(request, "cashier/till_opening.html", page, status=422 if is_refused else 200)


@gates.requires(acts.TAKE_PAYMENTS)
def report(request: HttpRequest) -> HttpResponse:
    """Corte X: what the session has done until now. It changes nothing."""
    session = queries.live_session(cashier=who(request))
    if session is None:
        return _to_opening(request)
    page = till_pages.session_page(session=session, shows_cash=session.till.shows_expected)
    return render(
        request, "cashier/till_report.html", {"page": page, "at": clock.now(), "next": _next(request)}
    )


@gates.requires(acts.TAKE_PAYMENTS)
def withdrawal(request: HttpRequest) -> HttpResponse:
    """Hand cash to whoever supervises, with their PIN."""
    session = queries.live_session(cashier=who(request))
    if session is None:
        return _to_opening(request)
    form = WithdrawalForm(
        posted(request), act=acts.SUPERVISE_TILLS, asked_by=who(request), initial={"key": uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            taken = commands.withdraw_cash(
                session=session,
                amount_cents=form.cleaned_data["amount"],
                pieces=form.pieces(),
                approval=_supervisor(
                    request, form, session, "Retiro parcial", {"amount_cents": form.cleaned_data["amount"]}
                ),
                at=clock.now(),
                by=who(request),
                key=form.cleaned_data["key"],
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            paper = " Su papel sale en la impresora." if session.till.printer else ""
            messages.success(
                request, f"{taken.folio}: {pesos(taken.amount_cents)}.{paper}", extra_tags="good"
            )
            slip = reverse("till_withdrawal_slip", args=[taken.number])
            return redirect(f"{slip}?{urlencode({'next': _next(request)})}" if _next(request) else slip)
    page = {"form": form.with_focus(), "session": session, "next": _next(request)}
    return render(request, "cashier/till_withdrawal.html", page, status=422 if form.errors else 200)


@gates.requires(acts.TAKE_PAYMENTS)
def withdrawal_slip(request: HttpRequest, number: int) -> HttpResponse:
    """The paper that two people sign."""
    taken = till_pages.own_withdrawal(number=number, cashier=who(request))
    if taken is None:
        raise Http404
    page = till_pages.slip_page(withdrawal=taken)
    return render(request, "cashier/till_slip.html", {**page, "next": _next(request)})


@gates.requires(acts.CANCEL_RECEIPTS)
def cancellation(request: HttpRequest) -> HttpResponse:
    """Cancel a receipt in one's own session, with the yes of another person."""
    session = queries.live_session(cashier=who(request))
    if session is None:
        return _to_opening(request)
    form = CancellationForm(
        posted(request), act=acts.APPROVE_CANCELLATIONS, asked_by=who(request),
        initial={"folio": request.GET.get("folio", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            done = _canceled(request, form, session)
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(
                request,
                f"Comprobante {done['receipt_folio']} cancelado con {done['cancellation_folio']}. "
                f"Devuelva {pesos(done['total_cents'])}.",
                extra_tags="good",
            )
            return redirect(_next(request) or "till_own")
    page = {"form": form.with_focus(), "session": session, "next": _next(request)}
    return render(request, "cashier/till_cancellation.html", page, status=422 if form.errors else 200)


def _canceled(request: HttpRequest, form: CancellationForm, session: TillSession) -> dict[str, Any]:
    typed, at = form.cleaned_data, clock.now()
    folio = typed["folio"].strip()
    receipt: Receipt = queries.receipt_by_folio(
        folio=f"{session.till.series_id}-{folio}" if folio.isdigit() else folio
    )
    reason = policy.cancellation_reason(code=typed["reason"], detail=typed["detail"])
    if reason is None:
        raise commands.CannotCancelReceipt(
            "Con el motivo 5 hace falta decir qué pasó.", "Escríbalo en pocas palabras.", field="detail"
        )
    approval = approvals.approve_present(
        act=commands.act_of_cancellation(receipt=receipt, session=session), approver=typed["approver"],
        pin=typed["pin"], asked_by=who(request), object_kind="receipt", object_id=receipt.folio, reason=reason,
        at=at, device=devices.of(request), before={"total_cents": receipt.total_cents},
    )  # fmt: skip
    return commands.cancel_receipt(
        receipt=receipt, session=session, reason=typed["reason"], detail=typed["detail"], approval=approval,
        at=at, by=who(request),
    )  # fmt: skip


@gates.requires(acts.TAKE_PAYMENTS)
@require_POST
def balancing(request: HttpRequest) -> HttpResponse:
    """Stop taking payments, to count."""
    session = queries.live_session(cashier=who(request))
    if session is None:
        return redirect("till_own")
    try:
        commands.begin_balancing(session=session, at=clock.now(), by=who(request))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    return redirect("till_count")


@gates.requires(acts.TAKE_PAYMENTS)
def count(request: HttpRequest) -> HttpResponse:
    """The blind count: pieces and papers, without knowing what there should be."""
    session = queries.live_session(cashier=who(request))
    if session is None:
        return _to_opening(request)
    page = till_pages.session_page(session=session, shows_cash=False)
    form = CountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            commands.declare_count(
                session=session, pieces=form.pieces(), others=form.others_cents(), at=clock.now(), by=who(request)
            )  # fmt: skip
        except Refusal as refusal:
            say(form, refusal)
        else:
            return redirect("till_own")
    if page.is_counted and request.method == "GET":
        return redirect("till_own")
    status = 422 if form.errors else 200
    return render(
        request, "cashier/till_count.html", {"page": page, "form": form.with_focus()}, status=status
    )


@gates.requires(acts.TAKE_PAYMENTS)
def closing(request: HttpRequest) -> HttpResponse:
    """Close here, with the PIN of whoever supervises; then the comparison is shown."""
    session = queries.live_session(cashier=who(request))
    if session is None:
        return _to_opening(request)
    form = ClosingForm(posted(request), act=acts.SUPERVISE_TILLS, asked_by=who(request))
    if request.method == "POST" and form.is_valid():
        try:
            closed = commands.close_session(
                session=session,
                at=clock.now(),
                by=who(request),
                note=form.cleaned_data["note"],
                approval=_supervisor(request, form, session, "Corte de caja"),
            )
        except Refusal as refusal:
            say(form, refusal)
        else:
            return redirect("own_closing", number=closed.number)
    page = till_pages.session_page(session=session, shows_cash=session.till.shows_expected)
    shown = {"page": page, "form": form.with_focus()}
    return render(request, "cashier/till_own.html", shown, status=422 if form.errors else 200)


def _supervisor(
    request: HttpRequest, form: Form, session: TillSession, reason: str, after: Any = None
) -> Approval:
    """The yes of whoever supervises, standing here."""
    return approvals.approve_present(
        act=acts.SUPERVISE_TILLS, approver=form.cleaned_data["approver"], pin=form.cleaned_data["pin"],
        asked_by=who(request), object_kind="till_session", object_id=session.pk, reason=reason, at=clock.now(),
        device=devices.of(request), after=after,
    )  # fmt: skip


def _to_opening(request: HttpRequest) -> HttpResponse:
    """Whoever has no session is offered to open one, and goes on from there."""
    form = OpeningForm(tills=till_pages.free_tills(on=clock.today()))
    return _opening_page(request, form, notice=NO_SESSION)


def _next(request: HttpRequest) -> str:
    """Where the clerk was going, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours else ""


def who(request: HttpRequest) -> str:
    """The clerk who asks."""
    return request.user.get_username()


def posted(request: HttpRequest) -> Any:
    """What was sent, if anything was."""
    return request.POST if request.method == "POST" else None


def say(form: Form, refusal: Refusal) -> None:
    """Put a refusal beside its field, or at the head of the form."""
    field = (refusal.field or "").replace("pieces_", "note_")
    form.add_error(field if field in form.fields else None, str(refusal))
