"""The gate of every page: signed in, and allowed to do the page's act. A house test asks for one on each route."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from caudal.access import door, policy
from caudal.kernel import clock

View = Callable[..., HttpResponseBase]


def requires(act: str, *, even_locked: bool = False) -> Callable[[View], View]:
    """Let in only clerks who may do `act`; others read why, and whom to ask.

    Before that, the door: who is not in goes to the sign-in, and a session at rest answers with its lock, unless
    the page is the one that opens it.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            instead = door.stopped(request=request, at=clock.now(), even_locked=even_locked)
            if instead is not None:
                return instead
            if not policy.may(clerk=request.user, act=act):  # type: ignore[arg-type]
                return forbidden(request)
            if _holds_a_nul(request, kwargs):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.required_act = act  # type: ignore[attr-defined]
        return guarded

    return guard


def _holds_a_nul(request: HttpRequest, words: dict[str, Any]) -> bool:
    """No keyboard types a NUL and PostgreSQL cannot hold one: what carries it is not an address of ours."""
    sent = [text for form in (request.GET, request.POST) for _, texts in form.lists() for text in texts]
    return any("\0" in str(text) for text in (*words.values(), *sent))


def forbidden(request: HttpRequest) -> HttpResponse:
    """Say that this is not part of one's work, and whom to ask."""
    return render(request, "access/forbidden.html", status=403)


def open_to_all(view: View) -> View:
    """Mark a page that needs no sign-in (the sign-in page itself, health)."""
    view.required_act = None  # type: ignore[attr-defined]
    return view
