"""What lets a citizen follow a report without an account: a key that only this installation can make for a folio."""

import hashlib
import hmac
from typing import Final

from django.conf import settings

# Crockford's letters: none is taken for another when it is read aloud or typed
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 12  # 60 bits, and few may be tried in an hour


def key_of(folio: str, /) -> str:
    """`7KQ2-0M4F-XB1C`: the key of a folio, as it is printed."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"cases:{folio}".encode(), hashlib.sha256).digest()
    letters = "".join(_ALPHABET[byte % 32] for byte in digest[:_LENGTH])
    return "-".join(letters[place : place + 4] for place in range(0, _LENGTH, 4))


def is_key_of(folio: str, typed: str, /) -> bool:
    """Whether this is the key of the folio, however it was typed."""
    given = "".join(typed.upper().translate(str.maketrans("OIL", "011")).split()).replace("-", "")
    return hmac.compare_digest(given.encode(), key_of(folio).replace("-", "").encode())
