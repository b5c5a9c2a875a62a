"""Pages of counter services: the day, those of an account, one of them, and the public word on a certificate."""

from datetime import date
from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.fees import commands, pages, papers, queries
from caudal.fees import policy as kinds
from caudal.fees.forms import ServiceForm
from caudal.fees.models import CounterService
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case, pesos
from caudal.registry import queries as accounts

MOST_SHOWN = 200


@gates.requires(policy.READ_ACCOUNTS)
def counter_services(request: HttpRequest) -> HttpResponse:
    """What was asked for or delivered on a day, and whatever still waits from before."""
    today = clock.today()
    on = _day(request.GET.get("dia", ""), today)
    of_day = pages.service_rows(services=list(queries.services_of_day(on=on)[:MOST_SHOWN]))
    waiting = pages.service_rows(
        services=list(queries.services().filter(end=None, asked_on__lt=on)[:MOST_SHOWN])
    )
    page = {
        "on": on,
        "typed_day": request.GET.get("dia", "") or f"{on:%d/%m/%Y}",
        "rows": of_day,
        "note": pages.day_note(rows=of_day),
        "waiting": waiting,
        "waiting_note": pages.day_note(rows=waiting),
    }
    return render(request, "fees/services.html", page)


@gates.requires(policy.READ_ACCOUNTS)
def account_services(request: HttpRequest, number: str) -> HttpResponse:
    """What can be asked for on an account, with its price, and what was."""
    today = clock.today()
    try:
        account = accounts.account_by_number(number=number)
        fees = queries.prices(account=account, on=today)
    except Refusal as refusal:
        return _refused(request, refusal)
    card = accounts.account_card(account=account, on=today)
    page = {
        "card": card,
        "holder": in_reading_case(card.holder),
        "prices": pages.price_rows(fees=fees),
        "rows": pages.service_rows(services=list(queries.services_of(account_id=account.pk)[:MOST_SHOWN])),
        "may_charge": _may(request, policy.CHARGE_FEES),
    }
    return render(request, "fees/account_services.html", page)


@gates.requires(policy.CHARGE_FEES)
def counter_service_new(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Ask for a service, its price in sight."""
    today = clock.today()
    try:
        account = accounts.account_by_number(number=number)
        fees = {each.code: each for each in queries.prices(account=account, on=today)}
    except Refusal as refusal:
        return _refused(request, refusal)
    if code not in fees:
        return redirect("account_services", number=number)
    fee = fees[code]
    form = ServiceForm(_posted(request), concept=fee.concept, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            service = commands.ask_service(
                account=account, code=code, on=today, at=clock.now(), by=request.user.get_username(),
                **form.said(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, f"Se cargó a la cuenta: {service.name}, {pesos(service.total_cents)}.")
            return redirect("counter_service", folio=service.folio)
    card = accounts.account_card(account=account, on=today)
    page = {
        "card": card, "holder": in_reading_case(card.holder), "fee": pages.price_rows(fees=[fee])[0], "form": form,
        "is_certificate": fee.concept == kinds.CERTIFICATE, "is_holder_change": fee.concept == kinds.HOLDER_CHANGE,
        "rules": queries.rules(),
    }  # fmt: skip
    return render(request, "fees/service_new.html", page, status=422 if form.errors else 200)


@gates.requires(policy.READ_ACCOUNTS)
def counter_service(request: HttpRequest, folio: str) -> HttpResponse:
    """One service: what was asked, how far it is, what may be done now."""
    try:
        service = queries.service_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _service_page(request, service)


@gates.requires(policy.READ_ACCOUNTS)
def counter_service_pdf(request: HttpRequest, folio: str) -> HttpResponse:
    """The order of a service on paper."""
    try:
        service = queries.service_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _pdf(papers.service_pdf(service=service), service.folio)


@gates.requires(policy.CHARGE_FEES)
@require_POST
def delivery(request: HttpRequest, folio: str) -> HttpResponse:
    """Deliver a paid service; what changes the registry asks for that permission too."""
    try:
        service = queries.service_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    if service.concept.code in kinds.CHANGES_REGISTRY and not _may(request, policy.CHANGE_REGISTRY):
        return gates.forbidden(request)
    note = request.POST.get("note", "")
    try:
        commands.deliver_service(
            service=service, on=clock.today(), at=clock.now(), by=request.user.get_username(), note=note
        )
    except Refusal as refusal:
        return _service_page(request, service, refusal, act="entrega", typed=note)
    messages.success(request, f"Trámite {service.folio} entregado.")
    return redirect("counter_service", folio=service.folio)


@gates.requires(policy.CHARGE_FEES)
@require_POST
def cancellation(request: HttpRequest, folio: str) -> HttpResponse:
    """Cancel a service that nobody has paid."""
    reason = request.POST.get("reason", "")
    try:
        service = queries.service_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    try:
        commands.cancel_service(
            service=service, reason=reason, on=clock.today(), at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _service_page(request, service, refusal, act="cancelacion", typed=reason)
    messages.success(request, f"Trámite {service.folio} cancelado: ya no se debe.")
    return redirect("counter_service", folio=service.folio)


@gates.requires(policy.CHARGE_FEES)
@require_POST
def certificate_printing(request: HttpRequest, folio: str) -> HttpResponse:
    """The certificate on paper: once the original, then copies that say so."""
    try:
        service = queries.service_by_folio(folio=folio)
    except Refusal as refusal:
        return _refused(request, refusal)
    certificate = getattr(service, "certificate", None)
    if certificate is None:
        return redirect("counter_service", folio=service.folio)
    printed = commands.print_certificate(
        certificate=certificate, at=clock.now(), by=request.user.get_username()
    )
    address = request.build_absolute_uri("/")
    return _pdf(papers.certificate_pdf(printed=printed, address=address), certificate.folio)


@gates.open_to_all
def certificate_verification(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody who holds a certificate may ask: is it ours, and does it still hold."""
    try:
        certificate = queries.certificate_by_code(code=code[:60])
    except Refusal as refusal:
        return render(request, "fees/verification.html", {"refusal": refusal}, status=404)
    validity = queries.validity(certificate=certificate, on=clock.today())
    page = {
        "certificate": certificate,
        "holder": kinds.initials(certificate.facts["holder"]),
        "account": certificate.facts["account"],
        "is_valid": validity == kinds.Validity.VALID,
        "state": validity.value,
    }
    return render(request, "fees/verification.html", page)


def _service_page(
    request: HttpRequest,
    service: CounterService,
    refusal: Refusal | None = None,
    *,
    act: str = "",
    typed: str = "",
) -> HttpResponse:
    button, promise = pages.delivery_words(service=service)
    needs_registry = service.concept.code in kinds.CHANGES_REGISTRY
    page: dict[str, Any] = {
        "row": pages.service_rows(services=[service])[0],
        "new_holder": service.new_holder,
        "receipt": papers.receipt_of(service=service),
        "may_charge": _may(request, policy.CHARGE_FEES),
        "may_deliver": _may(request, policy.CHARGE_FEES)
        and (not needs_registry or _may(request, policy.CHANGE_REGISTRY)),
        "button": button,
        "promise": promise,
        "refusal": refusal,
        "act": act,
        "typed": typed,
    }
    return render(request, "fees/service.html", page, status=422 if refusal else 200)


def _pdf(body: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _may(request: HttpRequest, act: str) -> bool:
    return policy.may(clerk=cast(Clerk, request.user), act=act)


def _day(text: str, today: date) -> date:
    """The day typed as 31/01/2019; today if it is not one."""
    parts = text.replace("-", "/").split("/")
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return today
