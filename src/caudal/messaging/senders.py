"""The contract of whoever carries a message to a telephone, and a simulator that can fail on command.

No channel is contracted yet: the simulator keeps what it was given and calls nobody.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from caudal.messaging.models import MessageTry


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel said of a message: one of `MessageTry.Outcome`, and the channel's own number for it."""

    outcome: str
    reference: str = ""


class Sender(Protocol):
    """A channel. `reference` is ours and the same in each try: a channel that knows it does not send twice."""

    name: str

    def send(self, *, phone: str, text: str, reference: str) -> Answer: ...


class Simulator:
    """Delivers everything, but for four numbers that fail on purpose. It calls nobody."""

    name = "simulador"
    FAILING: Final = {
        "3900000001": MessageTry.Outcome.WRONG_NUMBER,
        "3900000002": MessageTry.Outcome.BUSY,
        "3900000003": MessageTry.Outcome.OURS,
        "3900000004": MessageTry.Outcome.UNKNOWN,
    }

    def send(self, *, phone: str, text: str, reference: str) -> Answer:
        failing = self.FAILING.get(phone)
        return Answer(failing) if failing else Answer(MessageTry.Outcome.SENT, f"SIM-{reference}")


_chosen: Sender = Simulator()


def chosen() -> Sender:
    """Who carries messages."""
    return _chosen


def choose(sender: Sender) -> None:
    """Let this channel carry messages. Said once, in `config/wiring.py`."""
    global _chosen
    _chosen = sender
