"""The assistant that signs an agreement: one screen, its table live, and another person's yes where it takes two."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import approvals, devices, gates, policy
from caudal.access.models import Approval
from caudal.arrangements import assistant, commands, plan_pages, queries
from caudal.arrangements.assistant import Answer
from caudal.arrangements.forms import ArrangementForm
from caudal.arrangements.models import PaymentArrangement
from caudal.arrangements.policy import Terms
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, pesos
from caudal.registry import queries as accounts
from caudal.registry.models import Account
from caudal.registry.queries import AccountCard


@gates.requires(policy.SIGN_ARRANGEMENTS)
def arrangement_new(request: HttpRequest, number: str) -> HttpResponse:
    """The assistant: what is owed, what can be paid, the table, and the signature."""
    try:
        account = accounts.account_by_number(number=number)
    except Refusal as refusal:
        return _refused(request, refusal)
    if live := queries.live_of(account=account):
        return redirect("arrangement", folio=live.folio)
    card = accounts.account_card(account=account, on=clock.today())
    form = _form(request, card)
    try:
        answer = _answer(form, account)
    except Refusal as refusal:
        return _refused(request, refusal, status=422)
    if request.method == "POST":
        signed = _signed(request, form, account, answer)
        if signed:
            messages.success(request, _said(signed), extra_tags="good")
            return redirect("arrangement", folio=signed.folio)
        # the same signature sent twice at once: the other one was faster
        if live := queries.live_of(account=account):
            return redirect("arrangement", folio=live.folio)
    return _assistant_page(request, form, card, answer, status=422 if form.errors else 200)


@gates.requires(policy.SIGN_ARRANGEMENTS)
@require_POST
def simulation(request: HttpRequest, number: str) -> HttpResponse:
    """The table for what is typed so far; nothing is written. A part of the page, or all of it without script."""
    try:
        account = accounts.account_by_number(number=number)
        card = accounts.account_card(account=account, on=clock.today())
        form = _form(request, card)
        answer = _answer(form, account)
    except Refusal as refusal:
        return _refused(request, refusal, status=422)
    # what is only needed to sign is not asked for yet
    for name in form.fields:
        if name not in form.TERMS:
            form.errors.pop(name, None)
    if request.headers.get("HX-Request"):
        return render(request, "arrangements/_simulation.html", {"form": form, **_plan(form, answer)})
    return _assistant_page(request, form, card, answer)


def _form(request: HttpRequest, card: AccountCard) -> ArrangementForm:
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
    request: HttpRequest, form: ArrangementForm, card: AccountCard, answer: Answer, status: int = 200
) -> HttpResponse:
    page = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "debt": plan_pages.debt_page(simulation=answer.usual),
        "limits": plan_pages.limits_words(limits=answer.usual.policy),
        "form": form.with_focus().with_slider(
            most=answer.usual.policy.most_installments, usual=answer.usual.terms.count
        ),
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


def _said(signed: PaymentArrangement) -> str:
    down = signed.down_payment_cents
    follows = f" Cobre el pago inicial de {pesos(down)} en la ventanilla." if down else ""
    return f"Convenio {signed.folio} firmado.{follows}"


def _refused(request: HttpRequest, refusal: Refusal, status: int = 404) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=status)
