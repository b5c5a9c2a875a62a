"""Rules that hold from a day on, decided by two people at one screen. Each room has its own; they look alike."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from caudal.access import approvals, devices, policy
from caudal.access.forms import Decided
from caudal.access.models import Approval, Clerk
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What holds on some days, as a person reads it: its name if there are several, its facts, who decided it."""

    since: date
    article: str
    by: str
    facts: tuple[tuple[str, str], ...]
    name: str = ""
    until: date | None = None


def listed(
    request: HttpRequest, *, title: str, back: tuple[str, str], rules: list[RuleSet], new_href: str
) -> HttpResponse:
    """The page of the rules of a room: those that hold, those to come, those that held; newest first."""
    today = clock.today()
    may_prepare = policy.may(clerk=request.user, act=policy.PREPARE_POLICIES)  # type: ignore[arg-type]
    names = {each.username: each.full_name for each in Clerk.objects.all()}
    page = {
        "title": title,
        "back": back,
        "groups": _grouped(rules, today=today, names=names),
        "new_href": new_href if may_prepare else "",
    }
    return render(request, "access/dated_rules.html", page)


def asked(request: HttpRequest, *, title: str, back: tuple[str, str], form: Decided) -> HttpResponse:
    """The page on which new rules are written."""
    page = {"title": title, "back": back, "form": form.with_focus()}
    return render(request, "access/dated_rules_new.html", page, status=422 if form.errors else 200)


def approved(request: HttpRequest, form: Decided, *, kind: str, name: str, after: dict[str, Any]) -> Approval:
    """The yes of another person, standing here.

    :raises CannotApprove: if the PIN or the person is not the one
    """
    return approvals.approve_present(
        act=policy.APPROVE_POLICIES, approver=form.cleaned_data["approver"], pin=form.cleaned_data["pin"],
        asked_by=request.user.get_username(), object_kind=kind, object_id=name,
        reason=form.cleaned_data["article"], at=clock.now(), device=devices.of(request), after=after,
    )  # fmt: skip


def say(form: Decided, refusal: Refusal) -> None:
    """Put a refusal beside its field, or over the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _grouped(rules: list[RuleSet], *, today: date, names: dict[str, str]) -> list[dict[str, Any]]:
    """For each name: the one that holds today, and all of them with what they are today."""
    found = []
    for name in dict.fromkeys(each.name for each in rules):
        own = sorted((each for each in rules if each.name == name), key=lambda each: each.since, reverse=True)
        now = next(
            (each for each in own if each.since <= today and (each.until is None or today < each.until)), None
        )
        rows = [
            {
                "rule": each,
                "by": names.get(each.by, each.by),
                "word": "rige" if each is now else "por venir" if each.since > today else "rigió",
            }
            for each in own
        ]
        found.append({"name": name, "now": now, "rows": rows})
    return found
