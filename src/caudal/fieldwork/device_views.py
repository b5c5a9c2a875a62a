"""Phones let in and put out, and what they told that somebody has to look at."""

from uuid import UUID

import zxingcpp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.fieldwork import commands, device_pages, queries
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

MOST_SHOWN = 200


@gates.requires(policy.MANAGE_DEVICES)
def devices(request: HttpRequest) -> HttpResponse:
    """Every phone: whose it is, when it was last heard; and letting another in."""
    return _devices_page(request)


@gates.requires(policy.MANAGE_DEVICES)
@require_POST
@sensitive_post_parameters()
def device_enrollment(request: HttpRequest) -> HttpResponse:
    """The code for a phone of a person: shown once, on the answer to this very request."""
    person = Clerk.objects.filter(username=request.POST.get("clerk", "")[:150]).first()
    try:
        if person is None:
            raise commands.CannotEnrollDevice(
                "Falta la persona.", "Elija quién lo va a llevar.", field="clerk"
            )
        code = commands.make_enrollment_code(clerk=person, at=clock.now(), by=request.user.get_username())
    except Refusal as refusal:
        return _devices_page(request, refusal)
    address = f"{request.build_absolute_uri(reverse('phone_shell'))}#alta={code}"
    page = {
        "person": person,
        "code": code,
        "address": address.split("#")[0],
        "qr": _qr(address),
        "minutes": int(commands.CODE_LIVES.total_seconds()) // 60,
        "is_insecure": not request.is_secure(),
    }
    answer = render(request, "fieldwork/device_code.html", page)
    answer["Cache-Control"] = "no-store"
    return answer


@gates.requires(policy.MANAGE_DEVICES)
@require_POST
def device_revocation(request: HttpRequest, code: str) -> HttpResponse:
    """Put a phone out."""
    reason = request.POST.get("reason", "")
    try:
        device = queries.device_by_code(code=code)
        commands.revoke_device(device=device, reason=reason, at=clock.now(), by=request.user.get_username())
    except Refusal as refusal:
        return _devices_page(request, refusal, wrong=code)
    messages.success(request, f"{device.code} dado de baja: ya no se le contesta, y se borra al oírlo.")
    return redirect("devices")


@gates.requires(policy.READ_FIELDWORK)
def quarantine(request: HttpRequest) -> HttpResponse:
    """What the phones told that was not applied, and why."""
    return _quarantine_page(request)


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def event_dismissal(request: HttpRequest, event: UUID) -> HttpResponse:
    """Say why something set aside will not be applied."""
    reason = request.POST.get("reason", "")
    try:
        found = queries.event_by_id(event_id=event)
        commands.dismiss_event(event=found, reason=reason, at=clock.now(), by=request.user.get_username())
    except Refusal as refusal:
        return _quarantine_page(request, refusal, wrong=event)
    messages.success(request, "Descartado. Se conserva con su motivo.")
    return redirect("quarantine")


@gates.requires(policy.PLAN_FIELDWORK)
@require_POST
def event_application(request: HttpRequest, event: UUID) -> HttpResponse:
    """Apply what was set aside, now that what kept it out was mended."""
    try:
        found = queries.event_by_id(event_id=event)
        commands.reapply_event(
            event=found, reason=request.POST.get("reason", ""), at=clock.now(), by=request.user.get_username()
        )
    except Refusal as refusal:
        return _quarantine_page(request, refusal, wrong=event, act="apply")
    messages.success(request, "Aplicado. Queda con quién lo aplicó y qué se corrigió.")
    return redirect("quarantine")


def _devices_page(request: HttpRequest, refusal: Refusal | None = None, *, wrong: str = "") -> HttpResponse:
    rows = device_pages.lines(rows=queries.devices(), at=clock.now())
    page = {
        "rows": rows,
        "live": sum(not row.row.revoked_at for row in rows),
        "people": [each for each in Clerk.objects.filter(is_active=True).order_by("first_name", "username")
                   if policy.may(clerk=each, act=policy.WORK_IN_FIELD)],
        "refusal": refusal,
        "wrong": wrong,
        "typed": request.POST,
    }  # fmt: skip
    return render(request, "fieldwork/devices.html", page, status=422 if refusal else 200)


def _quarantine_page(
    request: HttpRequest, refusal: Refusal | None = None, *, wrong: UUID | None = None, act: str = "dismiss"
) -> HttpResponse:
    count = queries.quarantined_count()
    page = {
        "rows": device_pages.aside_lines(rows=queries.quarantined(most=MOST_SHOWN)),
        "count": count,
        "note": f"mostrando {MOST_SHOWN} de {count:,}" if count > MOST_SHOWN else "",
        "may_decide": policy.may(clerk=request.user, act=policy.PLAN_FIELDWORK),  # type: ignore[arg-type]
        "refusal": refusal,
        "wrong": wrong,
        "act": act,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "fieldwork/quarantine.html", page, status=422 if refusal else 200)


def _qr(address: str) -> SafeString:
    """The address as a drawing. Nothing of it was typed by anybody."""
    barcode = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = barcode.to_svg(add_quiet_zones=True)
    side = drawn.split('width="', 1)[1].split('"', 1)[0]
    inside = drawn[drawn.index("<g ") : drawn.index("</svg>")]
    return mark_safe(
        f'<svg class="qr" role="img" aria-labelledby="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f"{inside}</svg>"
    )
