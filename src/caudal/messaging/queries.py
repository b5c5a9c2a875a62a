"""Questions about messages: what was told about something, and how it went."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from caudal.kernel.refusals import Refusal
from caudal.messaging import policy
from caudal.messaging.models import Message, MessageTry


class UnknownMessage(Refusal):
    """No message has that number."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it is listed: the last four digits of its telephone only."""

    id: int
    text: str
    phone: str
    account: str
    state: str
    state_name: str
    at: datetime
    by: str
    tries: int
    last_try_at: datetime | None
    last_answer: str  # what the channel said the last time
    next_try_at: datetime | None
    about: str
    may_go_again: bool


def phone_digits(*, text: str) -> str:
    """The ten digits of a telephone, however it was typed; empty if it is none."""
    return policy.phone_digits(text)


def about(*, kind: str, folio: str) -> list[Told]:
    """What was told about something, the oldest first."""
    return _told(Message.objects.filter(about_kind=kind, about_folio=folio).order_by("id"))


def recent(*, state: str = "", account_number: str = "", text: str = "", most: int = 200) -> list[Told]:
    """The newest messages.

    :param state: only those in it
    :param account_number: only those to this account
    :param text: only those about this folio, or to a telephone with this number or ending
    """
    return _told(_found(state, account_number, text).order_by("-id")[:most])


def counts(*, account_number: str = "", text: str = "") -> Counter[str]:
    """How many messages there are in each state."""
    found = _found("", account_number, text).order_by().values_list("state").annotate(n=Count("id"))
    return Counter(dict(found))


def message_by_id(*, message_id: int) -> Message:
    """The message of a number.

    :raises UnknownMessage: if there is none
    """
    found = Message.objects.select_related("account").filter(pk=message_id).first()
    if found is None:
        raise UnknownMessage("Ese mensaje no existe.", "Búsquelo en «Mensajes».")
    return found


def _found(state: str, account_number: str, text: str) -> QuerySet[Message]:
    found = Message.objects.all()
    if state:
        found = found.filter(state=state)
    if account_number:
        found = found.filter(account__number=account_number)
    if text and text.isdigit():
        found = found.filter(phone__endswith=text)
    elif text:
        found = found.filter(about_folio__iexact=text)
    return found


def _told(messages: QuerySet[Message]) -> list[Told]:
    return [_row(each) for each in messages.select_related("account").prefetch_related("tries")]


def _row(message: Message) -> Told:
    tries = sorted(message.tries.all(), key=lambda each: each.number)
    last = tries[-1] if tries else None
    return Told(
        id=message.pk, text=message.text, phone=policy.hidden(message.phone),
        account=message.account.number if message.account else "", state=message.state,
        state_name=message.get_state_display(), at=message.queued_at, by=message.queued_by, tries=len(tries),
        last_try_at=last.at if last else None, last_answer=last.get_outcome_display() if last else "",
        next_try_at=message.next_try_at, about=message.about_folio,
        may_go_again=message.state == Message.State.FAILED
        and not (last and last.outcome == MessageTry.Outcome.WRONG_NUMBER),
    )  # fmt: skip
