"""The utility at the head of every paper, with its logo laid where the typesetter can read it."""

import hashlib
from pathlib import Path
from typing import Final

from django.conf import settings

from caudal.documents.layouts import Issuer
from caudal.kernel.models import Utility

_PNG: Final = b"\x89PNG"


def issuer() -> Issuer:
    """The utility as it stands at the head of a page."""
    utility = Utility.objects.filter(pk=1).first()
    if utility is None:
        return Issuer(
            name="Caudal", long_name="Organismo operador", rfc="XAXX010101000", address="", phone=""
        )
    return Issuer(
        name=utility.name,
        long_name=utility.long_name,
        rfc=utility.rfc,
        address=utility.address,
        phone=utility.phone,
        whatsapp=utility.whatsapp,
        primary_color=utility.primary_color,
        logo_path=_logo_path(utility),
    )


def public_address(*, path: str) -> str:
    """Where the public finds a page of this installation; only the path while nobody said the address."""
    base: str = Utility.objects.filter(pk=1).values_list("public_url", flat=True).first() or ""
    return f"{base.rstrip('/')}{path}"


def _logo_path(utility: Utility) -> str | None:
    if not utility.logo:
        return None
    body = bytes(utility.logo)
    suffix = "png" if body.startswith(_PNG) else "svg"
    path = Path(settings.MEDIA_ROOT) / f"logo-{hashlib.sha256(body).hexdigest()[:16]}.{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return str(path)
