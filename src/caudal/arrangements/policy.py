"""Pure decisions about payment agreements."""

from typing import Final

# lower case, so that no till can have a receipt series of that name
SERIES: Final = "convenio"
_FOLIO: Final = "CON-"


def arrangement_folio(number: int) -> str:
    """`CON-000012`."""
    return f"{_FOLIO}{number:06d}"


def arrangement_number(text: str) -> int | None:
    """The number in `CON-000012`, `con 12` or `12`; None when it is no folio of an agreement."""
    digits = text.strip().upper().replace(" ", "-").removeprefix("CON").lstrip("-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
