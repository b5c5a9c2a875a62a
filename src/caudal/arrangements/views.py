"""Pages of payment agreements: the assistant, one of them with its papers, all of them with how far they live."""

from typing import Any, Final, cast
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import approvals, devices, gates, policy
from caudal.access.models import Approval, Clerk
from caudal.arrangements import assistant, calendar, commands, pages, papers, plan_pages, queries
from caudal.arrangements.assistant import Answer
from caudal.arrangements.forms import ArrangementForm
from caudal.arrangements.models import ArrangementEnd, PaymentArrangement
from caudal.arrangements.policy import State, Terms
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, pesos
from caudal.registry import queries as accounts
from caudal.registry.models import Account

MOST_SHOWN: Final = 200
# address → its label, its title, which states, and what is said when there is none
TABS: Final = {
    "al-corriente": ("Al corriente", "Al corriente", (State.LIVE,), "Ningún convenio al corriente"),
    "atrasados": ("Atrasados", "Con pagos vencidos", (State.LATE,), "Ningún convenio atrasado"),
    "incumplidos": ("Incumplidos", "Incumplidos", (State.DEFAULTED,), "Ningún convenio incumplido"),
    "terminados": (
        "Terminados", "Cumplidos o cancelados", (State.PAID, State.FINISHED, State.CANCELED),
        "Ningún convenio terminado",
    ),
}  # fmt: skip


@gates.requires(policy.READ_ACCOUNTS)
def arrangements(request: HttpRequest) -> HttpResponse:
    """Every agreement by how far it is, and how many come to each payment."""
    today = clock.today()
    found = queries.find(on=today)
    asked = request.GET.get("estado", "")
    key = asked if asked in TABS else "al-corriente"
    of_tab = {each: [one for one in found if one.state in TABS[each][2]] for each in TABS}
    shown = of_tab[key][:MOST_SHOWN]
    total = len(of_tab[key])
    page = {
        "tabs": [
            {"key": each, "label": TABS[each][0], "count": len(of_tab[each]), "is_current": each == key}
            for each in TABS
        ],
        "current": {"title": TABS[key][1], "empty": TABS[key][3]},
        "rows": pages.list_rows(standings=shown),
        "left_cents": sum(each.open_cents for each in shown),
        "note": f"mostrando {len(shown)} de {total:,}" if total > len(shown) else "",
        "survival": pages.survival(rows=queries.survival(on=today)),
    }
    return render(request, "arrangements/arrangements.html", page)


@gates.requires(policy.SIGN_ARRANGEMENTS)
def arrangement_new(request: HttpRequest, number: str) -> HttpResponse:
    """The assistant: what is owed, what can be paid, the table, and the signature."""
    try:
        account = accounts.account_by_number(number=number)
    except Refusal as refusal:
        return _refused(request, refusal)
    if live := queries.live_of(account=account):
        return redirect("arrangement", folio=live.folio)
    form = _form(request, account)
    try:
        answer = _answer(form, account)
    except Refusal as refusal:
        return _refused(request, refusal, status=422)
    if request.method == "POST":
        signed = _signed(request, form, account, answer)
        if signed:
            messages.success(request, _said(signed), extra_tags="good")
            return redirect("arrangement", folio=signed.folio)
    return _assistant_page(request, form, account, answer, status=422 if form.errors else 200)


@gates.requires(policy.SIGN_ARRANGEMENTS)
@require_POST
def simulation(request: HttpRequest, number: str) -> HttpResponse:
    """The table for what is typed so far; nothing is written. A part of the page, or all of it without script."""
    try:
        account = accounts.account_by_number(number=number)
        form = _form(request, account)
        answer = _answer(form, account)
    except Refusal as refusal:
        return _refused(request, refusal, status=422)
    # what is only needed to sign is not asked for yet
    for name in form.fields:
        if name not in form.TERMS:
            form.errors.pop(name, None)
    if request.headers.get("HX-Request"):
        return render(request, "arrangements/_simulation.html", {"form": form, **_plan(form, answer)})
    return _assistant_page(request, form, account, answer)


@gates.requires(policy.READ_ACCOUNTS)
def arrangement(request: HttpRequest, folio: str) -> HttpResponse:
    """One agreement: its payments, what was agreed, its papers, and how it may end."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _arrangement_page(request, found)


@gates.requires(policy.READ_ACCOUNTS)
def contract_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """The contract to sign."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _file(papers.contract_pdf(arrangement=found), f"{found.folio}.pdf", "application/pdf")


@gates.requires(policy.READ_ACCOUNTS)
def promissory_notes_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """A promissory note for each installment."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    body = papers.promissory_notes_pdf(arrangement=found)
    return _file(body, f"{found.folio}-pagares.pdf", "application/pdf")


@gates.requires(policy.READ_ACCOUNTS)
def due_dates_ics(request: HttpRequest, folio: str) -> HttpResponse:
    """The dates for the calendar of a telephone."""
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _file(papers.due_dates_ics(arrangement=found), f"{found.folio}.ics", calendar.CONTENT_TYPE)


@gates.requires(policy.DEFAULT_ARRANGEMENTS)
@require_POST
def default(request: HttpRequest, folio: str) -> HttpResponse:
    """Say that an agreement was not kept: the debt comes back."""
    return _ended(request, folio, act="incumplimiento")


@gates.requires(policy.DEFAULT_ARRANGEMENTS)
@require_POST
def cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Take back an agreement signed by mistake today."""
    return _ended(request, folio, act="cancelacion")


def _ended(request: HttpRequest, folio: str, *, act: str) -> HttpResponse:
    end_it = commands.default_arrangement if act == "incumplimiento" else commands.cancel_arrangement
    reason = request.POST.get("reason", "")
    try:
        found = queries.arrangement_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    try:
        end = end_it(
            arrangement=found, reason=reason, on=clock.today(), at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _arrangement_page(request, found, refusal, act=act, typed=reason)
    messages.success(request, _end_said(found, end), extra_tags="good")
    return redirect("arrangement", folio=found.folio)


def _form(request: HttpRequest, account: Account) -> ArrangementForm:
    today = clock.today()
    card = accounts.account_card(account=account, on=today)
    first = {"key": uuid4(), "signer_name": in_reading_case(card.holder), "signer_as": "titular"}
    sent = request.POST if request.method == "POST" else None
    return ArrangementForm(sent, initial=first, asked_by=request.user.get_username())


def _answer(form: ArrangementForm, account: Account) -> Answer:
    return assistant.answer(account=account, typed=form.terms_typed(), on=clock.today(), at=clock.now())


def _signed(
    request: HttpRequest, form: ArrangementForm, account: Account, answer: Answer
) -> PaymentArrangement | None:
    """The agreement, signed; or nothing, and the form says why."""
    if answer.refusal:
        _say(form, answer.refusal)
    if not form.is_valid() or answer.simulation is None:
        return None
    if answer.simulation.beyond:
        form.ask_for_approval()
        if form.errors:
            return None
    typed, terms = form.cleaned_data, answer.simulation.terms
    try:
        approval = _approval(request, form, account, terms) if answer.simulation.beyond else None
        return commands.sign_arrangement(
            account=account, terms=terms, ability=answer.ability, approval=approval, key=typed["key"],
            signer=commands.Signer(
                name=typed["signer_name"], acting_as=typed["signer_as"], document=typed["signer_document"]
            ),
            on=clock.today(), at=clock.now(), by=request.user.get_username(),
        )  # fmt: skip
    except Refusal as refusal:
        _say(form, refusal)
        return None


def _approval(request: HttpRequest, form: ArrangementForm, account: Account, terms: Terms) -> Approval:
    """The yes of another person, standing here."""
    return approvals.approve_present(
        act=policy.APPROVE_ARRANGEMENTS, approver=form.cleaned_data["approver"], pin=form.cleaned_data["pin"],
        asked_by=request.user.get_username(), object_kind="account", object_id=account.number,
        reason=form.cleaned_data["reason"], at=clock.now(), device=devices.of(request), after=terms.as_dict(),
    )  # fmt: skip


def _say(form: ArrangementForm, refusal: Refusal) -> None:
    field = assistant.FIELDS.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))


def _assistant_page(
    request: HttpRequest, form: ArrangementForm, account: Account, answer: Answer, status: int = 200
) -> HttpResponse:
    card = accounts.account_card(account=account, on=answer.usual.on)
    page = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "debt": plan_pages.debt_page(simulation=answer.usual),
        "limits": plan_pages.limits_words(limits=answer.usual.policy),
        "form": form.with_focus(),
        **_plan(form, answer),
    }
    return render(request, "arrangements/arrangement_new.html", page, status=status)


def _plan(form: ArrangementForm, answer: Answer) -> dict[str, Any]:
    """The table, unless something typed of it is wrong; and what does not fit, if it is not said by its field."""
    problems = form.terms_problems()
    is_shown = answer.simulation is not None and not problems
    return {
        "plan": plan_pages.plan(simulation=answer.simulation) if answer.simulation and is_shown else None,
        "problems": problems,
        "refusal": answer.refusal,
    }


def _arrangement_page(
    request: HttpRequest,
    found: PaymentArrangement,
    refusal: Refusal | None = None,
    *,
    act: str = "",
    typed: str = "",
) -> HttpResponse:
    standing = queries.standing(arrangement=found, on=clock.today())
    is_reason = refusal is not None and refusal.field == "reason"
    page = {
        "page": pages.arrangement_page(standing=standing, shows_ability=_may(request, policy.READ_SENSITIVE)),
        "may_end": _may(request, policy.DEFAULT_ARRANGEMENTS),
        "may_cancel": found.signed_on == standing.on and standing.paid_cents == 0,
        "refusal": refusal,
        "act": act,
        "default_is_wrong": is_reason and act == "incumplimiento",
        "cancellation_is_wrong": is_reason and act == "cancelacion",
        "default_typed": typed if act == "incumplimiento" else "",
        "cancellation_typed": typed if act == "cancelacion" else "",
    }
    return render(request, "arrangements/arrangement.html", page, status=422 if refusal else 200)


def _said(signed: PaymentArrangement) -> str:
    down = signed.down_payment_cents
    follows = f" Cobre el pago inicial de {pesos(down)} en la ventanilla." if down else ""
    return f"Convenio {signed.folio} firmado.{follows}"


def _end_said(found: PaymentArrangement, end: ArrangementEnd) -> str:
    return f"Convenio {found.folio} {end.get_kind_display()}. Vuelven a deberse {pesos(end.reopened_cents)}."


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _refused(request: HttpRequest, refusal: Refusal, status: int = 404) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=status)


def _may(request: HttpRequest, act: str) -> bool:
    return policy.may(clerk=cast(Clerk, request.user), act=act)
