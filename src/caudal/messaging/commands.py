"""Verbs of messages: tell somebody something, and send what waits."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.messaging import policy, senders
from caudal.messaging.models import Message, MessageTry
from caudal.registry.models import Account

_BATCH = 200


class CannotTell(Refusal): ...


class CannotSendAgain(Refusal):
    """It did not fail, or its number does not exist."""


@transaction.atomic
def tell(
    *, phone: str, text: str, about_kind: str, about_folio: str, at: datetime, by: str, account: Account | None = None
) -> Message | None:  # fmt: skip
    """Leave a message for a telephone; it is sent once this transaction is kept.

    Somebody without a telephone, or with one that is none, is not told: None, and nothing is written. The same text
    about the same thing to the same number is not said twice.

    :raises CannotTell: without a text
    """
    if not text.strip():
        raise CannotTell("El mensaje está vacío.", "Escriba qué se le dice.", field="text")
    number = policy.phone_digits(phone)
    if not number:
        return None
    said = Message.objects.filter(
        about_kind=about_kind, about_folio=about_folio, phone=number, text=text.strip()[: policy.TEXT_LENGTH]
    ).first()
    return said or Message.objects.create(
        account=account, phone=number, text=text.strip()[: policy.TEXT_LENGTH], about_kind=about_kind,
        about_folio=about_folio, queued_at=at, queued_by=by, next_try_at=at,
    )  # fmt: skip


def send_queued(*, at: datetime) -> list[MessageTry]:
    """Send what waits and is due, oldest first; each message in its own transaction, by one sender at a time.

    What a number already received too much of in an hour waits for the next.
    """
    told: list[MessageTry] = []
    waiting: Sequence[int] = list(
        Message.objects.filter(state=Message.State.QUEUED, next_try_at__lte=at)
        .order_by("next_try_at", "id")
        .values_list("id", flat=True)[:_BATCH]
    )
    for message_id in waiting:
        if one := _send(message_id, at):
            told.append(one)
    return told


@transaction.atomic
def send_again(*, message: Message, at: datetime, by: str) -> Message:
    """Let a message that could not be delivered wait once more; it is tried once.

    :raises CannotSendAgain: if it did not fail, or the channel said that its number does not exist
    """
    held: Message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if held.state != Message.State.FAILED:
        raise CannotSendAgain(
            f"Ese mensaje está «{held.get_state_display()}».", "Solo se reenvía el que no se pudo entregar."
        )
    last = held.tries.order_by("-number").first()
    if last and last.outcome == MessageTry.Outcome.WRONG_NUMBER:
        raise CannotSendAgain(
            f"El número terminado en {held.phone[-4:]} no existe.",
            "Corrija el teléfono: el próximo aviso irá al nuevo.",
        )
    held.state, held.next_try_at = Message.State.QUEUED, at
    held.save(update_fields=["state", "next_try_at"])
    audit.record(
        act="send_message_again", by=by, at=at, object_kind="message", object_id=held.pk,
        after={"about": held.about_folio, "tries": held.tries.count()},
    )  # fmt: skip
    return held


def send_at_night(*, on: date, at: datetime, by: str) -> list[MessageTry]:
    """What the night sends, if nobody sent it by day."""
    return send_queued(at=at)


@transaction.atomic
def _send(message_id: int, at: datetime) -> MessageTry | None:
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=message_id, state=Message.State.QUEUED)
        .first()
    )
    if message is None or _hears_too_much(message, at):
        return None
    channel = senders.chosen()
    answer = channel.send(phone=message.phone, text=message.text, reference=f"{message.pk}")
    tries = message.tries.count() + 1
    one = MessageTry.objects.create(
        message=message,
        number=tries,
        outcome=answer.outcome,
        channel=channel.name,
        reference=answer.reference,
        at=at,
    )
    message.state, message.next_try_at = _after(answer.outcome, tries, at)
    message.save(update_fields=["state", "next_try_at"])
    return one


def _hears_too_much(message: Message, at: datetime) -> bool:
    return (
        MessageTry.objects.filter(
            message__phone=message.phone, outcome=MessageTry.Outcome.SENT, at__gt=at - policy.AN_HOUR
        ).count()
        >= policy.MOST_AN_HOUR
    )


def _after(outcome: str, tries: int, at: datetime) -> tuple[str, datetime | None]:
    """What a message is after a try, and when it is tried again. Whoever may have heard is not told twice."""
    if outcome == MessageTry.Outcome.SENT:
        return Message.State.SENT, None
    if outcome == MessageTry.Outcome.WRONG_NUMBER:
        return Message.State.FAILED, None
    if outcome == MessageTry.Outcome.UNKNOWN:
        return Message.State.UNKNOWN, None
    again = policy.next_try(tries=tries, at=at)
    return (Message.State.QUEUED, again) if again else (Message.State.FAILED, None)
