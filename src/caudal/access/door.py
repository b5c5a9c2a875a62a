"""A session that came in by every step: awake, not older than half a day, locked when nobody is there.

Ten minutes without requests lock it; the PIN opens it again and nothing that was typed is lost.
"""

from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from caudal.access import devices, policy, sessions
from caudal.access.models import Clerk
from caudal.kernel import menu

IDLE: Final = timedelta(minutes=10)
# a page asks several times a second: the last one is written down at most this often
BREATH: Final = timedelta(seconds=30)
MARK: Final = "door"
LOCKED_STATUS: Final = 423
# fields that are never written back into a page
KEYS: Final = {"csrfmiddlewaretoken", "pin", "again", "present"}
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
# said by the page's script on requests nobody asked for, such as a progress bar that looks every second
UNATTENDED: Final = "X-Caudal-Unattended"


def let_in(*, request: HttpRequest, clerk: Clerk, at: datetime) -> None:
    """Open the session of somebody who went through every step, and write down the sign-in."""
    device = devices.of(request) or devices.new()
    login(request, clerk, backend=BACKEND)
    mark(session=request.session, device=device, at=at)
    request.session.save()
    sign_in = sessions.record_sign_in(
        clerk=clerk, device=device, ip=request.META.get("REMOTE_ADDR"), at=at,
        session=request.session.session_key or "",
    )  # fmt: skip
    if sign_in.is_new_device:
        messages.warning(
            request, "Es la primera vez que entra desde este equipo. Si no lo reconoce, cierre sesión y avise al administrador."
        )  # fmt: skip


def mark(*, session: SessionBase, at: datetime, device: str = "") -> None:
    """Say that this session came in now."""
    session["device"] = device
    session[MARK] = {"since": at.isoformat(), "seen": at.isoformat(), "is_locked": False}


def stopped(*, request: HttpRequest, at: datetime, even_locked: bool = False) -> HttpResponseBase | None:
    """What to answer in place of the page: the sign-in, or the lock. None when the way is free."""
    kept = request.session.get(MARK)
    if not request.user.is_authenticated or kept is None:
        return _to_sign_in(request)
    if at - datetime.fromisoformat(kept["since"]) >= sessions.LONGEST:
        send_out(request=request, why="Pasaron doce horas desde que entró. Entre otra vez para seguir.")
        return _to_sign_in(request)
    if even_locked:
        return None
    seen = datetime.fromisoformat(kept["seen"])
    if kept["is_locked"] or at - seen >= IDLE:
        lock(request=request)
        return locked(request=request)
    if at - seen >= BREATH and UNATTENDED not in request.headers:
        request.session[MARK] = kept | {"seen": at.isoformat()}
    return None


def is_awake(*, request: HttpRequest) -> bool:
    """Whether somebody is in, and not at the lock: their pages bring the cover that locks them."""
    session = getattr(request, "session", None)
    kept = session.get(MARK) if session is not None else None
    return kept is not None and not kept["is_locked"]


def lock(*, request: HttpRequest) -> None:
    """Ask for the PIN before anything else."""
    if not request.session[MARK]["is_locked"]:
        request.session[MARK] = request.session[MARK] | {"is_locked": True}


def unlock(*, request: HttpRequest, at: datetime) -> None:
    """Let the session go on."""
    request.session[MARK] = request.session[MARK] | {"is_locked": False, "seen": at.isoformat()}


def locked(*, request: HttpRequest, problem: str = "", status: int = LOCKED_STATUS) -> HttpResponse:
    """The lock: a page of its own; for a part of a page, the news for its script, which covers the page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=LOCKED_STATUS, headers={"HX-Trigger": "caudal-locked"})
    is_own_form = "back" in request.POST  # typed wrong: what it kept, it keeps
    asked = request.POST.get("back", "")
    page = {
        "back": asked if is_our_address(request=request, address=asked) else request.get_full_path(),
        "is_sent": request.POST.get("is_sent", "") if is_own_form else request.method == "POST",
        "kept": kept_fields(request.POST) if is_own_form else _typed(request),
        "problem": problem,
    }
    return render(request, "access/locked.html", page, status=status)


def send_out(*, request: HttpRequest, why: str) -> None:
    """End the session; the sign-in page says why."""
    logout(request)
    messages.info(request, why)


def home_of(*, clerk: Clerk) -> str:
    """Where somebody starts the day: a page of their own, or the first of their menu."""
    return menu.home_for(acts=policy.acts_of(clerk=clerk))


def is_our_address(*, request: HttpRequest, address: str) -> bool:
    """Whether an address that came with a request leads to a page of this same site."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("sign_in"))
    return redirect_to_login(request.get_full_path(), reverse("sign_in"))


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was being sent when the lock fell, to be sent once it opens. Never a key."""
    return [
        (name, text) for name, texts in request.POST.lists() for text in texts if not _is_a_key(name)
    ]  # fmt: skip


def _is_a_key(name: str) -> bool:
    return name in KEYS or name.endswith(("_pin", "password"))


def kept_fields(data: QueryDict, /) -> list[tuple[str, str]]:
    """The fields that the lock kept, under their own names again."""
    return [
        (name.removeprefix("kept-"), text)
        for name, texts in data.lists()
        for text in texts
        if name.startswith("kept-")
    ]
