"""Who comes to a page that is open to all: an address, kept only as a digest that this installation can make."""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest, /) -> str:
    """Who asks: behind our own proxy, the last address that it wrote down; a visitor may invent the others."""
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def digest_of(address: str, /) -> str:
    """What an address is counted by: thirty-two digits that say nothing of it elsewhere."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
