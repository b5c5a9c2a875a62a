"""Pure decisions about counter services: folios, codes, what each kind of service asks for, how far it is."""

import secrets
from enum import StrEnum
from typing import Final

from caudal.kernel.wording import number_of_folio

# Crockford's letters: none is taken for another when it is read aloud or typed
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 20

# lower case, so that no till can have a receipt series of that name
SERVICE_SERIES: Final = "tramite"
CERTIFICATE_SERIES: Final = "constancia"
_SERVICE: Final = "TRA-"
_CERTIFICATE: Final = "CNA-"

HOLDER_CHANGE: Final = "ownership_transfer_fee"
CERTIFICATE: Final = "no_debt_certificate_fee"
RECONNECTION: Final = "reconnection_fee"
TANKER: Final = "water_tanker_fee"
# one at a time on an account: asking twice is a slip
ONE_AT_A_TIME: Final = frozenset({HOLDER_CHANGE, CERTIFICATE, RECONNECTION})
# delivering these changes who or what the registry says
CHANGES_REGISTRY: Final = frozenset({HOLDER_CHANGE, RECONNECTION})


class State(StrEnum):
    """How far a counter service is: asked and paid are told by the ledger, the others by its end."""

    ASKED = "por pagar"
    PAID = "pagado"
    DELIVERED = "entregado"
    CANCELED = "cancelado"


class Validity(StrEnum):
    """What the public page says of a certificate."""

    VALID = "vigente"
    EXPIRED = "vencida"


def state(*, end: str | None, open_cents: int) -> State:
    """How far a service is: its end first, then what is left to pay of its charge."""
    if end:
        return State.DELIVERED if end == "delivered" else State.CANCELED
    return State.ASKED if open_cents > 0 else State.PAID


def service_folio(number: int) -> str:
    """`TRA-000012`."""
    return f"{_SERVICE}{number:06d}"


def certificate_folio(number: int) -> str:
    """`CNA-000012`."""
    return f"{_CERTIFICATE}{number:06d}"


def service_number(text: str) -> int | None:
    """The number in `TRA-000012`, `tra 12` or `12`; None when it is no folio of a service."""
    return number_of_folio(text, prefix=_SERVICE)


def certificate_number(text: str) -> int | None:
    """The number in `CNA-000012`, `cna 12` or `12`; None when it is no folio of a certificate."""
    return number_of_folio(text, prefix=_CERTIFICATE)


def new_code() -> str:
    """A code nobody can guess: 20 characters, 100 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def read_code(text: str) -> str:
    """The code as it was made, however it was typed: without spaces or hyphens, O as zero, I and L as one."""
    typed = text.upper().translate(str.maketrans("OIL", "011"))
    return "".join(letter for letter in typed if letter in _ALPHABET)


def initials(name: str) -> str:
    """`Guadalupe Núñez Viuda de Ortega` → `Guadalupe N. V. D. O.`: enough to recognize, not to find out."""
    first, *rest = name.split() or [""]
    return " ".join([first, *(f"{word[0].upper()}." for word in rest)])
