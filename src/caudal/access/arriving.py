"""Coming in, step by step: the password, the telephone, the PIN. Nobody is in before the last one.

Who gave the right password is kept in the session under `arriving`, and only that: no page opens with it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from caudal.access import second_factor
from caudal.access.models import Clerk, Pin

PATIENCE: Final = timedelta(minutes=15)
MOST_WRONG: Final = 5
KEY: Final = "arriving"


@dataclass(frozen=True, slots=True)
class Arriving:
    """Somebody between the password and the inside."""

    clerk_id: int
    at: str
    after: str = ""
    has_proved: bool = False
    n_wrong: int = 0


def begin(*, request: HttpRequest, clerk: Clerk, at: datetime, after: str) -> None:
    """The password was right."""
    request.session.cycle_key()
    _keep(request, Arriving(clerk.pk, at.isoformat(), after))


def who(*, request: HttpRequest, at: datetime) -> tuple[Arriving, Clerk] | None:
    """Who is on the way in, if it began a short while ago and they still may."""
    if not (kept := request.session.get(KEY)):
        return None
    arriving = Arriving(**kept)
    clerk = Clerk.objects.filter(pk=arriving.clerk_id, is_active=True).first()
    if clerk is None or at - datetime.fromisoformat(arriving.at) >= PATIENCE:
        forget(request=request)
        return None
    return arriving, clerk


def next_step(*, arriving: Arriving, clerk: Clerk) -> str | None:
    """The route of the step that is missing; None once there is none."""
    if second_factor.is_asked_of(clerk=clerk) and not arriving.has_proved:
        return "second_factor" if second_factor.is_enrolled(clerk=clerk) else "enrollment"
    return None if Pin.objects.filter(clerk=clerk).exists() else "first_pin"


def proved(*, request: HttpRequest, arriving: Arriving) -> None:
    """The second factor was right."""
    _keep(request, Arriving(**asdict(arriving) | {"has_proved": True}))


def failed(*, request: HttpRequest, arriving: Arriving) -> bool:
    """One more wrong code → whether there were too many, and the password is asked again."""
    if arriving.n_wrong + 1 >= MOST_WRONG:
        forget(request=request)
        return True
    _keep(request, Arriving(**asdict(arriving) | {"n_wrong": arriving.n_wrong + 1}))
    return False


def forget(*, request: HttpRequest) -> None:
    """Whoever was on the way begins again."""
    request.session.pop(KEY, None)


def _keep(request: HttpRequest, arriving: Arriving) -> None:
    request.session[KEY] = asdict(arriving)
