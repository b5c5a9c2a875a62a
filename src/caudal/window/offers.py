"""What the money side offers besides paying it all: installments, months ahead. Each is one key away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from caudal.window.policy import InHand


@dataclass(frozen=True, slots=True)
class Offer:
    """One line below the charge: what it offers, the figure that matters, where it leads and with which key.

    `key` is the F-key (or empty), `letter` the one that opens it with Alt.
    """

    question: str
    figure: str
    href: str
    key: str
    letter: str


def offers(*, hand: InHand, owed: Mapping[str, int], on: date) -> list[Offer]:
    """What to offer for the charge in hand; empty when there is nothing to offer."""
    return []
