"""What a file says, before anybody asks whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from caudal.kernel.refusals import Refusal

# the row of a delimited file, or the line of one of fixed width
Cells = Sequence[str]


class Movement(NamedTuple):
    """One movement of a file: money that came (centavos above zero) or that the channel took back (below)."""

    row: int
    reference: str
    authorization: str
    amount_cents: int
    paid_on: date
    fingerprint: str
    detail: str


@dataclass(slots=True)
class Reading:
    """What a file says. With findings, nothing of it may be used."""

    movements: list[Movement] = field(default_factory=list)
    findings: list[Refusal] = field(default_factory=list)
    n_ignored: int = 0
    n_details: int = 0

    @property
    def total_cents(self) -> int:
        return sum(movement.amount_cents for movement in self.movements)
