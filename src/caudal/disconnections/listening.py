"""What cuts hear: money that came or was taken back, agreements, approvals, and what crews told. In the transaction of
whoever announces it: an order dies, and the water is ordered back, with the payment itself.
"""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, localdate

from caudal.access import policy as acts
from caudal.access.events import RequestGranted
from caudal.arrangements.events import ArrangementCanceled, ArrangementDefaulted, ArrangementSigned
from caudal.cashier.events import PaymentsPosted, ReceiptCanceled
from caudal.disconnections import commands, neighbors, queries
from caudal.disconnections.commands import earning, proposing
from caudal.disconnections.models import DisconnectionOrder, IllegalReconnection, ReconnectionOrder
from caudal.fieldwork.applying import Applied
from caudal.fieldwork.events import EventApplied, OrderDone
from caudal.fieldwork.models import FieldEvent, FieldOrder, OrderResult, Stop
from caudal.metering import queries as metering


def when_paid(event: PaymentsPosted, /) -> None:
    """Who pays is not cut, and who earned it gets the water back."""
    accounts = queries.concerned(account_ids=event.account_ids)
    if accounts:
        commands.recheck(account_ids=accounts, at=event.at, by=event.by)
        commands.reconnect_if_earned(account_ids=accounts, at=event.at, by=event.by)


def when_signed(event: ArrangementSigned, /) -> None:
    """Who signs is not cut, and gets the water back if the policy says so."""
    signed = event.arrangement
    commands.recheck(account_ids=[signed.account_id], at=signed.at, by=signed.by)
    commands.reconnect_if_earned(account_ids=[signed.account_id], at=signed.at, by=signed.by)


def when_taken_back(event: ReceiptCanceled, /) -> None:
    """The debt is open again: a reconnection that only that payment earned is withdrawn, if it is not done."""
    earning.withdraw_unearned(
        account_ids=event.account_ids, reason="Se canceló el pago.", at=event.at, by=event.by
    )


def when_broken(event: ArrangementDefaulted | ArrangementCanceled, /) -> None:
    """Without the agreement, the reconnection it earned is withdrawn, if it is not done."""
    end = event.end
    earning.withdraw_unearned(
        account_ids=[end.arrangement.account_id],
        reason=f"Terminó el convenio {end.arrangement.folio}.",
        at=end.at,
        by=end.by,
    )


def carry_out(event: RequestGranted, /) -> None:
    """The batch asked for and granted is approved."""
    given = event.approval
    if (given.act, given.object_kind) != (acts.APPROVE_CUTS, proposing.OBJECT):
        return
    batch = queries.batch_by_folio(folio=given.object_id)
    commands.approve_batch(batch=batch, approval=given, at=given.at, by=given.asked_by)


def when_order_is_done(event: OrderDone, /) -> None:
    """What a crew told of a cut, of a reconnection, or of water taken without leave."""
    told = event.result
    cut = DisconnectionOrder.objects.filter(field_order_id=event.order.pk).first()
    if cut is not None:
        _cut_told(cut, told)
        return
    water = ReconnectionOrder.objects.filter(field_order_id=event.order.pk, state="open").first()
    if water is None:
        _inspected(event.order, told)
    elif told.is_done:
        commands.finish_reconnection(order=water, done_at=told.done_at, at=_told_at(told), by=told.by)
    else:
        commands.repeat_reconnection(order=water, reason=told.reason, at=_told_at(told), by=told.by)


def when_read(event: EventApplied, /) -> None:
    """A reader saw water in a service that is cut."""
    told, point = event.event, event.stop.service_point
    if (
        told.kind != FieldEvent.Kind.READING
        or told.body.get("code") != neighbors.CUT_WITH_USE
        or point is None
    ):
        return
    account = metering.account_at(service_point_id=point.pk, on=localdate(told.happened_at))
    if account is not None:
        commands.record_what_was_read(
            account_ids=[account.pk], event=told, at=told.received_at, by=told.device.clerk.username
        )


def _inspected(order: FieldOrder, told: OrderResult) -> None:
    """A crew looked for an irregular connection, and found one where the service is cut; elsewhere it is no fine."""
    if order.kind != FieldOrder.Kind.FRAUD_CHECK or order.account is None:
        return
    if told.is_done and told.answers.get("irregular") is True:
        what = str(told.answers.get("what") or "toma irregular")
        with suppress(commands.CannotRecordIllegalReconnection), transaction.atomic():
            commands.record_illegal_reconnection(
                account=order.account, found_on=localdate(told.done_at), found_by=told.by, event=told.event,
                evidence=f"{order.folio}: {what}"[:200], source=IllegalReconnection.Source.ORDER, at=_told_at(told),
                by=told.by,
            )  # fmt: skip


def apply_late_cut(*, event: FieldEvent, stop: Stop, at: datetime) -> Applied:
    """A crew tells of an order that had been called off: if it cut, that is evidence, and the water comes back at once.

    :raises CannotRecordCut: if it was told before, or nobody proposed that cut
    """
    cut = DisconnectionOrder.objects.filter(field_order__folio=stop.subject_folio).first()
    if cut is None:
        raise commands.CannotRecordCut(
            f"La orden {stop.subject_folio} no es de un corte propuesto.", "Avise a quien supervisa."
        )
    if event.body.get("done") is not True:
        return Applied("disconnection", cut.folio, Stop.Outcome.NOT_DONE)
    done = _done(event.body, event.happened_at, event)
    commands.record_cut(order=cut, done=done, at=at, by=event.device.clerk.username)
    return Applied("disconnection", cut.folio, Stop.Outcome.DONE)


def _cut_told(cut: DisconnectionOrder, told: OrderResult) -> None:
    at = _told_at(told)
    if not told.is_done:
        commands.record_not_done(order=cut, reason=told.reason, at=at, by=told.by)
        return
    body = told.event.body if told.event else {}
    done = _done({"seal": told.seal_number, "reading": told.reading, **body}, told.done_at, told.event)
    commands.record_cut(order=cut, done=done, at=at, by=told.by)


def _done(body: dict[str, object], done_at: datetime, event: FieldEvent | None) -> commands.Done:
    reading = body.get("reading")
    return commands.Done(
        done_at=done_at, seal_number=str(body.get("seal") or "")[:40],
        reading=reading if isinstance(reading, int) and reading >= 0 else None,
        checked_at=_moment(body.get("checked_at")), begun_at=_moment(body.get("begun_at")),
        was_online=body.get("online") is True, event=event,
    )  # fmt: skip


def _moment(text: object) -> datetime | None:
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found and is_aware(found) else None


def _told_at(told: OrderResult) -> datetime:
    """When the office knew: what a phone keeps arrives later than it happened."""
    return told.event.received_at if told.event else told.done_at
