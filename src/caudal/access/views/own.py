"""One's own access: the lock, the PIN, the password, the sessions, the recovery codes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from caudal.access import commands, door, gates, pins, policy, second_factor, sessions
from caudal.access.forms import OwnPasswordForm, OwnPinForm, PinForm
from caudal.access.models import Clerk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal


@gates.requires(policy.KEEP_OWN_ACCESS, even_locked=True)
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Leave the screen: nothing more is shown until the PIN is typed."""
    door.lock(request=request)
    return HttpResponse(status=204) if _is_script(request) else redirect(_came_from(request))


@gates.requires(policy.KEEP_OWN_ACCESS, even_locked=True)
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """The PIN opens the lock; what was being sent when it fell is offered to be sent now."""
    try:
        pins.check_pin(clerk=_clerk(request), pin=request.POST.get("pin", ""), at=clock.now())
    except pins.PinRests:
        door.send_out(request=request, why="Hubo cinco PIN equivocados y la sesión terminó. Entre otra vez.")
        return (
            JsonResponse({"out": reverse("sign_in")}, status=401)
            if _is_script(request)
            else redirect("sign_in")
        )
    except pins.WrongPin as wrong:
        if _is_script(request):
            return JsonResponse(wrong.as_dict(), status=422)
        return door.locked(request=request, problem=str(wrong), status=422)
    door.unlock(request=request, at=clock.now())
    if _is_script(request):
        return HttpResponse(status=204)
    back = request.POST.get("back", "")
    back = back if door.is_our_address(request=request, address=back) else door.home_of(clerk=_clerk(request))
    if request.POST.get("is_sent"):
        page = {
            "back": back,
            "fields": door.kept_fields(request.POST),
            "home": door.home_of(clerk=_clerk(request)),
        }
        return render(request, "access/resume.html", page)
    return redirect(back)


@gates.requires(policy.KEEP_OWN_ACCESS)
@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Somebody is typing on a page that asks the server nothing."""
    return HttpResponse(status=204)


@gates.requires(policy.KEEP_OWN_ACCESS)
def own_access(request: HttpRequest) -> HttpResponse:
    """What one needs to come in, and where one is in."""
    return _page(request)


@gates.requires(policy.KEEP_OWN_ACCESS)
@require_POST
def own_pin(request: HttpRequest) -> HttpResponse:
    """Another PIN."""
    form, clerk = OwnPinForm(request.POST, auto_id="pin_%s"), _clerk(request)
    if form.is_valid() and not clerk.check_password(form.cleaned_data["present"]):
        form.add_error("present", "No es su contraseña. Escríbala otra vez.")
    if form.is_valid():
        try:
            pins.set_pin(clerk=clerk, pin=form.cleaned_data["pin"], by=clerk.username, at=clock.now())
        except Refusal as refusal:
            form.add_error("pin", str(refusal))
        else:
            messages.success(request, "Su PIN cambió.")
            return redirect("own_access")
    return _page(request, pin_form=form)


@gates.requires(policy.KEEP_OWN_ACCESS)
@require_POST
def own_password(request: HttpRequest) -> HttpResponse:
    """Another password; every session of one's own ends, this one too."""
    form, clerk = OwnPasswordForm(request.POST, auto_id="password_%s"), _clerk(request)
    if form.is_valid() and not clerk.check_password(form.cleaned_data["present"]):
        form.add_error("present", "No es su contraseña de ahora. Escríbala otra vez.")
    if form.is_valid():
        try:
            commands.set_password(
                username=clerk.username, password=form.cleaned_data["password"], by=clerk.username, at=clock.now()
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("password", str(refusal))
        else:
            door.send_out(
                request=request, why="Su contraseña cambió y sus sesiones terminaron. Entre con la nueva."
            )
            return redirect("sign_in")
    return _page(request, password_form=form)


@gates.requires(policy.KEEP_OWN_ACCESS)
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, at another device."""
    sessions.end(clerk=_clerk(request), sign_in_id=pk, by=request.user.get_username(), at=clock.now())
    return redirect("own_access")


@gates.requires(policy.KEEP_OWN_ACCESS)
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, told once, for who types the PIN."""
    form, clerk = PinForm(request.POST, auto_id="codes_%s"), _clerk(request)
    if form.is_valid():
        try:
            pins.check_pin(clerk=clerk, pin=form.cleaned_data["pin"], at=clock.now())
        except pins.WrongPin as wrong:
            form.add_error("pin", str(wrong))
        else:
            codes = second_factor.renew_codes(clerk=clerk, at=clock.now())
            page = {"codes": codes, "clerk": clerk, "onward": reverse("own_access")}
            return render(request, "access/recovery_codes.html", page)
    return _page(request, codes_form=form)


def _page(
    request: HttpRequest,
    *,
    pin_form: OwnPinForm | None = None,
    password_form: OwnPasswordForm | None = None,
    codes_form: PinForm | None = None,
) -> HttpResponse:
    """The page of one's own access, with the form that was refused if there was one."""
    clerk, here = _clerk(request), request.session.session_key or ""
    page = {
        "open_sessions": sessions.open_of(clerk=clerk, at=clock.now(), here=here),
        "recent": sessions.recent_of(clerk=clerk),
        "is_enrolled": second_factor.is_enrolled(clerk=clerk),
        "codes_left": second_factor.codes_left(clerk=clerk),
        "pin_form": pin_form or OwnPinForm(auto_id="pin_%s"),
        "password_form": password_form or OwnPasswordForm(auto_id="password_%s"),
        "codes_form": codes_form or PinForm(auto_id="codes_%s"),
    }
    is_refused = any((pin_form, password_form, codes_form))
    return render(request, "access/own_access.html", page, status=422 if is_refused else 200)


def _came_from(request: HttpRequest) -> str:
    """The page one was on, which now shows its lock."""
    from_page = request.META.get("HTTP_REFERER", "")
    is_ours = door.is_our_address(request=request, address=from_page)
    return from_page if is_ours else door.home_of(clerk=_clerk(request))


def _is_script(request: HttpRequest) -> bool:
    """Whether the page's own script asks, and wants a short answer."""
    return request.headers.get("Accept") == "application/json"


def _clerk(request: HttpRequest) -> Clerk:
    assert isinstance(request.user, Clerk)
    return request.user
