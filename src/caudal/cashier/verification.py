"""Is this receipt real? Asked from outside, without a name: what a code says, and how often one address may ask."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.http import HttpRequest

from caudal.cashier import chain
from caudal.cashier.models import Receipt

# questions of one address in a minute; a family that checks its receipts asks a few, a program thousands
MOST_A_MINUTE: Final = 30
_KEPT_MINUTES: Final = 60
# letters that people write for the digits they look like; the codes have neither
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_COUNT: Final = """
    INSERT INTO cashier_verificationcount AS asked (address, minute, n) VALUES (%s, %s, 1)
    ON CONFLICT (address, minute) DO UPDATE SET n = asked.n + 1 RETURNING n
"""


class Standing(Enum):
    """What a code is; the value is the word that the page says."""

    VALID = "Válido"
    CANCELED = "Cancelado"
    CANCELLATION = "Cancelación"


@dataclass(frozen=True, slots=True)
class Verified:
    """What anyone who holds the paper may compare: no names, the last four digits of each account (centavos)."""

    standing: Standing
    folio: str
    business_on: date
    total_cents: int
    accounts: tuple[str, ...]
    canceled_on: date | None = None
    cancels: str = ""


def read_code(text: str, /) -> str:
    """A code as a person types it: any case, with spaces or hyphens, O for 0, I or L for 1."""
    return "".join(text.upper().split()).replace("-", "").translate(_ALIKE)


def look_up(*, code: str) -> Verified | None:
    """What is known of a code; None if it is not one of ours. One query, whatever is asked."""
    asked = code if len(code) == chain.VERIFICATION_LENGTH and set(code) <= set(chain.ALPHABET) else "-"
    found = (
        Receipt.objects.filter(verification=asked)
        .select_related("cancellation", "reverses")
        .annotate(numbers=ArrayAgg("payments__account__number", order_by="payments__account__number"))
        .first()
    )
    if found is None:
        return None
    cancellation = getattr(found, "cancellation", None)
    if found.reverses:
        standing = Standing.CANCELLATION
    else:
        standing = Standing.CANCELED if cancellation else Standing.VALID
    return Verified(
        standing=standing,
        folio=found.folio,
        business_on=found.business_on,
        total_cents=found.total_cents,
        accounts=tuple(f"…{number[-4:]}" for number in found.numbers if number),
        canceled_on=cancellation.business_on if cancellation else None,
        cancels=found.reverses.folio if found.reverses else "",
    )


def wait_for(*, address: str, at: datetime) -> int:
    """Count one question of an address → seconds it must wait, 0 if it may ask.

    Addresses are kept as digests that only this installation can make, and for an hour.
    """
    second = int(at.timestamp())
    minute = second // 60
    key = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, minute])
        n: int = cursor.fetchone()[0]
        if n == 1:
            cursor.execute(
                "DELETE FROM cashier_verificationcount WHERE minute < %s", [minute - _KEPT_MINUTES]
            )
    return 0 if n <= MOST_A_MINUTE else 60 - second % 60


def address_of(request: HttpRequest, /) -> str:
    """Who asks: behind our own proxy, the last address that it wrote down; a visitor may invent the others."""
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
