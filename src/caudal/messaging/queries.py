"""Questions about messages: what was told about something, and how it went."""

from dataclasses import dataclass
from datetime import datetime

from caudal.messaging import policy
from caudal.messaging.models import Message


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it is listed: the last four digits of its telephone only."""

    text: str
    phone: str
    state: str
    state_name: str
    at: datetime
    tries: int
    about: str


def phone_digits(*, text: str) -> str:
    """The ten digits of a telephone, however it was typed; empty if it is none."""
    return policy.phone_digits(text)


def about(*, kind: str, folio: str) -> list[Told]:
    """What was told about something, the oldest first."""
    found = Message.objects.filter(about_kind=kind, about_folio=folio).order_by("id")
    return [_told(each) for each in found.prefetch_related("tries")]


def recent(*, state: str = "", most: int = 200) -> list[Told]:
    """The newest messages, in a state if one is said."""
    found = Message.objects.filter(state=state) if state else Message.objects.all()
    return [_told(each) for each in found.order_by("-id").prefetch_related("tries")[:most]]


def _told(message: Message) -> Told:
    return Told(
        text=message.text, phone=policy.hidden(message.phone), state=message.state,
        state_name=message.get_state_display(), at=message.queued_at, tries=len(message.tries.all()),
        about=message.about_folio,
    )  # fmt: skip
