"""The page of the months of an account: those paid ahead and what became of them, and what more would cost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.campaigns import commands as campaigns
from caudal.campaigns import queries as prepaid
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, pesos
from caudal.quotes import queries
from caudal.quotes.ahead_forms import EndingForm, MonthsForm
from caudal.quotes.policy import MOST_MONTHS_AHEAD
from caudal.registry import queries as registry
from caudal.registry.models import Account


@gates.requires(policy.READ_ACCOUNTS)
def prepaid_months(request: HttpRequest, number: str) -> HttpResponse:
    """What an account has paid ahead, and what the months it asks for would cost today."""
    try:
        account = registry.account_by_number(number=number)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    form = MonthsForm(request.GET) if "months" in request.GET else None
    asked = form.cleaned_data["months"] if form and form.is_valid() else None
    return _page(request, account, form, EndingForm(), asked)


@gates.requires(policy.CHANGE_REGISTRY)
@require_POST
def prepaid_ending(request: HttpRequest, number: str) -> HttpResponse:
    """End the months that wait for their bill: their money is the customer's."""
    try:
        account = registry.account_by_number(number=number)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
    form = EndingForm(request.POST)
    if form.is_valid():
        try:
            ended = campaigns.end_prepaid_months(
                account=account, reason=form.cleaned_data["reason"], on=clock.today(), at=clock.now(),
                by=request.user.get_username(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _told(ended))
            return redirect("prepaid_months", number=account.number)
    return _page(request, account, None, form, None)


def _told(ended: campaigns.EndedMonths) -> str:
    months = "1 mes terminado" if len(ended.periods) == 1 else f"{len(ended.periods)} meses terminados"
    paid = f" {pesos(ended.applied_cents)} pagaron lo que se debía." if ended.applied_cents else ""
    return f"{months}.{paid} {pesos(ended.cents - ended.applied_cents)} quedan a favor."


def _page(
    request: HttpRequest, account: Account, form: MonthsForm | None, ending: EndingForm, asked: int | None, /
) -> HttpResponse:
    on = clock.today()
    card = registry.account_card(account=account, on=on)
    rows = prepaid.prepaid_rows(account_id=account.pk)
    waiting = [row for row in rows if row.is_waiting]
    # unless it asks for others, what is left of a year
    months = asked or max(MOST_MONTHS_AHEAD - len(waiting), 1)
    form = form or MonthsForm(initial={"months": months})
    page: dict[str, Any] = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "rows": rows,
        "waiting": waiting,
        "waiting_cents": sum(row.month.paid_cents for row in waiting),
        "policy": prepaid.prepayment_policy(on=on),
        "form": form,
        "ending": ending,
        "may_end": policy.may(clerk=request.user, act=policy.CHANGE_REGISTRY),  # type: ignore[arg-type]
        "ahead": None,
        "refusal": None,
    }
    try:
        page["ahead"] = queries.months_ahead(account=account, months=months, on=on)
    except Refusal as refusal:
        page["refusal"] = refusal
    is_wrong = form.errors or ending.errors
    return render(request, "quotes/months_ahead.html", page, status=422 if is_wrong else 200)
