"""«Personas y permisos»: who works here, what each may do, and asking for changes that another person approves."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from caudal.access import approvals, commands, devices, gates, policy, queries, second_factor, sessions
from caudal.access.forms import GivenPasswordForm, NewClerkForm, ReasonForm, RoleForm
from caudal.access.models import Clerk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal

ASKED = "Queda pedido: tiene efecto cuando lo apruebe {whom}."


@gates.requires(policy.READ_CLERKS)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works here."""
    page = {"people": queries.people(at=clock.now()), "may_manage": _may_manage(request)}
    return render(request, "access/people.html", page)


@gates.requires(policy.READ_CLERKS)
def permissions(request: HttpRequest) -> HttpResponse:
    """What each role may do, in plain words."""
    roles, table = queries.permissions()
    return render(request, "access/permissions.html", {"roles": roles, "table": table})


@gates.requires(policy.READ_CLERKS)
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One person: the access they have, and what may be asked about it."""
    return _page(request, _clerk(username))


@gates.requires(policy.MANAGE_CLERKS)
def person_new(request: HttpRequest) -> HttpResponse:
    """Somebody begins to work here."""
    form = NewClerkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            clerk = commands.add_clerk(**form.cleaned_data, **_hand(request), device=devices.of(request))
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _asked())
            return redirect("person", username=clerk.username)
    return render(request, "access/person_new.html", {"form": form}, status=422 if form.errors else 200)


@gates.requires(policy.MANAGE_CLERKS)
@require_POST
def person_role(request: HttpRequest, username: str) -> HttpResponse:
    """Ask for another role."""
    form = RoleForm(request.POST, auto_id="role_%s")
    return _act(request, username, "role_form", form, commands.ask_for_role, _asked())


@gates.requires(policy.MANAGE_CLERKS)
@require_POST
def person_disabling(request: HttpRequest, username: str) -> HttpResponse:
    """Take the access away, at once."""
    form = ReasonForm(request.POST, auto_id="access_%s")
    done = "Ya no puede entrar; sus sesiones terminaron."
    return _act(request, username, "access_form", form, commands.disable_clerk, done, is_asked=False)


@gates.requires(policy.MANAGE_CLERKS)
@require_POST
def person_enabling(request: HttpRequest, username: str) -> HttpResponse:
    """Ask that somebody may come in again."""
    form = ReasonForm(request.POST, auto_id="access_%s")
    return _act(request, username, "access_form", form, commands.ask_to_enable, _asked())


@gates.requires(policy.MANAGE_CLERKS)
@require_POST
def person_password(request: HttpRequest, username: str) -> HttpResponse:
    """Give another password; their sessions end."""
    form = GivenPasswordForm(request.POST, auto_id="password_%s")
    done = "Contraseña cambiada; sus sesiones terminaron. Dígasela en persona."
    return _act(request, username, "password_form", form, commands.set_password, done, is_asked=False)


@gates.requires(policy.MANAGE_CLERKS)
@require_POST
def person_telephone(request: HttpRequest, username: str) -> HttpResponse:
    """Ask that somebody may enroll another telephone."""
    form = ReasonForm(request.POST, auto_id="telephone_%s")
    return _act(request, username, "telephone_form", form, commands.ask_to_reset_second_factor, _asked())


def _act(
    request: HttpRequest,
    username: str,
    name: str,
    form: forms.Form,
    command: Callable[..., object],
    done: str,
    *,
    is_asked: bool = True,
) -> HttpResponse:
    """Carry out what a form of the person's page asks, or show the page with the reason it could not be."""
    clerk = _clerk(username)
    if form.is_valid():
        told = {"device": devices.of(request)} if is_asked else {}
        try:
            command(username=clerk.username, **form.cleaned_data, **_hand(request), **told)
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, done)
            return redirect("person", username=clerk.username)
    return _page(request, clerk, **{name: form})


def _page(request: HttpRequest, clerk: Clerk, **refused: forms.Form) -> HttpResponse:
    at = clock.now()
    page: dict[str, Any] = {
        "person": next(each for each in queries.people(at=at) if each.clerk.pk == clerk.pk),
        "recent": sessions.recent_of(clerk=clerk, most=6),
        "codes_left": second_factor.codes_left(clerk=clerk),
        "acts": [name for name, may in _acts_of(clerk) if may],
        "may_manage": _may_manage(request) and clerk.pk != request.user.pk,
        "role_form": RoleForm(auto_id="role_%s", initial={"role": clerk.role}),
        "access_form": ReasonForm(auto_id="access_%s"),
        "password_form": GivenPasswordForm(auto_id="password_%s"),
        "telephone_form": ReasonForm(auto_id="telephone_%s"),
    }
    return render(request, "access/person.html", page | refused, status=422 if refused else 200)


def _acts_of(clerk: Clerk) -> list[tuple[str, bool]]:
    roles, table = queries.permissions()
    column = roles.index(clerk.get_role_display())
    return [(each.name, each.may[column]) for each in table]


def _clerk(username: str) -> Clerk:
    return get_object_or_404(Clerk, username=username)


def _may_manage(request: HttpRequest) -> bool:
    return policy.may(clerk=request.user, act=policy.MANAGE_CLERKS)  # type: ignore[arg-type]


def _hand(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user.get_username(), "at": clock.now()}


def _say(form: forms.Form, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _asked() -> str:
    return ASKED.format(whom=approvals.names_of_approvers(act=policy.APPROVE_CLERKS))
