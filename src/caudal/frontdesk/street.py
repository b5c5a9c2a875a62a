"""What was done in the street for an account: its bills and notices at the door, its orders; with hour and photograph."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.timezone import localtime

from caudal.access import policy
from caudal.billing import queries as billing
from caudal.billing.models import Bill
from caudal.dunning import queries as dunning
from caudal.dunning.models import Notice, ServiceOfNotice
from caudal.fieldwork import queries as fieldwork
from caudal.fieldwork.models import FieldOrder
from caudal.fieldwork.queries import Shot
from caudal.frontdesk.timeline import Event, Topic
from caudal.kernel.wording import month_name
from caudal.registry.models import Account

_BILL: Final = "bill"


def events(
    *, account: Account, bills: Sequence[Bill], acts: frozenset[str], limit: int | None = None
) -> list[Event]:
    """All of it, in no order. A photograph is linked for who may see the street.

    :param limit: only the newest so many notices and orders
    """
    return [
        *_bills(account, bills, acts),
        *_notices(list(dunning.notices_of(account_id=account.pk)[:limit]), acts),
        *_orders(fieldwork.orders_of_account(account_id=account.pk)[:limit], acts),
    ]


def _bills(account: Account, bills: Sequence[Bill], acts: frozenset[str]) -> Iterable[Event]:
    folios = {
        billing.bill_folio(period=each.period, account_number=account.number, revision=each.revision): each
        for each in bills
    }
    for folio, told in fieldwork.deliveries(subject_kind=_BILL, folios=list(folios)).items():
        words = f"Recibo de {month_name(folios[folio].period)}: {told.outcome_word}, {_hour(told.at)}"
        why = " · ".join(each for each in (_receiver(told.body), told.round_folio) if each)
        yield Event(localtime(told.at).date(), Topic.STREET, words, told.by, why, *_photo(told.photos, acts))


def _notices(notices: Sequence[Notice], acts: frozenset[str]) -> Iterable[Event]:
    """Each notice when it was issued, and each visit to its door."""
    visits = list(
        ServiceOfNotice.objects.filter(notice__in=notices).select_related("notice").order_by("served_at")
    )
    photos = fieldwork.photos_of(event_ids=[each.event_id for each in visits if each.event_id])
    names = {each.pk: each.stage.get_code_display().capitalize() for each in notices}
    may_read = policy.READ_DUNNING in acts
    for each in notices:
        href = reverse("notice", args=[each.folio]) if may_read else ""
        words = f"{names[each.pk]} {each.folio}"
        yield Event(each.issued_on, Topic.STREET, words, href=href, link="ver" if href else "")
    for visit in visits:
        words = f"{names[visit.notice_id]} {visit.notice.folio}: {visit.get_outcome_display()}, {_hour(visit.served_at)}"
        shots = photos.get(visit.event_id, ()) if visit.event_id else ()
        receiver = _receiver({"receiver": visit.receiver})
        yield Event(visit.served_on, Topic.STREET, words, visit.by, receiver, *_photo(shots, acts))


def _orders(orders: Sequence[FieldOrder], acts: frozenset[str]) -> Iterable[Event]:
    """Each order when it was asked for, and how it ended."""
    may_read = policy.READ_FIELDWORK in acts
    for each in orders:
        what = f"Orden {each.folio}, {each.get_kind_display()}"
        href = reverse("field_order", args=[each.folio]) if may_read else ""
        seen = (href, "ver" if href else "")
        asked_on = localtime(each.created_at).date()
        yield Event(asked_on, Topic.STREET, what, each.created_by, each.instructions, *seen)
        if each.canceled_at:
            yield Event(
                localtime(each.canceled_at).date(), Topic.STREET, f"{what}: cancelada", each.canceled_by,
                each.canceled_reason, *seen,
            )  # fmt: skip
        if result := getattr(each, "result", None):
            words = f"{what}: {'hecha' if result.is_done else 'no se pudo'}, {_hour(result.done_at)}"
            on = localtime(result.done_at).date()
            yield Event(on, Topic.STREET, words, result.by, result.reason or result.notes, *seen)


def _photo(shots: Sequence[Shot], acts: frozenset[str]) -> tuple[str, str]:
    """The address and the word of the first photograph; nothing if there is none, or it is not for whoever looks."""
    if not shots or policy.READ_FIELDWORK not in acts:
        return "", ""
    return reverse("field_photo", args=[shots[0].id]), "foto"


def _receiver(body: dict[str, object]) -> str:
    receiver = body.get("receiver")
    return f"recibió: {receiver}" if isinstance(receiver, str) and receiver else ""


def _hour(at: datetime) -> str:
    return f"{localtime(at):%H:%M}"
