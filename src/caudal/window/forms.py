"""What a screen of the window sends back: its boxes as they were typed, and which charge they belong to."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from caudal.kernel.refusals import Refusal
from caudal.window import policy
from caudal.window.policy import InHand, Other, Part

AMOUNT, MONTHS, SEEN = "amount_", "months_", "seen_"


class UnreadableScreen(Refusal):
    """What came is not what a screen of ours sends."""


def key_of(*, sent: Mapping[str, str]) -> UUID:
    """The key of the charge that the screen shows.

    :raises UnreadableScreen: if it carries none
    """
    try:
        return UUID(sent.get("key", ""))
    except ValueError:
        raise UnreadableScreen(
            "La pantalla se quedó a medias y no se cobró nada.", "Busque la cuenta otra vez.", field="text"
        ) from None


def typed(*, sent: Mapping[str, str]) -> InHand:
    """The boxes of the screen, word for word; what no box holds is cut to its size."""
    numbers = [name.removeprefix(SEEN) for name in sent if name.startswith(SEEN)]
    return InHand(
        parts=tuple(
            Part(
                number,
                amount=_text(sent, AMOUNT + number),
                months=_text(sent, MONTHS + number),
                seen_cents=_whole(sent.get(SEEN + number, "")),
            )
            for number in numbers
        ),
        cash=_text(sent, "cash"),
        others={
            kind: Other(amount=_text(sent, kind), reference=_text(sent, f"{kind}_reference"))
            for kind in policy.OTHERS
            if _text(sent, kind) or _text(sent, f"{kind}_reference")
        },
    )


def _text(sent: Mapping[str, str], name: str) -> str:
    return sent.get(name, "").strip()[: policy.LONGEST_TEXT]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def exact(*, typed: InHand) -> InHand:
    """The same charge, paid in cash to the centavo."""
    return replace(typed, cash="", others={})
