"""Cuts of one account: may it be cut today, what happened, its protection, a payment on its way; and protected places."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.disconnections import commands, pages, queries
from caudal.disconnections.forms import ProtectionForm, TransitForm
from caudal.disconnections.models import IllegalReconnection
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, short_date
from caudal.registry import queries as accounts
from caudal.registry.models import Account


@gates.requires(policy.READ_CUTS)
def account_cuts(request: HttpRequest, number: str) -> HttpResponse:
    """Whether an account may be cut today and why not, and all its cuts and reconnections."""
    account = _account(request, number)
    return account if isinstance(account, HttpResponse) else _page(request, account)


@gates.requires(policy.CHANGE_REGISTRY)
@require_POST
def account_protection(request: HttpRequest, number: str) -> HttpResponse:
    """Protect the place of an account from every cut, or no more."""
    account = _account(request, number)
    if isinstance(account, HttpResponse):
        return account
    form = ProtectionForm(request.POST)
    if form.is_valid():
        try:
            commands.protect_account(
                account=account, protected_reason=form.cleaned_data["protected_reason"],
                reason=form.cleaned_data["reason"], at=clock.now(), by=request.user.get_username(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            is_protected = bool(form.cleaned_data["protected_reason"].strip())
            messages.success(
                request, f"La toma de {account.number} {'quedó' if is_protected else 'ya no está'} protegida."
            )
            return redirect("account_cuts", number=account.number)
    return _page(request, account, protection=form)


@gates.requires(policy.APPROVE_CUTS)
@require_POST
def account_reconnection(request: HttpRequest, number: str) -> HttpResponse:
    """Order the water back by decision of the office, without a fee."""
    account = _account(request, number)
    if isinstance(account, HttpResponse):
        return account
    reason = request.POST.get("reason", "").strip()
    try:
        if not reason:
            raise commands.CannotReconnect("Falta el motivo.", "Escriba por qué se decide.", field="reason")
        water = commands.open_reconnection(
            account=account, cause="decision", document=reason, disconnection=queries.last_cut(account_id=account.pk),
            at=clock.now(), by=request.user.get_username(),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, account, refusal=refusal)
    messages.success(request, f"Se ordenó la reconexión {water.folio}.")
    return redirect("reconnection", folio=water.folio)


@gates.requires(policy.OPEN_CASES)
def account_transit(request: HttpRequest, number: str) -> HttpResponse:
    """Write down a payment somebody says they made: whoever hears the citizen may stop the cut."""
    account = _account(request, number)
    if isinstance(account, HttpResponse):
        return account
    today = clock.today()
    form = TransitForm(request.POST if request.method == "POST" else None, initial={"paid_on": today})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            declared = commands.declare_transit(
                account=account, reference=said["reference"], place=said["place"], amount_cents=said["amount"] or 0,
                paid_on=said["paid_on"], on=today, at=clock.now(), by=request.user.get_username(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request, f"Se anotó. No se corta a {account.number} hasta el {short_date(declared.until)}."
            )
            return redirect("account_transit", number=account.number)
    card = accounts.account_card(account=account, on=today)
    page = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "form": form.with_focus(),
        "transits": queries.transits_of(account_id=account.pk),
        "rules": queries.policies().filter(effective_from__lte=today).first(),
    }
    return render(request, "disconnections/transit.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_CUTS)
def protected_places(request: HttpRequest) -> HttpResponse:
    """Places nobody may cut, and why."""
    page = {"places": queries.protected_places()}
    return render(request, "disconnections/protected.html", page)


def _account(request: HttpRequest, number: str) -> Account | HttpResponse:
    try:
        return accounts.account_by_number(number=number)
    except Refusal as refusal:
        return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)


def _page(
    request: HttpRequest,
    account: Account,
    *,
    protection: ProtectionForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    now, today = clock.now(), clock.today()
    acts = policy.acts_of(clerk=cast(Clerk, request.user))
    card = accounts.account_card(account=account, on=today)
    orders = list(queries.orders().filter(account=account))
    water = list(queries.reconnections().filter(account=account).order_by("-number"))
    verdict, no_policy = _verdict(account)
    protected = _protected_reason(account)
    is_cut = card.interruption in ("cut", "restriction")
    page: dict[str, Any] = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "verdict": verdict,
        "verdict_words": pages.verdict_words(verdict=verdict) if verdict else "",
        "no_policy": no_policy,
        "orders": pages.order_rows(orders=orders, judged={}, places={}, at=now),
        "water": pages.water_rows(orders=water, places={}, at=now),
        "transits": queries.transits_of(account_id=account.pk),
        "illegal": list(
            IllegalReconnection.objects.select_related("cancellation")
            .filter(account=account)
            .order_by("-found_on")
        ),
        "protected": protected,
        "protection": (protection or ProtectionForm(initial={"protected_reason": protected}))
        if policy.CHANGE_REGISTRY in acts
        else None,
        "may_reconnect": policy.APPROVE_CUTS in acts
        and is_cut
        and not any(each.state == "open" for each in water),
        "may_prepare": policy.PREPARE_CUTS in acts,
        "may_fine": policy.PREPARE_CUTS in acts and is_cut,
        "may_wait": policy.OPEN_CASES in acts,
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "act": "reconexion" if refusal else "",
    }
    wrong = refusal or (protection and protection.errors)
    return render(request, "disconnections/account_cuts.html", page, status=422 if wrong else 200)


def _verdict(account: Account) -> tuple[Any, Refusal | None]:
    """Whether the account may be cut today; or why nobody could say."""
    try:
        found = queries.eligibility(account_ids=[account.pk], on=clock.today(), at=clock.now())
    except Refusal as refusal:
        return None, refusal
    return found[account.pk].verdict, None


def _protected_reason(account: Account) -> str:
    try:
        return accounts.service_point_of(account=account).protected_reason
    except Refusal:
        return ""
