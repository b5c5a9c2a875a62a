"""What the name of a cancellation in the ledger refers to."""

from dataclasses import dataclass

from caudal.ledger.models import DocumentKind


@dataclass(frozen=True, slots=True)
class Reference:
    """A document of an account: its kind, its period, and its revision or number."""

    kind: DocumentKind
    period: int
    sequence: int


def of_cancellation(*, document: str) -> Reference | None:
    """`010293/201812/1` is the first revision of a bill; `010293/0/3/7` names its kind too. None for other names."""
    parts = document.split("/")[1:]
    if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    kind = numbers.pop(1) if len(numbers) == 3 else DocumentKind.BILL
    return Reference(DocumentKind(kind), *numbers) if kind in DocumentKind.values else None
