"""Questions about the people who work here."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from caudal.access import approvals, policy, wording
from caudal.access.models import ApprovalRequest, Clerk, SignIn


@dataclass(frozen=True, slots=True)
class ClerkRow:
    """One person of the list."""

    username: str
    full_name: str
    role: str
    role_name: str
    is_active: bool
    last_seen_at: datetime | None


def clerks(*, only_active: bool = False) -> list[ClerkRow]:
    """Everybody who may sign in, or once could, by user name."""
    people = Clerk.objects.filter(is_active=True) if only_active else Clerk.objects.all()
    return [
        ClerkRow(
            clerk.username, clerk.full_name, clerk.role, clerk.get_role_display(), clerk.is_active, clerk.last_login
        )
        for clerk in people.order_by("username")
    ]  # fmt: skip


def names_of(*, usernames: set[str]) -> dict[str, str]:
    """User name → the name people call that clerk; who is not a clerk here is left out."""
    return {clerk.username: clerk.full_name for clerk in Clerk.objects.filter(username__in=usernames)}


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the page «Personas y permisos», and what they still need to come in."""

    clerk: Clerk
    last_in: SignIn | None
    has_telephone: bool
    needs_telephone: bool
    waiting: list[str]


def people(*, at: datetime) -> list[Person]:
    """Everybody, those who may come in first, with what is asked about each."""
    clerks = Clerk.objects.order_by("-is_active", "first_name", "username")
    last = {each.clerk_id: each for each in SignIn.objects.order_by("clerk", "-at", "-id").distinct("clerk")}
    enrolled = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    asked: dict[str, list[str]] = {}
    names = {each.username: each.full_name for each in clerks}
    for request in approvals.waiting(at=at).filter(object_kind="clerk"):
        asked.setdefault(request.object_id, []).append(_title(request, names))
    return [
        Person(
            clerk, last.get(clerk.pk), clerk.pk in enrolled, clerk.role in policy.SECOND_FACTOR_ROLES,
            asked.get(clerk.username, []),
        )
        for clerk in clerks
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its decider reads it."""

    id: int
    title: str
    act_name: str
    asked_by: str
    at: datetime
    reason: str
    changes: list[tuple[str, str, str]]
    is_mine: bool
    href: str  # the page on which it is read, if it has one


def requests(*, clerk: Clerk, at: datetime) -> list[Asked]:
    """What waits for an answer: what this clerk may answer, and what they asked for themselves; oldest first."""
    waiting = [
        each
        for each in approvals.waiting(at=at)
        if policy.may(clerk=clerk, act=each.act) or each.asked_by == clerk.username
    ]
    names = names_of(usernames={name for each in waiting for name in (each.asked_by, each.object_id)})
    return [
        Asked(
            each.pk, _title(each, names), wording.act(each.act), names.get(each.asked_by, each.asked_by), each.at,
            each.reason, wording.changes(before=each.before, after=each.after), each.asked_by == clerk.username,
            _href(each),
        )
        for each in waiting
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Permission:
    """One act and the roles that may do it, in the order of the roles."""

    name: str
    may: list[bool]


def permissions() -> tuple[list[str], list[Permission]]:
    """The table of permissions as it is: the roles across, the acts down."""
    roles = list(Clerk.Role)
    table = [
        Permission(name, [act in policy.acts_of_role(role=role) for role in roles])
        for act, name in wording.ACTS.items()
    ]
    return [str(role.label) for role in roles], table


def _href(request: ApprovalRequest) -> str:
    route = wording.PAGES.get(request.object_kind, "")
    return reverse(route, args=[request.object_id]) if route else ""


def _title(request: ApprovalRequest, names: dict[str, str]) -> str:
    return wording.title(
        object_kind=request.object_kind, object_id=request.object_id, after=request.after,
        name=names.get(request.object_id, request.object_id),
    )  # fmt: skip
