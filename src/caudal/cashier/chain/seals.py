"""What a receipt says on one line, its seal, and its code for whoever wants to know whether it is real."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Protocol

GENESIS: Final = bytes(32)
# Crockford's letters: none is taken for another when it is read aloud or typed
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VERIFICATION_LENGTH: Final = 20


class Sealed(Protocol):
    """What of a receipt goes into its seal."""

    series: str
    number: int
    session_id: int | None
    settlement_id: int | None
    business_on: date
    paid_at: datetime
    received_by: str
    channel: str
    total_cents: int
    verification: str


def new_verification() -> str:
    """A code nobody can guess: 20 characters, 100 bits."""
    # five bits of each random byte: as random as twenty choices, and a file of receipts needs many
    return "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(VERIFICATION_LENGTH))


def body(
    *,
    receipt: Sealed,
    payments: Iterable[tuple[int, int]],
    tenders: Iterable[tuple[str, int, int, str]],
    reverses: str,
) -> str:
    """Everything a receipt says, on one line.

    :param payments: (account id, centavos)
    :param tenders: (kind, centavos, centavos handed over, reference)
    :param reverses: folio of the receipt it cancels, or nothing
    """
    paid = ",".join(f"{account}:{cents}" for account, cents in sorted(payments))
    how = ",".join(f"{kind}:{cents}:{given}:{reference}" for kind, cents, given, reference in sorted(tenders))
    moment = int(receipt.paid_at.timestamp())
    return "|".join(
        (
            receipt.series, str(receipt.number), receipt.business_on.isoformat(), str(moment), receipt.received_by,
            receipt.channel, str(receipt.session_id or ""), str(receipt.settlement_id or ""),
            str(receipt.total_cents), reverses, receipt.verification, paid, how,
        )
    )  # fmt: skip


def seal(*, previous: bytes, body: str) -> bytes:
    """The seal of a receipt."""
    return hashlib.sha256(previous + body.encode()).digest()
