"""Who is in: each sign-in with its device, and the sessions that are still open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.sessions.models import Session
from django.db import transaction

from caudal.access.models import Clerk, SignIn
from caudal.kernel import audit

LONGEST: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session somebody may still be using."""

    id: int
    at: datetime
    ip: str | None
    is_new_device: bool
    is_this: bool


@transaction.atomic
def record_sign_in(*, clerk: Clerk, device: str, ip: str | None, session: str, at: datetime) -> SignIn:
    """Write that somebody came in, and whether from a device never seen with them before."""
    earlier = SignIn.objects.filter(clerk=clerk)
    is_new = earlier.exists() and not earlier.filter(device=device).exists()
    sign_in = SignIn.objects.create(
        clerk=clerk, device=device, ip=ip, session=session, at=at, is_new_device=is_new
    )
    if is_new:
        audit.record(
            act="enter_from_new_device", by=clerk.username, at=at, object_kind="clerk",
            object_id=clerk.username, after={"ip": ip},
        )  # fmt: skip
    return sign_in


def open_of(*, clerk: Clerk, at: datetime, here: str = "") -> list[OpenSession]:
    """The sessions of a clerk that did not end yet, newest first. `here` is the key of the one that asks."""
    recent = (
        SignIn.objects.filter(clerk=clerk, at__gt=at - LONGEST).exclude(session="").order_by("-at", "-id")
    )
    alive = set(
        Session.objects.filter(session_key__in=[each.session for each in recent]).values_list("pk", flat=True)
    )
    return [
        OpenSession(each.pk, each.at, each.ip, each.is_new_device, each.session == here)
        for each in recent
        if each.session in alive
    ]  # fmt: skip


def recent_of(*, clerk: Clerk, most: int = 10) -> list[SignIn]:
    """The last times a clerk came in, newest first."""
    return list(SignIn.objects.filter(clerk=clerk).order_by("-at", "-id")[:most])


@transaction.atomic
def end(*, clerk: Clerk, sign_in_id: int, by: str, at: datetime) -> None:
    """End one session of a clerk; somebody else's number ends nothing."""
    sign_in = SignIn.objects.filter(clerk=clerk, pk=sign_in_id).first()
    if sign_in and Session.objects.filter(session_key=sign_in.session).delete()[0]:
        audit.record(act="end_session", by=by, at=at, object_kind="clerk", object_id=clerk.username)


def end_all(*, clerk: Clerk) -> None:
    """End every session of a clerk at once: part of taking somebody's access or key away."""
    keys = SignIn.objects.filter(clerk=clerk).exclude(session="").values_list("session", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
