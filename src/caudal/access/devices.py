"""Which device a request comes from: a random number in a signed cookie that stays two years."""

import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE: Final = "caudal_device"
SALT: Final = "caudal.access.device"
TWO_YEARS: Final = 2 * 365 * 86_400


def of(request: HttpRequest) -> str:
    """The device's number, or "" if it has none yet. Once in, the one that came in: a cookie can be deleted."""
    kept = request.session.get("device", "") if hasattr(request, "session") else ""
    return str(kept or request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=TWO_YEARS))


def new() -> str:
    """A number for a device that never came here."""
    return secrets.token_urlsafe(16)


def remember(*, request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the device a number if it has none; renew the cookie."""
    device = of(request) or new()
    response.set_signed_cookie(
        COOKIE, device, salt=SALT, max_age=TWO_YEARS, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
